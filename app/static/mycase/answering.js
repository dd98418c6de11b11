// @ts-check
/**
 * Answering a question of the office: written, settled like a petition, seen as the office will see it, sealed and sent.
 *
 * A correction takes the place of the answer before it, which is destroyed at once: for a name that slipped.
 */
import { byId, element, tell } from "../file/dom.js"
import { TABLE } from "../file/table.js"
import { say } from "../file/words.js"
import { answerOf, knownOf, labelsIn } from "../seal/known.js"
import { sealAnswer } from "../seal/revising.js"
import { answerRecord, around } from "./answer.js"
import { copiesOf, entriesOf, filesReady, lastCopy, lendFiles, newShown, noFiles, sourcesOf, titleOf, unlooked, withoutFile } from "./files.js"
import { goTo } from "./flow.js"
import { contentsOf, openAgain } from "./held.js"
import { dropKept, isKept, openKept, setUpKept, takeKept } from "./kept.js"
import { evidenceRows, paragraphs } from "./record.js"
import { beginReview, random, toldOf } from "./reviewing.js"
import { asked } from "./questions.js"
import { trouble } from "./said.js"
import { isPending, offer, part, tellMore } from "./sending.js"
import { readersOf } from "./timeline.js"

const LONGEST = 200_000 // characters

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("./portal.js").Question} Question */
/**
 * What somebody is writing. `earlier` is the answer that it takes the place of.
 * @typedef {object} Writing
 * @property {Held} held
 * @property {Question} question
 * @property {import("../seal/types.js").Piece | undefined} earlier
 * @property {import("./files.js").Files} files
 */

/** @type {Writing | null} */ let writing = null
/** @type {() => Promise<void>} */ let refresh = async () => undefined

/** @param {() => Promise<void>} refreshed shows the case anew after an answer was given */
export function setUpAnswering(refreshed) {
  refresh = refreshed
  byId("answer-review").addEventListener("click", () => void read())
  addEventListener("beforeunload", (event) => {
    if (writing && !isKept() && document.getElementById("case") && byId("answer-text").value.trim()) event.preventDefault()
  })
  setUpKept("answer", () => writing && { files: writing.files, value: { question: writing.question.number, text: byId("answer-text").value, evidence: writing.files.answers.evidence } })
}

/** Nothing of what was written stays. */
export function forgetWriting() {
  writing = null
}

/** @param {Held} held @param {Question} question */
export async function beginAnswer(held, question) {
  if (isPending()) return goTo("check")
  const earlier = answerOf(knownOf(await contentsOf(held)), Number(question.number))
  if (writing?.question.number !== question.number) {
    writing = { held, question, earlier, files: noFiles(() => petitionOf(/** @type {Writing} */ (writing))) }
    await openKept(held)
    const before = await takeKept("answer", (value) => value.question === question.number, writing.files)
    byId("answer-text").value = before?.text ?? earlier?.content.text ?? ""
  }
  byId("answer-text").maxLength = LONGEST
  byId("answer-question").replaceChildren(...asked(question))
  byId("answer-corrects").hidden = !earlier
  byId("answer-late").hidden = question.state !== "OVERDUE"
  tell(byId("answer-wrong"), "")
  lendFiles(writing.files, "answer-files")
  goTo("answer")
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
    const against = await unlooked(now.files, newShown(now.files))
    if (against) return tell(byId("answer-wrong"), against)
    await review(now)
  } catch (error) {
    tell(byId("answer-wrong"), trouble(error))
  } finally {
    button.disabled = false
  }
}

/** @param {Writing} now */
function petitionOf(now) {
  const known = knownOf(now.held.contents)
  return around(known, byId("answer-text").value.trim(), [...stays(now), ...added(now).map(withoutFile)])
}

/** The copies that the answer has: those that stand, and new ones. @param {Writing} now */
function copies(now) {
  const lines = now.earlier?.content.copies ?? []
  const standing = stays(now).flatMap((item, place) => lines.filter((/** @type {any} */ { evidence }) => item.show && evidence === item.id).map((/** @type {any} */ { evidence, copy, content }) => ({ place, path: `evidence[${place}]`, evidence, copy, standing: content })))
  return [...standing, ...copiesOf(now.files, added(now), stays(now).length, lastCopy(now.held.opened))]
}

/** @param {Writing} now */
async function review(now) {
  const known = knownOf(await contentsOf(now.held))
  const petition = () => petitionOf(now)
  await beginReview({
    key: `answer ${now.question.number}`,
    told: toldOf(now.earlier?.content.review ?? [], { facts: { narrative: now.earlier?.content.text }, evidence: now.earlier?.content.evidence }),
    petition,
    labels: (made) => labelsIn(known, made),
    nameOf: (path) => (path.startsWith("facts") ? say("Your answer") : titleOf(path)),
    reword: (path, changed) => reword(now, path, changed),
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
  offer({
    held: now.held,
    title: say("What the office will see of your answer"),
    shown: [
      ...asked(now.question).slice(0, 1),
      element("div", { class: "as-read", lang: shown.language }, ...paragraphs(shown.text)),
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
  const evidence = [...stays(now), ...fresh.map(withoutFile)]
  const files = sourcesOf(now.files, fresh, stays(now).length)
  const { answers: before } = knownOf(now.held.contents)
  const shown = copies(now).map(({ place: _, ...copy }) => copy)
  const original = { text: byId("answer-text").value.trim(), evidence, review: settled.decisions }
  return await sealAnswer({ opened: now.held.opened, answer: { question: place, record, original, files, copies: shown, before, destroys: Boolean(now.earlier) }, onProgress })
}

/** @param {Writing} now */
async function arrived({ held, earlier, question }) {
  writing = null
  byId("answer-text").value = ""
  await dropKept("answer")
  const late = question.state === "OVERDUE" && !earlier
  tellMore(
    element("p", {}, say("Your answer is with the office. The log has it: proved on this device.")),
    ...(late ? [element("p", {}, say("It came after the day that was asked for. It counts, and is marked as late."))] : []),
  )
  await refresh()
  if (earlier) tellMore(...readersOf(held.before, (record) => record.startsWith(`answer-${question.number}/`)))
}
