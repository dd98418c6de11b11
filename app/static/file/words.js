// @ts-check
/** The page's words: messages in plain English, said in the page's language from the catalogue that it names. */

import { dataAt } from "./data.js"

/** @type {Record<string, string>} */ let catalogue = {}

/** @param {string} address of the catalogue: message to translation */
export async function loadWords(address) {
  catalogue = await dataAt(address)
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

/** @param {number} value @returns {string} */
export const number = (value) => new Intl.NumberFormat(language()).format(value)

/** @param {Date} day @returns {string} such as `3 de marzo de 2026` */
export const longDay = (day) => new Intl.DateTimeFormat(language(), { dateStyle: "long" }).format(day)
