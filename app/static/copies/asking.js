// @ts-check
/**
 * What was struck out of the text and can still be read in a copy, asked at the review: one card for each file. Covered
 * there, or said to be readable; open until somebody answers, and each answer can be taken back. A copy that stands at the
 * office and cannot be searched here is asked about too, for what is struck now: somebody looks at it again.
 */
import { byId, element, tell } from "../file/dom.js"
import { loadDesk } from "../file/evidence.js"
import { number, say } from "../file/words.js"
import { dropPage, keepPage, pageName } from "./kept.js"

/** @typedef {import("./kept.js").Item} Item */
/** @typedef {import("./carrying.js").Place} Place */
/** @typedef {import("./desk.js").App} Desk */
/**
 * A copy that goes out, or that the office has.
 * @typedef {object} Copy
 * @property {Item} item
 * @property {Desk} desk
 * @property {number} number of the file, where it has no title
 * @property {string} title
 * @property {(page: number) => HTMLElement} way a button that leads to a page at its desk
 * @property {() => Promise<() => void>} [covered] after a box was added to a copy that stood as it was; gives the way back
 * @property {boolean} [standing] whether the office has it as it is
 * @property {{text: string, black: {start: number, end: number}[]}} [written] what it says, where it is a text
 * @property {boolean} [foreign] whether nothing of its file can be read or drawn here
 * @property {() => () => void} [takeBack] out of the office's sight; gives the way back
 */
/**
 * Whose copies and whose text it is.
 * @typedef {object} Carrier
 * @property {() => import("../file/review.js").Review | null} review
 * @property {() => Promise<Copy[]>} copies rejects where one that must be searched cannot be had
 * @property {string[]} [struck] what else must not be read in them
 * @property {string[]} [before] what was struck in earlier texts of the case
 * @property {() => void} changed after the copies were searched, or an answer was given
 */
/** @typedef {{ copy: Copy, said: Place[], readable: Place[], silent: number[], unread: {phrase: string, keys: string[]}[] }} Question `readable`: what somebody said may be read; `unread`: what to look for where `silent` pages cannot be searched */
/** @typedef {{ review: import("../file/review.js").Review | null, steps: number, undo: () => Promise<void> | void }} Step */

const AROUND = { across: 300, down: 90 } // pixels of a sheet that are shown at each side of a covered word
const MOST_QUOTED = 4

/** @type {Carrier | null} */ let carrier = null
/** @type {Question[]} */ let open = []
/** Whether the last search came to no end. */ let failed = false
/** @type {Step[]} */ let done = []
let turn = 0
/** The search that was begun last. @type {Promise<void>} */ let looking = Promise.resolve()

/** @returns {number} how many files wait for an answer */
export const waitingCopies = () => open.length

/** Ask for a text that is read anew: nothing holds that was said of another. @param {Carrier | null} whose */
export function askFor(whose) {
  if (carrier !== whose) [open, failed, done] = [[], false, []]
  carrier = whose
  frame()?.querySelector("[data-covered]")?.replaceChildren()
  if (!whose) frame()?.querySelector("[data-asked]")?.replaceChildren()
}

/** Where the cards stand; nowhere once somebody left quickly. */
const frame = () => document.getElementById("review-carried")

/** Look again at what the copies say; of several looks the last one counts, and each ends when that one does. @returns {Promise<void>} */
export async function lookAtCopies() {
  looking = look(++turn)
  /** @type {Promise<void> | null} */ let awaited = null
  while (awaited !== looking) await (awaited = looking)
}

/** @param {number} mine */
async function look(mine) {
  const whose = carrier
  const found = whose && (await search(whose).catch(() => null))
  if (mine !== turn) return
  failed = !found
  if (!found || !whose) return
  open = found.filter(({ said, unread }) => said.length || unread.length)
  frame()?.querySelector("[data-asked]")?.replaceChildren(...open.map(card), ...readableShown(found))
  whose.changed()
}

