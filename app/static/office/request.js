// @ts-check
/**
 * What a reader's device signs: whose key it is, and each look. Written here from what the page shows; nothing else is
 * signed, and no text that a server supplies.
 *
 * Source: crypto/FORMAT.md "Signed requests"; the twin of crypto/access_request.py.
 */
import { utf8 } from "../seal/bytes.js"
import { TYPES, assemble, typedText, vkeyOf } from "../seal/notes.js"

/** @param {number} time in milliseconds */
const moment = (time) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z")

/** The name of every reader's key of a portal. @param {string} portal */
const keyName = (portal) => `${portal}/reader`

/** The key as text. @param {string} portal @param {Uint8Array} key 32 bytes */
export const vkey = (portal, key) => vkeyOf(keyName(portal), key)

/**
 * @param {string} text @param {string} key as text @param {CryptoKey} secret
 * @returns {Promise<string>} the note
 */
async function signed(text, key, secret) {
  const signature = await crypto.subtle.sign("Ed25519", secret, /** @type {BufferSource} */ (utf8(text)))
  return assemble(text, key, new Uint8Array(signature))
}

/**
 * @param {{portal: string, reader: string, nonce: string, time: number}} said @param {string} key as text @param {CryptoKey} secret
 * @returns {Promise<string>} a note of type resguardo/reader-key/v1
 */
export async function keyNote({ portal, reader, nonce, time }, key, secret) {
  return await signed(typedText(TYPES.readerKey, { v: 1, portal, reader, key, nonce, time: moment(time) }), key, secret)
}

/**
 * One look; `checkpoint` is the newest that the device knows, or "".
 * @typedef {{portal: string, role: string, case: string, record: string, purpose: string, nonce: string, checkpoint: string, time: number}} Look
 */

/** @param {Look} look @param {string} key as text @param {CryptoKey} secret @returns {Promise<string>} a note of type resguardo/access-request/v1 */
export async function requestNote(look, key, secret) {
  return await signed(typedText(TYPES.accessRequest, { v: 1, ...look, time: moment(look.time) }), key, secret)
}
