// @ts-check
/** The redacted record as the office reads it: every value of it, nothing left out. */
import { element } from "../file/dom.js"
import { N_, say } from "../file/words.js"
import { day, label } from "./labels.js"

const BRACKETED = /\[([^[\]\n]{2,40})\]/g
/** @type {Record<string, string>} */
const SECTIONS = {
  facility: N_("The workplace"),
  facts: N_("What happened"),
  denial_types: N_("What they did"),
  witness_attestation: N_("Witnesses, without names"),
  evidence: N_("Evidence"),
  petitioners: N_("Who files"),
  unions: N_("Unions"),
  remedy: N_("What you ask for"),
  urgency: N_("What presses"),
  contact: N_("Contact"),
  translations: N_("Translations"),
}
const REST = N_("Other details")
/** @type {Record<string, string>} which table has the words for a code, by the end of its path */
const TABLES = {
  denial_types: "denial",
  "remedy.kind": "remedy",
  "evidence.kind": "evidence",
  "petitioners.type": "petitioner",
  "urgency.reason": "urgency",
  "events.kind": "union_event",
  "priority_sector.class": "sector",
  country: "word",
  language: "word",
}
/** @type {Record<string, string>} */
const TERMS = {
  denial_types: N_("What they did"),
  narrative: N_("Narrative"),
  summary: N_("Summary"),
  period_from: N_("From"),
  period_to: N_("Until"),
  what: N_("What"),
  date: N_("Day"),
  month: N_("Month"),
  title: N_("Title"),
  kind: N_("Kind"),
  type: N_("Kind"),
  name: N_("Name"),
  reason: N_("Reason"),
  note: N_("Note"),
  public: N_("Its name may be public"),
  copy: N_("Copy for the office, number"),
  contains_person_data: N_("Holds data of a person"),
}
const HIDDEN = ["v", "id", "lead", "salt"]

/** Text with its surrogates, such as [TESTIGO-03], set apart. @param {string} text @returns {(Node | string)[]} */
export function redacted(text) {
  /** @type {(Node | string)[]} */ const found = []
  let end = 0
  for (const match of text.matchAll(BRACKETED)) {
    if (match[1] !== match[1].toUpperCase() || match[1] === match[1].toLowerCase()) continue
    found.push(text.slice(end, match.index), element("span", { class: "redacted" }, match[1]))
    end = match.index + match[0].length
  }
  return [...found, text.slice(end)]
}

/** Each value of a record with the keys that lead to it. @param {string[]} path @param {any} value @returns {Generator<[string[], string]>} */
function* leaves(path, value) {
  if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      if (!HIDDEN.includes(key)) yield* leaves(Array.isArray(value) ? path : [...path, key], child)
    }
  } else if (value !== undefined && value !== null && value !== "") {
    yield [path, typeof value === "boolean" ? say(value ? "Yes" : "No") : String(value)]
  }
}

/** @param {string[]} path @returns {string} */
function term(path) {
  const [last, pair] = [String(path.at(-1)), path.slice(-2).join(".")]
  const known = [pair, last].find((key) => label("fact", key) !== key)
  if (known) return label("fact", known)
  return Object.hasOwn(TERMS, last) ? say(TERMS[last]) : label("fact", last).replaceAll("_", " ")
}

/** @param {string[]} path @param {string} value @returns {string} */
function words(path, value) {
  const table = TABLES[path.slice(-2).join(".")] ?? TABLES[String(path.at(-1))]
  return table ? label(table, value) : /^\d{4}-\d{2}(-\d{2})?$/.test(value) ? day(value) : value
}

/** @param {string[]} path @param {string} value @returns {HTMLElement} */
function row(path, value) {
  const paragraphs = words(path, value).split(/\n\n+/)
  return element("div", {}, element("dt", {}, term(path)), ...paragraphs.map((part) => element("dd", {}, ...redacted(part))))
}

/** @param {string} text @returns {HTMLElement[]} its paragraphs, surrogates set apart */
export const paragraphs = (text) => text.split(/\n\n+/).map((part) => element("p", {}, ...redacted(part)))

/** @param {Record<string, any>[]} evidence as the office reads it @returns {HTMLElement} */
export function evidenceRows(evidence) {
  const rows = evidence.map((item) => element("li", {}, ...[...leaves(["evidence"], item)].flatMap(([path, value], at) => [at ? " · " : "", ...redacted(words(path, value))])))
  return element("ul", {}, ...rows)
}

/** @param {HTMLElement} place @param {Record<string, any>} record @param {string} tongue of its texts */
export function showRecord(place, record, tongue) {
  const rest = Object.keys(record).filter((key) => !Object.hasOwn(SECTIONS, key) && !HIDDEN.includes(key))
  const groups = Object.entries(SECTIONS).map(([key, title]) => /** @type {[string, string[]]} */ ([title, [key]]))
  const made = [...groups, /** @type {[string, string[]]} */ ([REST, rest])].flatMap(([title, keys]) => {
    const rows = keys.flatMap((key) => [...leaves([key], record[key])]).map(([path, value]) => row(path, value))
    return rows.length ? [element("h3", {}, say(title)), element("dl", { class: "facts", lang: tongue }, ...rows)] : []
  })
  place.replaceChildren(...made)
}
