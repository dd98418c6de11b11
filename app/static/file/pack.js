// @ts-check
/** Values with bytes and files as JSON, so that a sealed petition that waits for its receipt fits into the draft. */

/**
 * @param {any} value @param {(blob: Blob) => string} nameOf the name under which a file is kept elsewhere
 * @returns {any} plain JSON values
 */
export function pack(value, nameOf) {
  if (value instanceof Uint8Array) return { $bytes: base64(value) }
  if (value instanceof Blob) return { $file: nameOf(value) }
  if (value instanceof Set) return { $set: [...value] }
  if (Array.isArray(value)) return value.map((inner) => pack(inner, nameOf))
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pack(inner, nameOf)]))
}

/** @param {any} value @param {(name: string) => Blob} fileOf @returns {any} */
export function unpack(value, fileOf) {
  if (Array.isArray(value)) return value.map((inner) => unpack(inner, fileOf))
  if (value === null || typeof value !== "object") return value
  if (typeof value.$bytes === "string") return Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0))
  if (typeof value.$file === "string") return fileOf(value.$file)
  if (Array.isArray(value.$set)) return new Set(value.$set)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unpack(inner, fileOf)]))
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = ""
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
