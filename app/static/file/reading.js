// @ts-check
/**
 * What the government will see: each text as it would be read, each doubtful place one by one with its reason, all of
 * them in a list, places added by selecting, and steps back.
 */
import { byId, copyOf, element, showFacts } from "./dom.js"
import { missing, petitionOf } from "./petition.js"
import { Review, ReviewError } from "./review.js"
import { goTo, onContinue, onEnter } from "./steps.js"
import { TABLE } from "./table.js"
import { N_, language, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */
/** @typedef {import("./review.js").Finding} Finding */

/** Where each text of the page begins in its text of the petition. @type {WeakMap<Node, { path: string, start: number }>} */
const places = new WeakMap()
/** @type {{ path: string, start: number, end: number } | null} */ let selected = null

/** @param {App} app */
export function setUpReading(app) {
  onEnter("review", () => begin(app))
  onContinue("review", () => mayGoOut(app))
  byId("review-undo").addEventListener("click", () => {
    app.review?.undo()
    draw(app)
  })
  byId("review-add").addEventListener("click", () => addWords(app))
  document.addEventListener("selectionchange", () => {
    selected = selection()
    byId("selection-bar").hidden = !selected
  })
  // A press must not take the selection away before it is used.
  byId("selection-hide").addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault())
  byId("selection-hide").addEventListener("click", () => {
    if (selected) app.review?.add(selected.path, selected.start, selected.end)
    getSelection()?.removeAllRanges()
    draw(app)
  })
}

/** Read the petition anew, keeping what was decided. @param {App} app */
async function begin(app) {
  const engine = await app.engine()
  const fresh = new Review(petitionOf(app.answers, language()), language(), engine, app.random)
  if (app.review) fresh.carryOver(app.review)
  else fresh.restore(app.decided)
  app.review = fresh
  draw(app)
}

/** @param {App} app */
function draw(app) {
  const review = /** @type {Review} */ (app.review)
  const open = review.open
  const hidden = review.findings.filter((finding) => review.hides(finding)).length
  byId("review-counter").textContent = open.length
    ? say("To decide: {open}. Blacked out: {hidden}.", { open: number(open.length), hidden: number(hidden) })
    : say("All is decided. Blacked out: {hidden}.", { hidden: number(hidden) })
  byId("review-undo").disabled = !review.canUndo
  byId("review-open").replaceChildren(...(open.length ? [element("ol", { class: "cards" }, card(app, open[0]))] : []))
  byId("review-texts").replaceChildren(...[...review.texts.keys()].flatMap((path) => textOf(app, path)))
  byId("review-all").replaceChildren(...review.findings.map((finding) => line(app, finding)))
  showFacts(byId("review-facts"), factsOf(app))
  showHelps(app)
  app.changed()
}

// One doubtful place

/** @param {App} app @param {Finding} finding */
function card(app, finding) {
  const review = /** @type {Review} */ (app.review)
  const made = copyOf("finding-card")
  const alike = review.alike(finding).filter((one) => !review.decisions.has(one.id))
  const text = review.texts.get(finding.path) ?? ""
  const quote = /** @type {HTMLElement} */ (made.querySelector(".finding-quote"))
  quote.append(`…${text.slice(Math.max(0, finding.start - 60), finding.start)}`, element("mark", {}, review.quote(finding)), `${text.slice(finding.end, finding.end + 60)}…`)
  const reason = /** @type {HTMLElement} */ (made.querySelector(".finding-reason"))
  reason.textContent = say(finding.reason)
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (made.querySelectorAll("[data-do]"))) {
    const act = button.dataset.do ?? ""
    if (act.endsWith("alike")) {
      button.hidden = alike.length < 2
      button.textContent = say(act.startsWith("hide") ? ALIKE.hide : ALIKE.keep, { count: number(alike.length) })
    }
    button.addEventListener("click", () => decide(app, finding, act, alike, made))
  }
  offerCoarser(made, finding)
  return made
}

const ALIKE = { hide: N_("Black out all {count} like it"), keep: N_("Leave all {count}") }

/** @param {App} app @param {Finding} finding @param {string} act @param {Finding[]} alike @param {HTMLElement} made */
async function decide(app, finding, act, alike, made) {
  const review = /** @type {Review} */ (app.review)
  if (act === "reword") {
    const words = /** @type {HTMLInputElement} */ (made.querySelector("[data-coarser] input")).value.trim()
    if (words && reword(app, finding, review, words)) await begin(app)
  } else {
    review.decide(act.endsWith("alike") ? alike : [finding], act.startsWith("hide") ? "hide" : "keep")
    draw(app)
  }
  /** @type {HTMLElement} */
  const next = document.querySelector("#review-open [data-do]") ?? byId("review-counter")
  next.focus()
}

// Said less exactly

