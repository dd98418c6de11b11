// @ts-check
/**
 * What the office will read, on the screen: each text as it would be read, every mark to be touched and changed, each
 * doubtful place one by one with its question, all of them in a list, places added by selecting, and steps back. The
 * page for it is parts/review.html; what can be said of a place is in marking.js.
 */
import { byId, drawnLater, element } from "./dom.js"
import { decision, openSheet } from "./marking.js"
import { ReviewError } from "./review.js"
import { number, say } from "./words.js"

/** @typedef {import("./review.js").Finding} Finding */
/** @typedef {import("./review.js").Review} Review */
/**
 * What a page lends to the board.
 * @typedef {object} Lent
 * @property {() => Review | null} review what is looked at
 * @property {(path: string) => string} nameOf what a text is called
 * @property {(path: string, text: string) => Promise<boolean>} rewrite write another text at a path and read it anew;
 *   false where that text is not to be changed here
 * @property {(review: Review) => void} put an earlier review back
 * @property {(finding: Finding) => HTMLElement} [wayToWriting] a button that leads to where a person wrote it
 * @property {() => HTMLElement} [wayToStory] a button that leads to where all of it is written
 * @property {(path: string) => boolean} [plain] whether a text is only words of this page: nothing in it is to be looked at
 * @property {() => number} [waiting] what else is to be decided, outside the texts
 * @property {{ canUndo: () => boolean, undo: () => Promise<boolean> }} [elsewhere] what was decided last, if it was decided there
 * @property {() => void} drawn after every change
 */

/** Where each text of the page begins in its text of the petition. @type {WeakMap<Node, { path: string, start: number }>} */
const places = new WeakMap()
/** @type {{ path: string, start: number, end: number } | null} */ let selected = null
/** What stands on the screen of which review: the paragraphs of each text as they were drawn last. @type {{ review: Review | null, texts: Map<string, { frame: HTMLElement, drawn: { key: string, shown: HTMLElement }[] }> }} */
const onScreen = { review: null, texts: new Map() }
const AT_ONCE = 25 // paragraphs: a slow phone's page hangs no longer for them than a press may
const drawRest = drawnLater()
/** Which of the open places is on the card. */ let turn = 0
/** Where somebody was before they looked at a place. @type {{ scroll: number, way: string } | null} */ let left = null

/** Whether the choices of the open place can be touched: between the bar above and the bar below. */ let touching = false
const BARS = "-64px 0px -64px 0px"
const watch = new IntersectionObserver((seen) => {
  touching = seen.at(-1)?.isIntersecting ?? false
  byId("review-next").textContent = touching ? say("Next") : say("Decide")
  byId("review-next").classList.toggle("button-quiet", touching)
}, { rootMargin: BARS, threshold: 1 })

