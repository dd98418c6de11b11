// @ts-check
/**
 * Signed notes (c2sp.org/signed-note) and our typed notes, with Ed25519.
 *
 * Rules of trust
 *   1. A note is text ending in LF, an empty line, then signature lines. The last empty line separates.
 *   2. A key is known by its name and its key id; a signature of which only one of the two is known is ignored.
 *   3. A known signature that fails rejects the whole note; no known signature at all rejects it too.
 *   4. Our own notes begin with a registered type line, followed by one line of canonical JSON; any other body is refused.
 *
 * Source: crypto/FORMAT.md "Notes"; the twin of crypto/note.py.
 */
import { ed25519 } from "../vendor/age-encryption.js"
import { base64, equal, hex, join, strictBase64, utf8 } from "./bytes.js"
import { canonical, parseCanonical } from "./canonical.js"
import { sha256 } from "./digest.js"
import { FormatError, TamperingError } from "./errors.js"

const ED25519 = 1
const KEY_ID_SIZE = 4
const MAX_SIGNATURES = 64
const MAX_NOTE = 4 * 1024 * 1024
const DASH = "\u2014 "
// The rule is about control characters.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f]/
// eslint-disable-next-line no-control-regex
const NOT_IN_A_NAME = /[\x00-\x1f+\u0085]|[^\S\uFEFF]/

/** The registered type lines; a line is never used for a second meaning. */
export const TYPES = Object.freeze({
  manifest: "resguardo/manifest/v1",
  receipt: "resguardo/receipt/v1",
  signIn: "resguardo/sign-in/v1",
  status: "resguardo/status/v1",
  export: "resguardo/export/v1",
  successor: "resguardo/successor/v1",
  readerKey: "resguardo/reader-key/v1",
  accessRequest: "resguardo/access-request/v1",
  release: "resguardo/release/v1",
  keys: "resguardo/keys/v1",
})

/** @typedef {{name: string, keyId: Uint8Array, seed: Uint8Array, vkey: string}} Signer */
/** @typedef {{name: string, keyId: Uint8Array, public: Uint8Array}} Verifier */

/** @param {string} name @param {Uint8Array} key */
function keyIdOf(name, key) {
  return sha256(utf8(name), new Uint8Array([10, ED25519]), key).subarray(0, KEY_ID_SIZE)
}

/** @param {string} name */
function checkName(name) {
  if (!name || name.length > 255 || NOT_IN_A_NAME.test(name)) throw new FormatError("note")
  utf8(name)
  return name
}

/** Who signs under a name with the Ed25519 key of a 32-byte seed. @param {string} name @param {Uint8Array} seed @returns {Signer} */
export function signer(name, seed) {
  const key = ed25519.getPublicKey(seed)
  return { name, keyId: keyIdOf(checkName(name), key), seed, vkey: vkeyOf(name, key) }
}

/** An Ed25519 key of 32 bytes as text. @param {string} name @param {Uint8Array} key */
export function vkeyOf(name, key) {
  return `${name}+${hex(keyIdOf(checkName(name), key))}+${base64(join(new Uint8Array([ED25519]), key))}`
}

/** Read a verifier key; only Ed25519 ones (type 01) are known here. @param {string} vkey @returns {Verifier} */
export function verifier(vkey) {
  const [name, id, ...rest] = vkey.split("+")
  const data = strictBase64(rest.join("+"))
  checkName(name)
  if (data.length !== 33 || data[0] !== ED25519) throw new FormatError("note")
  const key = data.subarray(1)
  const keyId = keyIdOf(name, key)
  if (hex(keyId) !== id) throw new FormatError("note")
  return { name, keyId, public: key }
}

/** @param {string} text */
function checkText(text) {
  if (!text.endsWith("\n") || CONTROL.test(text)) throw new FormatError("note")
  return utf8(text)
}

/** @param {string} text @param {Signer} key */
function sign(text, key) {
  return withLine(text, key, ed25519.sign(checkText(text), key.seed))
}

/** @param {string} text @param {{name: string, keyId: Uint8Array}} key @param {Uint8Array} signature */
const withLine = (text, { name, keyId }, signature) => `${text}\n${DASH}${name} ${base64(join(keyId, signature))}\n`

/** The note of a text that a key signed elsewhere. @param {string} text @param {string} vkey @param {Uint8Array} signature */
export function assemble(text, vkey, signature) {
  checkText(text)
  return withLine(text, verifier(vkey), signature)
}

/** The text and the signature lines of a note, unverified. @param {string} note */
export function split(note) {
  const at = note.lastIndexOf("\n\n")
  const tail = note.slice(at + 2)
  if (note.length > MAX_NOTE || at < 0 || !tail.endsWith("\n")) throw new FormatError("note")
  const lines = tail.slice(0, -1).split("\n")
  if (lines.length > MAX_SIGNATURES) throw new FormatError("note")
  const text = note.slice(0, at + 1)
  checkText(text)
  return { text, lines: lines.map(parseLine) }
}

/** @param {string} line */
function parseLine(line) {
  const space = line.indexOf(" ", DASH.length)
  if (!line.startsWith(DASH) || space < 0) throw new FormatError("note")
  const name = checkName(line.slice(DASH.length, space))
  const data = strictBase64(line.slice(space + 1))
  if (data.length <= KEY_ID_SIZE) throw new FormatError("note")
  return { name, keyId: data.subarray(0, KEY_ID_SIZE), signature: data.subarray(KEY_ID_SIZE) }
}

/**
 * The text of a note that at least one known key signed.
 * @param {string} note @param {Verifier[]} verifiers
 * @returns {{text: string, names: string[]}}
 */
export function verify(note, verifiers) {
  const { text, lines } = split(note)
  const data = utf8(text)
  /** @type {string[]} */
  const names = []
  for (const line of lines) {
    const known = verifiers.find((one) => one.name === line.name && equal(one.keyId, line.keyId))
    if (!known) continue
    if (!fits(line.signature, data, known.public)) throw new TamperingError("signature")
    names.push(line.name)
  }
  if (!names.length) throw new TamperingError("unknown_signer")
  return { text, names }
}

/** @param {Uint8Array} signature @param {Uint8Array} data @param {Uint8Array} key */
function fits(signature, data, key) {
  try {
    return ed25519.verify(signature, data, key, { zip215: false })
  } catch {
    return false // of another length, or no point of the curve
  }
}

/** @param {string} type @param {Record<string, unknown>} body @param {Signer} key */
export function signTyped(type, body, key) {
  return sign(typedText(type, body), key)
}

/** The text of a typed note. @param {string} type @param {Record<string, unknown>} body */
export function typedText(type, body) {
  return `${type}\n${canonical(body)}\n`
}

/**
 * The body of a typed note, after its signature, its type line and its canonical form were checked.
 * @param {string} note @param {string} type @param {Verifier[]} verifiers
 */
export function openTyped(note, type, verifiers) {
  const { text } = verify(note, verifiers)
  const at = text.indexOf("\n")
  if (text.slice(0, at) !== type || !text.endsWith("\n")) throw new TamperingError("note_type")
  return parseCanonical(text.slice(at + 1, -1))
}
