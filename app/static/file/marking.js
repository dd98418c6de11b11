// @ts-check
/**
 * One place of a text and what can be said of it: whom it means, that it stays, that it goes, or other words for it. The
 * same choices stand on the card of an open place and on the sheet of any mark that somebody touches.
 */
import { MOST_SHOWN, calledAlike, isOfBoss } from "./called.js"
import { byId, copyOf, element } from "./dom.js"
import { otherOf, wholeName } from "./review.js"
import { TABLE } from "./table.js"
import { wordingFor } from "./wordings.js"
import { number, say } from "./words.js"

/** @typedef {import("./review.js").Finding} Finding */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./review.js").Decision} Decision */
/** @typedef {{ decision: Decision | "forget" | "remove", text: string }} Choice */
/**
 * What happens with what somebody chose.
 * @typedef {object} Acts
 * @property {(findings: Finding[], decision: Choice["decision"]) => void} decide
 * @property {(changes: [Finding, string][]) => void} reword places of one text, each with its new words
 */

const AROUND = 32 // characters of the text shown at each side of a place
const AROUND_EACH = 18 // where several are decided together, each of them is in view above the choices
const MOST_NAMED = 3 // people offered by name on a card; the sheet offers all

/** What is better said less exactly than blacked out: of a day the month stays, and of what was done that it was done. */
const LESS_EXACT = ["day", "dismissed"]

/** The key of a reason, by its words. */
const KEYS = new Map(Object.entries(TABLE.reasons).map(([key, words]) => [words, key]))

/** @param {Review} review @param {Finding} finding @returns {string | undefined} less exact words, "" where none fit; undefined where none are offered */
export function coarser(review, finding) {
  return wordingFor(KEYS.get(finding.reason) ?? "", review.quote(finding))
}

/** @typedef {{ text: string, label: boolean }} Stretch of a text as it would be read */

/**
 * @param {Review} review @param {Finding} finding @param {string | Node} inside @param {number} [around] characters at each side
 * @returns {(string | Node)[]} a place as the office would read it: what is blacked out around it stays so
 */
function asRead(review, { path, start, end }, inside, around = AROUND) {
  /** @type {[Stretch[], Stretch[]]} */ const [before, after] = [[], []]
  let at = 0
  for (const { text, finding, hidden } of review.pieces(path)) {
    const shown = finding && hidden ? { text: review.labelOf(finding), label: true } : { text, label: false }
    if (at + text.length <= start) before.unshift(shown)
    else if (at >= end) after.push(shown)
    at += text.length
  }
  return [...nearest(before, around, lastWords).reverse(), inside, ...nearest(after, around, firstWords)]
}

// No word is cut.
/** @param {string} text @param {number} size characters at most */
const lastWords = (text, size) => (text.length > size ? (/^\S*\s+(?=\S)(.*)$/su.exec(text.slice(-size - 1))?.[1] ?? "") : text)
/** @param {string} text @param {number} size characters at most */
const firstWords = (text, size) => (text.length > size ? (/^(.*\S)\s/su.exec(text.slice(0, size + 1))?.[1] ?? "") : text)

/** @param {Stretch[]} stretches nearest first @param {number} size @param {(text: string, left: number) => string} cut @returns {(string | Node)[]} so much of them; a label is whole, or it would look like a word */
function nearest(stretches, size, cut) {
  /** @type {(string | Node)[]} */ const found = []
  let left = size
  for (const { text, label } of stretches) {
    if (left <= 0) return [...found, "…"]
    found.push(label ? element("span", { class: "redacted" }, text) : cut(text, left))
    if (!label && text.length > left) return [...found, "…"]
    left -= text.length
  }
  return found
}

/**
 * The place, the question, and the choices.
 * @param {Review} review @param {Finding} finding @param {Acts} acts @param {boolean} all whether every choice is offered
 * @returns {HTMLElement}
 */
