// @ts-check
/** The office's questions: each opened here and proved, with the answer that was given, or the way to give one. */
import { byId, element } from "../file/dom.js"
import { say } from "../file/words.js"
import { answerOf, knownOf } from "../seal/known.js"
import { URL_OF_PORTAL, contentsOf } from "./held.js"
import { day, label } from "./labels.js"
import { fetchQuestions } from "./portal.js"
import { who } from "./said.js"

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("./portal.js").Question} Question */

const OPEN = ["WAITING", "OVERDUE"]

/** @param {Held} held @param {(question: Question) => void} begin an answer */
export async function showQuestions(held, begin) {
  const found = await fetchQuestions(URL_OF_PORTAL, held.opened)
  const known = knownOf(await contentsOf(held))
  byId("questions").replaceChildren(...found.map((question) => card(question, answerOf(known, Number(question.number)), begin)))
  byId("no-question").hidden = found.length > 0
}

/** @param {Question} question @returns {HTMLElement[]} what was asked, by whom, and until when */
export function asked({ number: place, text, language: tongue, asked: on, until, state, role }) {
  const head = say("✓ Question {number}. {who} asked it on {day}.", { number: place, who: who(role), day: day(on) })
  const asks = say("Answer asked for by {day}.", { day: day(until) })
  const stands = `${label("question", state)} · ${asks}`
  return [element("h3", {}, head), element("p", { class: "soft" }, stands), element("p", { class: "said", lang: tongue }, text)]
}

/** @param {Question} question @param {import("../seal/types.js").Piece | undefined} answer @param {(question: Question) => void} begin */
function card(question, answer, begin) {
  const made = element("li", { class: "card", id: `question-${question.number}` }, ...asked(question))
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
