// @ts-check
/**
 * The sheets on which everything is drawn that the office sees of evidence, and the boxes on them. Pure.
 *
 * The size of a picture would tell the telephone that took it, and the width of a box whose name it covers: there are two
 * sheets, upright or lying, and three widths. The twin of app/domain/pages/sheets.py and app/client/cleaning/drawing.py.
 */

/** @typedef {{width: number, height: number}} Size in pixels */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Edges in pixels of a sheet, the last ones inside */
/** @typedef {{page: number, x: number, y: number, w: number, h: number}} Box drawn by hand, in whole percent of what the page shows */

/** Letter and A4 at 150 dots an inch. @type {Size} */
export const DOCUMENT = { width: 1275, height: 1754 }
/** The same at 225, for photographs. @type {Size} */
export const PICTURE = { width: 1912, height: 2631 }

export const SMALLEST = 2 // percent that a box by hand is wide and high: less is a slip of the finger
const BOX_WIDTHS = [16, 34, 100] // percent of the sheet
const ROUND = 3 // pixels that a box is larger than what it covers, on each side

/** @param {Size} upright @param {Size} what @returns {Size} the sheet, upright or lying, for something of a size */
export function sheetFor({ width, height }, what) {
  return what.width > what.height ? { width: height, height: width } : { width, height }
}

/** @param {Size} sheet @param {Size} size of what is fitted into its middle @returns {Edges} its edges; right and bottom are outside */
export function middle(sheet, size) {
  const left = Math.floor((sheet.width - size.width) / 2)
  const top = Math.floor((sheet.height - size.height) / 2)
  return { left, top, right: left + size.width, bottom: top + size.height }
}

/** @param {Box} box @param {Edges} area what of the sheet the page covers @returns {Edges} */
export function edgesOf({ x, y, w, h }, area) {
  const [across, down] = [(area.right - area.left) / 100, (area.bottom - area.top) / 100]
  return {
    left: area.left + Math.round(x * across),
    top: area.top + Math.round(y * down),
    right: area.left + Math.round((x + w) * across),
    bottom: area.top + Math.round((y + h) * down),
  }
}

/** @param {Edges} need what must be covered @param {Size} sheet @returns {Edges} the box for it, of one of three widths */
export function widened(need, sheet) {
  const wanted = need.right - need.left + 2 * ROUND
  const widths = BOX_WIDTHS.map((share) => Math.floor((share * sheet.width) / 100))
  const chosen = widths.find((width) => width >= wanted) ?? sheet.width
  const left = Math.min(Math.max(0, Math.floor((need.left + need.right - chosen) / 2)), sheet.width - chosen)
  const top = Math.max(0, need.top - ROUND)
  return { left, top, right: left + chosen - 1, bottom: Math.max(top, Math.min(sheet.height - 1, need.bottom + ROUND)) }
}
