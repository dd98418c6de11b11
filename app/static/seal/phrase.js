// @ts-check
/**
 * Twelve words: 128 bits of BIP-39 entropy, written and read in Spanish, English and French.
 *
 * Reading forgives where nothing is lost (accents, case, numbers between the words, only the first four letters) and is
 * strict where something would be: the checksum fits, all words are of one list, one meaning. No error holds a word.
 *
 * Source: BIP 39, crypto/FORMAT.md "The twelve words"; the twin of crypto/phrase.py.
 */
import * as lists from "../vendor/bip39-words.js"
import { hex } from "./bytes.js"
import { sha256 } from "./digest.js"
import { FormatError, WordsError } from "./errors.js"

/** @typedef {"es" | "en" | "fr"} Language */
/** @typedef {{shown: string[], folded: string[], numbers: Map<string, number>}} WordList */

/** @type {Language[]} */
export const LANGUAGES = ["es", "en", "fr"]
export const ROOT_SIZE = 16
const WORD_COUNT = 12
const BITS_PER_WORD = 11n
const CHECKSUM_BITS = 4n
const SIGNIFICANT_LETTERS = 4
const MAX_SUGGESTIONS = 4
const MAX_TYPOS = 2

/** @type {Map<Language, WordList>} */
const made = new Map()

/** The twelve words of a 16-byte root. @param {Uint8Array} root @param {Language} language */
export function words(root, language) {
  if (root.length !== ROOT_SIZE || !LANGUAGES.includes(language)) throw new FormatError("root")
  const bits = (BigInt(`0x${hex(root)}`) << CHECKSUM_BITS) | BigInt(checksum(root))
  const { shown } = wordList(language)
  return Array.from({ length: WORD_COUNT }, (_, place) => {
    const below = BigInt(WORD_COUNT - 1 - place) * BITS_PER_WORD
    return shown[Number((bits >> below) & 2047n)]
  })
}

/**
 * The 16-byte root that twelve typed words mean.
 *
 * 1. Fold and split the text. 2. Look each word up in each list. 3. Keep the lists whose checksum fits.
 * @param {string} text
 */
export function root(text) {
  const typed = fold(text).match(/[\p{L}\p{Nl}\p{No}]+/gu) ?? [] // 1
  if (typed.length !== WORD_COUNT) throw new WordsError("words_count", { count: typed.length })
  const numbers = LANGUAGES.map((language) => lookUp(typed, language)) // 2
  const complete = numbers.filter((found) => found.every((number) => number >= 0))
  if (!complete.length) throw unknownWord(typed, numbers)
  const roots = new Map() // 3
  for (const found of complete) {
    const entropy = entropyOf(found)
    if (entropy) roots.set(hex(entropy), entropy)
  }
  if (!roots.size) throw new WordsError("words_checksum")
  if (roots.size > 1) throw new WordsError("words_ambiguous")
  return /** @type {Uint8Array} */ ([...roots.values()][0])
}

/** Case, ligatures and accents do not count. @param {string} text */
function fold(text) {
  return text.toUpperCase().toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "")
}

/** @param {Language} language @returns {WordList} */
function wordList(language) {
  let list = made.get(language)
  if (!list) {
    const shown = lists[language].map((/** @type {string} */ word) => word.normalize("NFC"))
    const folded = shown.map(fold)
    list = { shown, folded, numbers: new Map(folded.map((word, number) => [word.slice(0, SIGNIFICANT_LETTERS), number])) }
    made.set(language, list)
  }
  return list
}

/** @param {string[]} typed @param {Language} language @returns {number[]} −1 where there is none */
function lookUp(typed, language) {
  const { numbers } = wordList(language)
  return typed.map((word) => numbers.get(word.slice(0, SIGNIFICANT_LETTERS)) ?? -1)
}

/** @param {Uint8Array} entropy */
function checksum(entropy) {
  return sha256(entropy)[0] >> 4
}

/** The entropy of twelve word numbers, or null where the checksum does not fit. @param {number[]} numbers */
function entropyOf(numbers) {
  const bits = numbers.reduce((value, number) => (value << BITS_PER_WORD) | BigInt(number), 0n)
  const digits = (bits >> CHECKSUM_BITS).toString(16).padStart(2 * ROOT_SIZE, "0")
  const entropy = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16))
  return Number(bits & 15n) === checksum(entropy) ? entropy : null
}

/** Name the first word at fault in the language that knows most of the words. @param {string[]} typed @param {number[][]} numbers */
function unknownWord(typed, numbers) {
  const missing = numbers.map((found) => found.filter((number) => number < 0).length)
  const nearest = LANGUAGES.filter((_, place) => missing[place] === Math.min(...missing))
  const position = Math.min(...nearest.map((language) => numbers[LANGUAGES.indexOf(language)].indexOf(-1)))
  const suggestions = suggest(typed[position], nearest)
  return new WordsError(suggestions.length ? "words_word" : "words_unknown", { position: position + 1, suggestions })
}

/** Up to four near words: those it begins first, then by typing errors. @param {string} word @param {Language[]} languages */
function suggest(word, languages) {
  /** @type {{distance: number, shown: string}[]} */
  const ranked = []
  for (const language of languages) {
    const { shown, folded } = wordList(language)
    const begun = folded.flatMap((known, number) => (known.startsWith(word) ? [{ distance: 0, shown: shown[number] }] : []))
    const near = folded
      .map((known, number) => ({ distance: typos(word, known), shown: shown[number] }))
      .filter(({ distance }) => distance <= MAX_TYPOS)
      .sort((a, b) => a.distance - b.distance)
    ranked.push(...begun, ...near.slice(0, MAX_SUGGESTIONS))
  }
  ranked.sort((a, b) => a.distance - b.distance)
  return [...new Set(ranked.map((entry) => entry.shown))].slice(0, MAX_SUGGESTIONS)
}

/** Letters added, left out, changed, or swapped with their neighbour. @param {string} a @param {string} b */
function typos(a, b) {
  if (Math.abs(a.length - b.length) > MAX_TYPOS) return MAX_TYPOS + 1
  /** @type {number[][]} */
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      rows[i][j] = swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best
    }
  }
  return rows[a.length][b.length]
}
