// @ts-check
/**
 * The evidence viewer by keyboard and pointer. Everything here has a link or a field that does the same without it.
 *
 * Keys count only while the focus is in the viewer and not in a field (WCAG 2.1.4): arrows for pages, plus and minus for
 * the size, brackets for the other copies.
 */
import { byId } from "../file/dom.js"

const SIZES = [100, 150, 200, 300]
/** Of a picture's width, the height of the mark above and below it, as app/web/marking.py draws it. */
const STRIP = 0.05
const AT_TOP = 1 / 3 // of the window's height: a page that begins there is the one that is read

/** @returns {HTMLElement[]} the headings of the pages, in order */
const heads = () => [...byId("viewer").querySelectorAll("h2")].filter(({ id }) => id.startsWith("page-"))

/**
 * Asks the pages where they stand, not their headings: of a page out of sight the browser would have to lay out all of it.
 * @param {HTMLElement[]} found @returns {number} the place of the page at the top of the window, or -1 above all
 */
const pageInView = (found) => found.filter((head) => (head.parentElement ?? head).getBoundingClientRect().top <= innerHeight * AT_TOP).length - 1

/** @param {number} step forwards, or backwards below zero */
function turn(step) {
  const found = heads()
  const focused = found.findIndex((head) => head === document.activeElement)
  const next = found[Math.min(Math.max((focused < 0 ? pageInView(found) : focused) + step, 0), found.length - 1)]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: "start" })
}

/** @param {number} step */
function resize(step) {
  const now = SIZES.findIndex((size) => byId("viewer").classList.contains(`zoom-${size}`))
  show(SIZES[Math.min(Math.max(now + step, 0), SIZES.length - 1)])
}

/** @param {number} size */
function show(size) {
  for (const each of SIZES) byId("viewer").classList.toggle(`zoom-${each}`, each === size)
  for (const link of sizes()) {
    if (Number(link.dataset.zoom) === size) link.setAttribute("aria-current", "true")
    else link.removeAttribute("aria-current")
  }
}

/** @returns {HTMLAnchorElement[]} */
const sizes = () => [...document.querySelectorAll("a")].filter((link) => link.dataset.zoom)

/** @param {"before" | "after"} way to another copy, whose look is logged first */
function leave(way) {
  /** @type {HTMLFormElement | null} */ const form = document.querySelector(`form[data-way="${way}"]`)
  form?.requestSubmit()
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowRight: () => turn(1),
  ArrowLeft: () => turn(-1),
  "+": () => resize(1),
  "-": () => resize(-1),
  0: () => show(SIZES[0]),
  "]": () => leave("after"),
  "[": () => leave("before"),
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const field = event.target instanceof Element && event.target.closest("input, textarea, select")
  if (field || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return
  event.preventDefault()
  KEYS[event.key]()
}

/** A click on a page opens its form with the place filled in. @param {MouseEvent} event */
function pointed(event) {
  const picture = event.target
  if (!(picture instanceof HTMLImageElement)) return
  const point = picture.closest("section")?.querySelector("details.point")
  if (!(point instanceof HTMLDetailsElement)) return
  const box = picture.getBoundingClientRect()
  const strip = box.width * STRIP
  fill(point, "across", (event.clientX - box.left) / box.width)
  fill(point, "down", (event.clientY - box.top - strip) / (box.height - 2 * strip))
  point.open = true
  point.querySelector("textarea")?.focus()
}

/** @param {HTMLDetailsElement} point @param {string} name @param {number} share */
function fill(point, name, share) {
  const field = point.querySelector(`input[name="${name}"]`)
  if (field instanceof HTMLInputElement) field.value = String(Math.round(Math.min(Math.max(share, 0), 1) * 100))
}

byId("viewer").addEventListener("keydown", pressed)
byId("viewer").addEventListener("click", pointed)
for (const link of sizes()) {
  link.addEventListener("click", (event) => {
    event.preventDefault()
    show(Number(link.dataset.zoom))
  })
}