/** @param {Carrier} whose @returns {Promise<Question[]>} */
async function search(whose) {
  const review = whose.review()
  // Whoever is known is found in a copy in every spelling, and covered there: a surname alone may be the company's too.
  const struck = review?.findings.filter((one) => review.hides(one) && !(one.mark && one.identity !== null)).map((one) => review.quote(one)) ?? []
  const now = [...new Set([...struck, ...(whose.struck ?? [])])]
  const all = [...new Set([...now, ...(whose.before ?? [])])]
  const copies = all.length ? await whose.copies() : []
  const found = []
  for (const copy of copies) found.push(await asked(copy, all, now, whose.before ?? []))
  return found
}

/** @param {Copy} copy @param {string[]} all @param {string[]} now struck @param {string[]} before @returns {Promise<Question>} */
async function asked(copy, all, now, before) {
  const { saidIn, saidInText, wordsStruck } = await loadDesk()
  const { desk, item, written, standing, foreign } = copy
  const nothing = { said: [], readable: [], silent: [0] }
  const found = written ? await saidInText(desk, item, written.text, written.black, all) : foreign ? nothing : await saidIn(desk, item, all)
  if (!standing || !found.silent.length) return { copy, ...found, unread: [] }
  // What was struck before, somebody had before their eyes when they looked at the copy, or it was asked then.
  const known = new Set([...(await wordsStruck(desk, before)).flatMap(({ keys }) => keys), ...(item.readable ?? [])])
  const unread = (await wordsStruck(desk, now)).filter(({ keys }) => keys.some((key) => !known.has(key)))
  return { copy, ...found, unread }
}

/** @returns {Promise<HTMLElement[]>} what stands against going on: a way to each card that waits */
export async function openCopies() {
  await lookAtCopies()
  if (failed) return [element("span", {}, say("The copies could not be searched for what you struck out. Try again."))]
  return open.map((one) => {
    const way = element("button", { type: "button", class: "linkish" }, one.said.length ? sentence(one, one.said) : unreadSentence(one))
    way.addEventListener("click", () => toCard(open.indexOf(one)))
    return way
  })
}

/** Bring a card into view, and its first choice to the keyboard. @param {number} [place] */
export function toCard(place = 0) {
  const there = /** @type {HTMLElement | undefined} */ (frame()?.querySelectorAll("[data-carried]")[place]?.querySelector("button") ?? undefined)
  there?.focus({ preventScroll: true })
  there?.closest(".card")?.scrollIntoView({ block: "center" })
}

// The card

/** @param {Question} question @param {Place[]} said */
function sentence({ copy: { title, number: place, written } }, said) {
  if (written) return say("The copy of “{title}” may still say {words}. It is a text: we looked in your file.", { title, words: quotedWords(said).join(", ") })
  const words = wordsOf(said).join(", ")
  return title ? say("The copy of “{title}” still says {words}.", { title, words }) : say("The copy of file {number} still says {words}.", { number: number(place), words })
}

/** What somebody looks for with their own eyes. @param {Question} question */
function unreadSentence({ copy: { title, foreign }, silent, unread }) {
  const words = unread.map(({ phrase }) => say("“{word}”", { word: phrase })).join(", ")
  if (foreign) return say("We cannot look into the copy of “{title}” here. Does it say any of this? {words}", { title, words })
  return say("The copy of “{title}” is a picture (page {pages}): we cannot search it. Does it say any of this? {words}", { title, words, pages: silent.map(number).join(", ") })
}

/** @param {Place[]} said @returns {string[]} each word once */
const quotedWords = (said) => [...new Set(said.map(({ word }) => say("“{word}”", { word })))]

/** @param {Place[]} said @returns {string[]} each word once, with its pages */
function wordsOf(said) {
  return [...new Set(said.map(({ word }) => word))].map((word) => {
    const pages = new Set(said.filter((one) => one.word === word).map(({ page }) => number(page)))
    return say("“{word}” (page {pages})", { word, pages: [...pages].join(", ") })
  })
}

