// @ts-check
/** Boxes on a page of a copy: what is covered is shown black, as it goes out, what was found by itself too. */
import { Hand } from "./hand.js"
import { boxesOn, paint } from "./page.js"
import { Reached, isPaper, readableWidth } from "./reached.js"

/** @typedef {import("./sheets.js").Box} Box */

export class Boxes {
  /** @param {HTMLElement} frame @param {(boxes: Box[]) => void} changed */
  constructor(frame, changed) {
    /** @type {import("./page.js").Drawn | null} */ this._drawn = null
    /** @type {import("./sheets.js").Edges[]} */ this._needs = []
    const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
    this._canvas = canvas
    this._reached = new Reached(canvas, (width) => this._hand.isLarge(width))
    // It is drawn before it has its place, or while its page is hidden.
    this._watch = new ResizeObserver(() => this._laid())
    this._watch.observe(canvas)
    this._hand = new Hand(frame, {
      changed,
      area: () => this._area(),
      paint: (boxes) => void (this._drawn && paint(canvas, this._drawn, boxesOn(this._drawn, boxes, this._needs))),
    })
  }

  get all() {
    return this._hand.all
  }

  /** @param {import("./page.js").Drawn} drawn @param {Box[]} boxes @param {import("./sheets.js").Edges[]} needs */
  show(drawn, boxes, needs) {
    if (this._drawn !== drawn) this._reached.begin(drawn.bitmap)
    Object.assign(this, { _drawn: drawn, _needs: needs })
    this._hand.show(boxes)
    this._reached.look()
  }

  /** A paper is as large as its letters need it, from the first; a photograph is seen as a whole before. */
  _laid() {
    if (!this._drawn || !this._canvas.getBoundingClientRect().width) return
    this._watch.disconnect()
    if (isPaper(this._drawn.bitmap)) this._hand.enlarge(readableWidth(this._drawn.bitmap))
    this._reached.look()
  }

  /** @returns {boolean} whether all that stands on the page has been on the screen, to be read; if not, the next part of it is brought there */
  get wasSeen() {
    this._reached.look()
    const missing = this._reached.missing
    if (!missing || !this._drawn) return true
    this._hand.enlarge(readableWidth(this._drawn.bitmap))
    const stage = /** @type {HTMLElement} */ (this._canvas.closest(".stage"))
    const { width, height } = this._canvas.getBoundingClientRect()
    stage.scrollTo(missing.x * width, missing.y * height)
    stage.scrollIntoView({ block: "nearest" })
    this._reached.look()
    return false
  }

  /** @returns {import("./hand.js").Area} */
  _area() {
    if (!this._drawn) return { left: 0, top: 0, width: 1, height: 1 }
    const { area, bitmap } = this._drawn
    const [across, down] = [bitmap.width, bitmap.height]
    return { left: area.left / across, top: area.top / down, width: (area.right - area.left) / across, height: (area.bottom - area.top) / down }
  }
}
