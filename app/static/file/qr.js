// @ts-check
/** A QR code as an inline drawing: made here, so that what it holds reaches nobody. */
import { encodeQR } from "../vendor/qr.js"

const QUIET = 4 // modules around the code, as ISO/IEC 18004 asks
const SVG = "http://www.w3.org/2000/svg"

/** @param {string} text @param {string} words what a screen reader says of it @returns {SVGElement} */
export function qrOf(text, words) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET })
  const strokes = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}.5h1`] : [])))
  const drawing = document.createElementNS(SVG, "svg")
  drawing.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`)
  drawing.setAttribute("role", "img")
  drawing.setAttribute("aria-label", words)
  const path = document.createElementNS(SVG, "path")
  path.setAttribute("d", strokes.join(""))
  path.setAttribute("stroke", "currentColor")
  drawing.append(path)
  return drawing
}
