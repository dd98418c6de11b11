// @ts-check
/**
 * Who must not be found in what the office reads, and which names must stay readable in it; the same as
 * app/domain/filing/people.py, compared by a test.
 */
import { pathText } from "./paths.js"
import { isPerson } from "./record.js"

/**
 * @typedef {object} KnownIdentity
 * @property {string} id the person's path in the petition
 * @property {string} given @property {string} surname1 @property {string} surname2
 * @property {string} name where the parts are not known apart
 * @property {string[]} aliases
 * @property {[string, string][]} identifiers kind ("" if unknown) and value
 */

const YES_NO = new Set("true yes y on si sí oui verdadero false no n off non falso".split(" "))
const MANNERS = new Set("channel canal safe_hours hours horario language idioma note notes nota".split(" "))

/** @param {any} name @returns {string} the name as it is usually written */
const whole = (name) => name?.full || [name?.given, name?.surname1, name?.surname2].filter(Boolean).join(" ")

/**
 * Return everybody whose traces are looked for. `fold` is the engine's folding of a text.
 * @param {any} petition @param {(text: string) => string} fold @returns {KnownIdentity[]}
 */
export function knownPeople(petition, fold) {
  const petitioners = [...(petition.petitioners ?? []).entries()].filter(([, entry]) => isPerson(entry))
  const people = [
    ...(petition.witnesses ?? []).map((/** @type {any} */ entry, /** @type {number} */ place) => known("witnesses", place, entry)),
    ...petitioners.map(([place, entry]) => known("petitioners", place, entry)),
  ]
  const named = new Set(writtenNames(petition).map(fold))
  for (const [path, name] of keepers(petition)) {
    if (named.has(fold(name))) continue
    named.add(fold(name))
    people.push({ id: path, given: "", surname1: "", surname2: "", name, aliases: [], identifiers: [] })
  }
  return people
}

/** @param {string} list @param {number} place @param {any} entry @returns {KnownIdentity} */
function known(list, place, entry) {
  const { given = "", surname1 = "", surname2 = "", full = "" } = entry.name ?? {}
  const contact = flatten("", entry.contact ?? {}).filter(([kind, value]) => !MANNERS.has(kind) && /[\p{Nd}@/.]/u.test(value))
  return {
    id: pathText([list, place]),
    given,
    surname1,
    surname2,
    name: full,
    aliases: entry.aliases ?? [],
    identifiers: [...flatten("", entry.identifiers ?? {}), ...contact],
  }
}

/** @param {string} kind @param {any} value @returns {[string, string][]} what is written there, however it is nested */
function flatten(kind, value) {
  if (typeof value === "string") {
    return Array.from(value).length >= 3 && !YES_NO.has(value.trim().toLowerCase()) ? [[kind, value]] : []
  }
  if (Array.isArray(value)) return value.flatMap((inner) => flatten(kind, inner))
  if (value === null || typeof value !== "object") return []
  return Object.entries(value).flatMap(([name, inner]) => flatten(name.trim().toLowerCase(), inner))
}

/** @param {any} petition @returns {string[]} names and marks that need no identity of their own */
function writtenNames(petition) {
  const everybody = [...(petition.witnesses ?? []), ...(petition.petitioners ?? [])]
  const marks = everybody.flatMap((entry) => [entry.id, whole(entry.name)]).filter(Boolean)
  return [...marks, ...keptNames(petition)]
}

/** @param {any} petition @returns {[string, string][]} */
function keepers(petition) {
  /** @type {[string, string][]} */
  const found = [
    ...(petition.evidence ?? []).map((/** @type {any} */ item, /** @type {number} */ place) => [pathText(["evidence", place, "holder"]), item.holder]),
    ...(petition.petitioners ?? []).map((/** @type {any} */ entry, /** @type {number} */ place) => [pathText(["petitioners", place, "key_custodian"]), entry.key_custodian]),
  ]
  return found.filter(([, name]) => name && readsLikeAName(name))
}

/** @param {string} text @returns {boolean} whether a keeper is a person rather than an office or a mark */
function readsLikeAName(text) {
  const words = text.match(/[\p{L}]{2,}/gu) ?? []
  return words.filter((word) => /^\p{Lu}\p{Ll}+$/u.test(word)).length >= 2
}

/** @param {any} petition @returns {string[]} the names that must stay readable, longest first */
export function keptNames(petition) {
  const names = new Set(publicNames(petition).filter(Boolean).flatMap(forms))
  const lengths = new Map([...names].map((name) => [name, Array.from(name).length]))
  return [...names].sort((a, b) => /** @type {number} */ (lengths.get(b)) - /** @type {number} */ (lengths.get(a)) || (a < b ? -1 : 1))
}

/** @param {string} name @returns {string[]} the name, also without what stands in parentheses, and acronyms there */
function forms(name) {
  const inside = [...name.matchAll(/\s*\(([^()]*)\)/g)].map((found) => found[1])
  const without = name.replace(/\s*\(([^()]*)\)/g, "").trim()
  return [name, ...(without ? [without] : []), ...inside.filter((inner) => /^[A-ZÁÉÍÓÚÑ&]{2,}/.test(inner) && /^[A-ZÁÉÍÓÚÑ&]+$/.test(inner))]
}

/** @param {any} petition @returns {string[]} */
function publicNames({ facility = {}, ownership, trade, unions, petitioners = [], proceedings = [] }) {
  const named = unions ? [unions.incumbent, unions.former_incumbent, unions.petitioning, ...(unions.other ?? [])] : []
  return [
    facility.legal_name,
    facility.trade_name,
    facility.address,
    facility.municipality,
    facility.state,
    `${facility.municipality}, ${facility.state}`,
    ownership?.parent,
    ...(ownership?.other_facilities ?? []),
    ...(trade?.us_customers ?? []),
    ...named.filter(Boolean).map((union) => union.name),
    ...petitioners.filter((/** @type {any} */ entry) => !isPerson(entry)).map((/** @type {any} */ entry) => whole(entry.name)),
    ...proceedings.map((/** @type {any} */ entry) => entry.body),
  ]
}
