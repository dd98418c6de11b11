// @ts-check
/**
 * Boxes over a picture by hand: drawn, moved, made larger and taken away with a finger, a mouse, a keyboard or the buttons
 * below, and each step taken back. What is covered is painted by whoever owns the picture; here is only the frame around
 * the chosen box.
 *
 * A finger scrolls the page until somebody presses "Cover": else nobody gets past a picture that fills the screen.
 */
import { number, say } from "../file/words.js"
import { SMALLEST } from "./sheets.js"

const FIRST = { page: 0, x: 35, y: 40, w: 30, h: 10 }
const STEP = 2 // percent that a key moves a box
const SIZES = [1, 1.5, 2, 3, 4]
const LARGEST = 4

/** @typedef {import("./sheets.js").Box} Box */
/** @typedef {{ x: number, y: number }} Point in percent of what the page shows */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area what of the picture can be covered, in parts of it */
/**
 * Who owns the picture.
 * @typedef {object} Owner
 * @property {(boxes: Box[]) => void} paint @property {(boxes: Box[]) => void} changed @property {() => Area} area
 */

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

/** @param {number} value @param {number} low @param {number} high */
const bound = (value, low, high) => Math.min(Math.max(value, low), high)

/** @param {Box} box @returns {Box} inside the page, in whole percent */
function inside({ page, x, y, w, h }) {
  const [width, height] = [bound(Math.round(w), SMALLEST, 100), bound(Math.round(h), SMALLEST, 100)]
  return { page, x: bound(Math.round(x), 0, 100 - width), y: bound(Math.round(y), 0, 100 - height), w: width, h: height }
}

/** @param {Point} one @param {Point} other @returns {Box} */
const between = (one, other) => ({ page: 0, x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), w: Math.abs(one.x - other.x), h: Math.abs(one.y - other.y) })

/** How a box follows a finger that holds it: whole, by its first corner or by its last. @type {Record<string, (box: Box, by: Point) => Box>} */
const PULLS = {
  whole: (box, by) => inside({ ...box, x: box.x + by.x, y: box.y + by.y }),
  first: (box, by) => ({ ...between({ x: box.x + by.x, y: box.y + by.y }, { x: box.x + box.w, y: box.y + box.h }), page: box.page }),
  last: (box, by) => ({ ...between(box, { x: box.x + box.w + by.x, y: box.y + box.h + by.y }), page: box.page }),
}

export class Hand {
  /** @param {HTMLElement} frame made from the template `cover_tools` @param {Owner} owner @param {boolean} drawing whether a finger draws from the first */
  constructor(frame, owner, drawing = false) {
    this._frame = frame
    this._owner = owner
    /** @type {Box[]} */ this.all = []
    /** @type {Box[][]} */ this._before = []
    this._chosen = -1
    this._size = SIZES[0]
    this._canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
    this._line = /** @type {HTMLElement} */ (frame.querySelector("[data-line]"))
    this._wire(drawing)
  }