/** @param {Question} question @param {number} place */
function card(question, place) {
  const { copy, said } = question
  if (!said.length) return lookCard(question, place)
  const wrong = element("p", { class: "wrong", role: "alert" })
  wrong.hidden = true
  const quotes = [...new Set(said.map(({ quote }) => quote))].slice(0, MOST_QUOTED)
  const covers = copy.written ? backOf(copy) : [choice(say("Cover it there"), "button", "cover", () => cover(copy, said, wrong))]
  const stays = choice(say("It may be read"), "button button-quiet", "readable", () => mayBeRead(copy, said))
  return element("div", { class: "card finding", "data-carried": String(place) },
    element("p", { class: "finding-reason" }, sentence(question, said)),
    element("p", { class: "small soft" }, say("You struck it out of your text.")),
    ...quotes.map((quote) => element("p", { class: "finding-quote" }, `…${quote}…`)),
    wrong,
    element("div", { class: "actions finding-choices" }, ...covers, stays),
    element("div", { class: "finding-ways" }, copy.way(said[0].page)))
}

/** Of a copy that nobody can search here. @param {Question} question @param {number} place */
function lookCard(question, place) {
  const { copy, silent, unread } = question
  const keys = unread.flatMap((one) => one.keys)
  const looks = copy.way(silent[0])
  ;(looks.querySelector("button") ?? looks).className = "button"
  const stays = choice(say("I looked: it may stay as it is"), "button button-quiet", "looked", () => mayStay(copy, keys))
  return element("div", { class: "card finding", "data-carried": String(place) },
    element("p", { class: "finding-reason" }, unreadSentence(question)),
    element("p", { class: "small soft" }, say("You struck it out of your text.")),
    element("div", { class: "actions finding-choices" }, looks, stays, ...backOf(copy)))
}

/** @param {Copy} copy @returns {HTMLElement[]} the way to let it be sealed again, where it can be drawn no other way */
function backOf({ written, foreign, takeBack }) {
  if (!takeBack || !(written || foreign)) return []
  const act = async () => {
    remember(takeBack())
    await lookAtCopies()
    byId("review-counter").focus({ preventScroll: true })
  }
  return [choice(say("Take the copy back"), written ? "button" : "button button-quiet", "back", act)]
}

/** @param {string} text @param {string} kind @param {string} name @param {() => Promise<void>} act */
function choice(text, kind, name, act) {
  const made = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: kind, "data-carry": name }, text))
  made.addEventListener("click", async ({ detail }) => {
    // The second press of a double one would fall on the next card.
    if (detail > 1 || made.disabled) return
    made.disabled = true
    await act()
    made.disabled = false
  })
  return made
}

/** What may be read, to be asked about again. @param {Question[]} found @returns {HTMLElement[]} */
function readableShown(found) {
  const lines = found.filter(({ readable }) => readable.length).map((question) => {
    const again = choice(say("Ask again"), "linkish", "again", () => mayBeRead(question.copy, question.readable, false))
    return element("li", {}, sentence(question, question.readable), " ", again)
  })
  return lines.length ? [element("details", {}, element("summary", {}, say("What may be read in copies: {count}", { count: number(lines.length) })), element("ul", {}, ...lines))] : []
}

// Answers

/** Whether the last thing that was done was done here. @returns {Step | null} */
function lastStep() {
  const [step, review] = [done.at(-1), carrier?.review()]
  if (!step || !review) return null
  return (step.review === review ? step.steps >= review.steps : !review.steps && !review.before) ? step : null
}

export const canUndoCopies = () => lastStep() !== null

/** Take back the last answer, if nothing was done after it. @returns {Promise<boolean>} */
export async function undoCopies() {
  const step = lastStep()
  if (!step) return false
  done.pop()
  frame()?.querySelector("[data-covered]")?.replaceChildren()
  await step.undo()
  await lookAtCopies()
  toCard()
  return true
}

