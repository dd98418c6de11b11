// @ts-check
/** The page's words: messages in plain English, said in the page's language from the catalogue that it names. */

import { dataAt } from "./data.js"

/** @type {Record<string, string>} */ let catalogue = {}
let asked = 0

/** @param {Record<string, string>} words those that the page itself brought: message to translation */
export function takeWords(words) {
  catalogue = words
}

/** @param {string} address of the catalogue: message to translation; of several, the one that was asked for last counts */
export async function loadWords(address) {
  const turn = ++asked
  const words = await dataAt(address)
  if (turn === asked) takeWords(words)
}

/** @param {string} message @param {Record<string, unknown>} values for its `{places}` @returns {string} */
export function say(message, values = {}) {
  const text = Object.hasOwn(catalogue, message) ? catalogue[message] : message
  return text.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? String(values[name]) : place))
}

/** Mark a message for the catalogues where it is declared. @param {string} message */
export const N_ = (message) => message

/** @returns {string} the page's language */
export const language = () => document.documentElement.lang

/** Where the language's readers are, as app/web/words.py has it: `es` alone writes 67.195 for what Mexico writes 67,195. @type {Record<string, string>} */
const LOCALES = { es: "es-MX", en: "en-US", fr: "fr-CA" }

/** @returns {string} for numbers and days */
export const locale = () => LOCALES[language()] ?? language()

/** Making one takes longer than a hundred numbers. @type {Map<string, Intl.NumberFormat>} */ const formats = new Map()

/** @param {number} value @returns {string} */
export function number(value) {
  const format = formats.get(locale()) ?? new Intl.NumberFormat(locale())
  formats.set(locale(), format)
  return format.format(value)
}

const KB = 1000
const MB = 1000 * KB

/** @param {number} bytes @returns {string} such as `67 kB` or `1.4 MB`, in round figures */
export function sizeWords(bytes) {
  const large = bytes >= 0.95 * MB
  const unit = { style: "unit", unit: large ? "megabyte" : "kilobyte", maximumFractionDigits: large ? 1 : 0 }
  return new Intl.NumberFormat(locale(), /** @type {Intl.NumberFormatOptions} */ (unit)).format(Math.max(bytes / (large ? MB : KB), 1))
}

/** @param {Date} day @returns {string} such as `3 de marzo de 2026` */
export const longDay = (day) => new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(day)

/** Where the days of a case are counted: as `legal_day` of app/domain/deadlines.py has it. */
const COUNTED = "America/New_York"

/** @param {Date} moment @returns {string} its day by which the case counts, and where that is if it is another day here */
export function countedDay(moment) {
  const day = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: COUNTED }).format(moment)
  return day === longDay(moment) ? day : say("{day} in Washington", { day })
}

/** @param {Date} moment @returns {string} day and hour where this device is; and the day by which the case counts, if that is another one */
export function momentHere(moment) {
  const here = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(moment)
  const counted = countedDay(moment)
  return counted === longDay(moment) ? here : say("{moment} here, {day}", { moment: here, day: counted })
}