/** @param {Lent} lent */
export function setUpBoard(lent) {
  byId("review-undo").addEventListener("click", () => void undo(lent))
  byId("review-add").addEventListener("click", () => addWords(lent))
  byId("review-next").addEventListener("click", () => next(lent))
  byId("review-return").addEventListener("click", goBack)
  byId("review-read").addEventListener("click", readAll)
  listFrame().addEventListener("toggle", () => drawList(lent))
  document.addEventListener("selectionchange", () => {
    selected = selection()
    byId("selection-bar").hidden = !selected
    byId("review-bar").hidden = selected !== null
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
  const open = review.open.sort((one, other) => danger(one) - danger(other))
  count(lent)
  byId("review-write").replaceChildren(...(lent.wayToStory ? [lent.wayToStory()] : []))
  byId("review-next").hidden = !open.length
  turn = open.length ? turn % open.length : 0
  byId("review-open").replaceChildren(...(open.length ? [element("ol", { class: "cards" }, card(lent, review, open))] : []))
  watch.disconnect()
  const choice = document.querySelector("#review-open .finding-choices button")
  if (choice) watch.observe(choice)
  // Who decides on the card waits for the next card, not for the text.
  if (onScreen.review === review) drawRest(() => lent.review() === review && drawTexts(lent, review))
  else drawTexts(lent, review)
  drawList(lent)
  lent.drawn()
}

/** Say how much is to be decided, in texts and in copies. @param {Lent} lent */
export function count(lent) {
  const review = lent.review()
  if (!review) return
  const open = review.open.length + (lent.waiting?.() ?? 0)
  byId("review-undo").disabled = !review.canUndo && !review.before && !lent.elsewhere?.canUndo()
  byId("review-closing").hidden = open > 0
  const hidden = review.findings.filter((finding) => review.hides(finding)).length
  const said = open ? say("To decide: {open}.", { open: number(open) }) : say("We found no more. Blacked out: {hidden}.", { hidden: number(hidden) })
  if (byId("review-counter").textContent !== said) byId("review-counter").textContent = said
}

/** What could tell who a known person is comes first, then what only one person is or does. @param {Finding} finding @returns {number} */
const danger = ({ mark, kind }) => (mark ? 0 : kind === "quasi_identifier" ? 1 : 2)

/** @param {Lent} lent */
async function undo(lent) {
  if (await lent.elsewhere?.undo()) return count(lent)
  const review = lent.review()
  const { before = null } = review ?? {}
  if (review?.canUndo) review.undo()
  else if (before && (await lent.rewrite(before.path, before.text))) lent.put(before.review)
  draw(lent)
  if (byId("review-undo").disabled) byId("review-counter").focus()
}

/** @param {Lent} lent @param {Review} review @param {unknown} error why it could not be settled @returns {string} */
export function against({ nameOf }, review, error) {
  if (!(error instanceof ReviewError)) return say("The text is too long.")
  if (error.code === "open") return say("Places are still open: {count}. Decide each one.", { count: number(review.open.length) })
  return say("Something protected would still show in “{place}”. Black it out by hand.", { place: nameOf(error.path) })
}

// One place after the other

/** @param {Lent} lent @param {Review} review @param {Finding[]} open */
function card(lent, review, open) {
  const finding = open[turn]
  const ways = element("div", {}, way(say("See it in the text"), `card:${finding.id}`, (made) => showPlace(lent, finding, made)))
  if (lent.wayToWriting) ways.append(lent.wayToWriting(finding))
  // In one's own story nobody must be told where they are.
  const where = finding.path.startsWith("facts") ? [] : [element("p", { class: "small soft" }, lent.nameOf(finding.path))]
  return element("li", { class: "card" }, ...where, decision(review, finding, acts(lent, review), false), element("details", { class: "finding-ways" }, element("summary", {}, say("More")), ways))
}

/** @param {string} text @param {string} name by which it is found again @param {(made: HTMLElement) => void} act */
function way(text, name, act) {
  const made = element("button", { type: "button", class: "linkish", "data-way": name }, text)
  made.addEventListener("click", () => act(made))
  return made
}

/** @param {Lent} lent @param {Review} review @returns {import("./marking.js").Acts} what the choices do */
function acts(lent, review) {
  return {
    decide: (findings, one) => {
      if (one === "forget") for (const finding of findings) review.forget(finding)
      else if (one === "remove") review.remove(findings[0])
      else review.decide(findings, one)
      draw(lent)
      toCard()
    },
    reword: (changes) => void reword(lent, review, changes),
  }
}

/** @param {Lent} lent @param {Review} review @param {[Finding, string][]} changes places of one text, each with its new words */
async function reword(lent, review, changes) {
  const [[{ path }]] = changes
  const text = review.texts.get(path) ?? ""
  const fromBehind = [...changes].sort(([one], [other]) => other.start - one.start)
  const changed = fromBehind.reduce((so, [{ start, end }, words]) => so.slice(0, start) + words + so.slice(end), text)
  if (await lent.rewrite(path, changed)) {
    const fresh = /** @type {Review} */ (lent.review())
    fresh.before = { review, path, text }
    draw(lent)
  }
  toCard()
}

/** Put the focus on the next choice, or on what everybody is asked when nothing is open. */
function toCard() {
  const last = byId(byId("review-closing").hidden ? "review-counter" : "review-question")
  /** @type {HTMLElement} */
  const there = document.querySelector("#review-open [data-do]") ?? last
  there.focus({ preventScroll: true })
  document.querySelector("#review-open .card, #review-closing:not([hidden])")?.scrollIntoView({ block: "nearest" })
  // A card may be longer than the screen.
  there.scrollIntoView({ block: "nearest" })
}

/** The next open place; if the choices of this one are out of sight, first these. @param {Lent} lent */
function next(lent) {
  if (touching) turn += 1
  draw(lent)
  toCard()
}

/** Show a place in its text, and offer the way back. @param {Lent} lent @param {Finding} finding @param {HTMLElement} from */
function showPlace(lent, finding, from) {
  left = { scroll: scrollY, way: from.dataset.way ?? "" }
  byId("review-return").hidden = false
  const review = lent.review()
  if (review && !markOf(finding)) drawTexts(lent, review, Infinity)
  const mark = markOf(finding)
  mark?.scrollIntoView({ block: "center" })
  mark?.focus({ preventScroll: true })
}

/** To the texts, where anything can be blacked out, and offer the way back. */
function readAll() {
  left = { scroll: scrollY, way: "closing" }
  byId("review-return").hidden = false
  byId("review-touch").focus({ preventScroll: true })
  byId("review-touch").scrollIntoView({ block: "start" })
}

/** Back to where somebody was. */
function goBack() {
  byId("review-return").hidden = true
  if (!left) return
  scrollTo(0, left.scroll)
  /** @type {HTMLElement} */
  const there = document.querySelector(`[data-way="${CSS.escape(left.way)}"]`) ?? byId("review-counter")
  there.closest("details")?.setAttribute("open", "")
  there.focus({ preventScroll: true })
  left = null
}

/** @param {Finding} finding @returns {HTMLElement | null} */
const markOf = (finding) => document.querySelector(`[data-finding="${CSS.escape(finding.id)}"]`)

// The whole text

/**
 * Only a paragraph in which something changed is drawn anew, and no more than a page stands at once: a petition may have
 * forty pages, and others work with it on an old phone.
 * @param {Lent} lent @param {Review} review @param {number} [most] paragraphs
 */
function drawTexts(lent, review, most = AT_ONCE) {
  if (onScreen.review !== review) {
    byId("review-texts").replaceChildren()
    Object.assign(onScreen, { review, texts: new Map() })
  }
  drawSome(lent, review, [...review.texts.keys()].filter((path) => !lent.plain?.(path)).flatMap((path) => changesIn(lent, review, path)), most)
}

/** @typedef {{ path: string, place: number, key: string, pieces: Placed[] }} Change a paragraph that reads otherwise now */

/** @param {Lent} lent @param {Review} review @param {string} path @returns {Change[]} */
function changesIn(lent, review, path) {
  const { drawn } = textOn(lent, path)
  const wanted = paragraphsOf(review, path)
  for (const gone of drawn.splice(wanted.length)) gone.shown.remove()
  return wanted.flatMap((pieces, place) => {
    const key = keyOf(review, pieces)
    return drawn[place]?.key === key ? [] : [{ path, place, key, pieces }]
  })
}

/** @param {Lent} lent @param {Review} review @param {Change[]} changes @param {number} most */
function drawSome(lent, review, changes, most) {
  for (const { path, place, key, pieces } of changes.slice(0, most)) {
    const { frame, drawn } = textOn(lent, path)
    const shown = element("p", { class: "stretch" }, ...pieces.map((piece) => drawnPiece(lent, review, piece, path)))
    if (drawn[place]) replace(drawn[place].shown, shown)
    else frame.append(shown)
    drawn[place] = { key, shown }
  }
  const left = changes.slice(most)
  drawRest(() => left.length && lent.review() === review && drawSome(lent, review, left, AT_ONCE))
}

/** Put a paragraph in the place of another; the focus stays on its mark. @param {HTMLElement} old @param {HTMLElement} shown */
function replace(old, shown) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null
  const mark = /** @type {HTMLElement | null} */ (focused)?.dataset.finding
  old.replaceWith(shown)
  if (!mark) return
  /** @type {HTMLElement} */
  const there = shown.querySelector(`[data-finding="${CSS.escape(mark)}"]`) ?? byId("review-counter")
  there.focus({ preventScroll: true })
}

/** @param {Lent} lent @param {string} path @returns {{ frame: HTMLElement, drawn: { key: string, shown: HTMLElement }[] }} where a text stands on the screen */
function textOn(lent, path) {
  const known = onScreen.texts.get(path)
  if (known) return known
  const fresh = { frame: element("div", { class: "as-read" }), drawn: [] }
  byId("review-texts").append(element("h2", {}, lent.nameOf(path)), fresh.frame)
  onScreen.texts.set(path, fresh)
  return fresh
}

/** @param {Review} review @param {Placed[]} pieces @returns {string} what tells a paragraph as it is from the same as it was */
function keyOf(review, pieces) {
  return JSON.stringify(pieces.map(({ text, start, finding, hidden }) => [start, hidden && finding ? review.labelOf(finding) : text, finding?.id, review.decisions.get(finding?.id ?? "")]))
}

/** @typedef {ReturnType<Review["pieces"]>[number] & { start: number }} Placed a piece, and where it begins in its text */

/** @param {Review} review @param {string} path @returns {Placed[][]} a text's pieces, paragraph by paragraph; a mark is never cut */
function paragraphsOf(review, path) {
  /** @type {Placed[][]} */ const found = [[]]
  let start = 0
  for (const piece of review.pieces(path)) {
    for (const text of piece.finding ? [piece.text] : piece.text.split(/(?<=\n\n)/)) {
      found.at(-1)?.push({ ...piece, text, start })
      start += text.length
      if (!piece.finding && text.endsWith("\n\n")) found.push([])
    }
  }
  return found.filter((paragraph) => paragraph.length)
}

/** @param {Lent} lent @param {Review} review @param {Placed} piece @param {string} path */
function drawnPiece(lent, review, { text, start, finding, hidden }, path) {
  if (finding && hidden) {
    const label = review.labelOf(finding)
    return touchable(lent, review, finding, element("span", { class: "redacted", "aria-label": say("{label}, blacked out: see why, or change it", { label }) }, label))
  }
  const node = document.createTextNode(text)
  places.set(node, { path, start })
  if (!finding) return node
  const decided = review.decisions.has(finding.id)
  return touchable(lent, review, finding, element("mark", { class: decided ? "kept" : "doubtful" }, node))
}

/** A mark that opens its sheet; its text can still be selected. @param {Lent} lent @param {Review} review @param {Finding} finding @param {HTMLElement} made */
function touchable(lent, review, finding, made) {
  for (const [name, value] of Object.entries({ role: "button", tabindex: "0", "aria-haspopup": "dialog", "data-finding": finding.id })) made.setAttribute(name, value)
  const open = () => sheet(lent, review, finding)
  made.addEventListener("click", () => void (getSelection()?.isCollapsed !== false && open()))
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    open()
  })
  return made
}

