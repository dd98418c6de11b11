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
import { largeSha256Hex } from "./digest.js"
import { frameHead, paddedSize } from "./framing.js"
import { readInto } from "./hands.js"

const KIB = 1024
const MIB = 1024 * KIB
export const MAX_PART = 4 * MIB
const MAX_INLINE_PART = 256 * KIB
const MAX_INLINE = 4 * MIB
// Up to here an original is hashed in one piece, by the browser's own code; a larger one on the way, which takes longer.
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

  /**
   * Take one part; `again` says how to make it once more, if its bytes are not to be kept: once this was called, the buffer may be
   * used for the next, or given away.
   * @param {Uint8Array} data @param {{sealed: SealedFile, part: number}} [again]
   */
  async add(data, again) {
    const size = data.length
    const kept = size <= MAX_INLINE_PART && this.#size + size <= MAX_INLINE ? data.slice() : null
    if (kept) this.#size += size
    const name = await largeSha256Hex(data)
    if (kept) this.inline.set(name, kept)
    else this.uploads.push({ sha256: name, size, ...(again ?? { data }) })
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
 *
 * While one part is sealed, the next is read, and the one before it is hashed, by a second worker if there is one.
 * @param {{store: PartStore, hands: import("./hands.js").Hands}} sealer @param {string} record @param {SealedFile} file
 * @param {(bytes: number) => void} progress
 */
export async function sealFile({ store, hands }, record, file, progress) {
  const size = sealedSize(file)
  const parts = Math.ceil(size / MAX_PART)
  const original = file.blob.size > HASHED_WHOLE ? hands.hashOf(file.blob) : null
  // Awaited at the end; a file that cannot be read is said by then.
  original?.catch(() => undefined)
  const running = hands.running()
  const rooms = [0, 1].slice(0, parts).map(async () => newRoom(size))
  const names = []
  let next = plainOf(file, 0, newRoom(size))
  let spare = newRoom(parts > 1 ? size : 0)
  for (let part = 0; part < parts; part++) {
    const plain = await next
    if (part + 1 < parts) (next = plainOf(file, part + 1, spare)).catch(() => undefined) // said when its turn comes
    const data = sealPart(file, part, plain, new Uint8Array(await /** @type {Promise<ArrayBuffer>} */ (rooms.shift())))
    spare = plain.buffer
    progress(data.length)
    names.push(store.add(data, { sealed: file, part }))
    if (parts > 1) rooms.push(running.add(data)) // a single part's hash is its name
  }
  await Promise.all(rooms)
  const named = await Promise.all(names)
  /** @type {SealedObject} */
  const entry = { kind: "file", record, size, sha256: parts > 1 ? await running.end() : named[0], parts: named }
  return { entry, sha256: await (original ?? largeSha256Hex(new Uint8Array(await file.blob.arrayBuffer()))) }
}

/** Make a part of a file again. @param {SealedFile} file @param {number} part */
export async function makePart(file, part) {
  const size = sealedSize(file)
  return sealPart(file, part, await plainOf(file, part, newRoom(size)), new Uint8Array(newRoom(size))).slice()
}

/** Where a part is made: a part and a chunk more at either end, in which its first and last begin. @param {number} size of all that is sealed */
function newRoom(size) {
  return new ArrayBuffer(Math.min(size, MAX_PART) + 2 * (CHUNK + TAG))
}

/** Where a part of the sealed file lies, and which of its chunks are in it, from `low` up to `high`. @param {SealedFile} file @param {number} part */
function within(file, part) {
  const first = part * MAX_PART
  const end = Math.min(first + MAX_PART, sealedSize(file))
  const sealedChunk = CHUNK + TAG
  const low = Math.max(0, Math.floor((first - file.start.length) / sealedChunk))
  const high = Math.min(Math.ceil(file.framed / CHUNK), Math.ceil((end - file.start.length) / sealedChunk))
  return { first, end, low, high }
}

/**
 * What is sealed in a part, in `room`: bytes of head, file and zeros.
 * @param {SealedFile} file @param {number} part @param {ArrayBuffer} room @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function plainOf(file, part, room) {
  const { low, high } = within(file, part)
  const { blob, head } = file
  const from = low * CHUNK
  const size = Math.min(high * CHUNK, file.framed) - from
  const own = blob.slice(Math.max(0, from - head.length), Math.max(0, from + size - head.length))
  const buffer = await readInto(own, room, Math.max(0, head.length - from))
  const plain = new Uint8Array(buffer, 0, size)
  plain.set(head.subarray(from, from + size))
  return plain.fill(0, Math.max(0, head.length + blob.size - from))
}

/**
 * One part of the sealed file, made in `room`.
 * @param {SealedFile} file @param {number} part @param {Uint8Array} plain @param {Uint8Array} room
 */
function sealPart(file, part, plain, room) {
  const { first, end, low, high } = within(file, part)
  const sealedChunk = CHUNK + TAG
  const chunks = Math.ceil(file.framed / CHUNK)
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
