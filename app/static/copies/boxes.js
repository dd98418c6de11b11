// @ts-check
/** Boxes on a page of a copy: what is covered is shown black, as it goes out, what was found by itself too. */
import { Hand } from "./hand.js"
import { boxesOn, paint } from "./page.js"
import { Reached, isPaper, readableWidth } from "./reached.js"

/** @typedef {import("./sheets.js").Box} Box */

export class Boxes {
  /** @param {HTMLElement} frame @param {(boxes: Box[]) => void} changed @param {() => void} looked after more of the page was on the screen */
  constructor(frame, changed, looked) {
    /** @type {import("./page.js").Drawn | null} */ this._drawn = null
    /** @type {import("./sheets.js").Edges[]} */ this._needs = []
    const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
    this._canvas = canvas
    this._stage = /** @type {HTMLElement} */ (canvas.closest(".stage"))
    this._reached = new Reached(canvas, (width) => this._hand.isLarge(width), looked)
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
    const fresh = this._drawn !== drawn
    if (fresh) this._reached.begin(drawn.bitmap)
    Object.assign(this, { _drawn: drawn, _needs: needs })
    this._hand.show(boxes)
    if (fresh) this._toFirst()
    this._reached.look()
  }

  /** A paper is as large as its letters need it, from the first; a photograph is seen as a whole before. */
  _laid() {
    if (!this._drawn || !this._canvas.getBoundingClientRect().width) return
    this._watch.disconnect()
    if (isPaper(this._drawn.bitmap)) this._hand.enlarge(readableWidth(this._drawn.bitmap))
    this._toFirst()
    this._reached.look()
  }

  /** @returns {boolean} whether all that stands on the page has been on the screen, to be read */
  get wasSeen() {
    return this._reached.isSeen
  }

  /** Take note of what is on the screen now. */
  look() {
    this._reached.look()
  }

  /** @returns {{ parts: number, part: number } | null} how many parts it is seen in, and which is on the screen; null while it is too small to be read */
  get place() {
    if (!this._drawn || !this._hand.isLarge(readableWidth(this._drawn.bitmap))) return null
    const views = this._views()
    const { left, top, width, height } = this._shown()
    const far = views.map((view) => Math.hypot((view.left - left) / width, (view.top - top) / height))
    return { parts: views.length, part: far.indexOf(Math.min(...far)) + 1 }
  }

  /** Bring the next part to the screen of which something was not seen, large enough to be read; first what lies beside the screen of this one. */
  next() {
    if (!this._drawn) return
    this.look()
    const { part = 0 } = this.place ?? {}
    this._hand.enlarge(readableWidth(this._drawn.bitmap))
    const views = this._views()
    const next = [...views.slice(Math.max(0, part - 1)), ...views].find(({ isOpen }) => isOpen)
    if (next) this._show(next)
    this._stage.scrollIntoView({ block: this._stage.clientHeight > innerHeight ? "start" : "nearest" })
    this._reached.look()
  }

  /** A page begins at its first part. */
  _toFirst() {
    const [first] = this._views()
    if (first && this.place) this._show(first)
  }

  /** @returns {import("./reached.js").View[]} */
  _views() {
    return this._reached.views(this._shown())
  }

  /** @returns {{ left: number, top: number, width: number, height: number }} what of the page is in its frame, in parts of it */
  _shown() {
    const [page, stage] = [this._canvas.getBoundingClientRect(), this._stage.getBoundingClientRect()]
    const height = Math.min(this._stage.clientHeight, innerHeight)
    return { left: (stage.left - page.left) / page.width, top: (stage.top - page.top) / page.height, width: this._stage.clientWidth / page.width, height: height / page.height }
  }

  /** @param {import("./reached.js").View} view */
  _show({ left, top }) {
    const shown = this._shown()
    const { width, height } = this._canvas.getBoundingClientRect()
    this._stage.scrollBy({ left: (left - shown.left) * width, top: (top - shown.top) * height, behavior: "instant" })
  }

  /** @returns {import("./hand.js").Area} */
  _area() {
    if (!this._drawn) return { left: 0, top: 0, width: 1, height: 1 }
    const { area, bitmap } = this._drawn
    const [across, down] = [bitmap.width, bitmap.height]
    return { left: area.left / across, top: area.top / down, width: (area.right - area.left) / across, height: (area.bottom - area.top) / down }
  }
}
