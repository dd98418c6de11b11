// @ts-check
/** What somebody brings to open a case: twelve words, a key file's text, the file case.json. Nothing here is kept. */
import { FormatError } from "../seal/errors.js"
import { root } from "../seal/phrase.js"

const CASE_FORMAT = "resguardo/case/v1"
const KNOWN_LIMIT = 64 * 1024
const NUMBER = /^[a-z2-7]{26}$/

/**
 * The root of twelve words, however they were written down; lines that begin with # are remarks.
 * @param {string} text @returns {Uint8Array}
 */
export function rootOf(text) {
  const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("#"))
  return root(lines.join(" "))
}

/** @param {Uint8Array} one @param {Uint8Array} other @returns {boolean} */
export const sameKey = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place])

/**
 * What case.json says of a case, so that what the portal shows today is checked against the day of filing.
 * @typedef {object} Kept
 * @property {string} number
 * @property {string} code
 * @property {string} url
 * @property {Omit<import("../seal/types.js").PortalKeys, "deployment">} keys
 * @property {import("../seal/trust.js").Seen} [seen]
 * @property {unknown[]} successors notes by which the portal's log went on after a loss
 * @property {string} known the newest checkpoint that was proved under
 * @property {Record<string, unknown>} rest what only the program uses, kept for a copy of the file
 */

/** @param {string} text of case.json @returns {Kept} */
export function caseOf(text) {
  const body = parsed(text)
  const texts = ["case", "status_code", "url", "portal", "log_origin", "log_vkey", "statement_vkey"]
  if (body.format !== CASE_FORMAT || texts.some((name) => typeof body[name] !== "string") || !NUMBER.test(body.case)) {
    throw new FormatError("case_file")
  }
  const { portal: name, log_origin, log_vkey, statement_vkey } = body
  const seen = body.manifest_version ? { version: body.manifest_version, sha256: body.manifest_sha256 } : undefined
  const rest = Object.fromEntries(["entry_index", "words_from"].filter((key) => key in body).map((key) => [key, body[key]]))
  const successors = Array.isArray(body.successors) ? body.successors : []
  const known = typeof body.known === "string" && body.known.length <= KNOWN_LIMIT ? body.known : ""
  return { number: body.case, code: body.status_code, url: body.url, keys: { name, log_origin, log_vkey, statement_vkey }, seen, successors, known, rest }
}

/** @param {string} text @returns {Record<string, any>} */
function parsed(text) {
  try {
    return Object(JSON.parse(text))
  } catch {
    throw new FormatError("case_file")
  }
}
