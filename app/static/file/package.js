// @ts-check
/**
 * A sealed package: what a filing sends, in one tar file (POSIX ustar) that anybody can carry. `filing.json` is the filing
 * call; `parts/<SHA-256>` are the larger sealed parts. There is nothing in it that the portal would not get, and no date.
 *
 * Source: crypto/FORMAT.md "Packages"; read by app/client/package.py too.
 */
import { join, utf8 } from "../seal/bytes.js"

export const FORMAT = "resguardo/package/v1"
const BLOCK = 512
const FILING = "filing.json"
const PART = /^parts\/([0-9a-f]{64})$/
const LIMITS = { filing: 64 * 1024 * 1024, part: 4 * 1024 * 1024 }

/** @typedef {import("../seal/types.js").Upload} Upload */

/**
 * @param {Record<string, any>} call the filing call @param {Upload[]} uploads
 * @param {(upload: Upload) => Promise<Uint8Array>} bytesOf @returns {Promise<Blob>}
 */
export async function packageOf(call, uploads, bytesOf) {
  const filing = utf8(JSON.stringify({ format: FORMAT, filing: call }))
  /** @type {BlobPart[]} */ const pieces = entry(FILING, filing)
  for (const upload of uploads) {
    const data = await bytesOf(upload)
    // As a file of its own the browser may put it aside: a large package is never in memory whole.
    pieces.push(new Blob(entry(`parts/${upload.sha256}`, data)))
  }
  return new Blob([...pieces, new Uint8Array(2 * BLOCK)], { type: "application/x-tar" })
}

/** @param {string} name @param {Uint8Array} data @returns {BlobPart[]} */
function entry(name, data) {
  const padding = new Uint8Array((BLOCK - (data.length % BLOCK)) % BLOCK)
  return /** @type {BlobPart[]} */ ([header(name, data.length), data, padding])
}

/** @param {string} name @param {number} size @returns {Uint8Array} */
function header(name, size) {
  const octal = (/** @type {number} */ value, /** @type {number} */ digits) => utf8(`${value.toString(8).padStart(digits, "0")}\0`)
  const block = new Uint8Array(BLOCK)
  block.set(utf8(name))
  // Mode, owner, group, size, time, and spaces where the sum will stand.
  block.set(join(octal(0o644, 7), octal(0, 7), octal(0, 7), octal(size, 11), octal(0, 11), utf8(" ".repeat(8)), utf8("0")), 100)
  block.set(utf8("ustar\0" + "00"), 257)
  block.set(join(octal(block.reduce((sum, byte) => sum + byte, 0), 6), utf8(" ")), 148)
  return block
}

/**
 * Read a package. Rejects with an Error when it is none, or not whole; hashes of parts are the portal's to check.
 * @param {Blob} tar @returns {Promise<{ call: Record<string, any>, uploads: { sha256: string, size: number, blob: Blob }[] }>}
 */
export async function readPackage(tar) {
  /** @type {Record<string, any> | null} */ let call = null
  const uploads = []
  for await (const { name, blob } of entries(tar)) {
    const part = PART.exec(name)
    if (name === FILING && call === null && blob.size <= LIMITS.filing) call = parsed(await blob.text())
    else if (part && blob.size <= LIMITS.part) uploads.push({ sha256: part[1], size: blob.size, blob })
    else throw new Error("package")
  }
  if (!call) throw new Error("package")
  return { call, uploads }
}

/** @param {string} text @returns {Record<string, any>} */
function parsed(text) {
  const { format, filing } = JSON.parse(text)
  if (format !== FORMAT || typeof filing?.manifest !== "string" || typeof filing.genesis !== "string") throw new Error("package")
  return filing
}

/** @param {Blob} tar @returns {AsyncGenerator<{ name: string, blob: Blob }>} */
async function* entries(tar) {
  for (let at = 0; ; ) {
    const block = new Uint8Array(await tar.slice(at, at + BLOCK).arrayBuffer())
    if (block.length < BLOCK) throw new Error("package")
    if (block.every((byte) => byte === 0)) return
    const field = (/** @type {number} */ from, /** @type {number} */ length) =>
      new TextDecoder().decode(block.subarray(from, from + length)).replace(/\0.*$/s, "")
    const size = /^[0-7]{11}$/.test(field(124, 12)) ? parseInt(field(124, 12), 8) : Infinity
    const start = at + BLOCK
    if (field(257, 6) !== "ustar" || field(156, 1) !== "0" || start + size > tar.size) throw new Error("package")
    yield { name: field(0, 100), blob: tar.slice(start, start + size) }
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
}