export function decision(review, finding, acts, all) {
  const made = copyOf("finding-parts")
  const days = all ? [] : daysAlike(review, finding)
  const called = all ? [] : days.length ? days : calledAlike(review, finding)
  const quotes = (called.length ? called : [finding]).map((one) => element("p", { class: "finding-quote" }, ...asRead(review, one, element("mark", {}, review.quote(one)), called.length ? AROUND_EACH : AROUND)))
  const yours = all || review.canUndo ? [] : [element("p", { class: "small soft" }, say("Only you see what is marked."))]
  made.querySelector(".finding-quote")?.replaceWith(...quotes, ...yours)
  const reason = /** @type {HTMLElement} */ (made.querySelector(".finding-reason"))
  reason.textContent = finding.byHand ? say("You chose it.") : questionOf(review, finding)
  const alike = called.length ? called : review.alike(finding).filter((one) => all || (one.open && !review.decisions.has(one.id)))
  const together = offerAlike(made, alike, namesOf(review, alike), called.length > 0 || finding.label !== "PERSON")
  // Whoever decides one alone sees which.
  together.addEventListener("change", () => quotes.forEach((quote, at) => quote.classList.toggle("soft", called.length > 0 && !together.checked && called[at] !== finding)))
  const place = /** @type {HTMLElement} */ (made.querySelector(".finding-choices"))
  const choices = all ? everyChoice(review, finding) : fewChoices(review, finding)
  const chosen = (/** @type {Choice["decision"]} */ one) => acts.decide(together.checked ? alike : [finding], one)
  // Where people are offered, no choice is louder than another: a hurried thumb would make the boss a witness.
  // So it is with whoever is accused: the office needs that name.
  // And with what was done to a witness: blacked out by habit, nothing is left of the case.
  const loud = !choices.some((choice) => choice.decision.startsWith("is:")) && !isOfBoss(review, finding) && KEYS.get(finding.reason) !== "dismissed"
  const first = all ? [] : lessExact(review, finding, () => (together.checked && days.length ? days : [finding]), acts)
  place.replaceChildren(...first, ...choices.map((choice, at) => button(review, finding, choice, { at, loud: loud && !at && !first.length, place }, chosen)))
  if (first.length && KEYS.get(finding.reason) === "dismissed") place.before(element("p", { class: "small" }, say("If you black it out, the office cannot see what was done. Said less exactly, it can.")))
  if (all && !review.mayStay(finding) && !finding.byHand) place.after(element("p", { class: "hint" }, never(finding)))
  offerCoarser(/** @type {HTMLElement} */ (made.querySelector("[data-coarser]")), review, finding, (words) => acts.reword([[finding, words]]))
  return made
}

/**
 * The less exact words as the first choice, in one press. @param {Review} review @param {Finding} finding
 * @param {() => Finding[]} which are meant @param {Acts} acts @returns {HTMLElement[]}
 */
function lessExact(review, finding, which, acts) {
  const words = LESS_EXACT.includes(KEYS.get(finding.reason) ?? "") && coarser(review, finding)
  if (!words) return []
  const made = element("button", { type: "button", class: "button", "data-do": "coarser" }, say("Write “{words}”", { words }))
  made.addEventListener("click", ({ detail }) => {
    if (detail < 2) acts.reword(which().map((one) => [one, coarser(review, one) || words]))
  })
  return [made]
}

/** @param {Review} review @param {Finding} finding @returns {Finding[]} the open days of one text, where there are several: they are one question */
function daysAlike(review, { path, reason }) {
  const found = KEYS.get(reason) === "day" ? review.open.filter((one) => one.path === path && one.reason === reason && coarser(review, one)) : []
  return found.length > 1 ? found.slice(0, MOST_SHOWN) : []
}

/** @param {Review} review @param {Finding} finding @returns {string} what is asked, with the name of whom it may mean */
function questionOf(review, finding) {
  const [only, ...more] = review.candidates(finding)
  if (!only && isOfBoss(review, finding)) return say("Is it who did it? Then you can leave it.")
  if (!finding.open || !only) return say(finding.reason)
  return more.length ? say("Whom does it mean?") : say("Is this {name}, or somebody else?", { name: wholeName(only) })
}

/** @param {Finding} finding @returns {string} why it never stays readable */
function never(finding) {
  return finding.label === "PERSON" ? say("It cannot stay readable: it tells who somebody on your list is.") : say("It cannot stay readable: such a number never leaves this device.")
}

/** @param {Review} review @param {Finding[]} places @returns {string[]} what one person is called there, each once */
const namesOf = (review, places) => [...new Map(places.filter(({ label }) => label === "PERSON").map((one) => [review.quote(one).toLowerCase(), review.quote(one)])).values()]

