// @ts-check
/** The desk at which faces and names are covered on a photo before it is sealed: the same hand as for copies. */
import { copyOf } from "../file/dom.js"
import { Hand } from "./hand.js"

/** @typedef {import("./sheets.js").Box} Box */
/** @typedef {import("../file/photo.js").Photo} Photo */

/**
 * Open the desk in the place of the photo.
 * @param {HTMLElement} place @param {Photo} photo @param {(change: () => Promise<void>) => void} renew draws and keeps the photo anew @param {() => void} done
 */
export function openCovering(place, photo, renew, done) {
  const frame = copyOf("photo-desk")
  const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
  photo.moveTo(canvas)
  let known = photo.boxes
  const hand = new Hand(frame, {
    area: () => ({ left: 0, top: 0, width: 1, height: 1 }),
    changed: (boxes) => {
      photo.boxes = known = boxes.map(({ x, y, w, h }) => ({ x: x / 100, y: y / 100, width: w / 100, height: h / 100 }))
      renew(() => photo.draw())
    },
    paint: () => undefined,
  }, true)
  void photo.draw()
  hand.show(known.map(({ x, y, width, height }) => ({ page: 1, x: Math.round(100 * x), y: Math.round(100 * y), w: Math.round(100 * width), h: Math.round(100 * height) })))
  frame.querySelector("[data-done]")?.addEventListener("click", done)
  place.replaceChildren(frame)
  canvas.focus({ preventScroll: true })
  frame.scrollIntoView({ block: "start" })
}
