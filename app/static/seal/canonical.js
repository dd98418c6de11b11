// @ts-check
/**
 * Canonical JSON (RFC 8785): what is hashed or signed has one form.
 *
 * Numbers and strings are written as ECMAScript writes them, which is what the RFC asks for; members stand in the order
 * of their names' UTF-16 code units; whole numbers beyond 2^53 − 1, which readers round, are refused.
 */
import { FormatError } from "./errors.js"

/**
 * @param {unknown} value plain values as `JSON.parse` makes them
 * @returns {string}
 */
export function canonical(value) {
  if (value === null || value === true || value === false) return String(value)
  if (typeof value === "string") return quoted(value)
  if (typeof value === "number") return numeral(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value === "object" && isPlain(value)) return members(/** @type {Record<string, unknown>} */ (value))
  throw new FormatError("canonical")
}

/**
 * The object in a text that must be its own canonical form.
 * @param {string} text
 * @returns {Record<string, any>}
 */
export function parseCanonical(text) {
  let value, again
  try {
    value = JSON.parse(text)
    again = canonical(value)
  } catch {
    throw new FormatError("canonical")
  }
  if (again !== text || typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FormatError("canonical")
  }
  return value
}

/** @param {object} value */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** @param {string} text */
function quoted(text) {
  if (/\p{Surrogate}/u.test(text)) throw new FormatError("canonical")
  return JSON.stringify(text)
}

/** @param {number} value */
function numeral(value) {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new FormatError("canonical")
  }
  return JSON.stringify(value)
}

/** @param {Record<string, unknown>} value */
function members(value) {
  // Without a comparison of its own, sort() compares UTF-16 code units.
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${quoted(name)}:${canonical(value[name])}`).join(",")}}`
}
