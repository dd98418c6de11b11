// @ts-check
/**
 * Who is named in the story and stands on no list yet, and which nicknames and numbers the story gives somebody on the
 * list: offered to be taken over, so that nobody is forgotten and nothing is typed twice. Nothing is taken over by itself.
 */
import { isBoss } from "./called.js"
import { petitionOf } from "./petition.js"
import { Review, wholeName } from "./review.js"
import { TABLE } from "./table.js"
import { language } from "./words.js"

/** @typedef {import("./review.js").Finding} Finding */
/** @typedef {{ aliases: string[], phone: string[], identifier: string[] }} Traces what somebody is called, reached or known by */

const STORY = "facts.narrative"
const MOST_OFFERED = 8 // names: more are no help
/** A telephone, and what is written down as a number of a person. */
const PHONE = "PHONE"
const NUMBERS = new Set(["CURP", "NSS", "RFC", "EMPLOYEE_NO", "CLAVE_ELECTOR", "INE", "SSN", "SIN", "PASSPORT"])
const SENTENCE = /[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]?/gu

/** @param {import("./page.js").App} app @returns {Promise<Review>} what is found in the petition as it is written now */
export async function foundIn(app) {
  return await Review.read(petitionOf(app.answers, language()), language(), await app.engine(), app.random)
}

/** @param {Review} review @returns {Finding[]} what is found in the story, in its order */
const inStory = (review) => review.findings.filter(({ path }) => path === STORY)

/** @param {string} quote such as `la Juanita y Braulio` @returns {string[]} each name in it, without its article */
const eachOf = (quote) => quote.split(/(?:^|\s+)(?:y|e|and|et)\s+/iu).filter(Boolean).map((name) => name.replace(/^(?:el|la|the|le)\s+/iu, ""))

/** @param {string} text @returns {string[]} */
const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** @param {Review} review @param {Finding} finding @returns {boolean} whether it may be somebody who is on no list: asked about as a person, and like nobody known */
const isSomebody = (review, finding) => finding.open && !finding.mark && finding.label === "PERSON" && !review.candidates(finding).length

/**
 * @param {Review} review @returns {string[]} the names, each once and whole; not of those whom the story calls a boss, who
 * are told of, nor nicknames, which belong to somebody
 */
export function namedInStory(review) {
  const found = inStory(review).filter((one) => isSomebody(review, one) && !isNickname(one))
  const bosses = new Set(found.filter((one) => isBoss(review, one)).map((one) => review.quote(one).toLowerCase()))
  const quotes = found.map((one) => review.quote(one)).filter((quote) => !bosses.has(quote.toLowerCase()))
  const names = [...new Map(quotes.flatMap(eachOf).map((name) => [name.toLowerCase(), name])).values()]
  const isOfBoss = (/** @type {string} */ name) => [...bosses].some((boss) => wordsOf(name).every((word) => wordsOf(boss).includes(word)))
  const isPart = (/** @type {string} */ name) => names.some((other) => other.length > name.length && wordsOf(name).every((word) => wordsOf(other).includes(word)))
  return names.filter((name) => !isPart(name) && !isOfBoss(name)).slice(0, MOST_OFFERED)
}

/**
 * @param {Review} review @param {number} place of a witness on the list
 * @returns {Traces} other names that are like theirs, and the nicknames and numbers in sentences about this person alone
 */
export function tracesOf(review, place) {
  const person = `witnesses[${place}]`
  const beside = saidOf(review, person)
  const numbers = beside.filter(({ mark, label, identity }) => mark && label !== "PERSON" && (identity === null || identity === person))
  const known = wordsOf(review.people.filter(({ id }) => id === person).map(wholeName).join(" "))
  const names = inStory(review).filter(({ mark, label, identity }) => mark && label === "PERSON" && identity === person)
  const unlike = quotesOf(review, names).filter((name) => !wordsOf(name).some((word) => known.includes(word)))
  return {
    aliases: [...unlike, ...quotesOf(review, beside.filter(isNickname))],
    phone: quotesOf(review, numbers.filter(({ label }) => label === PHONE)).slice(0, 1),
    identifier: quotesOf(review, numbers.filter(({ label }) => NUMBERS.has(label))),
  }
}

/** @param {Review} review @param {Finding[]} found @returns {string[]} their words, each once */
const quotesOf = (review, found) => [...new Set(found.map((one) => review.quote(one)))]

/** @param {Finding} finding @returns {boolean} whether the words around it say that somebody is called so */
const isNickname = ({ open, mark, reason }) => open && !mark && reason === TABLE.reasons.nickname_cue

/**
 * @param {Review} review @param {string} person
 * @returns {Finding[]} what stands in sentences that name this person and nobody else, and in those after them until
 *   somebody is named again or the paragraph ends: `Su celular es …`
 */
function saidOf(review, person) {
  const text = review.texts.get(STORY) ?? ""
  const found = inStory(review)
  /** @type {Set<string | null>} */ let meant = new Set()
  return [...text.matchAll(SENTENCE)].flatMap(({ index, 0: sentence }) => {
    const inside = found.filter(({ start, end }) => start >= index && end <= index + sentence.length)
    const named = inside.filter((one) => one.label === "PERSON" && !isNickname(one))
    if (named.length) meant = new Set(named.map(({ mark, open, identity }) => (mark && !open ? identity : "")))
    const about = meant.size === 1 && meant.has(person)
    if (sentence.endsWith("\n")) meant = new Set()
    return about ? inside : []
  })
}