/** What could stand in the place of what tells too much, by the reason why it was found. @type {Map<string, string>} */
const COARSER = new Map([
  [TABLE.reasons.only_one, N_("a worker")],
  [TABLE.reasons.task, N_("a person with a task")],
  [TABLE.reasons.position, N_("a person on the list")],
  [TABLE.reasons.seniority, N_("for some years")],
  [TABLE.reasons.family, N_("somebody of the family")],
  [TABLE.reasons.shift, N_("in the plant")],
  [TABLE.reasons.body, N_("for a personal reason")],
  [TABLE.reasons.quasi_identifier, N_("a worker")],
])

/** @param {HTMLElement} made @param {Finding} finding */
function offerCoarser(made, finding) {
  const offer = COARSER.get(finding.reason)
  const frame = /** @type {HTMLElement} */ (made.querySelector("[data-coarser]"))
  frame.hidden = offer === undefined
  const input = /** @type {HTMLInputElement} */ (frame.querySelector("input"))
  input.id = `coarser-${finding.path}-${finding.start}`
  frame.querySelector("label")?.setAttribute("for", input.id)
  if (offer) input.value = say(offer)
}

/** Write something less exact in the person's own text. @param {App} app @param {Finding} finding @param {Review} review @param {string} words @returns {boolean} */
function reword(app, finding, review, words) {
  const text = review.texts.get(finding.path) ?? ""
  const changed = text.slice(0, finding.start) + words + text.slice(finding.end)
  const title = /^evidence\[(\d+)\]\.title$/.exec(finding.path)
  if (finding.path === "facts.narrative") app.answers.story.narrative = changed
  else if (title) app.answers.evidence[Number(title[1])].title = changed
  else return false
  app.refill()
  return true
}

// The whole text

/** @param {string} path @returns {string} what a text is called */
function nameOf(path) {
  const place = /^evidence\[(\d+)\]/.exec(path)
  return place ? say("Title of file {number}", { number: number(Number(place[1]) + 1) }) : say("What happened")
}

/** @param {App} app @param {string} path */
function textOf(app, path) {
  const review = /** @type {Review} */ (app.review)
  const shown = element("p", { class: "as-read" })
  let start = 0
  for (const piece of review.pieces(path)) {
    shown.append(drawn(review, piece, path, start))
    start += piece.text.length
  }
  return [element("h3", {}, nameOf(path)), shown]
}

/** @param {Review} review @param {{ text: string, finding: Finding | null, hidden: boolean }} piece @param {string} path @param {number} start */
function drawn(review, { text, finding, hidden }, path, start) {
  if (finding && hidden) return element("span", { class: "redacted" }, review.labelOf(finding))
  const node = document.createTextNode(text)
  places.set(node, { path, start })
  if (!finding) return node
  const decided = review.decisions.has(finding.id)
  return element("mark", { class: decided ? "kept" : "doubtful" }, node)
}

/** @returns {{ path: string, start: number, end: number } | null} what a person selected inside one text */
function selection() {
  const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : null
  if (!range || range.collapsed) return null
  const [from, to] = [places.get(range.startContainer), places.get(range.endContainer)]
  if (!from || !to || from.path !== to.path) return null
  return { path: from.path, start: from.start + range.startOffset, end: to.start + range.endOffset }
}

/** @param {App} app */
function addWords(app) {
  const field = byId("review-more")
  const found = field.value.trim() ? app.review?.addEverywhere(field.value.trim()) : 0
  if (found) field.value = ""
  draw(app)
  byId("review-counter").textContent += ` ${found ? "" : say("That word stands nowhere in the text.")}`
}

// Everything that was found

/** @param {App} app @param {Finding} finding */
function line(app, finding) {
  const review = /** @type {Review} */ (app.review)
  const decision = review.decisions.get(finding.id)
  const state = review.hides(finding) ? say("blacked out") : decision ? say("stays") : say("to decide")
  const reason = finding.byHand ? say("You chose it.") : say(finding.reason)
  const made = element("li", {}, element("q", {}, review.quote(finding)), ` · ${state}. `, element("span", { class: "soft" }, reason), " ")
  if (finding.byHand || decision) {
    const button = element("button", { type: "button", class: "linkish" }, finding.byHand ? say("Take back") : say("Decide again"))
    button.addEventListener("click", () => {
      if (finding.byHand) review.remove(finding)
      else review.forget(finding)
      draw(app)
    })
    made.append(button)
  }
  return made
}

// The rest

/** @param {App} app @returns {[string, string][]} */
function factsOf({ answers }) {
  const { place, story, unions, who } = answers
  const shownName = who.kind === "organization" ? who.organization.name : who.kind === "person" ? say("A person, without a name") : say("Nobody is named")
  return [
    [say("Workplace"), [place.name, place.municipality, place.state].filter(Boolean).join(", ")],
    [say("Address"), place.address],
    [say("What they did"), answers.denials.map((code) => optionText("denials", code)).join("; ")],
    [say("What is asked for"), answers.remedies.map((code) => optionText("remedies", code)).join("; ")],
    [say("Since"), story.since],
    [say("Union that holds the contract"), unions.incumbent],
    [say("Who files"), shownName],
    [say("Witnesses"), number(answers.witnesses.length)],
    [say("Files"), number(answers.evidence.length)],
  ]
}

