// @ts-check
/**
 * Frames: what a sealed object says, inside, about the place it belongs to, and how its length is hidden.
 *
 * age proves no author and binds no place, so the first line names the place; a reader compares it with the place it
 * asked for. Every identity has one size; everything else is padded to powers of two, then to multiples of 8 MiB.
 *
 * Source: crypto/FORMAT.md "Frames"; the twin of crypto/framing.py.
 */
import { join, textOf, utf8 } from "./bytes.js"
import { canonical } from "./canonical.js"
import { FormatError, TamperingError } from "./errors.js"

const KIB = 1024
const MIB = 1024 * KIB
const VERSION = 1
export const IDENTITY_SIZE = 16 * KIB
const MIN_SIZE = 4 * KIB
const MAX_DOUBLING = 8 * MIB
const MAX_HEAD = 2 * KIB
const LF = 10

/** The registry of what a sealed object can be; a name is never reused. */
export const KINDS = Object.freeze(["case-key", "identity", "statement", "originals", "file", "file-index", "message", "answer"])

/**
 * The place of a sealed object.
 * @typedef {{portal: string, case: string, kind: string, record: string, epoch: number}} Place
 */

/** The size to which `length` bytes, head included, are padded. @param {number} length */
export function paddedSize(length) {
  if (length > MAX_DOUBLING) return Math.ceil(length / MAX_DOUBLING) * MAX_DOUBLING
  let size = MIN_SIZE
  while (size < length) size *= 2
  return size
}

/** The first line of a frame, LF included. @param {Place} place @param {number} length bytes of body */
export function frameHead(place, length) {
  if (!KINDS.includes(place.kind)) throw new FormatError("frame")
  const { portal, case: number, kind, record, epoch } = place
  const line = utf8(canonical({ v: VERSION, portal, case: number, kind, record, epoch, len: length }) + "\n")
  if (line.length > MAX_HEAD) throw new FormatError("frame")
  return line
}

/**
 * Head, body and zeros: exactly `size` bytes, by default the padded size.
 * @param {Place} place @param {Uint8Array} body @param {number} [size]
 */
export function frame(place, body, size) {
  const line = frameHead(place, body.length)
  const used = line.length + body.length
  const total = size ?? paddedSize(used)
  if (used > total) throw new FormatError("frame_full", { limit: total })
  const framed = new Uint8Array(total)
  framed.set(line)
  framed.set(body, line.length)
  return framed
}

/** The body of a frame that is at the expected place and padded with zeros only. @param {Uint8Array} data @param {Place} expected */
export function unframe(data, expected) {
  const { start, length } = parseHead(data.subarray(0, MAX_HEAD), expected)
  const end = start + length
  if (end > data.length) throw new TamperingError("place", { kind: expected.kind })
  requireZeros(data.subarray(end), expected.kind)
  return data.subarray(start, end)
}

/** Takes a frame in pieces, as they become authentic, and gives the body's pieces. */
export class Unframer {
  /** @type {Uint8Array} */ #start = new Uint8Array()
  #left = -1
  #expected

  /** @param {Place} expected */
  constructor(expected) {
    this.#expected = expected
  }

  /** The body's bytes in the next piece. @param {Uint8Array} piece @returns {Uint8Array} */
  take(piece) {
    let data = piece
    if (this.#left < 0) {
      this.#start = join(this.#start, piece)
      if (!this.#start.includes(LF) && this.#start.length < MAX_HEAD) return new Uint8Array()
      const { start, length } = parseHead(this.#start.subarray(0, MAX_HEAD), this.#expected)
      this.#left = length
      data = this.#start.subarray(start)
      this.#start = new Uint8Array()
    }
    const body = data.subarray(0, this.#left)
    this.#left -= body.length
    requireZeros(data.subarray(body.length), this.#expected.kind)
    return body
  }

  /** To be called once everything has come. */
  finish() {
    if (this.#left !== 0) throw new TamperingError("place", { kind: this.#expected.kind })
  }
}

/** @param {Uint8Array} data @param {string} kind */
function requireZeros(data, kind) {
  for (const byte of data) if (byte) throw new TamperingError("place", { kind })
}

/**
 * Where the body begins and how long it is.
 *
 * The line is compared with the one that this place must have: so there is one spelling, and no parser to confuse.
 * @param {Uint8Array} data @param {Place} expected
 */
function parseHead(data, expected) {
  const newline = data.indexOf(LF)
  const line = data.subarray(0, newline + 1)
  try {
    const length = JSON.parse(textOf(line)).len
    if (!Number.isSafeInteger(length) || length < 0) throw new FormatError("frame")
    if (textOf(frameHead(expected, length)) === textOf(line)) return { start: line.length, length }
  } catch {
    // said below
  }
  throw new TamperingError("place", { kind: expected.kind })
}
