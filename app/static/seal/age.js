// @ts-check
/**
 * age, as we allow it: hybrid post-quantum recipients, or one passphrase for a file that a person keeps; nothing else.
 *
 * Small things go through the library's own calls. Of a large file only the header does: its chunks are made one by one
 * here, so that any part of the sealed file can be made again, when a connection broke, without keeping the whole.
 *
 * Source: c2sp.org/age, crypto/FORMAT.md "Sealed files"; the twin of crypto/age.py and crypto/opening.py.
 */
import {
  Decrypter,
  Encrypter,
  HybridRecipient,
  armor,
  bech32,
  chacha20poly1305,
  hkdf,
  identityToRecipient,
  sha256,
} from "../vendor/age-encryption.js"
import { utf8 } from "./bytes.js"
import { FormatError, TamperingError, WordsError } from "./errors.js"

export const CHUNK = 64 * 1024
export const TAG = 16
const SEED_SIZE = 32
const NONCE_SIZE = 16
const RECIPIENT = /^age1pq1[02-9ac-hj-np-z]{1952}$/
const WORK_FACTOR = 18
const MAX_HEADER = 1024 * 1024

/** @typedef {(size: number) => Uint8Array} Random */

/** The identity whose seed these 32 bytes are, as age writes it: AGE-SECRET-KEY-PQ-1… @param {Uint8Array} seed */
export function identityText(seed) {
  if (seed.length !== SEED_SIZE) throw new FormatError("key")
  return bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", seed).toUpperCase()
}

/** The seed of an identity in upper case, as it is written. @param {unknown} text */
export function identitySeed(text) {
  try {
    if (typeof text !== "string" || text !== text.toUpperCase()) throw new FormatError("key")
    const { prefix, bytes } = bech32.decodeToBytes(text.toLowerCase())
    if (prefix === "age-secret-key-pq-" && bytes.length === SEED_SIZE) return bytes
  } catch {
    // said below
  }
  throw new FormatError("key")
}

/** The recipient of a seed: age1pq1… @param {Uint8Array} seed @returns {Promise<string>} */
export function recipientOf(seed) {
  return identityToRecipient(identityText(seed))
}

/**
 * A recipient as text, in its one spelling; a classic `age1…` one is refused, as is a key that nothing can be sealed to.
 * @param {string} text
 */
export function checkRecipient(text) {
  try {
    if (!RECIPIENT.test(text)) throw new FormatError("key")
    new HybridRecipient(text).wrapFileKey(new Uint8Array(16))
  } catch {
    throw new FormatError("key")
  }
  return text
}

/** @type {{text: string, parsed: HybridRecipient} | null} */
let latest = null

/** A parsed recipient: one case key is sealed to again and again. @param {string} text */
function parsed(text) {
  if (latest?.text !== text) latest = { text, parsed: new HybridRecipient(text) }
  return latest.parsed
}

/** @param {string[]} recipients */
function encrypterTo(recipients) {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(parsed(recipient))
  return encrypter
}

/** @param {Uint8Array} plaintext @param {string[]} recipients age1pq1… */
export async function seal(plaintext, recipients) {
  if (!recipients.length) throw new FormatError("recipients")
  return await encrypterTo(recipients).encrypt(plaintext)
}

/**
 * What opens with one of the seeds. Nothing is released unless the whole file is authentic.
 * @param {Uint8Array} ciphertext @param {Uint8Array[]} seeds
 */
export async function open(ciphertext, seeds) {
  const decrypter = new Decrypter()
  for (const seed of seeds) decrypter.addIdentity(identityText(seed))
  return await opened(() => decrypter.decrypt(ciphertext))
}

/** The content of a file, chunk after authentic chunk. @param {ReadableStream<Uint8Array>} ciphertext @param {Uint8Array} seed */
export async function openStream(ciphertext, seed) {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identityText(seed))
  return await opened(() => decrypter.decrypt(ciphertext))
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function opened(work) {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("no identity matched")) throw new WordsError("words_wrong")
    throw new TamperingError("age")
  }
}

/** A key file: a text under a passphrase, armored. @param {string} text @param {string} passphrase @param {number} [work] */
export async function sealWithPassphrase(text, passphrase, work = WORK_FACTOR) {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(work)
  return armor.encode(await encrypter.encrypt(utf8(text))).trimEnd() + "\n"
}

/** @param {string} armored @param {string} passphrase */
export async function openWithPassphrase(armored, passphrase) {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  let file
  try {
    file = armor.decode(armored)
    if (file.length > MAX_HEADER) throw new FormatError("key_unreadable")
  } catch {
    throw new WordsError("key_unreadable")
  }
  try {
    return await decrypter.decrypt(file, "text")
  } catch (error) {
    const wrong = error instanceof Error && error.message.startsWith("no identity matched")
    throw new WordsError(wrong ? "passphrase_wrong" : "key_unreadable")
  }
}

/**
 * The beginning of a file to one recipient, and the key of its chunks.
 * @param {string} recipient @param {Random} random
 * @returns {Promise<{start: Uint8Array, payloadKey: Uint8Array}>}
 */
export async function begin(recipient, random) {
  const inner = parsed(recipient)
  const nonce = random(NONCE_SIZE)
  /** @type {Uint8Array} */
  let payloadKey = new Uint8Array()
  const encrypter = new Encrypter()
  encrypter.addRecipient({
    wrapFileKey(/** @type {Uint8Array} */ fileKey) {
      payloadKey = hkdf(sha256, fileKey, nonce, utf8("payload"), 32)
      return inner.wrapFileKey(fileKey)
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array())
  // Behind the header: the nonce and the one chunk of an empty file, under a key of which nothing else is made.
  const start = empty.slice(0, empty.length - TAG)
  start.set(nonce, start.length - NONCE_SIZE)
  return { start, payloadKey }
}

/**
 * Seal one chunk into its place, which is longer by the tag; a place at a multiple of four bytes takes half the time.
 * @param {Uint8Array} payloadKey @param {number} index @param {boolean} last @param {Uint8Array} plain @param {Uint8Array} place
 */
export function sealChunk(payloadKey, index, last, plain, place) {
  const nonce = new Uint8Array(12)
  // The number stands in eleven bytes; of those, JavaScript's whole numbers need seven.
  for (let at = 10, rest = index; rest; at--, rest = Math.floor(rest / 256)) nonce[at] = rest % 256
  nonce[11] = last ? 1 : 0
  chacha20poly1305(payloadKey, nonce).encrypt(plain, place)
}
