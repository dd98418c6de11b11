// @ts-check
/**
 * The redacted record as the office's page shows it: the same parts in the same order, under the same words. What no
 * part of that page shows but stands in the record comes last, so that nothing goes out unseen.
 *
 * Twin of app/domain/record_view.py and templates/office/record_body.html; tests compare the parts, and what the step
 * showed with the record that was sent, field by field.
 */
import { day, label } from "../mycase/labels.js"
import { element } from "./dom.js"
import { leaves, pathText } from "./paths.js"
import { N_, say } from "./words.js"

/** @typedef {import("./paths.js").Path} Path */
/** @typedef {{ path: Path, value: any }} Leaf */
/** @typedef {{ key: string, leaves: Leaf[] }} Row `key` names the words in front of it */
/** @typedef {{ part: string, rows: Row[] }} Part */

/** @param {string} group @param {string} names @returns {string[]} */
const within = (group, names) => names.split(" ").map((name) => `${group}.${name}`)

/** The parts of the office's page in its order, and the fields that stand in each, in theirs. @type {[string, string[]][]} */
const PARTS = [
  ["", ["language"]],
  ["urgency", within("urgency", "reason date note")],
  ["workplace", within("facility", "legal_name trade_name rfc address municipality state postal_code country headcount")],
  ["coverage", [
    ...within("priority_sector", "class subsector"),
    ...within("covered_basis", "traded competes detail burden_note"),
    ...within("ownership", "parent other_facilities prior_cases"),
    ...within("trade", "products us_customers hts_codes"),
    "business_confidential",
  ]],
  ["petitioners", ["petitioners"]],
  ["contact", within("contact", "language email phone postal")],
  ["denial", ["denial_types", "laws"]],
  ["facts", within("facts", "period_from period_to summary narrative")],
  ["timeline", ["facts.timeline"]],
  ["unions", within("unions", "incumbent former_incumbent petitioning other events")],
  ["witnesses", within("witness_attestation", "count current_workers statement role_classes")],
  ["evidence", ["evidence"]],
  ["remedy", ["remedy", "proceedings"]],
  ["translations", ["translations"]],
]
const REST = "rest"
/** Neither says anything: a version, and a number drawn by lot. */
const SILENT = ["v", "salt"]
/** Parts of which the office reads that nothing is said. */
const STATED = ["denial", "timeline", "unions", "evidence", "remedy"]
/** @type {Record<string, string>} */
const HEADINGS = { coverage: N_("Why the mechanism covers it"), contact: N_("Contact"), facts: N_("Facts"), [REST]: N_("Other details") }
/** @type {Record<string, string>} */
const TERMS = { period_from: N_("From"), period_to: N_("Until"), petitioner: N_("Whose contact it is"), denial_types: N_("What they did"), petitioners: N_("Who files"), remedy: N_("What you ask for") }
/** Which table has the words for a code, by the end of its path. @type {Record<string, string>} */
const TABLES = {
  denial_types: "denial",
  "remedy.kind": "remedy",
  "evidence.kind": "evidence",
  "petitioners.type": "petitioner",
  "urgency.reason": "urgency",
  "events.kind": "union_event",
  "priority_sector.class": "sector",
  "facility.country": "word",
  "petitioners.country": "word",
  "contact.language": "word",
  language: "word",
}
const BRACKETED = /\[([^[\]\n]{2,40})\]/g

// The parts, without a page

/** @param {Path} path @returns {string} the names of its steps, without places in lists */
const named = (path) => path.filter((step) => typeof step === "string").join(".")

/** @param {Path} path @returns {Path} what stands in one row: an entry of a list, the values of a list, or one value */
function rowOf(path) {
  const at = path.findIndex((step) => typeof step === "number")
  if (at < 0) return path
  return at === path.length - 1 ? path.slice(0, -1) : path[0] === "unions" && path[1] === "other" ? path : path.slice(0, at + 1)
}

/** @param {any} record @returns {Part[]} every value of a record once, in the office's order; parts without any are left out */
export function partsOf(record) {
  const waiting = [...leaves(record)].filter(([path]) => !SILENT.includes(String(path[0])))
  const take = (/** @type {string} */ field) => {
    const mine = waiting.filter(([path]) => `${named(path)}.`.startsWith(`${field}.`))
    for (const one of mine) waiting.splice(waiting.indexOf(one), 1)
    return mine
  }
  // A field that begins another one, such as `language`, takes its own only: the others have their part already or come last.
  const parts = PARTS.map(([part, fields]) => ({ part, rows: rowsOf(fields.flatMap(take)) }))
  return [...parts, { part: REST, rows: rowsOf(waiting) }].filter(({ rows }) => rows.length)
}

/** @param {[Path, any][]} found @returns {Row[]} */
function rowsOf(found) {
  /** @type {Map<string, Row>} */ const rows = new Map()
  for (const [path, value] of found) {
    const row = rowOf(path)
    const name = pathText(row)
    if (!rows.has(name)) rows.set(name, { key: keyOf(row), leaves: [] })
    rows.get(name)?.leaves.push({ path, value })
  }
  return [...rows.values()]
}

