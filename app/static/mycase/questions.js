// @ts-check
/** The office's questions: each opened here and proved, with the answer that was given, or the way to give one. */
import { byId, element } from "../file/dom.js"
import { say } from "../file/words.js"
import { fetchHistory } from "../seal/case.js"
import { answerOf, knownOf } from "../seal/known.js"
import { URL_OF_PORTAL, contentsOf } from "./held.js"
import { day, label, momentWords } from "./labels.js"
import { fetchQuestions } from "./portal.js"
import { who } from "./said.js"

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("./portal.js").Question} Question */

const OPEN = ["WAITING", "OVERDUE"]

/** @param {Held} held @param {(question: Question) => void} begin an answer */
export async function showQuestions(held, begin) {
  const found = await fetchQuestions(URL_OF_PORTAL, held.opened)
  const known = knownOf(await contentsOf(held))
  const entries = found.some(({ flag }) => flag) ? (await fetchHistory({ url: URL_OF_PORTAL, opened: held.opened })).entries : []
  byId("questions").replaceChildren(...found.map((question) => card(question, answerOf(known, Number(question.number)), begin, entries)))
  byId("no-question").hidden = found.length > 0
}

/** @param {Question} question @returns {HTMLElement[]} what was asked, by whom, and until when */
export function asked({ number: place, text, language: tongue, asked: on, until, state, role, flag }) {
  const about = { number: place, who: who(role), day: day(on) }
  const question = say("✓ Question {number}. {who} asked it on {day}.", about)
  const head = flag ? say("✓ Flag {number}. {who} says that a person may be seen in what the office reads; {day}.", about) : question
  const asks = say("Answer asked for by {day}.", { day: day(until) })
  const stands = `${label("question", state)} · ${asks}`
  return [element("h3", {}, head), element("p", { class: "soft" }, stands), element("p", { class: "said", lang: tongue }, text)]
}

/** @param {import("./portal.js").Flag} flag @returns {string} where it is */
function place({ record, page, across, down, part }) {
  const [name, version] = record.split("/")
  if (!name.startsWith("evidence-")) return say("the record, version {version}: {part}", { version, part: label("part", part) })
  const copy = name.slice("evidence-".length)
  if (!page) return say("copy {copy} of evidence, version {version}", { copy, version })
  return say("copy {copy} of evidence, version {version}, page {page}: {across} % from left, {down} % from top", { copy, version, page, across, down })
}

/**
 * What a flag is about, who saw it, and what can be done.
 * @param {import("./portal.js").Flag} flag @param {boolean} open @param {import("../seal/proofs.js").ProvedEntry[]} entries @returns {HTMLElement[]}
 */
function flagged(flag, open, entries) {
  const seen = entries.filter(({ fields }) => ["record_read", "evidence_read"].includes(fields.kind) && fields.record === flag.record)
  const lines = seen.map(({ fields }) => element("li", {}, `✓ ${who(fields.role)} · ${momentWords(fields.time)}`))
  const made = [element("p", {}, say("Where: {place}", { place: place(flag) }))]
  if (open && flag.hold) made.push(element("p", {}, element("strong", {}, say("Held back: nobody of the office opens it until you decide."))))
  made.push(element("p", {}, seen.length ? say("Who has seen it:") : say("Nobody else has seen it.")), ...(seen.length ? [element("ul", {}, ...lines)] : []))
  if (open) made.push(element("p", {}, say("Cover it: under “Add something or correct it”, and what they saw is destroyed. Or let it be seen, and answer why.")))
  return made
}

/** @param {Question} question @param {import("../seal/types.js").Piece | undefined} answer @param {(question: Question) => void} begin @param {import("../seal/proofs.js").ProvedEntry[]} entries */
function card(question, answer, begin, entries) {
  const made = element("li", { class: "card", id: `question-${question.number}` }, ...asked(question))
  if (question.flag) made.append(...flagged(question.flag, OPEN.includes(question.state), entries))
  if (answer) made.append(given(answer))
  const way = answer ? say("Correct this answer") : OPEN.includes(question.state) ? say("Answer it") : ""
  if (way) {
    const button = element("button", { type: "button", class: answer ? "linkish" : "button", "data-answer": question.number }, way)
    button.addEventListener("click", () => begin(question))
    made.append(element("div", { class: "actions" }, button))
  }
  return made
}

/** @param {import("../seal/types.js").Piece} answer */
function given({ content }) {
  const text = element("p", { class: "as-read" }, String(content.text ?? ""))
  return element("details", { class: "envelope" }, element("summary", {}, say("Your answer, as you wrote it")), text)
}
