// @ts-check
/** The review of a text before it leaves an open case: the same board as in filing, over whatever is to be sent. */
import { askFor, canUndoCopies, lookAtCopies, openCopies, toCard, undoCopies, waitingCopies } from "../copies/asking.js"
import { against, count, draw, setUpBoard } from "../file/board.js"
import { byId, tell } from "../file/dom.js"
import { loadLater } from "../file/later.js"
import { BY_HAND, Review, ReviewError, isAsked } from "../file/review.js"
import { parsePath } from "../file/paths.js"
import { language } from "../file/words.js"
import { NetworkError } from "../seal/errors.js"
import { petitionIn } from "../seal/known.js"
import { goTo } from "./flow.js"
import { changed as keepChanges } from "./kept.js"
import { trouble } from "./said.js"

/**
 * What is looked at, made anew whenever its text changed.
 * @typedef {object} Subject
 * @property {string} key what was decided about a subject stays while its key is the same
 * @property {[string, string][]} told what people decided about an earlier version of it
 * @property {() => any} petition
 * @property {(petition: any) => Record<string, string>} labels that people have already
 * @property {(path: string) => string} nameOf
 * @property {(path: string, changed: string) => boolean} reword write another text at a path, where it can be written
 * @property {(petition: any) => Map<number, number>} [copies] numbers of the copies of evidence, by the place of their entry
 * @property {() => Promise<import("../copies/asking.js").Copy[]>} [shown] what the office sees of files from now on
 * @property {string[]} [struck] what else must not be read in them
 * @property {string[]} [before] what was struck in earlier texts of the case
 * @property {() => Promise<string>} [against] what stands against the copies: pages that nobody looked at
 * @property {(petition: any) => string[]} [leaving] the people who leave the case, by their path
 * @property {(settled: import("../file/review.js").Settled) => void} settled goes on
 */

/** @type {Subject | null} */ let subject = null
/** @type {Review | null} */ let review = null
/** @type {import("../copies/asking.js").Carrier | null} */ let carrier = null
/** @type {Promise<void>} */ let looking = Promise.resolve()
/** @type {Promise<import("../file/review.js").TextEngine> | null} */ let engine = null

/** @type {import("../file/board.js").Lent} */
const lent = {
  review: () => review,
  nameOf: (path) => subject?.nameOf(path) ?? path,
  rewrite: async (path, text) => {
    const written = subject?.reword(path, text) ?? false
    if (written) await look()
    return written
  },
  put: (earlier) => void (review = earlier),
  waiting: waitingCopies,
  elsewhere: { canUndo: canUndoCopies, undo: undoCopies },
  drawn: () => {
    tell(byId("review-wrong"), "")
    void lookAtCopies()
    keepChanges()
  },
}

/** @param {number} size @returns {Uint8Array} */
export const random = (size) => crypto.getRandomValues(new Uint8Array(size))

export function setUpReview() {
  setUpBoard(lent)
  byId("review-go").addEventListener("click", goOn)
}

/** @param {Subject} given */
export async function beginReview(given) {
  if (subject?.key !== given.key) review = carrier = null
  subject = given
  carrier = Object.assign(carrier ?? {}, { review: () => review, copies: given.shown ?? (async () => []), struck: given.struck, before: given.before, changed: () => count(lent) })
  askFor(carrier)
  await look()
  goTo("review")
}

/**
 * What people decided about the places of an earlier text, by their words: what was blacked out by hand stays so.
 * @param {any[]} review sealed with that text @param {any} petition that text @returns {[string, string][]}
 */
export function toldOf(review, petition) {
  return review.flatMap((/** @type {any} */ one) => {
    const { path, kind, decision, as } = one
    const words = quoteOf(one, petition)
    if (!words) return []
    if (kind === BY_HAND) return [[words, BY_HAND]]
    return [[JSON.stringify([path, kind, words.toLowerCase()]), as ? `as:${as}` : decision === "keep" ? "keep" : "hide"]]
  })
}

/** @param {{path: string, start: number, end: number}} one counted in code points @param {any} petition @returns {string} */
function quoteOf({ path, start, end }, petition) {
  const text = parsePath(path).reduce((group, name) => group?.[name], petition)
  return typeof text === "string" ? Array.from(text).slice(start, end).join("") : ""
}

/** @param {any[]} review sealed with a text @param {any} petition that text @returns {string[]} what was struck of it, whoever is known apart */
function struckIn(review, petition) {
  return review.filter(({ kind, decision }) => decision !== "keep" && isAsked(kind)).map((one) => quoteOf(one, petition)).filter(Boolean)
}

/** @param {import("../seal/known.js").Known} known @returns {string[]} what was struck of the petition and of each answer, as they are sealed */
export function struckBefore(known) {
  const answers = known.answers.flatMap(({ content: { review = [], text, evidence } }) => struckIn(review, { facts: { narrative: text }, evidence }))
  return [...struckIn(known.originals.content.review ?? [], petitionIn(known)), ...answers]
}

/** @param {string} key of a subject @returns {[string, string][] | null} what was decided about it so far */
export const toldAbout = (key) => (subject?.key === key && review ? review.told() : null)

/** Nothing of what was looked at stays. */
export function forgetReview() {
  subject = review = carrier = null
  askFor(null)
}

/** The text engine is as heavy as all the rest: it comes when a text is read. */
async function loadEngine() {
  try {
    await loadLater("file/engine.js")
    const { textEngine } = await import("../file/engine.js")
    return await textEngine(byId("mycase").dataset.rules)
  } catch {
    engine = null
    throw new NetworkError("unreachable")
  }
}

/** @returns {Promise<import("../file/review.js").TextEngine>} */
export const textEngineOf = () => (engine ??= loadEngine())

/** Look anew, one time after the other. @returns {Promise<void>} */
function look() {
  const mine = looking.then(lookNow)
  looking = mine.catch(() => undefined)
  return mine
}

async function lookNow() {
  if (!subject) return
  const loaded = await textEngineOf()
  const looked = subject
  const petition = subject.petition()
  const fresh = await Review.read(petition, language(), loaded, random, subject.labels(petition))
  if (looked !== subject) return // something else is looked at by now
  fresh.leaving = new Set(subject.leaving?.(petition))
  if (review) fresh.carryOver(review)
  else fresh.restore(subject.told)
  review = fresh
  draw(lent)
}

async function goOn() {
  await looking // at what was just written otherwise
  if (!review || !subject) return
  tell(byId("review-wrong"), "")
  try {
    const unlooked = await subject.against?.()
    if (unlooked) return hold(unlooked)
    const settled = review.settle(subject.copies?.(review.petition))
    const open = await openCopies()
    if (!open.length) return subject.settled(settled)
    hold(open.map(({ textContent }) => textContent).join(" "))
    toCard()
  } catch (error) {
    hold(error instanceof ReviewError || error instanceof RangeError ? against(lent, review, error) : trouble(error))
  }
}

/** @param {string} why */
function hold(why) {
  tell(byId("review-wrong"), why)
  byId("review-wrong").scrollIntoView({ block: "center" })
}
