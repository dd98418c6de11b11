// @ts-check
/**
 * Reads one PDF: draws its pages on sheets, and tells the words of its text layer with their places. It has no keys, and
 * reaches no network and no storage; what runs wild in here finds no way out but pixels and words.
 *
 * In: `{id, call, args}`. Out: `{id, result}` or `{id, error}`, a code. Drawn is what a reader of the PDF sees, annotations
 * and filled-in forms too.
 */
import { getDocument } from "../vendor/pdf.js"
import { DOCUMENT, middle, sheetFor } from "./sheets.js"
import { wordsOf } from "./words.js"

const MOST_PAGES = 200
const MOST_SCALE = 300 / 72 // pixels a point: a small receipt is not blown up without end
const MOST_PIXELS = 80_000_000 // of a picture inside
const MOST_WORDS = 20_000 // of a page; a page with more is not a page of text

/** pdf.js asks for canvases in this way. */
class Canvases {
  /** @param {number} width @param {number} height */
  create(width, height) {
    const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height))
    return { canvas, context: canvas.getContext("2d") }
  }

  /** @param {{canvas: OffscreenCanvas}} made @param {number} width @param {number} height */
  reset({ canvas }, width, height) {
    Object.assign(canvas, { width: Math.max(1, width), height: Math.max(1, height) })
  }

  /** @param {{canvas: OffscreenCanvas | null, context: unknown}} made */
  destroy(made) {
    Object.assign(made, { canvas: null, context: null })
  }
}

/** Filters are drawn by the page's document, and here is none: what would be filtered is drawn as it is. */
class NoFilters {
  addFilter = () => "none"
  addHCMFilter = () => "none"
  addAlphaFilter = () => "none"
  addLuminosityFilter = () => "none"
  addKnockoutFilter = () => "none"
  addHighlightHCMFilter = () => "none"
  destroy() {}
}

const OPTIONS = {
  CanvasFactory: Canvases,
  FilterFactory: NoFilters,
  // Embedded fonts go through the browser's own check of fonts; others are drawn with those of the device.
  ownerDocument: { fonts: /** @type {any} */ (globalThis).fonts },
  useSystemFonts: true,
  fontExtraProperties: true,
  useWasm: false,
  useWorkerFetch: false,
  wasmUrl: "/",
  maxImageSize: MOST_PIXELS,
  disableAutoFetch: true,
  verbosity: 0,
}

/** @type {any} */ let pdf = null

/** @param {ArrayBuffer} data @returns {Promise<number>} how many pages it has */
async function open(data) {
  pdf = await getDocument(/** @type {any} */ ({ ...OPTIONS, data: new Uint8Array(data) })).promise.catch((/** @type {any} */ error) => {
    throw error?.name === "PasswordException" ? "locked" : "broken"
  })
  if (pdf.numPages > MOST_PAGES) throw "pages"
  return pdf.numPages
}

/** @param {number} number @returns {Promise<import("./page.js").Drawn>} */
async function draw(number) {
  const page = await pdf.getPage(number)
  const plain = page.getViewport({ scale: 1 })
  const sheet = sheetFor(DOCUMENT, plain)
  const scale = Math.min(sheet.width / plain.width, sheet.height / plain.height, MOST_SCALE)
  const size = { width: Math.min(sheet.width, Math.ceil(plain.width * scale)), height: Math.min(sheet.height, Math.ceil(plain.height * scale)) }
  const area = middle(sheet, size)
  const viewport = page.getViewport({ scale, offsetX: area.left, offsetY: area.top })
  const canvas = new OffscreenCanvas(sheet.width, sheet.height)
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }))
  pen.fillStyle = "#ffffff"
  pen.fillRect(0, 0, sheet.width, sheet.height)
  // What lies beside the page on its sheet is not the page.
  pen.beginPath()
  pen.rect(area.left, area.top, size.width, size.height)
  pen.clip()
  await page.render({ canvasContext: pen, canvas: null, viewport, background: "#ffffff" }).promise
  const words = await wordsOf(page, viewport)
  page.cleanup()
  return { bitmap: canvas.transferToImageBitmap(), area, words: words.slice(0, MOST_WORDS) }
}

/** @type {Record<string, (...args: any[]) => Promise<any>>} */
const CALLS = { open, draw }

addEventListener("message", async ({ data: { id, call, args } }) => {
  const post = /** @type {(said: object, moved?: Transferable[]) => void} */ (/** @type {any} */ (globalThis).postMessage)
  try {
    const result = await CALLS[call](...args)
    post({ id, result }, result.bitmap ? [result.bitmap] : [])
  } catch (error) {
    post({ id, error: typeof error === "string" ? error : "broken" })
  }
})
