// @ts-check
/**
 * The words of a page of a PDF with their places: of its text layer, invisible ones too, since a scan's words are; and of
 * what was typed into it. Pure but for a pen that measures.
 */

/** @typedef {import("./finding.js").Word} Word */
/** @typedef {[number, number, number, number, number, number]} Matrix */

const [ASCENT, DESCENT] = [1, 0.3] // of a letter's height, above and below its line
const ROOM = 0.25 // of a letter's height, before and behind a word: widths of single letters are a guess where no font says them

/** @param {any} page of pdf.js, drawn already @param {any} viewport @returns {Promise<Word[]>} */
export async function wordsOf(page, viewport) {
  const { items, styles } = await page.getTextContent({ disableNormalization: false })
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"))
  const typed = await page.getAnnotations()
  return [
    ...items.flatMap((/** @type {any} */ item) => ("str" in item ? wordsIn(item, widthsOf(page, item, styles, pen), viewport) : [])),
    ...typed.flatMap((/** @type {any} */ annotation) => typedIn(annotation, viewport)),
  ]
}

/**
 * How wide each letter is, by what measure ever: the font's own where it is told, else that of a font like it.
 * @param {any} page @param {any} item @param {any} styles @param {OffscreenCanvasRenderingContext2D} pen @returns {(letter: string) => number}
 */
function widthsOf(page, { fontName }, styles, pen) {
  const font = page.commonObjs.has(fontName) ? page.commonObjs.get(fontName) : null
  const known = font && fontWidths(font)
  pen.font = `100px ${styles[fontName]?.fontFamily ?? "sans-serif"}`
  return (letter) => known?.get(letter) || pen.measureText(letter).width * 10
}

/** @param {any} font @returns {Map<string, number> | null} thousandths of the height by letter */
function fontWidths({ toUnicode, widths, defaultWidth }) {
  const letters = toUnicode?._map ?? toUnicode
  if (!letters || !widths) return null
  const codes = Object.keys(letters)
  return new Map(codes.map((code) => [typeof letters[code] === "number" ? String.fromCodePoint(letters[code]) : String(letters[code]), widths[code] ?? defaultWidth ?? 0]))
}

/** @param {any} item a stretch of one line @param {(letter: string) => number} widthOf @param {any} viewport @returns {Word[]} */
function wordsIn({ str, width, height, transform }, widthOf, viewport) {
  /** @type {number[]} */ const ends = []
  for (const letter of /** @type {string} */ (str)) ends.push((ends.at(-1) ?? 0) + widthOf(letter))
  const whole = ends.at(-1) || 1
  const place = (/** @type {number} */ at) => ((at ? ends[at - 1] : 0) / whole) * width
  /** @type {Word[]} */ const found = []
  for (const { 0: text, index } of str.matchAll(/\S+/gu)) {
    const start = Array.from(str.slice(0, index)).length
    const stretch = [place(start) - ROOM * height, place(start + Array.from(text).length) + ROOM * height]
    found.push({ text, ...edges(transform, stretch, height, viewport) })
  }
  return found
}

/**
 * Where a stretch of a line lies on the sheet, however the line is turned.
 * @param {Matrix} transform @param {number[]} stretch along the line @param {number} height @param {any} viewport
 */
function edges([a, b, c, d, e, f], [from, to], height, viewport) {
  const [along, up] = [Math.hypot(a, b) || 1, Math.hypot(c, d) || 1]
  const point = (/** @type {number} */ x, /** @type {number} */ y) => viewport.convertToViewportPoint(e + (x * a) / along + (y * c) / up, f + (x * b) / along + (y * d) / up)
  return around([point(from, -DESCENT * height), point(from, ASCENT * height), point(to, -DESCENT * height), point(to, ASCENT * height)])
}

/** @param {[number, number][]} points @returns {import("./sheets.js").Edges} */
function around(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return { left: Math.floor(Math.min(...xs)), top: Math.floor(Math.min(...ys)), right: Math.ceil(Math.max(...xs)), bottom: Math.ceil(Math.max(...ys)) }
}

/** What was typed into a form, or stands in a note: its field as a whole. @param {any} annotation @param {any} viewport @returns {Word[]} */
function typedIn({ rect, fieldValue, textContent, contentsObj, hidden }, viewport) {
  const said = [fieldValue, textContent, contentsObj?.str].flat().filter((one) => typeof one === "string" && one.trim())
  if (!rect || hidden || !said.length) return []
  const [x1, y1, x2, y2] = rect
  const place = around([viewport.convertToViewportPoint(x1, y1), viewport.convertToViewportPoint(x2, y2)])
  return said.join(" ").split(/\s+/u).map((/** @type {string} */ text) => ({ text, ...place }))
}