/** @param {Step["undo"]} undo */
function remember(undo) {
  const review = carrier?.review() ?? null
  done.push({ review, steps: review?.steps ?? 0, undo })
}

/** Said once for a copy: the draft keeps it, and what is sealed of the copy. @param {Copy} copy @param {Place[]} said @param {boolean} [may] */
async function mayBeRead(copy, said, may = true) {
  await mayStay(copy, said.map(({ key }) => key), may)
}

/** @param {Copy} copy @param {string[]} keys of the words @param {boolean} [may] */
async function mayStay({ item, desk }, keys, may = true) {
  const before = item.readable ?? []
  const set = (/** @type {string[]} */ readable) => {
    item.readable = readable
    desk.changed()
  }
  set(may ? [...new Set([...before, ...keys])] : before.filter((key) => !keys.includes(key)))
  remember(() => set(before))
  await lookAtCopies()
  if (may) byId("review-counter").focus({ preventScroll: true })
  else toCard()
}

/** @param {Copy} copy @param {Place[]} said @param {HTMLElement} wrong */
async function cover(copy, said, wrong) {
  const { item, desk } = copy
  const back = asItIs(item, desk)
  try {
    const { coverSaid } = await loadDesk()
    const covered = await coverSaid(desk, item, said)
    const restore = await copy.covered?.()
    remember(async () => {
      await back()
      restore?.()
    })
    const shown = await Promise.all(covered.map((one) => coveredShown(copy, one)))
    frame()?.querySelector("[data-covered]")?.replaceChildren(...shown)
    await lookAtCopies()
    shown[0]?.focus({ preventScroll: true })
    shown[0]?.scrollIntoView({ block: "nearest" })
  } catch {
    tell(wrong, say("It could not be covered here. Look at the page and cover it there."))
  }
}

/** @param {Item} item @param {Desk} desk @returns {() => Promise<void>} puts boxes and pages back as they are now */
function asItIs(item, desk) {
  const { boxes, looked = {} } = item
  const pages = Object.entries(looked).map(([page, how]) => ({ page: Number(page), how, picture: desk.files.get(pageName(item, page)) }))
  return async () => {
    item.boxes = boxes
    for (const { page, how, picture } of pages) {
      if (item.looked?.[page]?.boxes === how.boxes) continue
      dropPage(desk, item, page)
      if (picture) await keepPage(desk, item, page, picture, how)
    }
    desk.changed()
  }
}

/** @param {Copy} copy @param {import("./carrying.js").Covered} covered @returns {Promise<HTMLElement>} the places as they go out, or the way to a page that nobody has looked at */
async function coveredShown({ way }, { page, picture, places }) {
  const text = picture ? say("Covered. Page {page} now reads like this here:", { page: number(page) }) : say("Covered on page {page}. Look at that page and say so.", { page: number(page) })
  const strips = picture ? await Promise.all(places.map((one) => strip(picture, one, page))) : []
  return element("div", { class: "calm", role: "status", tabindex: "-1" }, element("p", {}, text), ...strips, way(page))
}

/** What goes out around a place, large enough to be read. @param {Blob} picture @param {import("./sheets.js").Edges} edges @param {number} page */
async function strip(picture, { left, top, right, bottom }, page) {
  const bitmap = await createImageBitmap(picture)
  const [x, y] = [Math.max(0, left - AROUND.across), Math.max(0, top - AROUND.down)]
  const [width, height] = [Math.min(bitmap.width, right + AROUND.across) - x, Math.min(bitmap.height, bottom + AROUND.down) - y]
  const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { class: "page-shown", role: "img", "aria-label": say("Page {page}", { page: number(page) }) }))
  Object.assign(canvas, { width, height })
  canvas.getContext("2d")?.drawImage(bitmap, -x, -y)
  bitmap.close()
  return canvas
}
