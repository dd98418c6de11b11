// @ts-check
/**
 * A page of the office's copy, in pixels: drawn on its sheet, covered, and written as a picture. What is on the screen is
 * what goes out: the picture is made of the same pixels.
 */
import { level, pngOf, strictJpeg } from "./form.js"
import { PICTURE, edgesOf, middle, sheetFor, widened } from "./sheets.js"

const MIB = 1024 * 1024
const MOST_BYTES = 4 * MIB - 1024 // of a page, as the portal takes it
const LARGEST_PNG = MIB
const QUALITIES = [0.82, 0.6, 0.4]
const MOST_PIXELS = 80_000_000
const INK = "#000000"

/** @typedef {import("./sheets.js").Edges} Edges */
/** @typedef {import("./sheets.js").Box} Box */
/**
 * @typedef {object} Drawn
 * @property {ImageBitmap} bitmap the whole sheet, without boxes
 * @property {Edges} area what of the sheet the page covers
 * @property {import("./finding.js").Word[]} words with their places, as far as the file says
 */

/** Why there is no copy of a file: a code (`said.js` puts it into words). */
export class CopyError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code)
    this.code = code
  }
}

/** @param {Size} size @typedef {import("./sheets.js").Size} Size */
function canvasOf({ width, height }) {
  const canvas = document.createElement("canvas")
  Object.assign(canvas, { width, height })
  return canvas
}

/** @param {HTMLCanvasElement} canvas */
const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: false }))

/** Draw a picture the way up that the camera noted, on white, on its sheet. @param {Blob} file @returns {Promise<Drawn>} */
export async function drawPicture(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new CopyError("undrawn")
  })
  if (picture.width * picture.height > MOST_PIXELS) throw new CopyError("pixels")
  const sheet = sheetFor(PICTURE, picture)
  const scale = Math.min(sheet.width / picture.width, sheet.height / picture.height)
  const size = { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) }
  const area = middle(sheet, size)
  const canvas = canvasOf(sheet)
  const pen = penOf(canvas)
  pen.fillStyle = "#ffffff"
  pen.fillRect(0, 0, sheet.width, sheet.height)
  pen.imageSmoothingQuality = "high"
  pen.drawImage(picture, area.left, area.top, size.width, size.height)
  picture.close()
  return { bitmap: await createImageBitmap(canvas), area, words: [] }
}

/** Show a page on a canvas as it goes out. @param {HTMLCanvasElement} canvas @param {Drawn} drawn @param {Edges[]} boxes */
export function paint(canvas, { bitmap }, boxes) {
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) Object.assign(canvas, { width: bitmap.width, height: bitmap.height })
  const pen = penOf(canvas)
  pen.drawImage(bitmap, 0, 0)
  pen.fillStyle = INK
  for (const { left, top, right, bottom } of boxes) pen.fillRect(left, top, right - left + 1, bottom - top + 1)
}

/** The boxes of a page: those drawn by hand, and those over what was found. @param {{bitmap: Size, area: Edges}} drawn @param {Box[]} boxes @param {Edges[]} needs */
export function boxesOn({ bitmap, area }, boxes, needs) {
  return [...boxes.map((box) => edgesOf(box, area)), ...needs].map((need) => widened(need, bitmap))
}

/** The page as a picture of the form that the portal takes. @param {Drawn} drawn @param {Edges[]} boxes @returns {Promise<Blob>} */
export async function pictureOf(drawn, boxes) {
  const canvas = canvasOf(drawn.bitmap)
  try {
    paint(canvas, drawn, boxes)
    return await written(canvas)
  } finally {
    // Given back at once: a browser lets dozens of them pile up.
    Object.assign(canvas, { width: 0, height: 0 })
  }
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
async function written(canvas) {
  const { width, height } = canvas
  const pixels = penOf(canvas).getImageData(0, 0, width, height)
  level(pixels.data)
  const photograph = Math.max(width, height) === PICTURE.height
  const png = photograph ? null : await pngOf(pixels.data, width, height)
  if (png && png.size <= LARGEST_PNG) return png
  penOf(canvas).putImageData(pixels, 0, 0)
  for (const quality of QUALITIES) {
    const made = await jpegOf(canvas, quality)
    if (made.size <= MOST_BYTES) return made
  }
  throw new CopyError("too_large")
}

/** @param {HTMLCanvasElement} canvas @param {number} quality @returns {Promise<Blob>} */
async function jpegOf(canvas, quality) {
  const made = await new Promise((/** @type {(blob: Blob | null) => void} */ done) => canvas.toBlob(done, "image/jpeg", quality))
  const strict = made && strictJpeg(new Uint8Array(await made.arrayBuffer()))
  if (!strict) throw new CopyError("undrawn")
  return strict
}
