// @ts-check
/**
 * What is still missing and why it would help: said kindly when a step is left without it, and again before it goes out.
 * Nobody is held up: a second press goes on.
 */
import { byId, element } from "./dom.js"
import { currentStep, goTo, onContinue } from "./steps.js"
import { N_, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */
/** @typedef {import("./petition.js").Answers} Answers */
/**
 * @typedef {object} Help
 * @property {string} step @property {string} field where it goes, as a selector @property {string} text what is missing
 * @property {string} why it would help @property {boolean} needed whether nothing can be sent without it
 * @property {boolean} [begun] whether something was given that is of no use without it
 * @property {() => Promise<void>} [ready] what must have happened before the field is there
 */

// What is missing

/** @param {string} step @param {string} field @param {string} text @param {string} why @param {boolean} needed @returns {Help} */
const help = (step, field, text, why, needed = false) => ({ step, field, text: say(text), why: say(why), needed, begun: step === "witnesses" && field.includes("who") && !field.endsWith("email") })

/** @param {Answers} answers @returns {Help[]} everything that is missing, in the order of the steps */
export function helpsOf(answers) {
  const { place, story, who, urgency } = answers
  /** @type {[unknown, string, string, string, string, boolean?][]} */
  const asked = [
    [place.name.trim(), "place", "#f-place-name", N_("The name of the company is missing."), N_("Without it nobody knows which workplace it is."), true],
    [place.municipality.trim(), "place", "#f-place-municipality", N_("The municipality is missing."), N_("A company can have several plants."), true],
    [place.state, "place", "#f-place-state", N_("The state is missing."), N_("A company can have several plants."), true],
    [place.sector, "place", "#f-place-sector", N_("Say what is done at the workplace."), N_("The treaty covers factories, services and mines."), false],
    [place.sells, "place", "[data-field='place.sells']", N_("Say whether it sells to the United States or Canada."), N_("The treaty asks for it."), false],
    [story.since, "story", "#f-story-since", N_("Say since when."), N_("With a month they can look for proof."), false],
    [story.narrative.trim(), "story", "#f-story-narrative", N_("What happened is missing."), N_("It is the heart of the petition. A few sentences are enough."), true],
    [answers.denials.length, "what", "[data-list=denials]", N_("Say what they did."), N_("It shows at once which right they took from you."), false],
    [answers.remedies.length || answers.wish.trim(), "what", "[data-list=remedies]", N_("Say what you ask for."), N_("So they know what would put it right."), false],
    [!urgency.reason || urgency.date, "what", "#f-urgency-date", N_("Say when it will happen."), N_("So they know how much time there is."), false],
    ...whoAsked(who),
    [answers.witnesses.length, "witnesses", "#witness-add", N_("Add who saw it."), N_("Witnesses make the case stronger. Their names stay locked."), false],
    [answers.evidence.length, "evidence", "#evidence-file", N_("Add a photo or a paper."), N_("A pay slip or a letter says a lot. It stays locked unless you show a copy."), false],
  ]
  const found = asked.filter(([given]) => !given).map(([, step, field, text, why, needed]) => help(step, field, text, why, needed))
  return [...found, ...answers.witnesses.flatMap(ofWitness), ...answers.evidence.flatMap(ofFile)]
}

/** @param {Answers["who"]} who @returns {[unknown, string, string, string, string, boolean?][]} */
function whoAsked({ kind, person, organization }) {
  if (!kind) return [[false, "witnesses", "[data-field='who.kind']", N_("Say who files."), N_("You can also file without any name.")]]
  if (kind === "person") return [[person.name.trim(), "witnesses", "#f-who-person-name", N_("Your name is missing."), N_("Without it the petition names nobody.")]]
  if (kind !== "organization") return []
  return [
    [organization.name.trim(), "witnesses", "#f-who-organization-name", N_("The name of the organization is missing."), N_("Without it the petition names nobody.")],
    [organization.email || organization.phone, "witnesses", "#f-who-organization-email", N_("Give an address for questions, of an organization."), N_("So a question does not wait unseen.")],
  ]
}

/** @param {import("./petition.js").WitnessAnswers} witness @param {number} place @returns {Help[]} */
function ofWitness({ name, agreed }, place) {
  const person = { number: number(place + 1) }
  if (!name.trim()) return [{ step: "witnesses", field: `#witness-list > li:nth-child(${place + 1}) [data-part=name]`, text: say("Person {number} has no name.", person), why: say("Without it we cannot look for the name in your text."), needed: false, begun: true }]
  if (agreed) return []
  return [{ step: "witnesses", field: agreedOf(place), text: say("Person {number}: you have not said that this person knows and agrees.", person), why: say("Ask first, if you can: it is this person’s risk."), needed: false }]
}

/** @param {Answers} answers @returns {Help[]} the people of whom it is not said that they know and agree: what each is called, and where it is said */
export function unaskedOf({ witnesses }) {
  return witnesses.flatMap(({ name, agreed }, place) => {
    const text = name.trim() || say("Person {number}", { number: number(place + 1) })
    return agreed ? [] : [{ step: "witnesses", field: agreedOf(place), text, why: "", needed: false }]
  })
}

/** @param {number} place of somebody on the list */
const agreedOf = (place) => `#witness-list > li:nth-child(${place + 1}) [data-part=agreed]`

/** @param {import("./petition.js").EvidenceAnswers} item @param {number} place @returns {Help[]} */
function ofFile({ title }, place) {
  if (title.trim()) return []
  const field = `#evidence-list > li:nth-child(${place + 1}) [data-part=title]`
  return [{ step: "evidence", field, text: say("File {number} has no title.", { number: number(place + 1) }), why: say("So the office knows what it is."), needed: false }]
}

// Leaving a step

/** What was said already: a person may go on without it. @type {Set<string>} */ const said = new Set()
/** What is said when a step is left; what would only help is said on the step itself, and once more at the review. @param {string} step @param {Help[]} helps @returns {Help[]} */
const worthSaying = (step, helps) => helps.filter((one) => one.step === step && (one.needed || one.begun))

/** Say at each step what is missing. @param {App} app */
export function setUpHelps(app) {
  for (const step of ["place", "witnesses"]) onContinue(step, () => mayLeave(app, step))
  document.addEventListener("step", showReturn)
}

/** @param {App} app @param {string} step @param {Help[]} [also] what else is missing there @returns {boolean} whether nothing is missing, or it was said before */
export function mayLeave(app, step, also = []) {
  const missing = [...worthSaying(step, helpsOf(app.answers)), ...also]
  const fresh = missing.filter(({ text }) => !said.has(text))
  for (const { text } of missing) said.add(text)
  const old = byId(step).querySelector("[data-missing]")
  old?.remove()
  if (!fresh.length) return true
  const notice = element("div", { class: "calm", "data-missing": "", role: "status", tabindex: "-1" },
    element("p", {}, element("strong", {}, say("This would help:"))),
    element("ul", {}, ...missing.map((one) => element("li", {}, wayTo(one), ` ${one.why}`))),
    element("p", { class: "small" }, also.length ? say("You can go on. But before you send, look at each page, or choose “No, it stays sealed”: a page that you did not look at does not go out.") : say("You can also go on without it: press Continue once more.")))
  waysOf(step).before(notice)
  notice.focus()
  notice.scrollIntoView({ block: "center" })
  return false
}

/** @param {string} step @returns {HTMLElement} its row of buttons */
const waysOf = (step) => /** @type {HTMLElement} */ (byId(step).querySelector("[data-go]")?.parentElement)

// To a field, and back

/** The steps from which somebody is led to a field, with the words that lead back, and where one lands if the way is gone. @type {Map<string, [string, () => Element | null]>} */
const RETURNS = new Map([
  ["review", [N_("Back to the review"), () => byId("review-helps").previousElementSibling]],
  ["send", [N_("Back to the last step"), () => byId("send-title")]],
])
/** Where somebody left one of them, until they are back there. @type {{ step: string, text: string } | null} */ let left = null
/** @type {HTMLElement | null} */ let back = null

/** @param {Help} where @returns {HTMLElement} a button that leads to the field */
export function wayTo({ step, field, text, ready }) {
  const button = element("button", { type: "button", class: "linkish" }, text)
  button.addEventListener("click", async () => {
    if (RETURNS.has(currentStep())) left = { step: currentStep(), text }
    if (currentStep() !== step) await goTo(step)
    await ready?.()
    land(document.querySelector(field))
  })
  return button
}

/** Bring a field into view and to the keyboard, wherever it is folded away. @param {Element | null} field */
export function land(field) {
  const target = /** @type {HTMLElement | null} */ (field)
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true
  target?.focus({ preventScroll: true })
  target?.scrollIntoView({ block: "center" })
}

/** Whoever came from one of these steps finds the way back on each other one; at the review the usual way goes on. */
function showReturn() {
  back ??= returning()
  const here = currentStep()
  if (RETURNS.has(here)) left = null
  back.hidden = !left
  if (!left) return
  back.textContent = say(RETURNS.get(left.step)?.[0] ?? "")
  waysOf(here).prepend(back)
}

function returning() {
  const button = element("button", { type: "button", class: "button" })
  button.addEventListener("click", async () => {
    if (!left) return
    const { step, text } = left
    await goTo(step)
    const there = [...byId(step).querySelectorAll("button")].find((one) => one.textContent === text)
    // What was asked when nothing was open is not there while something is.
    const open = there?.closest("[hidden]") && byId("review-open").querySelector("[data-do]")
    land(open || (there ?? RETURNS.get(step)?.[1]() ?? null))
  })
  return button
}
