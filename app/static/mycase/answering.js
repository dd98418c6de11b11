// @ts-check
/**
 * Answering a question of the office: written, settled like a petition, seen as the office will see it, sealed and sent.
 *
 * A correction takes the place of the answer before it, which is destroyed at once: for a name that slipped.
 */
import { isShown } from "../copies/kept.js"
import { byId, element, tell } from "../file/dom.js"
import { TABLE } from "../file/table.js"
import { say } from "../file/words.js"
import { answerOf, knownOf, labelsIn } from "../seal/known.js"
import { sealAnswer } from "../seal/revising.js"
import { answerRecord, around } from "./answer.js"
import { copiesAfter, copiesShown, drawShown, elsewhereOf, enterShown, takenBack, withChoices } from "./copies.js"
import { entriesOf, filesReady, lendFiles, newCopies, newShown, noFiles, sourcesOf, titleOf, unlooked, withoutFile } from "./files.js"
import { goTo } from "./flow.js"
import { contentsOf, openAgain } from "./held.js"
import { dropKept, isKept, openKept, setUpKept, takeKept } from "./kept.js"
import { evidenceRows, paragraphs } from "./record.js"
import { beginReview, random, struckBefore, toldAbout, toldOf } from "./reviewing.js"
import { asked } from "./questions.js"
import { trouble } from "./said.js"
import { isPending, offer, part, tellMore } from "./sending.js"
import { readersOf } from "./timeline.js"

const LONGEST = 200_000 // characters

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("./portal.js").Question} Question */
/**
 * What somebody is writing. `earlier` is the answer that it takes the place of; `text` how it was left, while another one is written.
 * @typedef {object} Writing
 * @property {Held} held
 * @property {Question} question
 * @property {import("../seal/types.js").Piece | undefined} earlier
 * @property {import("./files.js").Files} files
 * @property {string} text
 * @property {string} page
 * @property {import("./copies.js").Shown[]} shown what becomes of the copies of files that the earlier answer has, and of those of other texts
 * @property {number} own the question
 * @property {import("./copies.js").Showing["sealed"]} sealed
 * @property {[string, string][] | null} decided at a review before, as a draft has it
 */

/** @type {Writing | null} */ let writing = null
/** Answers that were begun, by their question. @type {Map<string, Writing>} */ const begun = new Map()
/** @type {() => Promise<void>} */ let refresh = async () => undefined

/** @param {() => Promise<void>} refreshed shows the case anew after an answer was given */
export function setUpAnswering(refreshed) {
  refresh = refreshed
  byId("answer-review").addEventListener("click", () => void read())
  addEventListener("beforeunload", (event) => {
    if (!isKept() && document.getElementById("case") && kept().length) event.preventDefault()
  })
  setUpKept("answer", kept)
}

/** @param {Writing} one */
const textOf = (one) => (one === writing ? byId("answer-text").value : one.text)
/** @param {Question} question */
const taskOf = ({ number }) => `answer ${number}`

/** @returns {import("./kept.js").Part[]} */
function kept() {
  const written = [...begun.values()].filter((one) => (textOf(one).trim() && textOf(one) !== one.earlier?.content.text) || one.files.answers.evidence.length || one.shown.some(({ choice }) => choice === "again" || choice === "no"))
  return written.map((one) => ({ task: taskOf(one.question), files: one.files, value: { text: textOf(one), evidence: one.files.answers.evidence, shown: one.shown, decided: toldAbout(taskOf(one.question)) ?? one.decided } }))
}

/** Nothing of what was written stays. */
export function forgetWriting() {
  writing = null
  begun.clear()
}

/** @param {Held} held @param {Question} question */
export async function beginAnswer(held, question) {
  if (isPending()) return goTo("check")
  const earlier = answerOf(knownOf(await contentsOf(held)), Number(question.number))
  if (writing?.question.number !== question.number) {
    if (writing) writing.text = byId("answer-text").value
    const now = begun.get(question.number) ?? (await openWriting(held, question, earlier))
    begun.set(question.number, now)
    writing = now
    byId("answer-text").value = now.text
  }
  byId("answer-text").maxLength = LONGEST
  byId("answer-question").replaceChildren(...asked(question))
  byId("answer-corrects").hidden = !earlier
  byId("answer-late").hidden = question.state !== "OVERDUE"
  tell(byId("answer-wrong"), "")
  drawShown(writing)
  lendFiles(writing.files, "answer")
  goTo("answer")
}

/** @param {Held} held @param {Question} question @param {Writing["earlier"]} earlier @returns {Promise<Writing>} what a draft has of it, or a fresh one */
async function openWriting(held, question, earlier) {
  const { copies = [], files = [], transcripts, review } = earlier?.content ?? {}
  /** @type {Writing} */ const now = { page: "answer", held, question, earlier, files: noFiles(() => petitionOf(now)), text: earlier?.content.text ?? "", shown: [], own: Number(question.number), sealed: () => ({ evidence: stays(now), copies, files, transcripts, review }), decided: null }
  await openKept(held)
  const before = await takeKept(taskOf(question), now.files)
  if (before) Object.assign(now, { text: before.text, shown: before.shown ?? [], decided: before.decided ?? null })
  return now
}

