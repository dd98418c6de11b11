// @ts-check
/**
 * What a sealing worker answers to: the calls of a filing, and how any call is answered.
 *
 * In: `{id, call, args}`. Out: `{id, progress}` any number of times, then `{id, result}` or `{id, error}`. Once, for two
 * workers: the ends of a channel, `{second: port}` to the one that is asked, `{first: port}` to the one that helps it;
 * `{second: null}` when the helper is lost. A result that is a buffer is given away, not copied.
 */
import { openWithPassphrase, seal, sealWithPassphrase } from "./age.js"
import { largeSha256Hex } from "./digest.js"
import { FilingError, TamperingError, plainError } from "./errors.js"
import { Pair, addLent, alone, endLent, hashOf } from "./hands.js"
import { makePart } from "./parts.js"
import { prepare } from "./preparation.js"
import { sealAll } from "./sealing.js"
import { selfTest } from "./selftest.js"

/** @typedef {Record<string, (progress: (value: any) => void, ...args: any[]) => unknown>} Calls */

/** @type {import("./hands.js").Hands} */
let hands = alone

/** @param {number} size */
export function random(size) {
  return crypto.getRandomValues(new Uint8Array(size))
}

/**
 * A part of a file, made again; another file than the one that was sealed does not give the same.
 * @param {import("./types.js").SealedFile} sealed @param {number} part @param {string} sha256
 */
async function partAgain(sealed, part, sha256) {
  try {
    const data = await makePart(sealed, part)
    if ((await largeSha256Hex(data)) === sha256) return data.buffer
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  throw new FilingError("file_changed")
}

/**
 * What proves a receipt comes when one is there; the page has verified it then (filing.js).
 * @param {import("./proofs.js").Filed} filed @param {unknown} text
 */
async function receipt(filed, text) {
  const { checkReceipt } = await import("./proofs.js")
  return checkReceipt(filed, text)
}

/** @type {Calls} */
export const FILING = {
  selfTest: () => selfTest(random),
  prepare: (_, wanted) => prepare(wanted, random),
  seal: (progress, filing) => sealAll(filing, random, progress, hands),
  sealOne: (_, plaintext, recipients) => seal(plaintext, recipients),
  hashOf: (_, blob) => hashOf(blob),
  addHashed: (_, id, sealed) => addLent(id, sealed),
  endHashed: (_, id) => endLent(id),
  part: (_, sealed, part, sha256) => partAgain(sealed, part, sha256),
  receipt: (_, filed, text) => receipt(filed, text),
  sealWords: (_, text, passphrase) => sealWithPassphrase(text, passphrase),
  openWords: (_, armored, passphrase) => openWithPassphrase(armored, passphrase),
}

/**
 * Answer one call at the end that it came from.
 * @param {Calls} calls @param {{postMessage(message: any, given?: any): void}} end @param {{id: number, call: string, args: any[]}} asked
 */
async function answer(calls, end, { id, call, args }) {
  const post = (/** @type {object} */ said, /** @type {ArrayBuffer[]} */ given = []) => end.postMessage({ id, ...said }, given)
  try {
    if (!Object.hasOwn(calls, call)) throw new TamperingError("call")
    const result = await calls[call]((progress) => post({ progress }), ...args)
    post({ result }, result instanceof ArrayBuffer ? [result] : [])
  } catch (error) {
    post({ error: plainError(error) })
  }
}

/** Answer these calls, and no others, from now on. @param {Calls} calls */
export function serve(calls) {
  globalThis.addEventListener("message", ({ data }) => {
    if ("second" in data) hands = data.second ? new Pair(data.second) : alone
    else if (data.first) data.first.onmessage = (/** @type {MessageEvent} */ asked) => answer(calls, data.first, asked.data)
    else void answer(calls, globalThis, data)
  })
}
