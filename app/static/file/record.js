// @ts-check
/**
 * The redacted record, built on the device: what reviewers read. The same rules as app/domain/filing/record.py, and a
 * test compares the bytes.
 *
 * 1. A leaf enters only if the field table gives it `card` or `office`.
 * 2. Free and named texts enter through the redactor that is passed in, never as written.
 * 3. Evidence is dated by month, unless its author asked for the day.
 * 4. Role classes of fewer than three people are merged, and so is what would tell them apart.
 * 5. Persons as petitioners are one label each; nothing else of them enters, and no contact of theirs.
 * 6. Hashes, file names, holders and custodians never enter: no row lets them in.
 * 7. A random salt stands inside: manifests go on naming the hash of a record that was destroyed.
 *
 * Groups under construction are Maps: a number as key is a place in a list, a string a name.
 */
import { leaves, parsePath, pathText, resolve } from "./paths.js"
import { TABLE } from "./table.js"

/** @typedef {import("./paths.js").Path} Path */
/** @typedef {{ level: string, wording: string, byOwner: boolean }} Row */
/** @typedef {{ below: Map<string, Step>, row: Row | null }} Step */
/** @typedef {(path: Path, text: string) => string} Redactor returns what may be shown of a text at a path */

// The field table

const STEPS = steps()

/** @returns {Step} */
function steps() {
  /** @type {Step} */ const root = { below: new Map(), row: null }
  for (const [shape, level, wording, byOwner] of /** @type {[string[], string, string, boolean][]} */ (TABLE.rows)) {
    let step = root
    for (const name of shape) {
      if (!step.below.has(name)) step.below.set(name, { below: new Map(), row: null })
      step = /** @type {Step} */ (step.below.get(name))
    }
    step.row = { level, wording, byOwner }
  }
  return root
}

/** @param {Step} step @param {string[]} shape @returns {Row | null} */
function match(step, shape) {
  if (!shape.length) return step.row
  for (const name of shape[0] === "**" ? ["*"] : [shape[0], "*"]) {
    const next = step.below.get(name)
    const found = next ? match(next, shape.slice(1)) : null
    if (found) return found
  }
  return step.below.get("**")?.row ?? null
}

/** @param {Path} path @returns {Row | null} the row of a path, or null for what no row lists: that is sealed */
export function ruleOf(path) {
  return match(STEPS, path.map((step) => (typeof step === "number" ? "[]" : step)))
}

/** @param {any} petitioner @returns {boolean} whether this petitioner is protected like a witness */
export function isPerson(petitioner) {
  const kind = (petitioner.type ?? "").toLowerCase().replaceAll(" ", "_").replaceAll("-", "_")
  return !TABLE.organizationTypes.includes(kind)
}

/** @param {any} petition @returns {boolean} whether the contact is an organization's; else it is sealed */
function contactIsOrganization(petition) {
  const petitioners = petition.petitioners ?? []
  if (!petition.contact || !petitioners.length) return false
  if (!petition.contact.petitioner) return !petitioners.some(isPerson)
  const owner = petitionerOf(petition, petition.contact.petitioner)
  return owner !== undefined && !isPerson(owner)
}

/** @param {any} petition @param {string} mark @returns {any} */
function petitionerOf(petition, mark) {
  return (petition.petitioners ?? []).find((/** @type {any} */ entry) => mark && entry.id === mark)
}

/** @param {any} petition @param {Path} path @returns {boolean} whether a path belongs to a person who petitions */
function isProtected(petition, path) {
  if (path[0] === "contact") return !contactIsOrganization(petition)
  if (path[0] === "petitioners" && typeof path[1] === "number") return isPerson(petition.petitioners[path[1]])
  if (path[0] !== "confidentiality") return false
  const owner = petitionerOf(petition, String(path[1]))
  return owner === undefined || isPerson(owner)
}

/**
 * Yield every leaf that the office may see, with its row; the texts among them as they were written.
 * @param {any} petition @returns {Generator<[Path, any, Row]>}
 */
export function* openLeaves(petition) {
  for (const [path, value] of leaves(petition)) {
    const row = ruleOf(path)
    if (!row || (row.byOwner && isProtected(petition, path))) continue
    if (row.level === "card" || row.level === "office") yield [path, value, row]
  }
}

/**
 * Yield the texts of one wording (`free` or `named`) that stand in a petition, by path.
 * @param {any} petition @param {string} wording @returns {Generator<[Path, string]>}
 */
export function* texts(petition, wording) {
  for (const [path, value, row] of openLeaves(petition)) {
    if (row.wording === wording && typeof value === "string" && value) yield [path, value]
  }
}

// The record

/** @param {number} number @param {string} language @returns {string} such as `[PETICIONARIA-1]` */
export function petitionerLabel(number, language) {
  const words = /** @type {Record<string, string>} */ (TABLE.petitioner)
  return `[${words[language] ?? words[TABLE.defaultLanguage]}-${number}]`
}