async function read() {
  const now = writing
  const button = byId("answer-review")
  if (!now || button.disabled) return
  tell(byId("answer-wrong"), "")
  if (!byId("answer-text").value.trim()) {
    tell(byId("answer-wrong"), say("Write an answer first."))
    return byId("answer-text").focus()
  }
  button.disabled = true
  try {
    await filesReady()
    const against = await lacking(now)
    if (against) return tell(byId("answer-wrong"), against)
    await review(now)
  } catch (error) {
    tell(byId("answer-wrong"), trouble(error))
  } finally {
    button.disabled = false
  }
}

/** What stands against sending its copies. @param {Writing} now */
const lacking = (now) => unlooked(now.files, [...now.shown, ...newShown(now.files)])

/** @param {Writing} now */
function petitionOf(now) {
  const known = knownOf(now.held.contents)
  return around(known, textOf(now).trim(), [...withChoices(now.shown, stays(now)), ...added(now).map(withoutFile)])
}

/** The copies that the answer has: those that stand, those made anew, and new ones. @param {Writing} now */
const copies = (now) => copiesAfter(now, stays(now), added(now))

/** @param {Writing} now */
async function review(now) {
  const known = knownOf(await contentsOf(now.held))
  enterShown(now)
  const petition = () => petitionOf(now)
  await beginReview({
    key: taskOf(now.question),
    told: now.decided ?? toldOf(now.earlier?.content.review ?? [], { facts: { narrative: now.earlier?.content.text }, evidence: now.earlier?.content.evidence }),
    petition,
    labels: (made) => labelsIn(known, made),
    nameOf: (path) => (path.startsWith("facts") ? say("Your answer") : titleOf(path)),
    reword: (path, changed) => reword(now, path, changed),
    shown: async () => [...(await copiesShown(now)), ...newCopies(now.files, "answer")],
    // What was struck out of the petition must not come back in a paper that goes with an answer.
    before: struckBefore(known),
    against: () => lacking(now),
    copies: () => new Map(copies(now).map(({ place, copy }) => [place, copy])),
    settled: (settled) => check(now, settled),
  })
}

/** @param {Writing} now @param {string} path @param {string} changed @returns {boolean} */
function reword(now, path, changed) {
  const place = /^evidence\[(\d+)\]\.title$/.exec(path)
  const item = place ? now.files.answers.evidence[Number(place[1]) - stays(now).length] : undefined
  if (path === "facts.narrative") byId("answer-text").value = changed
  else if (item) item.title = changed
  else return false
  return true
}

/** The pieces of evidence that an earlier answer has, and that stay. @param {Writing} now @returns {any[]} */
const stays = ({ earlier }) => (earlier?.content.evidence ?? []).filter((/** @type {any} */ item) => item.id)

/** The new ones. @param {Writing} now */
const added = (now) => entriesOf(now.files, "A", stays(now).map(({ id }) => id))

// What the office will see

/** @param {Writing} now @param {import("../file/review.js").Settled} settled */
function check(now, settled) {
  const place = Number(now.question.number)
  const record = answerRecord(settled.record, place, random(TABLE.saltBytes))
  const shown = JSON.parse(record)
  const elsewhere = now.shown.some(({ of, item }) => of && isShown(item))
  const changes = now.earlier || elsewhere ? takenBack(now.shown, now.files) : []
  offer({
    held: now.held,
    title: say("What the office will see of your answer"),
    shown: [
      ...asked(now.question).slice(0, 1),
      element("div", { class: "as-read", lang: shown.language }, ...paragraphs(shown.text)),
      ...(changes.length ? [element("ul", {}, ...changes.map((line) => element("li", {}, line)))] : []),
      ...(shown.evidence.length ? [part(say("Evidence"), evidenceRows(shown.evidence))] : []),
      element("p", { class: "small" }, say("Your own text and the files are sealed. Only those who hold the case open them.")),
      element("p", { class: "small" }, now.earlier ? say("The earlier answer is destroyed at once. What somebody has read of it does not come back.") : say("An answer counts once. You can correct it later if a name slipped.")),
    ],
    button: say("Seal it and send it"),
    seal: (onProgress) => sealed(now, place, record, settled, onProgress),
    done: () => arrived(now),
    again: async () => {
      await openAgain(now.held)
      await review(now)
    },
  })
}

/** @param {Writing} now @param {number} place @param {string} record @param {import("../file/review.js").Settled} settled @param {import("../seal/types.js").OnProgress} onProgress */
async function sealed(now, place, record, settled, onProgress) {
  const fresh = added(now)
  const evidence = [...withChoices(now.shown, stays(now)), ...fresh.map(withoutFile)]
  const files = sourcesOf(now.files, fresh, stays(now).length)
  const { answers: before } = knownOf(now.held.contents)
  const shown = copies(now).map(({ place: _, ...copy }) => copy)
  const original = { text: byId("answer-text").value.trim(), evidence, review: settled.decisions }
  return await sealAnswer({ opened: now.held.opened, answer: { question: place, record, original, files, copies: shown, before, destroys: Boolean(now.earlier), elsewhere: elsewhereOf(now) }, onProgress })
}

/** @param {Writing} now */
async function arrived({ held, earlier, question }) {
  writing = null
  begun.delete(question.number)
  byId("answer-text").value = ""
  await dropKept(taskOf(question))
  const late = question.state === "OVERDUE" && !earlier
  tellMore(
    element("p", {}, say("Your answer is with the office. The log has it: proved on this device.")),
    ...(late ? [element("p", {}, say("It came after the day that was asked for. It counts, and is marked as late."))] : []),
  )
  await refresh()
  if (earlier) tellMore(...readersOf(held.before, (record) => record.startsWith(`answer-${question.number}/`)))
}
