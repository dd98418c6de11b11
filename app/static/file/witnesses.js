// @ts-check
/** The people who must not be known: one card each. */
import { byId, copyOf } from "./dom.js"
import { followCard } from "./fields.js"
import { onEnter } from "./steps.js"
import { noWitness } from "./petition.js"
import { number, say } from "./words.js"

/** @param {import("./page.js").App} app */
export function setUpWitnesses(app) {
  onEnter("witnesses", () => drawAll(app))
  byId("witness-add").addEventListener("click", () => {
    app.answers.witnesses.push(noWitness())
    drawAll(app)
    byId("witness-list").lastElementChild?.querySelector("input")?.focus()
    app.changed()
  })
}

/** @param {import("./page.js").App} app */
function drawAll(app) {
  byId("witness-list").replaceChildren(...app.answers.witnesses.map((answers, place) => draw(app, answers, place)))
}

/** @param {import("./page.js").App} app @param {import("./petition.js").WitnessAnswers} answers @param {number} place */
function draw(app, answers, place) {
  const card = copyOf("witness-card")
  const heading = /** @type {HTMLElement} */ (card.querySelector("h2"))
  heading.textContent = say("Person {number}", { number: number(place + 1) })
  followCard(card, answers, app.changed)
  card.querySelector("[data-remove]")?.addEventListener("click", () => {
    app.answers.witnesses.splice(app.answers.witnesses.indexOf(answers), 1)
    drawAll(app)
    byId("witness-add").focus()
    app.changed()
  })
  return card
}