/** @param {any} petition @returns {Map<number, number>} each person who petitions: place to number, from 1 */
export function personNumbers(petition) {
  const persons = [...(petition.petitioners ?? []).entries()].filter(([, entry]) => isPerson(entry))
  return new Map(persons.map(([place], index) => [place, index + 1]))
}

/**
 * Return the redacted record as plain values. Throws RangeError when it would be larger than the portal accepts.
 * @param {any} petition @param {Redactor} redact @param {string} salt 64 hex digits @param {string} labels the language of its labels
 * @param {Map<number, number>} copies the numbers of the copies of evidence, by the place of their entry
 * @returns {Record<string, any>}
 */
export function buildRecord(petition, redact, salt, labels = TABLE.defaultLanguage, copies = new Map()) {
  const shown = nest(shownLeaves(petition, redact))
  const language = petition.language || labels
  shown.delete("confidentiality")
  shapeEvidence(shown, petition, copies)
  shapePetitioners(shown, petition, labels)
  shapeAttestation(shown, petition, redact)
  shapeTranslations(shown, petition)
  const places = businessConfidential(petition).map((path) => inRecord(shown, parsePath(path)))
  const confidential = places.flatMap((place) => (place ? [pathText(place)] : []))
  if (confidential.length) shown.set("business_confidential", confidential)
  const record = plainOf(new Map([["v", 1], ["salt", salt], ["language", language], ...shown]))
  if (new TextEncoder().encode(canonical(record)).length > TABLE.maxRecord) throw new RangeError("record_too_large")
  return record
}

/** @param {any} petition @param {Redactor} redact @returns {Generator<[Path, any]>} */
function* shownLeaves(petition, redact) {
  for (const [path, value, row] of openLeaves(petition)) {
    yield [path, typeof value === "string" && row.wording !== "plain" ? redact(path, value) : value]
  }
}

/** @param {Iterable<[Path, any]>} entries @returns {Map<any, any>} */
function nest(entries) {
  const root = new Map()
  for (const [path, value] of entries) {
    let group = root
    for (const step of path.slice(0, -1)) {
      if (!group.has(step)) group.set(step, new Map())
      group = group.get(step)
    }
    group.set(path[path.length - 1], value)
  }
  return root
}

/** @param {any} value @returns {boolean} */
function isEmpty(value) {
  if (value === null || value === undefined) return true
  return typeof value === "object" && Object.keys(value).length === 0
}

/** @param {any} value @returns {any} plain values: groups keyed by place become lists, what is empty is left out */
function plainOf(value) {
  if (!(value instanceof Map)) return value
  const kept = [...value].map(([name, inner]) => [name, plainOf(inner)]).filter(([, inner]) => !isEmpty(inner))
  if (kept.length && kept.every(([name]) => typeof name === "number")) {
    return kept.sort((one, other) => one[0] - other[0]).map(([, inner]) => inner)
  }
  return Object.fromEntries(kept)
}

// Rule 3

/** @param {Map<any, any>} shown @param {any} petition @param {Map<number, number>} copies */
function shapeEvidence(shown, petition, copies) {
  for (const [place, copy] of copies) {
    if (!shown.has("evidence")) shown.set("evidence", new Map())
    const entries = shown.get("evidence")
    entries.set(place, new Map([...(entries.get(place) ?? []), ["copy", copy]]))
  }
  for (const [place, item] of shown.get("evidence") ?? []) {
    const day = item.get("date")
    item.delete("date")
    if (day === undefined) continue
    item.set("month", day.slice(0, 7))
    if (petition.evidence[place].exact_date) item.set("date", day)
  }
}

// Rule 5

/** @param {Map<any, any>} shown @param {any} petition @param {string} language */
function shapePetitioners(shown, petition, language) {
  const entries = new Map()
  const numbers = personNumbers(petition)
  for (const [place, entry] of (petition.petitioners ?? []).entries()) {
    const number = numbers.get(place)
    entries.set(place, number ? person(petitionerLabel(number, language)) : organization(shown, petition, place, entry))
  }
  shown.set("petitioners", entries)
}

/** @param {string} label @returns {Map<string, any>} */
function person(label) {
  return new Map(Object.entries({ id: label, name: label, type: "person", public: false }))
}

/** @param {Map<any, any>} shown @param {any} petition @param {number} place @param {any} entry @returns {Map<string, any>} */
function organization(shown, petition, place, entry) {
  const known = new Map(shown.get("petitioners")?.get(place) ?? [])
  const allowed = visibility(petition, entry.id)
  known.set("name", known.get("name")?.get("full") || entry.id || "")
  known.set("public", allowed.public_name_consent && !allowed.identity_requested)
  return known
}

