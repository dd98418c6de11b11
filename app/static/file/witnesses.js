// @ts-check
/** The people who must not be known: one card each. */
import { byId, copyOf } from "./dom.js"
import { followCard } from "./fields.js"
import { onEnter } from "./steps.js"
import { noWitness } from "./petition.js"
import { number, say } from "./words.js"

/** @typedef {{ answers: { witnesses: import("./petition.js").WitnessAnswers[] }, changed: () => void }} App a petition, or what is added to one */

/** @param {import("./page.js").App} app */
export function setUpWitnesses(app) {
  onEnter("witnesses", () => {
    const own = ownName(app)
    byId("own-also").hidden = !own
    byId("own-witness").checked = app.answers.witnesses.some(({ name }) => name.trim() === own)
    drawWitnesses(app)
    // The first card waits; it counts when something is written on it.
    if (!app.answers.witnesses.length) byId("witness-list").append(draw(app, noWitness(), 0))
  })
  byId("own-witness").addEventListener("change", () => {
    const [own, others] = [ownName(app), app.answers.witnesses.filter(({ name }) => name.trim() !== ownName(app))]
    app.answers.witnesses = byId("own-witness").checked ? [{ ...noWitness(), name: own, agreed: true }, ...others] : others
    drawWitnesses(app)
    app.changed()
  })
  takeWitnesses(() => app)
}

/** @param {import("./page.js").App} app @returns {string} the name under which a person files, who may be a witness too */
const ownName = ({ answers: { who } }) => (who.kind === "person" ? who.person.name.trim() : "")

/** Let people be added. @param {() => App} appOf */
export function takeWitnesses(appOf) {
  byId("witness-add").addEventListener("click", () => {
    const app = appOf()
    app.answers.witnesses.push(noWitness())
    drawWitnesses(app)
    byId("witness-list").lastElementChild?.querySelector("input")?.focus()
    app.changed()
  })
}

/** @param {App} app */
export function drawWitnesses(app) {
  byId("witness-list").replaceChildren(...app.answers.witnesses.map((answers, place) => draw(app, answers, place)))
}

/** @param {App} app @param {import("./petition.js").WitnessAnswers} answers @param {number} place */
function draw(app, answers, place) {
  const card = copyOf("witness-card")
  const heading = /** @type {HTMLElement} */ (card.querySelector("h2"))
  heading.textContent = say("Person {number}", { number: number(place + 1) })
  const unsaid = /** @type {HTMLElement} */ (card.querySelector("[data-unsaid]"))
  const tellConsent = () => void (unsaid.hidden = answers.agreed || !answers.name.trim())
  followCard(card, answers, () => {
    if (!app.answers.witnesses.includes(answers)) app.answers.witnesses.push(answers)
    tellConsent()
    app.changed()
  })
  tellConsent()
  const more = card.querySelector("details")
  if (more) more.open = Boolean(answers.statement || answers.relation || answers.phone || answers.identifier)
  card.querySelector("[data-remove]")?.addEventListener("click", () => {
    app.answers.witnesses = app.answers.witnesses.filter((one) => one !== answers)
    drawWitnesses(app)
    byId("witness-add").focus()
    app.changed()
  })
  return card
}
