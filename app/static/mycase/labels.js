// @ts-check
/** Words for codes, from the page's own list, and days in the page's language. */
import { countedDay, language, locale, longDay, momentHere } from "../file/words.js"
import { byId } from "../file/dom.js"

/** @type {Map<string, string> | null} */ let known = null
/** The page's language may change under the list. */ let tongue = ""

/** @returns {Map<string, string>} */
function list() {
  const found = /** @type {HTMLTemplateElement} */ (byId("labels")).content.querySelectorAll("data")
  return new Map([...found].map((each) => [`${each.dataset.table} ${each.value}`, each.textContent ?? ""]))
}

/** @param {string} table @param {string} code @returns {string} the code itself where there are no words */
export function label(table, code) {
  if (tongue !== language()) known = null
  tongue = language()
  known ??= list()
  return known.get(`${table} ${code}`) ?? code
}

/** @param {string} text such as 2026-03-12, 2026-03 or a moment @returns {string} the day by which the case counts, in words; another text stays as it is */
export function day(text) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return longDay(new Date(`${text}T12:00:00`))
  if (/^\d{4}-\d{2}$/.test(text)) return new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric" }).format(new Date(`${text}-15T12:00:00`))
  const moment = new Date(text)
  return Number.isNaN(moment.getTime()) ? text : countedDay(moment)
}

/** @param {string} moment RFC 3339 @returns {string} day and hour where this device is */
export function momentWords(moment) {
  const time = new Date(moment)
  if (Number.isNaN(time.getTime())) return moment
  return momentHere(time)
}
