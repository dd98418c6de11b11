// @ts-check
/** SHA-256 and HMAC-SHA-256: the only door to them. */
import { hmac, sha256 as digest } from "../vendor/age-encryption.js"
import { hex, join } from "./bytes.js"

/** @param {...Uint8Array} parts joined; their borders do not count */
export function sha256(...parts) {
  return digest(parts.length === 1 ? parts[0] : join(...parts))
}

/** @param {...Uint8Array} parts */
export function sha256Hex(...parts) {
  return hex(sha256(...parts))
}

/**
 * The same for large data, by the browser's own code, which is several times as fast.
 * @param {Uint8Array} data
 */
export async function largeSha256Hex(data) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (data))))
}

/** A running SHA-256, for what does not fit in memory: `update(bytes)`, then `digest()`. */
export function newSha256() {
  return digest.create()
}

/** @param {Uint8Array} key @param {...Uint8Array} parts */
export function hmacSha256(key, ...parts) {
  return hmac(digest, key, join(...parts))
}