/** @param {Path} row @returns {string} */
function keyOf(row) {
  const names = row.filter((step) => typeof step === "string")
  if (names[0] === "unions" && names.length > 2) return names.slice(1).join(".")
  return names[0] === "translations" ? names.join(".") : String(names.at(-1))
}

// Words

/** @param {Leaf} leaf @returns {string} a value as the office reads it */
export function wordsOf({ path, value }) {
  const names = path.filter((step) => typeof step === "string")
  const [pair, last] = [names.slice(-2).join("."), String(names.at(-1))]
  if (pair === "petitioners.lead" && value) return say("lead contact")
  if (pair === "petitioners.public") return value ? say("The name may be public.") : say("The name must not be made public.")
  if (pair === "evidence.copy") return say("Copy {number}", { number: value })
  if (pair === "evidence.contains_person_data") return personData(yesNo(value))
  if (typeof value === "boolean") return yesNo(value)
  const table = TABLES[pair] ?? (names.length === 1 ? TABLES[last] : undefined)
  if (table) return label(table, value)
  return /^\d{4}-\d{2}(-\d{2})?$/.test(value) ? day(value) : String(value)
}

/** @param {boolean} value */
const yesNo = (value) => label("word", value ? "yes" : "no")

/** @param {string} held */
function personData(held) {
  const words = say("Data of persons")
  return `${words}: ${held}`
}

/** @param {string} part @param {Row} row @returns {string} */
function termOf(part, { key, leaves: [{ path }] }) {
  if (part === "evidence" || part === "petitioners") return ""
  if (Object.hasOwn(TERMS, key)) return say(TERMS[key])
  if (part === "urgency" && key === "reason") return label("part", part)
  if (path[0] === "facts" && typeof path[1] === "string") return label("fact", `facts.${path[1]}`)
  const words = label("fact", key)
  return words === key ? key.replaceAll("_", " ") : words
}

/** @param {string} part */
const headingOf = (part) => (Object.hasOwn(HEADINGS, part) ? say(HEADINGS[part]) : label("part", part))

// On the page

/** Text with its surrogates, such as [TESTIGO-03], set apart. @param {string} text @returns {(Node | string)[]} */
function redacted(text) {
  /** @type {(Node | string)[]} */ const found = []
  let end = 0
  for (const match of text.matchAll(BRACKETED)) {
    if (match[1] !== match[1].toUpperCase() || match[1] === match[1].toLowerCase()) continue
    found.push(text.slice(end, match.index), element("span", { class: "redacted" }, match[1]))
    end = match.index + match[0].length
  }
  return [...found, text.slice(end)]
}

/** Each value says where in the record it stands. @param {Leaf} leaf @returns {HTMLElement} */
function valueShown(leaf) {
  const text = redacted(wordsOf(leaf))
  const shown = element("dd", { "data-path": pathText(leaf.path) })
  if (pathText(leaf.path) !== "facts.narrative") shown.append(...text)
  // It stands above already, to be decided upon.
  else shown.append(element("details", {}, element("summary", {}, say("The text, as it stands above")), element("div", { class: "as-read" }, ...text)))
  return shown
}

/** @param {string} part @param {Row} row @param {any} record @returns {HTMLElement} */
function rowShown(part, row, record) {
  const values = row.leaves.map(valueShown)
  let term = termOf(part, row)
  if (!term) {
    const place = Number(row.leaves[0].path[1])
    const mark = row.leaves.findIndex(({ path }) => path.at(-1) === "id")
    // The office's own number of an entry stands in front of the rest.
    const [id] = mark < 0 ? [] : values.splice(mark, 1)
    const entry = record[part][place]
    if (part === "evidence") values.push(...unsaid(entry))
    const whose = say("Who files")
    term = part === "evidence" ? "" : `${whose} · `
    if (id) return element("div", {}, element("dt", {}, term, element("span", { "data-path": id.dataset.path ?? "" }, id.textContent ?? "")), ...values)
  }
  return element("div", {}, element("dt", {}, term), ...values)
}

/** What the office's page says of a file that the record says nothing of. @param {any} item @returns {HTMLElement[]} */
function unsaid({ contains_person_data: holds, copy }) {
  return [
    ...(holds === undefined ? [element("dd", {}, personData(say("not said")))] : []),
    ...(copy === undefined ? [element("dd", {}, say("sealed only"))] : []),
  ]
}

/** @param {HTMLElement} place @param {any} record as it would be sent */
export function showSeen(place, record) {
  const parts = partsOf(record)
  const has = (/** @type {string} */ part) => parts.some((one) => one.part === part)
  const shown = parts.flatMap(({ part, rows }) => [
    ...(part ? [element("h3", {}, headingOf(part))] : []),
    element("dl", { class: "facts" }, ...rows.map((row) => rowShown(part, row, record))),
  ])
  const silent = STATED.filter((part) => !has(part)).map((part) => label("part", part))
  const rest = [
    ...(has("petitioners") ? [] : [element("p", {}, say("The petition is anonymous."))]),
    ...(silent.length ? [element("p", { class: "soft" }, say("Nothing is said of: {parts}.", { parts: silent.join(", ") }))] : []),
  ]
  place.replaceChildren(...shown, ...rest)
}
