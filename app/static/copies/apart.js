// @ts-check
/**
 * Words of a page that are looked for, such as a known person's name, only when they are read as one. Pure.
 *
 * A word is written apart at the end of a line, over columns, or with a gap inside. Where a hyphen stands before the next
 * word, the engine itself reads on; here are the places where it cannot. The twin of app/client/cleaning/apart.py.
 */

const HYPHENS = /[-\u00ad\u2010-\u2015\u2212]+$/u
const LETTERS = /[\p{L}\u0300-\u036f]+/gu
const SHORTEST = 2 // letters of a part: single ones stand everywhere, and the engine joins those itself
const SHORTEST_NAME = 4
const SHORTEST_BESIDE = 6 // letters of a name with a gap on its line: shorter ones would be found in «me la» and the like
const NEXT_LINE = 2.5 // heights of a word, within which the next line begins
const MOST_BELOW = 40 // words of the next line that are tried

/** @typedef {import("./sheets.js").Edges} Edges */
/** @typedef {import("./finding.js").Word} Word */

/** Whether a word stands on the line of the one before it; narrow lines touch each other. @param {Edges} one @param {Edges} other */
export function onOneLine(one, other) {
  const shared = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
  return 2 * shared > Math.min(one.bottom - one.top, other.bottom - other.top) && other.right > one.left
}

/**
 * @param {{given: string, surname1: string, surname2: string, name: string, aliases: string[]}[]} people @param {(text: string) => string} fold
 * @returns {Set<string>} the words of which their names are made, folded
 */
export function namesOf(people, fold) {
  const said = people.flatMap(({ given, surname1, surname2, name, aliases }) => [given, surname1, surname2, name, ...aliases])
  const words = said.flatMap((text) => fold(text ?? "").match(LETTERS) ?? [])
  return new Set(words.filter((word) => Array.from(word).length >= SHORTEST_NAME))
}

/**
 * @param {Word[]} words @param {(word: string) => boolean} wanted @param {(text: string) => string} fold
 * @returns {{places: [number, number], text: string}[]} two words that are wanted when they are read as one, and what that is
 */
export function parted(words, wanted, fold) {
  return words.flatMap((word, at) => {
    const first = word.text.replace(HYPHENS, "")
    const hyphened = first !== word.text
    const others = new Set([at + 1, ...(hyphened ? below(words, at) : [])].filter((other) => other < words.length))
    return [...others].flatMap((other) => {
      const beside = !hyphened && onOneLine(word, words[other])
      const text = readAsOne(first, words[other].text)
      const one = fold(text)
      const fits = Array.from(one).length >= (beside ? SHORTEST_BESIDE : SHORTEST_NAME) && wanted(one)
      return fits ? [{ places: /** @type {[number, number]} */ ([at, other]), text }] : []
    })
  })
}

/** @param {string} first @param {string} second @returns {string} the letters at the end of a word and those at the beginning of another; nothing where one has too few */
function readAsOne(first, second) {
  const before = [...first.matchAll(LETTERS)].at(-1)
  const after = second.matchAll(LETTERS).next().value
  if (!before || before.index + before[0].length !== first.length || after?.index !== 0) return ""
  return Math.min(Array.from(before[0]).length, Array.from(after[0]).length) >= SHORTEST ? before[0] + after[0] : ""
}

/** @param {Word[]} words @param {number} at @returns {number[]} */
function below(words, at) {
  const { top, bottom } = words[at]
  const [low, far] = [top + (bottom - top) / 2, top + NEXT_LINE * (bottom - top)]
  return words.flatMap((other, place) => (low <= other.top && other.top <= far ? [place] : [])).slice(0, MOST_BELOW)
}
