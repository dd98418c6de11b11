// @ts-check
/**
 * The entry of the log, 106 bytes, and what it commits to, shown field by field.
 *
 * `field = SHA-256(00 ‖ salt ‖ name ‖ 00 ‖ value)`; the commitment is the tree's root over the eight field hashes.
 *
 * Source: crypto/FORMAT.md "Leaf", "Commitment and opening"; the twin of crypto/log/leaf.py and commitments.py.
 */
import { equal, strictBase64, u64, utf8 } from "../bytes.js"
import { hmacSha256, sha256 } from "../digest.js"
import { TamperingError } from "../errors.js"
import { HASH_SIZE, rootOf } from "./merkle.js"

const LEAF_SIZE = 106
const FIELDS = Object.freeze(["actor", "case", "detail", "kind", "purpose", "record", "role", "time"])
const ZERO = new Uint8Array([0])

/** What stands in the open about an entry; a number is never used for a second meaning. */
export const LEAF_KINDS = Object.freeze({
  event: 0,
  received: 1,
  decidedTakenUp: 2,
  decidedDeclined: 3,
  decidedClosed: 4,
  logOpened: 16,
  portalVersion: 17,
  successor: 18,
  keysChanged: 19,
})

/** @param {Uint8Array} data */
export function parseLeaf(data) {
  const known = /** @type {number[]} */ (Object.values(LEAF_KINDS))
  if (data.length !== LEAF_SIZE || data[0] !== 1 || !known.includes(data[1])) throw new TamperingError("leaf")
  const time = Number(new DataView(data.buffer, data.byteOffset).getBigUint64(2))
  if (!Number.isSafeInteger(time)) throw new TamperingError("leaf")
  return {
    kind: data[1],
    time,
    caseTag: data.subarray(10, 42),
    subjectTag: data.subarray(42, 74),
    commitment: data.subarray(74, 106),
  }
}

/**
 * The shown fields of an opening, after they were checked against the commitment of the leaf at that index.
 * @param {any} opening as JSON gives it @param {Uint8Array} commitment
 * @returns {{index: number, fields: Record<string, string>}}
 */
export function verifyOpening(opening, commitment) {
  const { index, fields, hidden, ...more } = isObject(opening) ? opening : {}
  if (!Number.isSafeInteger(index) || index < 0 || !isObject(fields) || !isObject(hidden) || Object.keys(more).length) {
    throw new TamperingError("opening")
  }
  const names = [...Object.keys(fields), ...Object.keys(hidden)].sort()
  if (names.join() !== FIELDS.join()) throw new TamperingError("opening")
  const hashes = FIELDS.map((name) => (Object.hasOwn(fields, name) ? shownHash(name, fields[name]) : bytes32(hidden[name])))
  if (!equal(rootOf(hashes), commitment)) throw new TamperingError("opening")
  return { index, fields: Object.fromEntries(Object.keys(fields).map((name) => [name, fields[name][1]])) }
}

/** @param {string} name @param {unknown} pair */
function shownHash(name, pair) {
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[1] !== "string") throw new TamperingError("opening")
  return sha256(ZERO, bytes32(pair[0]), utf8(name), ZERO, utf8(pair[1]))
}

/** @param {unknown} text */
function bytes32(text) {
  const data = strictBase64(text)
  if (data.length !== HASH_SIZE) throw new TamperingError("opening")
  return data
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The tag of a case's entry number `counter`. @param {Uint8Array} caseLogKey @param {number} counter */
export function caseTag(caseLogKey, counter) {
  return hmacSha256(caseLogKey, u64(counter))
}
