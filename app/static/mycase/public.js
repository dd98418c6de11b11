// @ts-check
/**
 * The public version: a second, stricter redaction that petitioners may give out, for an employer to answer. Pure.
 *
 * The twin of app/domain/filing/public.py, whose rules hold here: only listed fields; months for days, no hours; one
 * label for every witness; every text signed off; the salt of its record stays with it.
 */
import { parsePath, pathText } from "../file/paths.js"

/** @type {Record<string, true | string[]>} */
const ALLOWED = {
  language: true,
  facility: ["legal_name", "trade_name", "municipality", "state", "country"],
  denial_types: true,
  laws: true,
  facts: ["period_from", "period_to", "summary", "narrative", "timeline"],
  remedy: true,
  petitioners: true,
}
/** What is read for the names that must stay readable, and is not shown. */
const AROUND = ["kind", "language", "unions", "ownership"]
const PUBLIC = ["name", "type", "country"]
const MONTHS =
  "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre " +
  "january february march april may june july august september october november december " +
  "janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre decembre"
const BEGIN = "(?<![\\p{L}\\p{N}_])"
const END = "(?![\\p{L}\\p{N}_])"
const MONTH = `(?<month>${MONTHS.split(" ").join("|")})`
const ARTICLE = "(?:(?<article>del|el|on|le|du)\\s+)?(?:the\\s+)?"
const DAY = "(?:\\d{1,2}(?:°|º|er|st|nd|rd|th)?|primero)"
/** @type {Record<string, string>} */
const BEFORE_A_MONTH = { el: "en", del: "de", on: "in", le: "en", du: "de" }
/** @type {[RegExp, string][]} what tells a day or an hour, and the group that stays of it, or "…" */
const DAYS = [
  [new RegExp(`${BEGIN}(?<kept>\\d{4}-\\d{2})-\\d{2}${END}`, "gu"), "kept"],
  [new RegExp(`${BEGIN}\\d{1,2}[/.]\\d{1,2}[/.](?<kept>\\d{4})${END}`, "gu"), "kept"],
  [new RegExp(`${BEGIN}\\d{1,2}[/.]\\d{1,2}[/.]\\d{2}${END}`, "gu"), ""],
  [new RegExp(`${BEGIN}${ARTICLE}${DAY}\\s+(?:de\\s+|of\\s+)?${MONTH}${END}`, "giu"), "month"],
  [new RegExp(`${BEGIN}${ARTICLE}${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?(?!\\d)`, "giu"), "month"],
  [new RegExp(`${BEGIN}\\d{1,2}:\\d{2}(?::\\d{2})?(?:\\s*(?:h|hrs?|horas|[ap]\\.?\\s?m\\.?))?${END}`, "giu"), ""],
  [new RegExp(`${BEGIN}\\d{1,2}\\s*(?:hrs|horas|heures|[ap]\\.\\s?m\\.|[ap]m)${END}`, "giu"), ""],
]
const NUMBERED = /\[(\p{Lu}[\p{Lu} ]*)-[0-9]{2,4}\]/gu

/** @param {any} value @param {true | string[]} kept */
const part = (value, kept) => (kept === true || typeof value !== "object" || value === null || Array.isArray(value) ? value : Object.fromEntries(kept.filter((name) => value[name] !== undefined).map((name) => [name, value[name]])))

/** @param {any} value @param {(text: string) => string} change @returns {any} */
function eachText(value, change) {
  if (Array.isArray(value)) return value.map((one) => eachText(one, change))
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachText(one, change)]))
  return typeof value === "string" ? change(value) : value
}

/** @param {string} text @returns {string} */
function withoutDays(text) {
  let [before, now] = ["", text]
  while (before !== now) {
    before = now
    for (const [pattern, kept] of DAYS) now = now.replace(pattern, (...found) => monthOf(found.at(-1), kept))
  }
  return now
}

/** @param {Record<string, string | undefined>} groups @param {string} kept */
function monthOf(groups, kept) {
  if (!kept) return "…"
  const article = kept === "month" ? groups.article : undefined
  if (!article) return String(groups[kept])
  const word = BEFORE_A_MONTH[article.toLowerCase()]
  return `${article[0] === article[0].toUpperCase() ? word[0].toUpperCase() + word.slice(1) : word} ${groups[kept]}`
}

/** Texts with months where days stood, and without hours. @param {any} value */
export const months = (value) => eachText(value, withoutDays)

/** What may become public of a petition as written, to be reviewed; witnesses and keepers are looked for. @param {any} petition */
export function publicPetition(petition) {
  const around = Object.fromEntries(AROUND.filter((name) => petition[name] !== undefined).map((name) => [name, petition[name]]))
  const shown = Object.entries(ALLOWED).filter(([name]) => petition[name] !== undefined).map(([name, kept]) => [name, months(part(petition[name], kept))])
  const witnesses = (petition.witnesses ?? []).map((/** @type {any} */ { statement: _, ...witness }) => witness)
  const keepers = (petition.evidence ?? []).filter((/** @type {any} */ item) => item.holder).map((/** @type {any} */ { holder }) => ({ holder }))
  const { business_confidential: marked = [], ...said } = petition.confidentiality ?? {}
  const business = marked.filter((/** @type {string} */ path) => String(parsePath(path)[0]) in ALLOWED)
  return { ...around, ...Object.fromEntries(shown), witnesses, ...(keepers.length ? { evidence: keepers } : {}), confidentiality: { ...said, business_confidential: business } }
}

/** What may be given out of a settled record, without what is business confidential. @param {any} record */
export function publicVersion(record) {
  const open = without(record, [], new Set(record.business_confidential ?? []))
  const shown = Object.fromEntries(Object.entries(ALLOWED).filter(([name]) => open[name] !== undefined).map(([name, kept]) => [name, part(open[name], kept)]))
  const named = (shown.petitioners ?? []).filter((/** @type {any} */ one) => one.public)
  const bare = { ...shown, petitioners: named.map((/** @type {any} */ one) => part(one, PUBLIC)) }
  return { v: 1, salt: record.salt, ...months(eachText(bare, (text) => text.replace(NUMBERED, "[$1]"))) }
}

/** @param {any} value @param {import("../file/paths.js").Path} path @param {Set<string>} marked @returns {any} */
function without(value, path, marked) {
  const stays = (/** @type {string | number} */ step) => !marked.has(pathText([...path, step]))
  if (Array.isArray(value)) return value.flatMap((one, place) => (stays(place) ? [without(one, [...path, place], marked)] : []))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => stays(name)).map(([name, one]) => [name, without(one, [...path, name], marked)]))
}

/** The texts of a version that a person reads and says yes to, by their path. @param {any} version @returns {[string, string][]} */
export function signOffs({ facts = {}, remedy = [] }) {
  const texts = ["summary", "narrative"].map((name) => [`facts.${name}`, facts[name]])
  const happened = (facts.timeline ?? []).map((/** @type {any} */ { what }, /** @type {number} */ place) => [`facts.timeline[${place}].what`, what])
  const wanted = remedy.map((/** @type {any} */ { detail }, /** @type {number} */ place) => [`remedy[${place}].detail`, detail])
  return /** @type {[string, string][]} */ ([...texts, ...happened, ...wanted].filter(([, text]) => text))
}