/** @param {Lent} lent @param {Review} review @param {Finding} finding */
function sheet(lent, review, finding) {
  const there = scrollY
  const shown = acts(lent, review)
  // Who changed a mark in the text goes on there, not at the card.
  const stay = { ...shown, decide: (/** @type {Finding[]} */ findings, /** @type {any} */ one) => (shown.decide(findings, one), back()) }
  const back = () => {
    scrollTo(0, there)
    ;(markOf(finding) ?? byId("review-counter")).focus({ preventScroll: true })
  }
  openSheet(review, finding, stay, back)
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

/** @returns {HTMLDetailsElement} */
const listFrame = () => /** @type {HTMLDetailsElement} */ (byId("review-all").closest("details"))

/** The list is long, and made for whoever opens it. @param {Lent} lent */
function drawList(lent) {
  const review = lent.review()
  if (review && listFrame().open) byId("review-all").replaceChildren(...grouped(review).map((findings) => line(lent, review, findings)))
}

/** @param {Review} review @returns {Finding[][]} what is equal, together: same words, same kind, same fate */
function grouped(review) {
  /** @type {Map<string, Finding[]>} */ const groups = new Map()
  for (const one of review.findings) {
    const key = JSON.stringify([one.kind, review.quote(one).toLowerCase(), stateOf(review, one)])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** @param {Review} review @param {Finding} finding @returns {string} */
function stateOf(review, finding) {
  if (review.hides(finding)) return say("reads {label}", { label: review.labelOf(finding) })
  return review.decisions.has(finding.id) ? say("stays") : say("to decide")
}

/** @param {Lent} lent @param {Review} review @param {Finding[]} findings alike */
function line(lent, review, findings) {
  const [finding] = findings
  const reason = finding.byHand ? say("You chose it.") : say(finding.reason)
  const times = findings.length > 1 ? ` × ${number(findings.length)}` : ""
  const see = way(say("See it"), `list:${finding.id}`, (made) => showPlace(lent, finding, made))
  const change = way(say("Change"), `change:${finding.id}`, () => sheet(lent, review, finding))
  for (const button of [see, change]) button.setAttribute("aria-label", `${button.textContent}: ${review.quote(finding)}`)
  return element("li", {}, element("q", {}, review.quote(finding)), `${times} · ${stateOf(review, finding)}. `, element("span", { class: "soft" }, reason), " ", see, " ", change)
}
