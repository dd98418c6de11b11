// @ts-check
/**
 * Who does the heavy part of sealing: this worker alone, or with a second one beside it, which a telephone has a core for.
 *
 * The second runs the same verified modules and answers the same calls (worker.js). Of a large file one worker makes the parts
 * while the other counts the hashes of both sides of them, which takes as long; it is never more than two parts behind.
 */
import { seal } from "./age.js"
import { hex } from "./bytes.js"
import { newSha256 } from "./digest.js"
import { FilingError, errorOf } from "./errors.js"

const MIB = 1024 * 1024

/**
 * The hash of what a file becomes, while it is sealed: `add` is given a piece with its buffer, and gives back the buffer.
 * @typedef {{add(sealed: Uint8Array): Promise<ArrayBuffer>, end(): Promise<string>}} Running
 */
/**
 * `hashOf`: the SHA-256 of a blob that is too large for the browser's own call, in hex.
 * @typedef {{seal(plaintext: Uint8Array, recipients: string[]): Promise<Uint8Array>, hashOf(blob: Blob): Promise<string>, running(): Running}} Hands
 */

/** @implements {Running} */
class Own {
  #whole = newSha256()

  /** @param {Uint8Array} sealed */
  async add(sealed) {
    this.#whole.update(sealed)
    return /** @type {ArrayBuffer} */ (sealed.buffer)
  }

  async end() {
    return hex(this.#whole.digest())
  }
}

/** Readers at work. Chromium collects one that nobody holds while it waits for bytes, and its read never ends: tried. */
const reading = new Set()

/**
 * Read a whole blob to a place of a buffer, which may come back as another object. Buffers that the browser makes for
 * each read are collected by dozens of megabytes only; where it fills ours, there are none. Codes: file_changed.
 * @param {Blob} blob @param {ArrayBuffer} buffer @param {number} [at]
 */
export async function readInto(blob, buffer, at = 0) {
  const reader = filling(blob)
  reading.add(reader)
  try {
    if (!reader) new Uint8Array(buffer).set(new Uint8Array(await blob.arrayBuffer()), at)
    for (const end = at + blob.size; reader && at < end; ) {
      const { value } = await reader.read(new Uint8Array(buffer, at, end - at))
      if (!value?.length) throw new FilingError("file_changed")
      buffer = value.buffer
      at += value.length
    }
    return buffer
  } catch {
    throw new FilingError("file_changed")
  } finally {
    reading.delete(reader)
    reader?.cancel().catch(() => undefined)
  }
}

/** @param {Blob} blob */
function filling(blob) {
  try {
    return blob.stream().getReader({ mode: "byob" })
  } catch {
    return null // a browser that cannot
  }
}

/** Codes: file_changed. @param {Blob} blob */
export async function hashOf(blob) {
  const whole = newSha256()
  let buffer = new ArrayBuffer(MIB)
  for (let at = 0; at < blob.size; at += MIB) {
    const piece = blob.slice(at, at + MIB)
    buffer = await readInto(piece, buffer)
    whole.update(new Uint8Array(buffer, 0, piece.size))
  }
  return hex(whole.digest())
}

/** This worker alone. @type {Hands} */
export const alone = { seal, hashOf, running: () => new Own() }

/** Hashes that this worker counts for the first one, by the number which that gave. @type {Map<number, Own>} */
const lent = new Map()

/** @param {number} id @param {Uint8Array} sealed */
export async function addLent(id, sealed) {
  const running = lent.get(id) ?? new Own()
  lent.set(id, running)
  return await running.add(sealed)
}

/** @param {number} id */
export async function endLent(id) {
  const running = lent.get(id) ?? new Own()
  lent.delete(id)
  return await running.end()
}

/** This worker and a second one, which answers at a port. @implements {Hands} */
export class Pair {
  #port
  #ours = 0
  #theirs = 0
  #count = 0
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */ #waiting = new Map()

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port
    port.onmessage = ({ data: { id, result, error } }) => {
      const one = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) one?.reject(errorOf(error))
      else one?.resolve(result)
    }
  }

  /** @param {Uint8Array} plaintext @param {string[]} recipients */
  async seal(plaintext, recipients) {
    // Most of the work is one key exchange for each recipient; whoever has had less of it takes the next.
    if (this.#theirs > this.#ours) {
      this.#ours += recipients.length
      return await seal(plaintext, recipients)
    }
    this.#theirs += recipients.length
    return await this.#ask("sealOne", [plaintext, recipients])
  }

  /** @param {Blob} blob @returns {Promise<string>} */
  hashOf(blob) {
    return this.#ask("hashOf", [blob])
  }

  /** @returns {Running} */
  running() {
    const id = ++this.#count
    return {
      add: (sealed) => this.#ask("addHashed", [id, sealed], [sealed.buffer]),
      end: () => this.#ask("endHashed", [id]),
    }
  }

  /** @param {string} call @param {unknown[]} args @param {ArrayBufferLike[]} [given] buffers that go over @returns {Promise<any>} */
  #ask(call, args, given = []) {
    return new Promise((resolve, reject) => {
      const id = ++this.#count
      this.#waiting.set(id, { resolve, reject })
      this.#port.postMessage({ id, call, args }, /** @type {ArrayBuffer[]} */ (given))
    })
  }
}
