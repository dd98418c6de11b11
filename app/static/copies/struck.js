// @ts-check
/**
 * What somebody struck out of the text and can still be read on a page of a copy, such as the one area where a witness
 * worked: the engine looks on pages for people and for phrases, not for the words of such a phrase. Pure.
 */
import { onOneLine, parted } from "./apart.js"
import { SMALLEST } from "./sheets.js"

/** @typedef {import("./sheets.js").Edges} Edges */
/** @typedef {import("./sheets.js").Box} Box */
/** @typedef {import("./finding.js").Word} Word */
/** @typedef {{word: string, key: string, quote: string, edges: Edges}} Said a struck word that can be read, as it stands there, folded, with what is around it, and where */

const SHORTEST = 4 // letters: shorter words stand on every page
const AROUND = 3 // words that are quoted at each side
const LINE = 10 // its height in a text that stands on no page
const BLACK = "▇▇▇"
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu
const MARKS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu // beside a letter
/** What says nothing about anybody, folded: words between others, and what everybody in a letter is called. */
export const COMMON = new Set(
  (
    "algo alguien alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aqui aunque cada casi como con contra cual cuales cuando cuya cuyo desde despues donde durante ella ellas ellos entonces entre eran eres esas esos esta estaba estaban estamos estan estar estas este esto estos estoy estuvo fueron habia haber hace hacer hacia haciendo hasta hizo hubo incluso junto luego mediante menos mias mientras mios misma mismas mismo mismos mucha muchas mucho muchos nada nadie ninguna ninguno nosotras nosotros nuestra nuestras nuestro nuestros otra otras otro otros para pero poca poco porque pues puede pueden quien quienes segun sera siempre sido siendo sino sobre solamente solo sola somos soy suya suyo sus tal tambien tampoco tanto tener tenia tengo tiene tienen toda todas todavia todo todos tras unas unica unicas unico unicos unos usted ustedes vamos varias varios " +
    "empleada empleadas empleado empleados empresa persona personas trabajador trabajadora trabajadoras trabajadores trabajo senor senora " +
    "about after again also although among another because been before being between both could does done down during each either even ever every from have having here hers herself himself into itself just like many might more most much must neither only other others over same shall should since some someone such than that their theirs them themselves then there these they this those though through under until upon very was were what when where which while whom whose will with within without would your yours company employee employees person people worker workers work " +
    "afin ainsi alors apres aucun aucune aussi autre autres avait avant avec avoir cela celle celles celui cependant cette ceux chaque chez comme dans depuis derriere deux dont elle elles encore entre etait etaient etant etes etre eux fait faire fois furent jamais jusque lequel laquelle leur leurs lors lorsque mais meme memes moins notre nous parce parmi pendant peut plus plusieurs pour pourquoi puis quand quel quelle quelles quelque quelques quels quoi sans sera seul seule seulement sinon sont souvent sous suis tous tout toute toutes tres unique vers voici voila votre vous entreprise employe employee personne personnes salarie salariee travail travailleur travailleuse"
  ).split(" "),
)

/**
 * @param {string[]} phrases that were struck @param {(text: string) => string} fold
 * @returns {Map<string, string>} the words that are looked for, in one and in many, with the word that each stands for
 */
export function struckWords(phrases, fold) {
  const all = phrases.flatMap((phrase) => wordsIn(phrase).map(fold))
  const words = new Set(all.filter((word) => Array.from(word).length >= SHORTEST && !COMMON.has(word)))
  return new Map([...words].flatMap((word) => formsOf(word).map((form) => /** @type {[string, string]} */ ([form, word]))))
}

/** @param {string} text */
const wordsIn = (text) => text.match(LETTERS) ?? []

/** @param {string} word @returns {string[]} */
function formsOf(word) {
  if (/\p{N}/u.test(word)) return [word]
  const one = [/s$/, /es$/].map((end) => word.replace(end, "")).filter((form) => form.length >= SHORTEST)
  return [word, `${word}s`, `${word}es`, ...one]
}

/**
 * @param {Word[]} words of a page @param {Edges[]} boxes that cover something of it @param {Map<string, string>} struck
 * @param {(text: string) => string} fold @returns {Said[]} each place where a struck word stands uncovered
 */
