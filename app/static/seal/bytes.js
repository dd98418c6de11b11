// @ts-check
/** Bytes and the texts that stand for them: each text has one spelling, and every other is refused. */
import { FormatError } from "./errors.js"

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const ENCODER = new TextEncoder()
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/**
 * The bytes of a text; half a surrogate pair, which would become another character, is refused.
 * @param {string} text
 */
export function utf8(text) {
  if (/\p{Surrogate}/u.test(text)) throw new FormatError("utf8")
  return ENCODER.encode(text)
}

/** @param {Uint8Array} data */
export function textOf(data) {
  try {
    return UTF8.decode(data)
  } catch {
    throw new FormatError("utf8")
  }
}

/** @param {...Uint8Array} parts */
export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** @param {number} value */
export function u16(value) {
  return new Uint8Array([value >> 8, value])
}

/** @param {number} value */
export function u32(value) {
  return new Uint8Array([value >>> 24, value >> 16, value >> 8, value])
}

/** Eight bytes, most significant first. @param {number} value at most 2^53 − 1 */
export function u64(value) {
  return join(u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32))
}

/** @param {Uint8Array} data */
export function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** @param {Uint8Array} data */
export function base64(data) {
  const letters = new Uint8Array(4 * Math.ceil(data.length / 3)).fill(61) // "="
  let at = 0
  for (let from = 0; from < data.length; from += 3) {
    const left = data.length - from
    const bits = (data[from] << 16) | ((data[from + 1] ?? 0) << 8) | (data[from + 2] ?? 0)
    letters[at] = BASE64.charCodeAt(bits >> 18)
    letters[at + 1] = BASE64.charCodeAt((bits >> 12) & 63)
    if (left > 1) letters[at + 2] = BASE64.charCodeAt((bits >> 6) & 63)
    if (left > 2) letters[at + 3] = BASE64.charCodeAt(bits & 63)
    at += 4
  }
  return UTF8.decode(letters)
}

/**
 * Standard base64 with padding in its one canonical form: a second spelling would let a note be changed unseen.
 * @param {unknown} text
 */
export function strictBase64(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new FormatError("base64")
  let letters
  try {
    letters = atob(text)
  } catch {
    throw new FormatError("base64")
  }
  if (btoa(letters) !== text) throw new FormatError("base64")
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
}

/** Base32 of RFC 4648 without padding, upper case. @param {Uint8Array} data */
export function base32(data) {
  let letters = ""
  let bits = 0
  let value = 0
  for (const byte of data) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      letters += BASE32[(value >> bits) & 31]
    }
    value &= 255
  }
  return bits ? letters + BASE32[(value << (5 - bits)) & 31] : letters
}

/** Whether two byte strings are the same, in time that depends on their lengths only. @param {Uint8Array} a @param {Uint8Array} b */
export function equal(a, b) {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at++) difference |= a[at] ^ b[at]
  return difference === 0
}
