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
    own = app.answers.witnesses.find(({ name }) => name.trim() && name.trim() === ownName(app)) ?? null
    tellFiler(app)
    drawWaiting(app)
  })
  byId("filing").addEventListener("input", (/** @type {any} */ { target }) => {
    if (target.dataset.field?.startsWith("who.")) tellFiler(app)
  })
  byId("own-witness").addEventListener("change", () => {
    const others = app.answers.witnesses.filter((one) => one !== own)
    own = byId("own-witness").checked ? { ...noWitness(), name: ownName(app), agreed: true } : null
    app.answers.witnesses = own ? [own, ...others] : others
    drawWaiting(app)
    app.changed()
  })
  takeWitnesses(() => app)
}

/** @typedef {import("./petition.js").WitnessAnswers} WitnessAnswers */
/** Whoever files, as a witness too. @type {WitnessAnswers | null} */ let own = null

/** @param {import("./page.js").App} app @returns {string} the name under which a person files, who may be a witness too */
const ownName = ({ answers: { who } }) => (who.kind === "person" ? who.person.name.trim() : "")

/** Show what belongs to whoever files, and keep their name the same in both places. @param {import("./page.js").App} app */
function tellFiler(app) {
  const [name, { kind }] = [ownName(app), app.answers.who]
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-when]"))) group.hidden = group.dataset.when !== kind
  byId("own-also").hidden = !name && !own
  byId("own-witness").checked = own !== null
  if (!own || !name || own.name === name) return
  own.name = name
  drawWaiting(app)
}

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

/** The first card of somebody else waits; it counts when something is written on it. @param {import("./page.js").App} app */
function drawWaiting(app) {
  drawWitnesses(app)
  const { witnesses } = app.answers
  if (witnesses.every((one) => one === own)) byId("witness-list").append(draw(app, noWitness(), witnesses.length))
}

/** @param {App} app */
export function drawWitnesses(app) {
  byId("witness-list").replaceChildren(...app.answers.witnesses.map((answers, place) => draw(app, answers, place)))
}

/** @param {App} app @param {import("./petition.js").WitnessAnswers} answers @param {number} place */
function draw(app, answers, place) {
  const card = copyOf("witness-card")
  const heading = /** @type {HTMLElement} */ (card.querySelector("h2"))
  const isOwn = answers === own
  heading.textContent = isOwn ? say("You: {name}", { name: answers.name }) : say("Person {number}", { number: number(place + 1) })
  // The name is the one of the question above: here nobody else's can be written over it.
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll("[data-not-own]"))) part.hidden = isOwn
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
    if (answers === own) {
      own = null
      byId("own-witness").checked = false
    }
    drawWitnesses(app)
    byId("witness-add").focus()
    app.changed()
  })
  return card
}
