// @ts-check
/**
 * Where sealed bytes go: cut into parts of at most 4 MiB, small ones kept for the filing call, others put beforehand.
 *
 * A file is sealed slice by slice, and no more of it than one part is in memory. A part that must be sent again is made
 * again: the file's key and the slice give the same bytes, and its hash says so.
 *
 * The twin of app/domain/filing/parts.py.
 */
import { CHUNK, TAG, begin, sealChunk } from "./age.js"
import { hex } from "./bytes.js"
import { largeSha256Hex, newSha256 } from "./digest.js"
import { frameHead, paddedSize } from "./framing.js"

const KIB = 1024
const MIB = 1024 * KIB
export const MAX_PART = 4 * MIB
const MAX_INLINE_PART = 256 * KIB
const MAX_INLINE = 4 * MIB
// Up to here a file is hashed in one piece, by the browser's own code; a larger one on the way, which takes longer.
const HASHED_WHOLE = 16 * MIB
const WORD = 4 // bytes, in whose multiples the cipher works

/** @typedef {import("./types.js").SealedFile} SealedFile */
/** @typedef {import("./types.js").Upload} Upload */
/** @typedef {{kind: string, record: string, size: number, sha256: string, parts: string[]}} SealedObject */

/** Keeps parts of up to 256 KiB, 4 MiB in all, for the call; lists everything else. */
export class PartStore {
  /** @type {Map<string, Uint8Array>} */ inline = new Map()
  /** @type {Upload[]} */ uploads = []
  #size = 0

  /** Take one part; `again` says how to make it once more, if its bytes are not to be kept: the caller's buffer may be. @param {Uint8Array} data @param {{sealed: SealedFile, part: number}} [again] */
  async add(data, again) {
    const name = await largeSha256Hex(data)
    if (data.length <= MAX_INLINE_PART && this.#size + data.length <= MAX_INLINE) {
      this.inline.set(name, data.slice())
      this.#size += data.length
    } else {
      this.uploads.push({ sha256: name, size: data.length, ...(again ?? { data }) })
    }
    return name
  }

  /** Take a whole object. @param {string} kind @param {string} record @param {Uint8Array} data @returns {Promise<SealedObject>} */
  async object(kind, record, data) {
    const parts = []
    for (let at = 0; at < data.length; at += MAX_PART) parts.push(await this.add(data.slice(at, at + MAX_PART)))
    return { kind, record, size: data.length, sha256: parts.length === 1 ? parts[0] : await largeSha256Hex(data), parts }
  }
}

/**
 * A file that is about to be sealed at a place of its case.
 * @param {import("./framing.js").Place} place @param {Blob} blob @param {string} recipient @param {import("./age.js").Random} random
 * @returns {Promise<SealedFile>}
 */
export async function beginFile(place, blob, recipient, random) {
  const head = frameHead(place, blob.size)
  const { start, payloadKey } = await begin(recipient, random)
  return { blob, start, payloadKey, head, framed: paddedSize(head.length + blob.size) }
}

/** Bytes of a file once it is sealed. @param {SealedFile} file */
export function sealedSize(file) {
  return file.start.length + file.framed + TAG * Math.ceil(file.framed / CHUNK)
}

/**
 * Seal a whole file: its entry, and the SHA-256 of the original.
 * @param {{store: PartStore, hands: import("./hands.js").Hands}} sealer @param {string} record @param {SealedFile} file
 * @param {(bytes: number) => void} progress
 */
export async function sealFile({ store, hands }, record, file, progress) {
  const size = sealedSize(file)
  const whole = newSha256()
  const original = file.blob.size > HASHED_WHOLE ? hands.hashOf(file.blob) : null
  // Awaited at the end; a file that cannot be read is said by then.
  original?.catch(() => undefined)
  const parts = []
  const room = new Uint8Array(Math.min(size, MAX_PART) + 2 * (CHUNK + TAG))
  for (let part = 0; part * MAX_PART < size; part++) {
    const data = await slice(file, part, room)
    whole.update(data)
    parts.push(await store.add(data, { sealed: file, part }))
    progress(data.length)
  }
  /** @type {SealedObject} */
  const entry = { kind: "file", record, size, sha256: hex(whole.digest()), parts }
  return { entry, sha256: await (original ?? largeSha256Hex(new Uint8Array(await file.blob.arrayBuffer()))) }
}

/** Make a part of a file again. @param {SealedFile} file @param {number} part */
export async function makePart(file, part) {
  const room = new Uint8Array(MAX_PART + 2 * (CHUNK + TAG))
  return (await slice(file, part, room)).slice()
}

/**
 * One part of the sealed file.
 * @param {SealedFile} file @param {number} part
 * @param {Uint8Array} room where the part is made: a part and a chunk more at either end, in which its first and last begin
 */
async function slice(file, part, room) {
  const size = sealedSize(file)
  const first = part * MAX_PART
  const end = Math.min(first + MAX_PART, size)
  const sealedChunk = CHUNK + TAG
  const chunks = Math.ceil(file.framed / CHUNK)
  const low = Math.max(0, Math.floor((first - file.start.length) / sealedChunk))
  const high = Math.min(chunks, Math.ceil((end - file.start.length) / sealedChunk))
  const plain = await framePiece(file, low * CHUNK, Math.min(high * CHUNK, file.framed))
  // Where the first of these chunks begins in the part: behind the header, or before the part.
  const lead = file.start.length + low * sealedChunk - first
  const aligned = Math.max(0, Math.ceil(lead / WORD) * WORD)
  if (lead > 0) room.set(file.start.subarray(first), aligned - lead)
  for (let index = low, at = 0; index < high; index++, at += CHUNK) {
    const chunk = plain.subarray(at, at + CHUNK)
    const place = aligned + (index - low) * sealedChunk
    sealChunk(file.payloadKey, index, index === chunks - 1, chunk, room.subarray(place, place + chunk.length + TAG))
  }
  return room.subarray(aligned - lead, aligned - lead + end - first)
}

/** Copy what of `piece` falls into `target` when it begins at `at`. @param {Uint8Array} target @param {Uint8Array} piece @param {number} at */
function put(target, piece, at) {
  const skipped = Math.max(0, -at)
  const room = target.length - Math.max(0, at)
  if (skipped < piece.length && room > 0) target.set(piece.subarray(skipped, skipped + room), Math.max(0, at))
}

/** Bytes `from` to `end` of head, file and zeros. @param {SealedFile} file @param {number} from @param {number} end */
async function framePiece(file, from, end) {
  const start = file.head.length
  const low = Math.max(0, from - start)
  const high = Math.min(file.blob.size, end - start)
  if (from >= start && high === end - start) return new Uint8Array(await file.blob.slice(low, high).arrayBuffer())
  const piece = new Uint8Array(end - from)
  put(piece, file.head, -from)
  if (low < high) put(piece, new Uint8Array(await file.blob.slice(low, high).arrayBuffer()), start + low - from)
  return piece
}