/** @param {HTMLElement} made @param {Finding[]} alike @param {string[]} names @param {boolean} together whether they are one decision, unless somebody says otherwise @returns {HTMLInputElement} whether all alike are meant */
function offerAlike(made, alike, names, together) {
  const frame = /** @type {HTMLElement} */ (made.querySelector(".finding-alike"))
  const box = /** @type {HTMLInputElement} */ (frame.querySelector("input"))
  frame.hidden = alike.length < 2
  // Two people may have one name: there each place is looked at, unless somebody says otherwise.
  box.checked = alike.length > 1 && together
  const count = number(alike.length)
  frame.querySelector("span")?.append(names.length > 1 ? say("All {count} places: {names}", { count, names: names.join(", ") }) : say("All {count} places", { count }))
  return box
}

/**
 * @param {Review} review @param {Finding} finding @param {Choice} choice
 * @param {{ at: number, loud: boolean, place: HTMLElement }} spot where it stands among the choices, and their place
 * @param {(decision: Choice["decision"]) => void} chosen
 */
function button(review, finding, choice, { at, loud, place }, chosen) {
  const stays = choice.decision === "keep"
  const made = element("button", { type: "button", class: loud ? "button" : "button button-quiet", "data-do": at && !stays ? choice.decision : stays ? "keep" : "hide" }, choice.text)
  made.addEventListener("click", ({ detail }) => {
    // The second press of a double one would fall on the next place's button, and decide it unseen.
    if (detail > 1) return
    if (stays && tellsOf(review, finding).length) askOnceMore(review, finding, place, () => chosen("keep"))
    else chosen(choice.decision)
  })
  return made
}

/** @param {Review} review @param {Finding} finding @returns {string[]} the known people whose name would be read */
const tellsOf = (review, finding) => (finding.mark ? review.candidates(finding).map(wholeName) : [])

/** Say what would be read, before a known person's name stays. @param {Review} review @param {Finding} finding @param {HTMLElement} place @param {() => void} sure */
function askOnceMore(review, finding, place, sure) {
  const before = [...place.childNodes]
  const no = element("button", { type: "button", class: "button" }, say("No, go back"))
  const yes = element("button", { type: "button", class: "button button-quiet", "data-do": "sure" }, say("Yes, it may be read"))
  const shown = element("p", { class: "finding-quote" }, ...asRead(review, finding, element("mark", {}, review.quote(finding))))
  const said = element("p", {}, say("It is part of a name on your list: {names}. The office would read:", { names: tellsOf(review, finding).join(", ") }))
  place.replaceChildren(element("div", { class: "alarm", role: "alert" }, said, shown), no, yes)
  no.addEventListener("click", () => {
    place.replaceChildren(...before)
    place.querySelector("button")?.focus()
  })
  yes.addEventListener("click", sure)
  no.focus()
}

// What can be chosen

/** @param {Review} review @param {Finding} finding @returns {Choice[]} on a card: what settles an open place with one press */
function fewChoices(review, finding) {
  const named = review.candidates(finding).slice(0, MOST_NAMED)
  if (!named.length) return [{ decision: "hide", text: say("Black out") }, { decision: "keep", text: say("Leave it") }]
  return [...named.map(isPerson), ...others(review), another(review), { decision: "keep", text: say("Not on my list: let it be read") }]
}

/** @param {Review} review @param {Finding} finding @returns {Choice[]} on the sheet: everything, but what holds already */
function everyChoice(review, finding) {
  if (finding.byHand) return [{ decision: "remove", text: say("Do not black it out") }]
  const said = review.decisions.get(finding.id)
  const named = review.candidates(finding)
  const rest = review.people.filter((person) => !named.includes(person))
  // What only one person is or does may be somebody who is named elsewhere in the text: then both are called the same.
  const told = finding.kind === "quasi_identifier" ? rest.map(isPerson) : []
  /** @type {Choice[]} */ const of = finding.label === "PERSON" ? [...[...named, ...rest].map(isPerson), ...others(review), another(review)] : told
  const stays = /** @type {Choice[]} */ (review.mayStay(finding) ? [{ decision: "keep", text: finding.label === "PERSON" && of.length ? say("Not on my list: let it be read") : say("Leave it") }] : [])
  const again = /** @type {Choice[]} */ (said ? [{ decision: "forget", text: finding.open ? say("Decide again") : say("As it was found") }] : [])
  const detail = /** @type {Choice} */ ({ decision: "detail", text: say("Black it out without saying who or what") })
  const shown = review.hides(finding) ? review.labelOf(finding) : ""
  const free = [...of, ...plain(finding), detail, ...stays].filter((choice) => choice.decision !== said && !(shown && labelAfter(review, finding, choice) === shown))
  return [...free, ...again]
}

