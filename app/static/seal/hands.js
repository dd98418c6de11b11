// @ts-check
/**
 * Who does the heavy part of sealing: this worker alone, or with a second one beside it, which a telephone has a core for.
 *
 * The second runs the same verified modules and answers the same calls (worker.js). It is given one call after the
 * other, so that a page that stops leaves nothing behind.
 */
import { seal } from "./age.js"
import { hex } from "./bytes.js"
import { newSha256 } from "./digest.js"
import { FilingError, errorOf } from "./errors.js"

/**
 * `hashOf`: the SHA-256 of a blob that is too large for the browser's own call, in hex.
 * @typedef {{seal(plaintext: Uint8Array, recipients: string[]): Promise<Uint8Array>, hashOf(blob: Blob): Promise<string>}} Hands
 */

/** Codes: file_changed. @param {Blob} blob */
export async function hashOf(blob) {
  const whole = newSha256()
  try {
    const reader = blob.stream().getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) whole.update(next.value)
  } catch {
    throw new FilingError("file_changed")
  }
  return hex(whole.digest())
}

/** This worker alone. @type {Hands} */
export const alone = { seal, hashOf }

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
    return await this.#ask("sealOne", plaintext, recipients)
  }

  /** @param {Blob} blob @returns {Promise<string>} */
  hashOf(blob) {
    return this.#ask("hashOf", blob)
  }

  /** @param {string} call @param {...unknown} args @returns {Promise<any>} */
  #ask(call, ...args) {
    return new Promise((resolve, reject) => {
      const id = ++this.#count
      this.#waiting.set(id, { resolve, reject })
      this.#port.postMessage({ id, call, args })
    })
  }
}
