// @ts-check
/**
 * Which parts of a page have been on the screen, and large enough to be read: on a telephone a whole sheet has letters of
 * five pixels, and of a larger one half lies beside the screen. Parts on which nothing stands need not be seen.
 */
import { DOCUMENT } from "./sheets.js"

const [ACROSS, DOWN] = [12, 16] // parts of a page
const INCHES = 1754 / 150 // of the longer side of each sheet
export const READABLE = 64 // pixels of the screen an inch: letters of a letter are about ten high
const SAMPLES = 6 // of a part, in each direction
const PAPER = 247 // of 255: what is lighter everywhere is empty

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Rectangle on the screen */

/** @param {import("./sheets.js").Size} sheet @returns {number} pixels of the screen that it is wide, to be read */
export const readableWidth = ({ width, height }) => (READABLE * INCHES * width) / Math.max(width, height)

/** @param {import("./sheets.js").Size} sheet @returns {boolean} whether it is one of papers, rather than of photographs */
export const isPaper = ({ width, height }) => Math.max(width, height) === DOCUMENT.height

export class Reached {
  /**
   * @param {HTMLCanvasElement} canvas in its frame that scrolls @param {(width: number) => boolean} isLarge whether it is shown so large, or as large as it can be
   * @param {() => void} looked after each look
   */
  constructor(canvas, isLarge, looked) {
    this._canvas = canvas
    this._isLarge = isLarge
    this._looked = looked
    /** @type {boolean[]} what nobody has seen yet */ this._open = []
    /** @type {boolean[]} where something stands */ this._written = []
    /** @type {import("./sheets.js").Size} */ this._sheet = DOCUMENT
    let asked = false
    const look = () => {
      asked = false
      if (canvas.isConnected) this.look()
      else removeEventListener("scroll", soon, true)
    }
    const soon = () => {
      if (!asked) requestAnimationFrame(look)
      asked = true
    }
    // The frame's own scrolling too.
    addEventListener("scroll", soon, { capture: true, passive: true })
  }

  /** @param {ImageBitmap} bitmap of a page of which nothing was seen */
  begin(bitmap) {
    this._sheet = { width: bitmap.width, height: bitmap.height }
    this._written = written(bitmap)
    this._open = [...this._written]
  }

  /** Take note of what is on the screen now. */
  look() {
    this._note()
    this._looked()
  }

  _note() {
    const whole = this._canvas.getBoundingClientRect()
    if (!whole.width || !this._isLarge(readableWidth(this._sheet))) return
    const frame = /** @type {HTMLElement} */ (this._canvas.closest(".stage")).getBoundingClientRect()
    const seen = { left: Math.max(0, frame.left), top: Math.max(0, frame.top), right: Math.min(innerWidth, frame.right), bottom: Math.min(innerHeight, frame.bottom) }
    this._open = this._open.map((open, part) => open && !isInside(middleOf(whole, part), seen))
  }

  /** @returns {boolean} whether all that stands on it has been on the screen */
  get isSeen() {
    return !this._open.includes(true)
  }

  /**
   * @param {import("./sheets.js").Size} view what is seen of the page at once, in parts of it
   * @returns {View[]} what is to be seen of it one after the other, as it is read; nothing beside what stands on it
   */
  views({ width, height }) {
    const parts = [...this._written.keys()].filter((part) => this._written[part])
    const [columns, rows] = [parts.map((part) => part % ACROSS), parts.map((part) => Math.floor(part / ACROSS))]
    const lefts = steps(Math.min(...columns) / ACROSS, (Math.max(...columns) + 1) / ACROSS, width)
    const tops = steps(Math.min(...rows) / DOWN, (Math.max(...rows) + 1) / DOWN, height)
    const inside = (/** @type {number} */ part, /** @type {number} */ left, /** @type {number} */ top) => isInside(middleOf(WHOLE, part), { left, top, right: left + width, bottom: top + height })
    const views = tops.flatMap((top) => lefts.map((left) => ({ left, top, parts: parts.filter((part) => inside(part, left, top)) })))
    return views.filter((view) => view.parts.length).map(({ left, top, parts }) => ({ left, top, isOpen: parts.some((part) => this._open[part]) }))
  }
}

/** @typedef {{ left: number, top: number, isOpen: boolean }} View its corner, in parts of the page; whether something in it was not seen */

const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 }

/** @param {number} from @param {number} to @param {number} size of each @returns {number[]} where each of as few as can be begins, evenly apart; one alone has it in its middle */
function steps(from, to, size) {
  const count = Math.max(1, Math.ceil((to - from) / size - 0.01))
  if (count === 1) return [(from + to - size) / 2]
  return Array.from({ length: count }, (_, at) => from + (at * (to - from - size)) / (count - 1))
}

/** @param {Rectangle} whole @param {number} part @returns {{ x: number, y: number }} */
function middleOf({ left, top, right, bottom }, part) {
  return { x: left + ((right - left) * ((part % ACROSS) + 0.5)) / ACROSS, y: top + ((bottom - top) * (Math.floor(part / ACROSS) + 0.5)) / DOWN }
}

/** @param {{ x: number, y: number }} point @param {Rectangle} rectangle */
const isInside = ({ x, y }, { left, top, right, bottom }) => x >= left && x <= right && y >= top && y <= bottom

/** @param {ImageBitmap} bitmap @returns {boolean[]} of each part whether something stands on it */
function written(bitmap) {
  const [width, height] = [ACROSS * SAMPLES, DOWN * SAMPLES]
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }))
  pen.imageSmoothingQuality = "high"
  pen.drawImage(bitmap, 0, 0, width, height)
  const { data } = pen.getImageData(0, 0, width, height)
  const found = Array.from({ length: ACROSS * DOWN }, () => false)
  for (let at = 0; at < width * height; at++) {
    const dark = Math.min(data[4 * at], data[4 * at + 1], data[4 * at + 2]) < PAPER
    if (dark) found[ACROSS * Math.floor(Math.floor(at / width) / SAMPLES) + Math.floor((at % width) / SAMPLES)] = true
  }
  return found
}