/** @param {Finding} finding @returns {Choice[]} */
const plain = (finding) => (finding.label !== "PERSON" && finding.open ? [{ decision: "hide", text: say("Black out") }] : [])

/** @param {Review} review @param {Finding} finding @param {Choice} choice @returns {string} what would stand there, if it is hidden */
function labelAfter(review, finding, { decision: one }) {
  return one === "keep" || one === "forget" || one === "remove" ? "" : review.labelOf(finding, one)
}

/** @param {import("./people.js").KnownIdentity} person @returns {Choice} */
const isPerson = (person) => ({ decision: `is:${wholeName(person)}`, text: say("It is {name}", { name: wholeName(person) }) })

/** @param {Review} review @returns {Choice[]} those who have a number already */
function others(review) {
  return [...review.others()].map(([one, quote]) => ({ decision: `other:${one}`, text: say("The same other person as “{words}”", { words: quote }) }))
}

/** @param {Review} review @returns {Choice} */
function another(review) {
  const next = Math.max(0, ...[...review.decisions.values()].map(otherOf)) + 1
  return { decision: `other:${next}`, text: say("It is another person") }
}

// Less exact words

/**
 * Offer other words for a place, to be changed before they are taken, and show how it reads before and after.
 * @param {HTMLElement} frame @param {Review} review @param {Finding} finding @param {(words: string) => void} take
 */
export function offerCoarser(frame, review, finding, take) {
  const offer = coarser(review, finding)
  frame.hidden = offer === undefined
  const input = /** @type {HTMLInputElement} */ (frame.querySelector("input"))
  const read = /** @type {HTMLElement} */ (frame.querySelector(".coarser-read"))
  input.id = `coarser-${finding.path}-${finding.start}-${frame.closest("dialog") ? "sheet" : "card"}`
  frame.querySelector("label")?.setAttribute("for", input.id)
  if (offer === undefined) return
  input.value = offer
  const show = () => read.replaceChildren(element("span", { class: "soft" }, say("It would read: ")), ...asRead(review, finding, element("mark", {}, input.value.trim())))
  input.addEventListener("input", show)
  show()
  frame.querySelector("button")?.addEventListener("click", ({ detail }) => {
    if (detail < 2 && input.value.trim()) take(input.value.trim())
  })
}

// The sheet

/** Show what can be said of any mark. @param {Review} review @param {Finding} finding @param {Acts} acts @param {() => void} closed where the focus goes */
export function openSheet(review, finding, acts, closed) {
  const sheet = /** @type {HTMLDialogElement} */ (byId("mark-sheet"))
  const shut = () => sheet.close()
  byId("mark-close").onclick = shut
  const within = {
    decide: (/** @type {Finding[]} */ findings, /** @type {Choice["decision"]} */ one) => (shut(), acts.decide(findings, one)),
    reword: (/** @type {[Finding, string][]} */ changes) => (shut(), acts.reword(changes)),
  }
  const title = byId("mark-title")
  title.textContent = review.hides(finding) ? say("It reads {label}", { label: review.labelOf(finding) }) : say("It reads “{words}”", { words: review.quote(finding) })
  const label = review.hides(finding) ? review.labelOf(finding) : ""
  const person = review.people.find(({ id }) => label && review.labels[id] === label)
  const meant = person ? [element("p", { class: "envelope" }, say("{label} is {name}. Only you see this.", { label, name: wholeName(person) }))] : []
  byId("mark-body").replaceChildren(...meant, decision(review, finding, within, true))
  sheet.addEventListener("close", closed, { once: true })
  sheet.showModal()
  title.focus()
}
