// @ts-check
/**
 * What was struck out of the text and can still be read in a copy, asked at the review: one card for each file. Covered
 * there, or said to be readable; open until somebody answers.
 */
import { byId, element, tell } from "./dom.js"
import { allDrawn, deskOf, loadDesk } from "./evidence.js"
import { wayTo } from "./helps.js"
import { number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */
/** @typedef {import("./petition.js").EvidenceAnswers} Item */
/** @typedef {import("../copies/carrying.js").Place} Place */
/** @typedef {{ place: number, said: Place[] }} Question of the file at a place */

const AROUND = { across: 300, down: 90 } // pixels of a sheet that are shown at each side of a covered word
const MOST_QUOTED = 4

/** @type {Question[]} */ let open = []
let turn = 0

/** @returns {number} how many files wait for an answer */
export const waitingCopies = () => open.length

/** Nothing that was said before holds for a text that is read anew. */
export function forgetCovered() {
  frame().querySelector("[data-covered]")?.replaceChildren()
}

const frame = () => /** @type {HTMLElement} */ (byId("review-carried"))

/** Look again at what the copies say; of several looks the last one counts. @param {App} app @param {() => void} changed */
export async function lookAtCopies(app, changed) {
  const mine = ++turn
  const found = await search(app).catch(() => null)
  if (mine !== turn || !found) return
  open = found
  frame().querySelector("[data-asked]")?.replaceChildren(...open.map((one) => card(app, one, changed)))
  changed()
}

/** @param {App} app @returns {Promise<Question[]>} */
async function search(app) {
  const { review, answers: { evidence } } = app
  if (!review || !evidence.some(({ show, pages }) => show === "yes" && pages)) return []
  // Whoever is known is found in a copy in every spelling, and covered there: a surname alone may be the company's too.
  const struck = review.findings.filter((one) => review.hides(one) && !(one.mark && one.identity !== null)).map((one) => review.quote(one))
  const { saidInCopies } = await loadDesk()
  return saidInCopies(deskOf(app), evidence, [...new Set(struck)])
}

/** @param {App} app @param {() => void} changed @returns {Promise<HTMLElement[]>} a way to each card that waits */
export async function openCopies(app, changed) {
  await lookAtCopies(app, changed)
  return open.map((one) => {
    const way = element("button", { type: "button", class: "linkish" }, sentence(app, one))
    way.addEventListener("click", () => {
      const there = /** @type {HTMLElement | null} */ (frame().querySelector(`[data-carried="${one.place}"] button`))
      there?.focus({ preventScroll: true })
      there?.closest(".card")?.scrollIntoView({ block: "center" })
    })
    return way
  })
}

// The card

/** @param {App} app @param {Question} question */
function sentence(app, { place, said }) {
  const title = app.answers.evidence[place].title.trim()
  const words = wordsOf(said).join(", ")
  return title ? say("The copy of “{title}” still says {words}.", { title, words }) : say("The copy of file {number} still says {words}.", { number: number(place + 1), words })
}

/** @param {Place[]} said @returns {string[]} each word once, with its pages */
function wordsOf(said) {
  return [...new Set(said.map(({ word }) => word))].map((word) => {
    const pages = new Set(said.filter((one) => one.word === word).map(({ page }) => number(page)))
    return say("“{word}” (page {pages})", { word, pages: [...pages].join(", ") })
  })
}

/** @param {App} app @param {Question} question @param {() => void} changed */
function card(app, question, changed) {
  const item = app.answers.evidence[question.place]
  const wrong = element("p", { class: "wrong", role: "alert" })
  wrong.hidden = true
  const quotes = [...new Set(question.said.map(({ quote }) => quote))].slice(0, MOST_QUOTED)
  const covers = choice(say("Cover it there"), "button", "cover", () => cover(app, question, changed, wrong))
  const stays = choice(say("It may be read"), "button button-quiet", "readable", () => mayBeRead(app, item, question.said, changed))
  return element("div", { class: "card finding", "data-carried": String(question.place) },
    element("p", { class: "finding-reason" }, sentence(app, question)),
    element("p", { class: "small soft" }, say("You struck it out of your text.")),
    ...quotes.map((quote) => element("p", { class: "finding-quote" }, `…${quote}…`)),
    wrong,
    element("div", { class: "actions finding-choices" }, covers, stays),
    element("div", { class: "finding-ways" }, wayToPage(question.place, question.said[0].page)))
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

/** @param {number} place of the file @param {number} page @returns {HTMLElement} a way to the page at the desk */
function wayToPage(place, page) {
  const file = `#evidence-list > li:nth-child(${place + 1})`
  const text = say("Look at page {page} of file {number}", { page: number(page), number: number(place + 1) })
  return wayTo({ step: "evidence", field: `${file} [data-canvas]`, text, why: "", needed: false, ready: () => atDesk(file, page) })
}

/** Its desk is laid anew when the step is shown. @param {string} file @param {number} page */
async function atDesk(file, page) {
  await allDrawn()
  document.querySelector(`${file} .copy-desk`)?.dispatchEvent(new CustomEvent("turn", { detail: page }))
}

// Answers

/** Said once, and kept in nothing but the draft. @param {App} app @param {Item} item @param {Place[]} said @param {() => void} changed */
async function mayBeRead(app, item, said, changed) {
  item.readable = [...new Set([...(item.readable ?? []), ...said.map(({ key }) => key)])]
  app.changed()
  await lookAtCopies(app, changed)
  byId("review-counter").focus({ preventScroll: true })
}

/** @param {App} app @param {Question} question @param {() => void} changed @param {HTMLElement} wrong */
async function cover(app, { place, said }, changed, wrong) {
  try {
    const { coverSaid } = await loadDesk()
    const covered = await coverSaid(deskOf(app), app.answers.evidence[place], said)
    const shown = await Promise.all(covered.map((one) => coveredShown(place, one)))
    frame().querySelector("[data-covered]")?.replaceChildren(...shown)
    await lookAtCopies(app, changed)
    shown[0]?.focus({ preventScroll: true })
    shown[0]?.scrollIntoView({ block: "nearest" })
  } catch {
    tell(wrong, say("It could not be covered here. Look at the page and cover it there."))
  }
}

/** @param {number} place @param {import("../copies/carrying.js").Covered} covered @returns {Promise<HTMLElement>} the places as they go out, or the way to a page that nobody has looked at */
async function coveredShown(place, { page, picture, places }) {
  const text = picture ? say("Covered. Page {page} now reads like this here:", { page: number(page) }) : say("Covered on page {page}. Look at that page and say so.", { page: number(page) })
  const strips = picture ? await Promise.all(places.map((one) => strip(picture, one, page))) : [wayToPage(place, page)]
  return element("div", { class: "calm", role: "status", tabindex: "-1" }, element("p", {}, text), ...strips, ...(picture ? [wayToPage(place, page)] : []))
}

/** What goes out around a place, large enough to be read. @param {Blob} picture @param {import("../copies/sheets.js").Edges} edges @param {number} page */
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
