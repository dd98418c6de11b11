// @ts-check
/**
 * What the office will read, on the screen: each text as it would be read, each doubtful place one by one with its
 * reason, all of them in a list, places added by selecting, and steps back. The page for it is parts/review.html.
 */
import { byId, copyOf, element } from "./dom.js"
import { ReviewError } from "./review.js"
import { TABLE } from "./table.js"
import { N_, number, say } from "./words.js"

/** @typedef {import("./review.js").Finding} Finding */
/** @typedef {import("./review.js").Review} Review */
/**
 * What a page lends to the board.
 * @typedef {object} Lent
 * @property {() => Review | null} review what is looked at
 * @property {(path: string) => string} nameOf what a text is called
 * @property {(finding: Finding, words: string) => boolean | Promise<boolean>} reword write something less exact in the
 *   person's own text and read it anew; false where that text is not to be changed here
 * @property {() => void} drawn after every change
 */

/** Where each text of the page begins in its text of the petition. @type {WeakMap<Node, { path: string, start: number }>} */
const places = new WeakMap()
/** @type {{ path: string, start: number, end: number } | null} */ let selected = null
const ALIKE = { hide: N_("Black out all {count} like it"), keep: N_("Leave all {count}") }

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

/** @param {Finding} finding @returns {string | undefined} less exact words, where there are some */
export function coarser({ reason }) {
  const words = COARSER.get(reason)
  return words === undefined ? undefined : say(words)
}

/** @param {Lent} lent */
export function setUpBoard(lent) {
  byId("review-undo").addEventListener("click", () => {
    lent.review()?.undo()
    draw(lent)
  })
  byId("review-add").addEventListener("click", () => addWords(lent))
  document.addEventListener("selectionchange", () => {
    selected = selection()
    byId("selection-bar").hidden = !selected
  })
  // A press must not take the selection away before it is used.
  byId("selection-hide").addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault())
  byId("selection-hide").addEventListener("click", () => {
    if (selected) lent.review()?.add(selected.path, selected.start, selected.end)
    getSelection()?.removeAllRanges()
    draw(lent)
  })
}

/** @param {Lent} lent */
export function draw(lent) {
  const review = lent.review()
  if (!review) return
  const open = review.open
  const hidden = review.findings.filter((finding) => review.hides(finding)).length
  byId("review-counter").textContent = open.length
    ? say("To decide: {open}. Blacked out: {hidden}.", { open: number(open.length), hidden: number(hidden) })
    : say("All is decided. Blacked out: {hidden}.", { hidden: number(hidden) })
  byId("review-undo").disabled = !review.canUndo
  byId("review-open").replaceChildren(...(open.length ? [element("ol", { class: "cards" }, card(lent, review, open[0]))] : []))
  byId("review-texts").replaceChildren(...[...review.texts.keys()].flatMap((path) => textOf(lent, review, path)))
  byId("review-all").replaceChildren(...review.findings.map((finding) => line(lent, review, finding)))
  lent.drawn()
}

/** @param {Lent} lent @param {Review} review @param {unknown} error why it could not be settled @returns {string} */
export function against({ nameOf }, review, error) {
  if (!(error instanceof ReviewError)) return say("The text is too long.")
  if (error.code === "open") return say("Places are still open: {count}. Decide each one.", { count: number(review.open.length) })
  return say("Something protected would still show in “{place}”. Black it out by hand.", { place: nameOf(error.path) })
}

// One doubtful place

/** @param {Lent} lent @param {Review} review @param {Finding} finding */
function card(lent, review, finding) {
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
    button.addEventListener("click", () => decide(lent, review, { finding, act, alike, made }))
  }
  offerCoarser(made, finding)
  return made
}

/** @param {Lent} lent @param {Review} review @param {{ finding: Finding, act: string, alike: Finding[], made: HTMLElement }} how */
async function decide(lent, review, { finding, act, alike, made }) {
  if (act === "reword") {
    const words = /** @type {HTMLInputElement} */ (made.querySelector("[data-coarser] input")).value.trim()
    if (words) await lent.reword(finding, words)
  } else {
    review.decide(act.endsWith("alike") ? alike : [finding], act.startsWith("hide") ? "hide" : "keep")
    draw(lent)
  }
  /** @type {HTMLElement} */
  const next = document.querySelector("#review-open [data-do]") ?? byId("review-counter")
  next.focus()
}

/** @param {HTMLElement} made @param {Finding} finding */
function offerCoarser(made, finding) {
  const offer = coarser(finding)
  const frame = /** @type {HTMLElement} */ (made.querySelector("[data-coarser]"))
  frame.hidden = offer === undefined
  const input = /** @type {HTMLInputElement} */ (frame.querySelector("input"))
  input.id = `coarser-${finding.path}-${finding.start}`
  frame.querySelector("label")?.setAttribute("for", input.id)
  if (offer) input.value = offer
}

// The whole text

/** @param {Lent} lent @param {Review} review @param {string} path */
function textOf(lent, review, path) {
  const shown = element("p", { class: "as-read" })
  let start = 0
  for (const piece of review.pieces(path)) {
    shown.append(drawn(review, piece, path, start))
    start += piece.text.length
  }
  return [element("h3", {}, lent.nameOf(path)), shown]
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

/** @param {Lent} lent */
function addWords(lent) {
  const field = byId("review-more")
  const found = field.value.trim() ? lent.review()?.addEverywhere(field.value.trim()) : 0
  if (found) field.value = ""
  draw(lent)
  const nowhere = say("That word stands nowhere in the text.")
  if (!found) byId("review-counter").textContent += ` ${nowhere}`
}

// Everything that was found

/** @param {Lent} lent @param {Review} review @param {Finding} finding */
function line(lent, review, finding) {
  const decision = review.decisions.get(finding.id)
  const state = review.hides(finding) ? say("blacked out") : decision ? say("stays") : say("to decide")
  const reason = finding.byHand ? say("You chose it.") : say(finding.reason)
  const made = element("li", {}, element("q", {}, review.quote(finding)), ` · ${state}. `, element("span", { class: "soft" }, reason), " ")
  if (finding.byHand || decision) {
    const button = element("button", { type: "button", class: "linkish" }, finding.byHand ? say("Take back") : say("Decide again"))
    button.addEventListener("click", () => {
      if (finding.byHand) review.remove(finding)
      else review.forget(finding)
      draw(lent)
    })
    made.append(button)
  }
  return made
}