/** @param {any} petition @param {string | undefined} mark what one petitioner allows; whoever says nothing stays unnamed */
function visibility(petition, mark) {
  const lists = ["personal_identity", "business_confidential"]
  const said = mark && !lists.includes(mark) ? petition.confidentiality?.[mark] : undefined
  return { identity_requested: said?.identity_requested ?? true, public_name_consent: said?.public_name_consent ?? false }
}

// Rule 4

/** @param {Map<any, any>} shown @param {any} petition @param {Redactor} redact */
function shapeAttestation(shown, petition, redact) {
  const attestation = petition.witness_attestation
  if (!attestation) return
  const group = shown.get("witness_attestation") ?? new Map()
  shown.set("witness_attestation", group)
  const classes = mergedClasses(Object.entries(attestation.role_classes ?? {}))
  const place = ["witness_attestation", "role_classes"]
  group.set("role_classes", new Map(classes.map(([name, count]) => [redact([...place, name], name), count])))
  if (!tellsNobodyApart(attestation)) group.delete("current_workers")
}

/**
 * Return role classes with all of fewer than three people merged; if the merged ones are still too few together, the
 * next smallest joins them: else a small class could be told from the others' absence.
 * @param {[string, number][]} classes @returns {[string, number][]}
 */
export function mergedClasses(classes) {
  const sorted = [...classes].sort((one, other) => one[1] - other[1])
  let merged = sorted.find(([name]) => name === TABLE.otherRoles)?.[1] ?? 0
  /** @type {[string, number][]} */ const kept = []
  for (const [name, count] of sorted.filter(([one]) => one !== TABLE.otherRoles)) {
    if (count < TABLE.smallestClass || (merged > 0 && merged < TABLE.smallestClass)) merged += count
    else kept.push([name, count])
  }
  return merged ? [[TABLE.otherRoles, merged], ...kept] : kept
}

/** @param {{ current_workers?: number, count?: number }} attestation @returns {boolean} */
function tellsNobodyApart({ current_workers: current, count }) {
  if (current === undefined || count === undefined) return current === undefined
  return [current, count - current].every((size) => size === 0 || size >= TABLE.smallestClass)
}

// Translations and confidential fields

/** @param {Map<any, any>} shown @param {any} petition */
function shapeTranslations(shown, petition) {
  for (const [language, group] of shown.get("translations") ?? []) {
    const named = [...group].map(([reference, text]) => [pathText(resolve(petition, reference) ?? []), text])
    shown.get("translations").set(language, new Map(/** @type {[string, string][]} */ (named)))
  }
}

/** @param {any} petition @returns {string[]} the paths marked as business confidential, listed or by a flag, sorted */
function businessConfidential(petition) {
  const listed = (petition.confidentiality?.business_confidential ?? [])
    .map((/** @type {string} */ reference) => resolve(petition, reference))
    .filter((/** @type {Path | null} */ path) => path && isOffice(path))
    .map(pathText)
  return [...new Set([...listed, ...flagged(petition, "business_confidential")])].sort(byCodePoint)
}

/** @param {string} one @param {string} other */
function byCodePoint(one, other) {
  const [a, b] = [Array.from(one), Array.from(other)]
  const at = a.findIndex((character, place) => character !== b[place])
  if (at < 0) return a.length - b.length
  return b[at] === undefined ? 1 : /** @type {number} */ (a[at].codePointAt(0)) - /** @type {number} */ (b[at].codePointAt(0))
}

/** @param {Path} path @returns {boolean} */
function isOffice(path) {
  return TABLE.recordFields.includes(String(path[0]))
}

/** @param {any} petition @param {string} flag @returns {Generator<string>} the paths of the items that carry a flag */
export function* flagged(petition, flag) {
  for (const [path, value] of leaves(petition)) {
    if (path[path.length - 1] === flag && value === true && isOffice(path)) yield pathText(path.slice(0, -1))
  }
}

/**
 * Return where a place of the petition stands in the record, or null if nothing of it is shown: lists close up over
 * entries of which nothing is shown.
 * @param {Map<any, any>} shown @param {Path} path @returns {Path | null}
 */
function inRecord(shown, path) {
  /** @type {any} */ let group = shown
  /** @type {Path} */ const found = []
  for (const step of path) {
    if (!(group instanceof Map) || !group.has(step)) return null
    const kept = [...group].filter(([, inner]) => !isEmpty(plainOf(inner))).map(([name]) => name)
    if (!kept.includes(step)) return null
    found.push(typeof step === "number" ? kept.sort((a, b) => a - b).indexOf(step) : step)
    group = group.get(step)
  }
  return found
}

// The one spelling

/**
 * Return the canonical JSON of plain values (RFC 8785): names sorted by UTF-16 code unit, no space. Numbers here are
 * whole; `JSON.stringify` writes those, and texts, as the RFC asks.
 * @param {any} value @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`
}