/** @param {string} list @param {string} code @returns {string} the words of a choice, as the page says them */
function optionText(list, code) {
  return document.querySelector(`[data-list="${list}"][value="${code}"] + span`)?.textContent ?? code
}

/** @param {App} app */
function showHelps({ answers }) {
  const { place, who } = answers
  const contact = who.kind === "organization" && (who.organization.email || who.organization.phone)
  /** @type {[boolean, string, string][]} */
  const helps = [
    [!answers.denials.length, "what", say("Say what they did.")],
    [!answers.story.since, "story", say("Say since when.")],
    [!answers.evidence.length, "evidence", say("Add a photo or a paper.")],
    [!answers.witnesses.length, "witnesses", say("Add who saw it.")],
    [!place.sector, "place", say("Say what is done at the workplace.")],
    [!place.sells, "place", say("Say whether it sells to the United States or Canada.")],
    [!contact, "who", say("Give an address for questions, of an organization.")],
  ]
  const items = helps.filter(([wanted]) => wanted).map(([, step, text]) => element("li", {}, wayTo(step, text)))
  byId("review-helps").replaceChildren(...(items.length ? items : [element("li", {}, say("Nothing. It is complete."))]))
}

/** @param {string} step @param {string} text */
function wayTo(step, text) {
  const button = element("button", { type: "button", class: "linkish" }, text)
  button.addEventListener("click", () => void goTo(step))
  return button
}

// Going on

/** What a petition needs at least, in words. @type {Record<string, string>} */
const NEEDED = {
  "place.name": N_("The name of the company is missing."),
  "place.municipality": N_("The municipality is missing."),
  "place.state": N_("The state is missing."),
  "story.narrative": N_("What happened is missing."),
}

/** @param {App} app @returns {boolean} */
function mayGoOut(app) {
  const review = /** @type {Review} */ (app.review)
  const lacking = missing(app.answers).map((name) => wayTo(name.split(".")[0], say(NEEDED[name])))
  const problems = lacking.length ? lacking : settled(app, review)
  const frame = /** @type {HTMLElement} */ (document.querySelector("#review [data-problems]"))
  frame.hidden = !problems.length
  frame.querySelector("ul")?.replaceChildren(...problems.map((problem) => element("li", {}, problem)))
  if (problems.length) frame.scrollIntoView()
  return !problems.length
}

/** @param {App} app @param {Review} review @returns {string[]} what stands against it */
function settled(app, review) {
  try {
    app.settled = review.settle()
    return []
  } catch (error) {
    if (!(error instanceof ReviewError)) return [say("The text is too long.")]
    if (error.code === "open") return [say("Places are still open: {count}. Decide each one.", { count: number(review.open.length) })]
    return [say("Something protected would still show in “{place}”. Black it out by hand.", { place: placeOf(error.path) })]
  }
}

/** @param {string} path @returns {string} */
function placeOf(path) {
  return path.startsWith("facts") || path.startsWith("evidence") ? nameOf(path) : path
}

// The question at its place, before the story is left

/** What was asked already: a person may go on without an answer. @type {Set<string>} */ const asked = new Set()

/** @param {App} app */
export function setUpStoryCheck(app) {
  onContinue("story", async () => {
    const review = await tellingOf(app).catch(() => null)
    // Without the engine nobody is held up: the review asks again.
    return !review || !askAll(app, review)
  })
}

/** @param {App} app @returns {Promise<Review>} */
async function tellingOf(app) {
  return new Review(petitionOf(app.answers, language()), language(), await app.engine(), app.random)
}

/** @param {App} app @param {Review} review @returns {boolean} whether something was asked that was not asked before */
function askAll(app, review) {
  const place = byId("story-check")
  const telling = review.open.filter((finding) => finding.path === "facts.narrative" && COARSER.has(finding.reason))
  const fresh = telling.filter((finding) => !asked.has(review.quote(finding)))
  for (const finding of fresh) asked.add(review.quote(finding))
  place.hidden = !telling.length
  place.replaceChildren(
    element("p", {}, element("strong", {}, say("Could your boss tell who it is?"))),
    ...telling.map((one) => question(app, review, one)),
    element("p", { class: "small" }, say("Change it, or press Continue once more and decide later.")),
  )
  if (fresh.length) place.focus()
  return fresh.length > 0
}

/** @param {App} app @param {Review} review @param {Finding} finding */
function question(app, review, finding) {
  const words = say(COARSER.get(finding.reason) ?? "")
  const button = element("button", { type: "button", class: "linkish" }, say("Write “{words}” instead", { words }))
  button.addEventListener("click", async () => {
    reword(app, finding, review, words)
    app.changed()
    askAll(app, await tellingOf(app))
    byId("f-story-narrative").focus()
  })
  return element("p", {}, element("q", {}, review.quote(finding)), " ", button)
}
