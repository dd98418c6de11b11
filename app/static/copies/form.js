// @ts-check
/**
 * A page as a picture that carries nothing but its pixels, in the one form that the portal takes (app/domain/pages). Pure.
 *
 * PNG is written here: header, pixels, end. A JPEG comes from the browser, which may put something of its own into it: only
 * the tables, the frame and the scan are taken over, behind a head of ours.
 */

const PNG_MAGIC = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
/** Version 1.01, no density, no thumbnail. */
const JFIF = Uint8Array.of(0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
const [START, END, SCAN, FRAME, TABLES] = [0xd8, 0xd9, 0xda, 0xc0, [0xdb, 0xc4]]
const FAINT = 8 // levels: as app/client/cleaning/drawing.py has it
const LEVELS = Uint8Array.from({ length: 256 }, (_, level) => (level < FAINT ? 0 : level > 255 - FAINT ? 255 : level))
const SLIGHT = 6 // levels by which channels may differ in a page that is drawn in grey: edges that a renderer tinted

const CRC = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** @param {Uint8Array} data */
function crc32(data) {
  let value = 0xffffffff
  for (const byte of data) value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

/** @param {string} kind @param {Uint8Array} body */
function chunk(kind, body) {
  const made = new Uint8Array(12 + body.length)
  const view = new DataView(made.buffer)
  view.setUint32(0, body.length)
  made.set(Array.from(kind, (letter) => letter.charCodeAt(0)), 4)
  made.set(body, 8)
  view.setUint32(8 + body.length, crc32(made.subarray(4, 8 + body.length)))
  return made
}

/** White for nearly white and black for nearly black: what nobody sees there, a program would bring out again. @param {Uint8ClampedArray} pixels changed here */
export function level(pixels) {
  for (let at = 0; at < pixels.length; at++) pixels[at] = LEVELS[pixels[at]]
  return pixels
}

/**
 * @param {Uint8ClampedArray} pixels red, green, blue and opacity of each, opaque @param {number} width @param {number} height
 * @returns {Promise<Blob>} a PNG, in grey where there is no colour
 */
export async function pngOf(pixels, width, height) {
  const channels = isGrey(pixels) ? 1 : 3
  const head = new Uint8Array(13)
  new DataView(head.buffer).setUint32(0, width)
  new DataView(head.buffer).setUint32(4, height)
  head.set([8, channels === 1 ? 0 : 2], 8)
  const body = await deflated(rowsOf(pixels, width, channels))
  return new Blob([PNG_MAGIC, chunk("IHDR", head), chunk("IDAT", body), chunk("IEND", new Uint8Array())], { type: "image/png" })
}

/** @param {Uint8Array<ArrayBuffer>} data */
async function deflated(data) {
  const { readable, writable } = new CompressionStream("deflate")
  const writer = writable.getWriter()
  const [body] = await Promise.all([new Response(readable).arrayBuffer(), writer.write(data), writer.close()])
  return new Uint8Array(body)
}

/** @param {Uint8ClampedArray} pixels */
function isGrey(pixels) {
  for (let at = 0; at < pixels.length; at += 4) {
    const green = pixels[at + 1]
    if (Math.abs(pixels[at] - green) > SLIGHT || Math.abs(green - pixels[at + 2]) > SLIGHT) return false
  }
  return true
}

/** Rows as PNG has them, unfiltered, in one or three channels. @param {Uint8ClampedArray} pixels @param {number} width @param {number} channels */
function rowsOf(pixels, width, channels) {
  const row = width * channels + 1
  const rows = new Uint8Array((pixels.length / (4 * width)) * row)
  for (let at = 0, to = 0; at < pixels.length; at += 4) {
    if (to % row === 0) to += 1
    if (channels === 1) rows[to++] = pixels[at + 1]
    else for (let one = 0; one < 3; one++) rows[to++] = pixels[at + one]
  }
  return rows
}

/** @param {Uint8Array} data a JPEG of the browser's @returns {Blob | null} its pixels in the strict form; null where they have another kind */
export function strictJpeg(data) {
  const kept = [Uint8Array.of(0xff, START), JFIF]
  for (let at = 2; at + 4 <= data.length && data[at] === 0xff; ) {
    const kind = data[at + 1]
    const end = at + 2 + data[at + 2] * 256 + data[at + 3]
    if (kind === FRAME || kind === SCAN || TABLES.includes(kind)) kept.push(data.slice(at, end))
    // Frames of other kinds too: one scan has one meaning, several could hide a picture below another.
    else if (kind > 0xc0 && kind < 0xd0) return null
    if (kind === SCAN) return scanned(data, end, kept)
    at = end
  }
  return null
}

/** @param {Uint8Array} data @param {number} from where the scan begins @param {Uint8Array[]} kept */
function scanned(data, from, kept) {
  let end = data.indexOf(0xff, from)
  while (end >= 0 && data[end + 1] === 0) end = data.indexOf(0xff, end + 2)
  if (end < 0 || data[end + 1] !== END) return null
  return new Blob([.../** @type {any} */ (kept), data.slice(from, end + 2)], { type: "image/jpeg" })
}
