// @ts-check
/** Boxes on a page of a copy: what is covered is shown black, as it goes out, what was found by itself too. */
import { Hand } from "./hand.js"
import { boxesOn, paint } from "./page.js"
import { DOCUMENT } from "./sheets.js"

/** @typedef {import("./sheets.js").Box} Box */

const SMALL = 500 // pixels of a screen, below which the letters of a whole page cannot be read
const READABLE = 2 // of the sizes of a hand: twice the width

export class Boxes {
  /** @param {HTMLElement} frame @param {(boxes: Box[]) => void} changed */
  constructor(frame, changed) {
    /** @type {import("./page.js").Drawn | null} */ this._drawn = null
    /** @type {import("./sheets.js").Edges[]} */ this._needs = []
    const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
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
    const first = !this._drawn
    Object.assign(this, { _drawn: drawn, _needs: needs })
    if (first && innerWidth < SMALL && Math.max(drawn.bitmap.width, drawn.bitmap.height) === DOCUMENT.height) this._hand.enlarge(READABLE)
    this._hand.show(boxes)
  }

  /** @returns {import("./hand.js").Area} */
  _area() {
    if (!this._drawn) return { left: 0, top: 0, width: 1, height: 1 }
    const { area, bitmap } = this._drawn
    const [across, down] = [bitmap.width, bitmap.height]
    return { left: area.left / across, top: area.top / down, width: (area.right - area.left) / across, height: (area.bottom - area.top) / down }
  }
}
