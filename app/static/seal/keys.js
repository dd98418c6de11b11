// @ts-check
/**
 * Which key comes from which, the genesis text, and what certifies itself by it.
 *
 * Every label is registered once and never used for a second purpose; what goes into a derivation is length-prefixed.
 *
 * Source: crypto/FORMAT.md "Keys" and "Genesis"; the twin of crypto/keys.py.
 */
import { ed25519, hkdf, sha256 as digest } from "../vendor/age-encryption.js"
import { checkRecipient, recipientOf } from "./age.js"
import { base32, base64, join, strictBase64, u16, u32, utf8 } from "./bytes.js"
import { canonical, parseCanonical } from "./canonical.js"
import { sha256, sha256Hex } from "./digest.js"
import { FormatError } from "./errors.js"

const KEY_SIZE = 32
const ROOT_SIZE = 16
const STATUS_CODE_BYTES = 15
const MIN_SALT = 16
const MAX_GENESIS = 8 * 1024
const GENESIS_LINE = "resguardo/genesis/v1"
const PORTAL = /^[!-*,-~]{1,200}$/
const VKEY = /^([!-*,-~]+)\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/

const LABELS = Object.freeze({
  holderAge: "resguardo/v1/holder/age",
  holderFiler: "resguardo/v1/holder/filer",
  holderStatusCode: "resguardo/v1/holder/status-code",
  standingAge: "resguardo/v1/standing/age",
  caseSignIn: "resguardo/v1/case/sign-in",
  caseSigner: "resguardo/v1/case/signer",
  statusHash: "resguardo/v1/hash/status-code",
  holderCommitment: "resguardo/v1/hash/holder",
})

/** @typedef {{portal: string, filerVkey: string, recipient: string, nonce: Uint8Array}} Genesis */

/** @param {Uint8Array} secret @param {string} label @param {Uint8Array[]} context @param {number} [length] */
function derive(secret, label, context = [], length = KEY_SIZE) {
  return hkdf(digest, secret, undefined, join(u16(length), joined(label, ...context)), length)
}

/** @param {string} label @param {...Uint8Array} parts */
function joined(label, ...parts) {
  return join(...[utf8(label), ...parts].flatMap((part) => [u32(part.length), part]))
}

/** @param {Uint8Array} root */
function checkRoot(root) {
  if (root.length !== ROOT_SIZE) throw new FormatError("root")
}

/**
 * A holder's keys for the case whose genesis has this portal name and nonce.
 * @param {Uint8Array} root @param {string} portal @param {Uint8Array} nonce
 */
export function holderKeys(root, portal, nonce) {
  checkRoot(root)
  const context = [utf8(portal), nonce]
  return {
    seed: derive(root, LABELS.holderAge, context),
    filer: derive(root, LABELS.holderFiler, context),
    statusCode: grouped(base32(derive(root, LABELS.holderStatusCode, context, STATUS_CODE_BYTES))),
  }
}

/** The seed under which a person can be made a holder by somebody else. @param {Uint8Array} root */
export function standingSeed(root) {
  checkRoot(root)
  return derive(root, LABELS.standingAge)
}

/** What a person gives to a colleague who files: age1pq1… @param {Uint8Array} root */
export function standingRecipient(root) {
  return recipientOf(standingSeed(root))
}

/** What follows from the 32-byte seed of a case key. @param {Uint8Array} caseSeed */
export async function caseKeys(caseSeed) {
  return {
    recipient: await recipientOf(caseSeed),
    signIn: derive(caseSeed, LABELS.caseSignIn),
    signer: derive(caseSeed, LABELS.caseSigner),
  }
}

/** @param {Genesis} genesis */
export function genesisText({ portal, filerVkey, recipient, nonce }) {
  if (!PORTAL.test(portal)) throw new FormatError("genesis")
  if (VKEY.exec(filerVkey)?.[1] !== `${portal}/filer`) throw new FormatError("genesis")
  checkRecipient(recipient)
  if (nonce.length < 16 || nonce.length > KEY_SIZE) throw new FormatError("genesis")
  return `${GENESIS_LINE}\n${canonical({ portal, filer: filerVkey, recipient, nonce: base64(nonce) })}\n`
}

/** Read a genesis text; anything that `genesisText` would not have written is refused. @param {string} text @returns {Genesis} */
export function parseGenesis(text) {
  if (text.length > MAX_GENESIS) throw new FormatError("genesis")
  const [line, encoded, end] = text.split("\n")
  const body = parseCanonical(encoded ?? "")
  const genesis = { portal: body.portal, filerVkey: body.filer, recipient: body.recipient, nonce: strictBase64(body.nonce) }
  if (line !== GENESIS_LINE || end !== "" || typeof body.portal !== "string" || genesisText(genesis) !== text) {
    throw new FormatError("genesis")
  }
  return genesis
}

/** The case id: base32 of the first 16 bytes of the genesis' hash, 26 letters. @param {string} genesis */
export function caseId(genesis) {
  return base32(sha256(utf8(genesis)).subarray(0, 16)).toLowerCase()
}

/** A typed status code as it is shown; case, spaces and dashes do not count, 0, 1 and 8 are O, I and B. @param {string} text */
export function normaliseStatusCode(text) {
  const letters = text
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .replace(/[018]/g, (digit) => ({ 0: "O", 1: "I", 8: "B" })[digit] ?? digit)
  if (!/^[A-Z2-7]{24}$/.test(letters)) throw new FormatError("code_malformed")
  return grouped(letters)
}

/** A status code that comes from no words. @param {(size: number) => Uint8Array} random */
export const newStatusCode = (random) => grouped(base32(random(STATUS_CODE_BYTES)))

/** What the portal stores for a status code. @param {string} code */
export function statusHash(code) {
  return sha256Hex(joined(LABELS.statusHash, utf8(normaliseStatusCode(code))))
}

/** What stands for a holder in a manifest. @param {Uint8Array} salt @param {string} recipient */
export function holderCommitment(salt, recipient) {
  if (salt.length < MIN_SALT) throw new FormatError("salt")
  return sha256(joined(LABELS.holderCommitment, salt, utf8(recipient)))
}

/** The public key of an Ed25519 seed. @param {Uint8Array} seed */
export function publicKey(seed) {
  return ed25519.getPublicKey(seed)
}

/** @param {string} letters */
function grouped(letters) {
  return (letters.match(/.{4}/g) ?? []).join("-")
}
