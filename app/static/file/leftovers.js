// @ts-check
/**
 * The last look of the device: is anything of a known person left in the record, in any field, in any spelling? The
 * same as app/domain/filing/leftovers.py. `fold` is the engine's folding of a text.
 */
import { pathText } from "./paths.js"

/** @typedef {import("./people.js").KnownIdentity} KnownIdentity */
/** @typedef {{ kind: string, words: string, squeezed: string }} Token */

const SHORTEST_NUMBER = 5
const SHORTEST_JOINED = 7
const NATIONAL_NUMBER = 10

/**
 * Yield path and kind of each place of a record that still shows a known person; never the text.
 * @param {any} record @param {KnownIdentity[]} people @param {(text: string) => string} fold
 * @returns {Generator<{ path: string, kind: string }>}
 */
export function* leftovers(record, people, fold) {
  const tokens = people.flatMap((person) => [...tokensOf(person, fold)])
  for (const [path, text] of textsOf(record, [])) {
    const words = ` ${wordsOf(text, fold)} `
    const squeezed = words.replaceAll(" ", "")
    const kinds = tokens.filter((token) => isIn(token, words, squeezed)).map((token) => token.kind)
    for (const kind of [...new Set(kinds)].sort()) yield { path, kind }
  }
}

/** @param {Token} token @param {string} words @param {string} squeezed @returns {boolean} */
function isIn(token, words, squeezed) {
  return words.includes(` ${token.words} `) || (token.squeezed !== "" && squeezed.includes(token.squeezed))
}

/** @param {any} value @param {import("./paths.js").Path} path @returns {Generator<[string, string]>} every text, names of groups too */
function* textsOf(value, path) {
  if (typeof value === "string") {
    yield [pathText(path), value]
  } else if (Array.isArray(value)) {
    for (const [place, inner] of value.entries()) yield* textsOf(inner, [...path, place])
  } else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      yield [pathText([...path, "…"]), name]
      yield* textsOf(inner, [...path, name])
    }
  }
}

/** @param {string} text @param {(text: string) => string} fold @returns {string} */
function wordsOf(text, fold) {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim()
}

/** @param {KnownIdentity} person @param {(text: string) => string} fold @returns {Generator<Token>} */
function* tokensOf(person, fold) {
  const joined = (/** @type {string[]} */ ...parts) => parts.filter(Boolean).join(" ")
  const { given, surname1, surname2 } = person
  const names = [person.name || joined(given, surname1, surname2), joined(given, surname1), joined(surname1, surname2, given)]
  for (const name of [...names, ...person.aliases]) {
    const words = wordsOf(name, fold)
    if (words.includes(" ")) yield { kind: "name", words, squeezed: "" }
  }
  for (const [kind, value] of person.identifiers) yield* numberTokens(kind || "identifier", wordsOf(value, fold))
}

/** @param {string} kind @param {string} words @returns {Generator<Token>} */
function* numberTokens(kind, words) {
  const squeezed = words.replaceAll(" ", "")
  if (!/\p{Nd}/u.test(squeezed) || squeezed.length < SHORTEST_NUMBER) return
  yield { kind, words, squeezed: squeezed.length >= SHORTEST_JOINED ? squeezed : "" }
  // A telephone number without its country's prefix.
  if (/^\p{Nd}+$/u.test(squeezed) && squeezed.length > NATIONAL_NUMBER) yield { kind, words, squeezed: squeezed.slice(-NATIONAL_NUMBER) }
}
