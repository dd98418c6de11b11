// @ts-check
/**
 * Boxes on a page, drawn with a finger, a mouse, a keyboard or the buttons below it. What is covered is shown black, as it
 * goes out; the box that is chosen has a line around it, which does not.
 */
import { number, say } from "../file/words.js"
import { boxesOn, paint } from "./page.js"
import { edgesOf, widened } from "./sheets.js"

const SMALLEST = 2 // percent: less is a slip of the finger
const FIRST = { page: 0, x: 35, y: 40, w: 30, h: 10 }
const STEP = 2 // percent that a key moves a box

/** @typedef {import("./sheets.js").Box} Box */
/** @typedef {{x: number, y: number}} Point in percent of what the page shows */

/** What each key and button does to a box. @type {Record<string, (box: Box) => Partial<Box>>} */
const MOVES = {
  left: ({ x }) => ({ x: x - STEP }),
  right: ({ x }) => ({ x: x + STEP }),
  up: ({ y }) => ({ y: y - STEP }),
  down: ({ y }) => ({ y: y + STEP }),
  narrower: ({ w }) => ({ w: w - STEP }),
  wider: ({ w }) => ({ w: w + STEP }),
  lower: ({ h }) => ({ h: h - STEP }),
  higher: ({ h }) => ({ h: h + STEP }),
}
/** @type {Record<string, [string, string]>} alone, and with the shift key */
const KEYS = { ArrowLeft: ["left", "narrower"], ArrowRight: ["right", "wider"], ArrowUp: ["up", "lower"], ArrowDown: ["down", "higher"] }

/** @param {Box} box @returns {Box} inside the page, in whole percent */
function inside({ page, x, y, w, h }) {
  const bound = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.min(Math.max(Math.round(value), low), high)
  const [width, height] = [bound(w, SMALLEST, 100), bound(h, SMALLEST, 100)]
  return { page, x: bound(x, 0, 100 - width), y: bound(y, 0, 100 - height), w: width, h: height }
}

export class Boxes {
  /** @param {HTMLElement} frame @param {(boxes: Box[]) => void} changed */
  constructor(frame, changed) {
    this._frame = frame
    this._changed = changed
    /** @type {Box[]} */ this.all = []
    this._chosen = -1
    /** @type {import("./page.js").Drawn | null} */ this._drawn = null
    /** @type {import("./sheets.js").Edges[]} */ this._needs = []
    this._canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
    this._button("add", () => this._add(FIRST))
    this._button("remove", () => this._remove())
    this._button("other", () => this._choose((this._chosen + 1) % this.all.length))
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (frame.querySelectorAll("[data-move]"))) {
      button.addEventListener("click", () => this._move(String(button.dataset.move)))
    }
    this._canvas.addEventListener("keydown", (event) => this._key(event))
    this._followPointer()
  }

  /** @param {import("./page.js").Drawn} drawn @param {Box[]} boxes @param {import("./sheets.js").Edges[]} needs */
  show(drawn, boxes, needs) {
    Object.assign(this, { _drawn: drawn, all: boxes, _needs: needs, _chosen: boxes.length - 1 })
    this._paint()
  }

  /** @param {string} name @param {() => void} act */
  _button(name, act) {
    this._frame.querySelector(`[data-${name}]`)?.addEventListener("click", act)
  }

  /** @param {Box} box */
  _add(box) {
    this.all = [...this.all, inside(box)]
    this._chosen = this.all.length - 1
    this._done()
  }

  _remove() {
    this.all = this.all.filter((_, at) => at !== this._chosen)
    this._chosen = this.all.length - 1
    this._done()
  }

  /** @param {number} which */
  _choose(which) {
    this._chosen = which
    this._paint()
  }

  /** @param {string} how */
  _move(how) {
    const box = this.all[this._chosen]
    if (!box) return
    this.all = this.all.map((one, at) => (at === this._chosen ? inside({ ...box, ...MOVES[how](box) }) : one))
    this._done()
  }

  _done() {
    this._changed(this.all)
    this._paint()
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    const [plain, shifted] = KEYS[event.key] ?? []
    if (plain && this._chosen >= 0) this._move(event.shiftKey ? shifted : plain)
    else if (event.key === "Enter") this._add(FIRST)
    else if ((event.key === "Delete" || event.key === "Backspace") && this._chosen >= 0) this._remove()
    else if (event.key === " " && this.all.length) this._choose((this._chosen + 1) % this.all.length)
    else return
    event.preventDefault()
  }

  _followPointer() {
    const canvas = this._canvas
    /** @type {Point | null} */ let from = null
    const until = (/** @type {PointerEvent} */ event) => {
      const [start, end] = [/** @type {Point} */ (from), this._place(event)]
      return { page: 0, x: Math.min(start.x, end.x), y: Math.min(start.y, end.y), w: Math.abs(end.x - start.x), h: Math.abs(end.y - start.y) }
    }
    canvas.addEventListener("pointerdown", (event) => {
      from = this._place(event)
      canvas.setPointerCapture(event.pointerId)
    })
    canvas.addEventListener("pointercancel", () => void (from = null))
    canvas.addEventListener("pointermove", (event) => {
      if (from) this._paint(until(event))
    })
    canvas.addEventListener("pointerup", (event) => {
      if (!from) return
      const box = until(event)
      from = null
      if (Math.min(box.w, box.h) < SMALLEST) this._paint()
      else this._add(box)
    })
  }

  /** @param {PointerEvent} event @returns {Point} */
  _place({ clientX, clientY }) {
    const frame = this._canvas.getBoundingClientRect()
    const { area } = /** @type {import("./page.js").Drawn} */ (this._drawn)
    const at = { x: ((clientX - frame.left) / frame.width) * this._canvas.width, y: ((clientY - frame.top) / frame.height) * this._canvas.height }
    const part = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.min(Math.max((100 * (value - low)) / (high - low), 0), 100)
    return { x: part(at.x, area.left, area.right), y: part(at.y, area.top, area.bottom) }
  }

  /** @param {Box} [drawing] one that is being drawn */
  _paint(drawing) {
    if (!this._drawn) return
    paint(this._canvas, this._drawn, boxesOn(this._drawn, this.all, this._needs))
    const chosen = drawing ?? this.all[this._chosen]
    if (chosen) this._line(chosen)
    this._tell()
  }

  /** @param {Box} box */
  _line(box) {
    const { area, bitmap } = /** @type {import("./page.js").Drawn} */ (this._drawn)
    const { left, top, right, bottom } = widened(edgesOf(box, area), bitmap)
    const pen = /** @type {CanvasRenderingContext2D} */ (this._canvas.getContext("2d"))
    for (const [colour, width] of /** @type {[string, number][]} */ ([["#ffffff", 12], ["#b3261e", 6]])) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width })
      pen.strokeRect(left, top, right - left, bottom - top)
    }
  }

  _tell() {
    const box = this.all[this._chosen]
    const none = !box
    for (const name of ["remove", "move", "other"]) {
      for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (this._frame.querySelectorAll(`[data-${name}]`))) {
        button.disabled = none || (name === "other" && this.all.length < 2)
      }
    }
    const place = box && { box: number(this._chosen + 1), boxes: number(this.all.length), x: number(box.x), y: number(box.y), w: number(box.w), h: number(box.h) }
    const words = place ? say("Box {box} of {boxes}: {x} % from the left, {y} % from the top, {w} % wide, {h} % high", place) : say("No box of yours is on this page.")
    const told = /** @type {HTMLElement} */ (this._frame.querySelector("[data-chosen]"))
    if (told.textContent !== words) told.textContent = words
  }
}
