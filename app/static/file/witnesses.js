// @ts-check
/** The people who must not be known: one card each, and whom the story names already. */
import { byId, copyOf, element } from "./dom.js"
import { followCard } from "./fields.js"
import { foundIn, namedInStory, tracesOf } from "./named.js"
import { onEnter } from "./steps.js"
import { noWitness } from "./petition.js"
import { number, say } from "./words.js"

/** @typedef {{ answers: { witnesses: import("./petition.js").WitnessAnswers[] }, changed: () => void }} App a petition, or what is added to one */

/** @param {import("./page.js").App} app */
export function setUpWitnesses(app) {
  onEnter("witnesses", () => {
    own = app.answers.witnesses.find(({ name }) => name.trim() && name.trim() === ownName(app)) ?? null
    tellFiler(app)
    drawWitnesses(app)
    lookAtStory(app)
  })
  byId("witness-list").addEventListener("input", (/** @type {any} */ { target }) => {
    if (["name", "aliases"].includes(target.dataset.part) && app.answers.story.narrative.length <= LONGEST_AT_ONCE) lookAtStory(app, STILL)
  })
  byId("witness-list").addEventListener("click", (/** @type {any} */ { target }) => {
    if ("remove" in target.dataset) lookAtStory(app)
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

// Whom the story names

const STILL = 700 // milliseconds without a letter
const LONGEST_AT_ONCE = 8_000 // characters: a longer story is read when the step is shown, and when somebody is taken over
let looks = 0
/** Whom the story names and the list does not. @type {string[]} */ let offered = []
/** What the story says of somebody on the list. @type {WeakMap<WitnessAnswers, import("./named.js").Traces>} */ const told = new WeakMap()

/** Read the story again with the list as it is; without the engine nothing is offered. @param {import("./page.js").App} app @param {number} [after] milliseconds */
function lookAtStory(app, after = 0) {
  const mine = ++looks
  setTimeout(async () => {
    if (mine !== looks) return
    const witnesses = [...app.answers.witnesses] // as they stand in what is read
    const review = app.answers.story.narrative.trim() ? await foundIn(app).catch(() => null) : null
    if (mine !== looks) return
    offered = review ? namedInStory(review) : []
    for (const [place, answers] of witnesses.entries()) if (review) told.set(answers, tracesOf(review, place))
    drawOffered(app)
    for (const [answers, card] of cards) tellTheirs(app, answers, card)
    if (!byId("witness-list").childElementCount) drawWaiting(app)
  }, after)
}

/** @param {import("./page.js").App} app */
function drawOffered(app) {
  byId("named").hidden = !offered.length
  const all = offered.length > 1 ? [offerOf(app, offered, say("Add all of them"))] : []
  byId("named-names").replaceChildren(...offered.map((name) => offerOf(app, [name], name)), ...all)
}

/** @param {import("./page.js").App} app @param {string[]} names @param {string} text */
function offerOf(app, names, text) {
  const made = element("button", { type: "button", class: "button button-quiet" }, text)
  if (names.length === 1) made.setAttribute("aria-label", say("Add {name}", { name: text }))
  made.addEventListener("click", () => takeOver(app, names))
  return made
}

/** Whom the story names comes on the list; whether each of them knows it is asked next. @param {import("./page.js").App} app @param {string[]} names */
function takeOver(app, names) {
  app.answers.witnesses.push(...names.map((name) => ({ ...noWitness(), name })))
  offered = offered.filter((one) => !names.includes(one))
  drawOffered(app)
  drawWitnesses(app)
  const [first] = [...byId("witness-list").children].slice(-names.length)
  first.querySelector("[data-part=agreed]")?.focus()
  app.changed()
  lookAtStory(app)
}

/** What a card offers with one tick, and keeps as a line with commas, but for the telephone. */
const TRACES = /** @type {const} */ (["aliases", "phone", "identifier"])
const listed = (/** @type {string} */ text) => text.split(",").map((one) => one.trim()).filter(Boolean)

/** Offer what the story says of somebody, with one tick. @param {App} app @param {WitnessAnswers} answers @param {HTMLElement} card */
function tellTheirs(app, answers, card) {
  const traces = told.get(answers) ?? { aliases: [], phone: [], identifier: [] }
  const line = /** @type {HTMLElement} */ (card.querySelector("[data-theirs]"))
  const box = /** @type {HTMLInputElement} */ (line.querySelector("input"))
  const all = TRACES.flatMap((part) => traces[part])
  line.hidden = !all.length
  box.checked = TRACES.every((part) => traces[part].every((one) => listed(answers[part]).includes(one)))
  const said = /** @type {HTMLElement} */ (line.querySelector("span"))
  said.textContent = say("Theirs: {numbers}", { numbers: all.join(", ") })
  box.onchange = () => {
    for (const part of TRACES) {
      const others = listed(answers[part]).filter((one) => !traces[part].includes(one))
      const field = /** @type {any} */ (card.querySelector(`[data-part=${part}]`))
      answers[part] = field.value = (box.checked ? [...others, ...traces[part]] : others).join(", ")
    }
    app.changed()
  }
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

/** The first card of somebody else waits, unless the story names some; it counts when something is written on it. @param {import("./page.js").App} app */
function drawWaiting(app) {
  drawWitnesses(app)
  const { witnesses } = app.answers
  if (witnesses.every((one) => one === own) && !offered.length) byId("witness-list").append(draw(app, noWitness(), witnesses.length))
}

/** @param {App} app */
export function drawWitnesses(app) {
  cards.clear()
  byId("witness-list").replaceChildren(...app.answers.witnesses.map((answers, place) => draw(app, answers, place)))
}

/** The cards that are shown. @type {Map<WitnessAnswers, HTMLElement>} */ const cards = new Map()

/** @param {App} app @param {import("./petition.js").WitnessAnswers} answers @param {number} place */
function draw(app, answers, place) {
  const card = copyOf("witness-card")
  cards.set(answers, card)
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
  tellTheirs(app, answers, card)
  const more = card.querySelector("details")
  const byHand = !card.querySelector("[data-theirs]:not([hidden]) :checked")
  if (more) more.open = Boolean(answers.relation || ((answers.phone || answers.identifier) && byHand))
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