export function stillSaid(words, boxes, struck, fold) {
  const open = words.map((word) => !boxes.some((box) => covers(box, word)))
  const said = (/** @type {number} */ at, /** @type {string} */ text, /** @type {string} */ form) => {
    const { left, top, right, bottom } = words[at]
    return { word: text.toLowerCase(), key: struck.get(form) ?? "", quote: quoted(words, open, at), edges: { left, top, right, bottom } }
  }
  const whole = words.flatMap((word, at) => {
    const hit = open[at] ? wordsIn(word.text).find((one) => struck.has(fold(one))) : undefined
    return hit ? [said(at, hit, fold(hit))] : []
  })
  const apart = parted(words, (word) => struck.has(word), fold).filter(({ places }) => places.every((at) => open[at]))
  const spaced = letterByLetter(words, open, struck, fold)
  return [...whole, ...apart.flatMap(({ places, text }) => places.map((at) => said(at, text, fold(text)))), ...spaced.flatMap(({ places, form }) => places.map((at) => said(at, form, form)))]
}

/**
 * A text as if it stood on a page: a line below the other, what is black out of sight.
 * @param {string} text @param {{start: number, end: number}[]} black @returns {Word[]}
 */
export function wordsOfText(text, black) {
  const seen = Array.from(text)
  for (const { start, end } of black) seen.fill(" ", start, end)
  return seen.join("").split("\n").flatMap((line, row) => Array.from(line.matchAll(/\S+/gu), ({ 0: word, index }) => ({ text: word, left: index, top: row * LINE, right: index + word.length, bottom: (row + 1) * LINE })))
}

/**
 * Words that are written with a space after each letter, over a line's end too.
 * @param {Word[]} words @param {boolean[]} open @param {Map<string, string>} struck @param {(text: string) => string} fold
 * @returns {{places: number[], form: string}[]}
 */
function letterByLetter(words, open, struck, fold) {
  const letters = words.map(({ text }, at) => {
    const one = fold(text.replace(MARKS, ""))
    return open[at] && Array.from(one).length === 1 && /\p{L}/u.test(one) ? one : " "
  })
  const written = letters.map((one) => (one.length === 1 ? one : " ")).join("")
  return [...struck.keys()].flatMap((form) => placesOf(written, form))
}

/** @param {string} written a letter for each word of a page @param {string} form @returns {{places: number[], form: string}[]} */
function placesOf(written, form) {
  const found = []
  for (let at = written.indexOf(form); at >= 0; at = written.indexOf(form, at + form.length)) {
    found.push({ places: Array.from(form, (_, more) => at + more), form })
  }
  return found
}

/** Whether the letters are under a box; around them a word has some room. @param {Edges} box @param {Edges} word */
function covers(box, { left, top, right, bottom }) {
  const room = (bottom - top) / 5
  return box.left <= left + room && box.right >= right - room && box.top <= top + room && box.bottom >= bottom - room
}

/** What stands around a word on its line; covered words stay so. @param {Word[]} words @param {boolean[]} open @param {number} at */
function quoted(words, open, at) {
  let [from, to] = [at, at]
  while (from > Math.max(0, at - AROUND) && onOneLine(words[from - 1], words[from])) from--
  while (to < Math.min(words.length - 1, at + AROUND) && onOneLine(words[to], words[to + 1])) to++
  return words.slice(from, to + 1).map(({ text }, place) => (open[from + place] ? text : BLACK)).join(" ")
}

/** @param {Edges} word @param {Edges} area what of the sheet the page covers @param {number} page @returns {Box} over all of it, in whole percent */
export function boxOver({ left, top, right, bottom }, area, page) {
  const [x, w] = stretch(left - area.left, right - area.left, area.right - area.left)
  const [y, h] = stretch(top - area.top, bottom - area.top, area.bottom - area.top)
  return { page, x, y, w, h }
}

/** @param {number} from @param {number} to @param {number} whole @returns {[number, number]} where it begins and how long it is, never short of it */
function stretch(from, to, whole) {
  const end = Math.min(100, Math.ceil((100 * to) / whole))
  const start = Math.max(0, Math.min(Math.floor((100 * from) / whole), end - SMALLEST))
  return [start, Math.max(SMALLEST, end - start)]
}