  /** @param {boolean} drawing */
  _wire(drawing) {
    this._button("add", () => this._add(FIRST))
    this._button("remove", () => this._remove())
    this._button("other", () => this._choose((this._chosen + 1) % this.all.length))
    this._button("undo", () => this._undo())
    this._button("draw", () => this._draw(!this._drawing))
    this._button("nearer", () => this._zoom(1))
    this._button("farther", () => this._zoom(-1))
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this._frame.querySelectorAll("[data-move]"))) {
      button.addEventListener("click", () => this._move(String(button.dataset.move)))
    }
    this._canvas.addEventListener("keydown", (event) => this._key(event))
    this._followDrawing()
    this._followPulling()
    this._draw(drawing)
    this._zoom(0)
  }

  /** @param {Box[]} boxes of what is shown now */
  show(boxes) {
    Object.assign(this, { all: boxes, _before: [], _chosen: boxes.length - 1 })
    this._paint()
  }

  /** @param {string} name @param {() => void} act */
  _button(name, act) {
    this._frame.querySelector(`[data-${name}]`)?.addEventListener("click", act)
  }

  /** @param {boolean} drawing whether a finger draws; a mouse always does */
  _draw(drawing) {
    this._drawing = drawing
    this._canvas.classList.toggle("drawing", drawing)
    this._frame.querySelector("[data-draw]")?.setAttribute("aria-pressed", String(drawing))
  }

  /** As large as a width on the screen asks for, or as large as it can be. @param {number} width in pixels */
  enlarge(width) {
    if (!this.isLarge(width)) this._zoomTo(this._sizeFor(width))
  }

  /** @param {number} width in pixels @returns {boolean} whether it is so large, or as large as it can be */
  isLarge(width) {
    return this._size >= this._sizeFor(width)
  }

  /** @param {number} width @returns {number} no larger than it asks for: all beyond lies beside the screen */
  _sizeFor(width) {
    const whole = this._canvas.getBoundingClientRect().width / this._size
    return bound(Math.ceil((100 * width) / whole) / 100, SIZES[0], LARGEST)
  }

  /** @param {number} by the next size, or the one before */
  _zoom(by) {
    const sizes = by > 0 ? SIZES.filter((size) => size > this._size) : SIZES.filter((size) => size < this._size).reverse()
    this._zoomTo(by ? (sizes[0] ?? this._size) : this._size)
    if (by && !this._line.hidden) this._line.scrollIntoView({ block: "nearest", inline: "center" })
  }

  /** @param {number} size of the page, in widths of its frame */
  _zoomTo(size) {
    this._size = size
    const sheet = /** @type {HTMLElement} */ (this._canvas.parentElement)
    sheet.style.width = `${100 * size}%`
    this._disable("farther", size <= SIZES[0])
    this._disable("nearer", size >= LARGEST)
  }

  // Changes

  /** @param {Box[]} boxes @param {number} chosen */
  _change(boxes, chosen) {
    this._before.push(this.all)
    this._set(boxes, chosen)
  }

  /** @param {Box[]} boxes @param {number} chosen */
  _set(boxes, chosen) {
    this.all = boxes
    this._chosen = chosen
    this._owner.changed(boxes)
    this._paint()
  }

  /** @param {Box} box */
  _add(box) {
    this._change([...this.all, inside(box)], this.all.length)
  }

  _remove() {
    const left = this.all.filter((_, at) => at !== this._chosen)
    this._change(left, left.length - 1)
  }

  _undo() {
    const before = this._before.pop()
    if (before) this._set(before, before.length - 1)
  }

  /** @param {number} which */
  _choose(which) {
    this._chosen = which
    this._paint()
  }

  /** @param {Box} box in the place of the chosen one */
  _replace(box) {
    this._change(this.all.map((one, at) => (at === this._chosen ? inside(box) : one)), this._chosen)
  }

  /** @param {string} how */
  _move(how) {
    const box = this.all[this._chosen]
    if (box) this._replace({ ...box, ...MOVES[how](box) })
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    const [plain, shifted] = KEYS[event.key] ?? []
    if (plain && this._chosen >= 0) this._move(event.shiftKey ? shifted : plain)
    else if (event.key === "Enter") this._add(FIRST)
    else if ((event.key === "Delete" || event.key === "Backspace") && this._chosen >= 0) this._remove()
    else if (event.key === " " && this.all.length) this._choose((this._chosen + 1) % this.all.length)
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this._undo()
    else if (event.key === "+" || event.key === "-") this._zoom(event.key === "+" ? 1 : -1)
    else return
    event.preventDefault()
  }

  // Fingers

  _followDrawing() {
    const canvas = this._canvas
    /** @type {Point | null} */ let from = null
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" && !this._drawing) return
      from = this._place(event)
      canvas.setPointerCapture(event.pointerId)
    })
    canvas.addEventListener("pointercancel", () => {
      from = null
      this._outline(this.all[this._chosen])
    })
    canvas.addEventListener("pointermove", (event) => {
      if (from) this._outline(between(from, this._place(event)))
    })
    canvas.addEventListener("pointerup", (event) => {
      const box = from && between(from, this._place(event))
      from = null
      if (box && Math.min(box.w, box.h) >= SMALLEST) this._add(box)
      else if (box) this._outline(this.all[this._chosen])
    })
    // A tap takes the box that is there.
    canvas.addEventListener("click", (event) => {
      const { x, y } = this._place(event)
      const hit = this.all.findLastIndex((box) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h)
      if (hit >= 0) this._choose(hit)
    })
  }

  _followPulling() {
    const line = this._line
    /** @type {{ at: Point, box: Box, how: string } | null} */ let held = null
    const pulled = (/** @type {PointerEvent} */ event) => {
      const { at, box, how } = /** @type {NonNullable<typeof held>} */ (held)
      const now = this._place(event)
      return PULLS[how](box, { x: now.x - at.x, y: now.y - at.y })
    }
    line.addEventListener("pointerdown", (event) => {
      const how = /** @type {HTMLElement} */ (event.target).dataset.grip ?? "whole"
      held = { at: this._place(event), box: this.all[this._chosen], how }
      line.setPointerCapture(event.pointerId)
      event.preventDefault()
    })
    line.addEventListener("pointermove", (event) => void (held && this._outline(pulled(event))))
    line.addEventListener("pointercancel", () => {
      held = null
      this._outline(this.all[this._chosen])
    })
    line.addEventListener("pointerup", (event) => {
      const box = held && pulled(event)
      const moved = box && held && JSON.stringify(inside(box)) !== JSON.stringify(held.box)
      held = null
      if (box && moved) this._replace(box)
      else this._outline(this.all[this._chosen])
    })
  }

  /** @param {MouseEvent} event @returns {Point} */
  _place({ clientX, clientY }) {
    const frame = this._canvas.getBoundingClientRect()
    const { left, top, width, height } = this._owner.area()
    const part = (/** @type {number} */ at, /** @type {number} */ low, /** @type {number} */ size) => bound((100 * (at - low)) / size, 0, 100)
    return { x: part((clientX - frame.left) / frame.width, left, width), y: part((clientY - frame.top) / frame.height, top, height) }
  }

  // What is seen

  _paint() {
    this._owner.paint(this.all)
    this._outline(this.all[this._chosen])
    this._tell()
  }

  /** @param {Box | undefined} box */
  _outline(box) {
    this._line.hidden = !box
    if (!box) return
    const { left, top, width, height } = this._owner.area()
    const style = { left: left + (box.x * width) / 100, top: top + (box.y * height) / 100, width: (box.w * width) / 100, height: (box.h * height) / 100 }
    for (const [name, part] of Object.entries(style)) this._line.style.setProperty(name, `${100 * part}%`)
  }

  /** @param {string} name @param {boolean} off */
  _disable(name, off) {
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (this._frame.querySelectorAll(`[data-${name}]`))) button.disabled = off
  }

  _tell() {
    const box = this.all[this._chosen]
    this._disable("remove", !box)
    this._disable("move", !box)
    this._disable("other", this.all.length < 2)
    this._disable("undo", !this._before.length)
    const place = box && { box: number(this._chosen + 1), boxes: number(this.all.length), x: number(box.x), y: number(box.y), w: number(box.w), h: number(box.h) }
    const words = place ? say("Box {box} of {boxes}: {x} % from the left, {y} % from the top, {w} % wide, {h} % high", place) : say("No box of yours is on this page.")
    const told = /** @type {HTMLElement} */ (this._frame.querySelector("[data-chosen]"))
    if (told.textContent !== words) told.textContent = words
  }
}
