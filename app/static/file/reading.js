// @ts-check
/** What the office will see of a petition: the board with its texts, the rest of what it reads, and what would help. */
import { against, count, draw, setUpBoard } from "./board.js"
import { askFor, canUndoCopies, lookAtCopies, openCopies, undoCopies, waitingCopies } from "../copies/asking.js"
import { isShown, numbered, picturesOf } from "../copies/kept.js"
import { readableWidth } from "../copies/reached.js"
import { carrierOf } from "./carried.js"
import { byId, copyOf, drawnLater, element } from "./dom.js"
import { allDrawn, deskOf, isPlain, loadDesk } from "./evidence.js"
import { helpsOf, mayLeave, wayTo } from "./helps.js"
import { coarser, offerCoarser } from "./marking.js"
import { foundIn } from "./named.js"
import { petitionOf } from "./petition.js"
import { Review, rest } from "./review.js"
import { showSeen } from "./seen.js"
import { currentStep, onContinue, onEnter } from "./steps.js"
import { language, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */
/** @typedef {import("./review.js").Finding} Finding */

/** @param {App} app @returns {import("./board.js").Lent} */
const lentBy = (app) => ({
  review: () => app.review,
  nameOf,
  rewrite: async (path, text) => {
    const written = rewrite(app, path, text)
    if (written) await begin(app)
    return written
  },
  put: (earlier) => void (app.review = earlier),
  plain: (path) => {
    const title = TITLE.exec(path)
    return title !== null && isPlain(app.answers.evidence[Number(title[1])])
  },
  waiting: waitingCopies,
  elsewhere: { canUndo: canUndoCopies, undo: undoCopies },
  wayToWriting,
  wayToStory,
  drawn: () => {
    // The whole record is made for it.
    drawRest(() => app.review && showRest(app, app.review))
    void lookAtCopies()
    showCopies(app)
    showHelps(app)
    app.changed()
  },
})

/** After the copies were searched, or covered. @param {App} app */
function carried(app) {
  count(lentBy(app))
  showCopies(app)
}

/** @type {import("../copies/asking.js").Carrier | null} */ let carrier = null

/** One for all readings: its answers can be taken back. @param {App} app */
const carrierFor = (app) => (carrier ??= carrierOf(app, () => carried(app)))

/** @param {App} app */
export function setUpReading(app) {
  onEnter("review", () => (askFor(carrierFor(app)), begin(app)))
  onContinue("review", () => mayGoOut(app))
  onContinue("evidence", async () => mayLeave(app, "evidence", await unlooked(app)))
  setUpBoard(lentBy(app))
}

/** @type {Promise<void>} */ let reading = Promise.resolve()

/** Read the petition anew, one time after the other. @param {App} app @returns {Promise<void>} */
function begin(app) {
  const mine = reading.then(() => readNow(app))
  reading = mine.catch(() => undefined)
  return mine
}

/** @param {App} app @returns {[string, string][]} what a person decided at the review, and beside the story since */
const decidedIn = (app) => [...(app.review?.told() ?? []), ...app.decided]

/** Keeps what was decided. @param {App} app */
async function readNow(app) {
  const engine = await app.engine()
  await rest() // the step stands there before its texts are read
  const fresh = await Review.read(petitionOf(app.answers, language()), language(), engine, app.random, app.review?.labels)
  fresh.restore(decidedIn(app))
  app.review = fresh
  app.decided = []
  await rest() // what was read and what is drawn are two tasks
  draw(lentBy(app))
  // Whoever comes back from mending something sees what is left of it.
  // Its copies are searched for seconds: nobody who presses meanwhile is held up.
  if (!frameOf().hidden) void tellProblems(app).catch(() => undefined)
}

const WISH = /^remedy\[\d+\]\.detail$/
const TITLE = /^evidence\[(\d+)\]\.title$/

/** Change the person's own text. @param {App} app @param {string} path @param {string} text @returns {boolean} false where it is not written on this page */
function rewrite(app, path, text) {
  const title = TITLE.exec(path)
  if (path === "facts.narrative") app.answers.story.narrative = text
  else if (WISH.test(path)) app.answers.wish = text
  else if (title) app.answers.evidence[Number(title[1])].title = text
  else return false
  app.refill()
  return true
}

/** @param {Finding} finding @returns {HTMLElement} a button that leads to where a person wrote a place, and selects it there */
function wayToWriting({ path, start, end }) {
  const title = TITLE.exec(path)
  const [step, field] = title ? ["evidence", `#evidence-list > li:nth-child(${Number(title[1]) + 1}) [data-part=title]`] : WISH.test(path) ? ["what", "#f-wish"] : ["story", "#f-story-narrative"]
  const select = async () => {
    const written = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(field))
    if (!written) return
    const before = written.value.length - written.value.trimStart().length
    written.setSelectionRange(before + start, before + end)
    // A long text is scrolled to about where the place stands in it.
    written.scrollTop = (written.scrollHeight * (before + start)) / Math.max(1, written.value.length) - written.clientHeight / 2
  }
  return wayTo({ step, field, text: say("Change it where I wrote it"), why: "", needed: false, ready: select })
}

/** @returns {HTMLElement} a button that leads to the story */
function wayToStory() {
  const made = wayTo({ step: "story", field: "#f-story-narrative", text: say("Tell it otherwise"), why: "", needed: false })
  made.className = "button button-quiet"
  return made
}

/** @param {string} path @returns {string} what a text is called */
function nameOf(path) {
  const place = /^evidence\[(\d+)\]/.exec(path)
  if (place) return say("Title of file {number}", { number: number(Number(place[1]) + 1) })
  if (WISH.test(path)) return say("What you ask for")
  return path.startsWith("facts") ? say("What happened") : path
}

// The rest

const drawRest = drawnLater()

/** @param {App} app @param {Review} review */
function showRest(app, review) {
  try {
    showSeen(byId("review-record"), review.record(numbered(app.answers.evidence)))
  } catch {
    byId("review-record").replaceChildren(element("p", { class: "wrong" }, say("The text is too long.")))
  }
}

/** @param {App} app */
function showCopies(app) {
  byId("review-copies").replaceChildren(...app.answers.evidence.flatMap((item, place) => copyShown(app, item, place)))
}

/** The copy of a file, as its pages go out; drawn when somebody opens it. @param {App} app @param {import("./petition.js").EvidenceAnswers} item @param {number} place */
function copyShown(app, item, place) {
  const pages = isShown(item) ? picturesOf(app, item) : []
  if (!pages.length) return []
  const frame = element("details", {}, element("summary", {}, say("The copy of file {number}, {pages} pages", { number: number(place + 1), pages: number(pages.length) })))
  frame.addEventListener("toggle", () => pages.forEach((page, at) => frame.append(pageShown(page, at + 1))), { once: true })
  return [frame]
}

/** @param {Blob} picture @param {number} page @returns {HTMLElement} large enough to be read, on whatever screen */
function pageShown(picture, page) {
  const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { class: "page-shown", role: "img", "aria-label": say("Page {page}", { page: number(page) }) }))
  void createImageBitmap(picture).then((bitmap) => {
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height })
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0)
    canvas.style.minWidth = `${readableWidth(bitmap)}px`
  })
  return element("div", { class: "page-frame", tabindex: "0" }, canvas)
}

/** @param {App} app */
function showHelps({ answers }) {
  const items = helpsOf(answers).filter(({ needed }) => !needed).map((one) => element("li", {}, wayTo(one), ` ${one.why}`))
  const title = byId("review-helps-title")
  title.textContent = say("What would help more: {count}", { count: number(items.length) })
  title.parentElement.hidden = !items.length
  byId("review-helps").replaceChildren(...items)
}

// Going on

/** Read once more what was read in another sitting, or changed behind the review's back. @param {App} app @returns {Promise<boolean>} whether nothing stands against sealing it */
export async function readAgain(app) {
  askFor(carrierFor(app))
  await begin(app)
  return mayGoOut(app)
}

/** @param {App} app @returns {Promise<boolean>} */
async function mayGoOut(app) {
  await reading // of what was just written otherwise
  const problems = await tellProblems(app)
  if (problems.length) frameOf().scrollIntoView()
  return !problems.length
}

/** @returns {HTMLElement} */
const frameOf = () => /** @type {HTMLElement} */ (document.querySelector("#review [data-problems]"))

let telling = 0

/** Show what stands against going on; of several looks the last one counts. @param {App} app @returns {Promise<(Node | string)[]>} */
async function tellProblems(app) {
  const mine = ++telling
  const problems = await problemsOf(app)
  if (mine !== telling) return problems
  frameOf().hidden = !problems.length
  frameOf().querySelector("ul")?.replaceChildren(...problems.map((problem) => element("li", {}, problem)))
  return problems
}

/** @param {App} app @returns {Promise<(Node | string)[]>} what stands against it */
async function problemsOf(app) {
  const lacking = [...helpsOf(app.answers).filter(({ needed }) => needed).map(wayTo), ...(await unlooked(app)).map(wayTo)]
  if (lacking.length) return lacking
  const copies = await openCopies()
  return [...settled(app, /** @type {Review} */ (app.review)), ...copies]
}

/** @param {App} app @returns {Promise<import("./helps.js").Help[]>} the pages of copies that nobody looked at, or not for everybody who is named now */
async function unlooked(app) {
  await allDrawn()
  const { evidence } = app.answers
  if (!evidence.some(isShown)) return []
  const { unseen } = await loadDesk()
  const found = await unseen(deskOf(app), evidence)
  return found.map(({ place, pages }) => ({
    step: "evidence",
    field: `#evidence-list > li:nth-child(${place + 1}) [data-looked]`,
    text: say("File {number}: look at each page of the copy and say so, or let it stay sealed. Not looked at: {pages}", { number: number(place + 1), pages: pages.map(number).join(", ") }),
    why: "",
    needed: true,
    // Its desk is laid anew when the step is shown.
    ready: async () => {
      await allDrawn()
      document.querySelector(`#evidence-list > li:nth-child(${place + 1}) .copy-desk`)?.dispatchEvent(new CustomEvent("turn", { detail: pages[0] }))
    },
  }))
}

/** @param {App} app @param {Review} review @returns {string[]} what stands against it */
function settled(app, review) {
  try {
    app.settled = review.settle(numbered(app.answers.evidence))
    return []
  } catch (error) {
    return [against(lentBy(app), review, error)]
  }
}

// The question at its place, before the story is left

/** What was asked already: a person may go on without an answer. @type {Set<string>} */ const asked = new Set()

const STILL = 1500 // milliseconds without a letter
const LONGEST_AT_ONCE = 8_000 // characters: a longer text is read when the step is left

/** Ask while somebody writes, so that nobody is held up when they go on. @param {App} app */
function askWhileStill(app) {
  const written = byId("f-story-narrative")
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting
  const ask = async () => {
    const text = written.value
    const review = await foundIn(app).catch(() => null)
    if (review && text === written.value && currentStep() === "story") askAll(app, review)
  }
  written.addEventListener("input", () => {
    clearTimeout(waiting)
    if (written.value.length <= LONGEST_AT_ONCE) waiting = setTimeout(() => void ask(), STILL)
  })
}

/** @param {App} app */
export function setUpStoryCheck(app) {
  askWhileStill(app)
  onContinue("story", async () => {
    if (!mayLeave(app, "story")) return false
    const review = await foundIn(app).catch(() => null)
    // Without the engine nobody is held up: the review asks again.
    if (!review || !askAll(app, review)) return true
    byId("story-check").focus()
    return false
  })
}

/** @param {App} app @param {Review} review @returns {boolean} whether something was asked that was not asked before */
function askAll(app, review) {
  const place = byId("story-check")
  const telling = review.open.filter((finding) => finding.path === "facts.narrative" && coarser(review, finding) !== undefined)
  const said = new Set(decidedIn(app).map(([key]) => key))
  const asking = telling.filter((finding) => !said.has(review.keyOf(finding)))
  const fresh = asking.filter((finding) => !asked.has(review.quote(finding)))
  for (const finding of fresh) asked.add(review.quote(finding))
  const struck = new Set(app.decided.map(([key]) => key))
  const hidden = new Map(telling.filter((one) => struck.has(review.keyOf(one))).map((one) => [review.keyOf(one), one]))
  place.hidden = !asking.length && !hidden.size
  place.replaceChildren(
    ...(asking.length ? [element("p", {}, element("strong", {}, say("Could your boss tell who it is?")))] : []),
    ...asking.map((one) => question(app, review, one)),
    ...(asking.length ? [element("p", { class: "small" }, say("Change it here, or go on and decide later."))] : []),
    ...[...hidden.values()].map((one) => struckOut(app, review, one)),
  )
  return fresh.length > 0
}

/** Only the safe answer and other words are offered here: that something stays is said where all of it is seen. @param {App} app @param {Review} review @param {Finding} finding */
function question(app, review, finding) {
  const form = /** @type {HTMLElement} */ (copyOf("finding-parts").querySelector("[data-coarser]"))
  offerCoarser(form, review, finding, (words) => {
    const text = review.texts.get(finding.path) ?? ""
    void change(app, finding, text.slice(0, finding.start) + words + text.slice(finding.end), text)
  })
  const strike = element("button", { type: "button", class: "button button-quiet", "data-strike": "" }, say("Black out"))
  strike.addEventListener("click", ({ detail }) => {
    // The second press of a double one would take it back.
    if (detail > 1) return
    app.decided = [...app.decided, [review.keyOf(finding), "hide"]]
    app.changed()
    askAll(app, review)
    const undo = [...byId("story-check").querySelectorAll("[data-unstrike]")].at(-1)
    if (undo instanceof HTMLElement) undo.focus()
  })
  return element("div", {}, element("p", {}, element("q", {}, review.quote(finding))), element("p", {}, strike), form)
}

/** @param {App} app @param {Review} review @param {Finding} finding @returns {HTMLElement} what was answered at its place, and the way back */
function struckOut(app, review, finding) {
  const undo = element("button", { type: "button", class: "button button-quiet", "data-unstrike": "" }, say("Undo"))
  undo.addEventListener("click", ({ detail }) => {
    if (detail > 1) return
    app.decided = app.decided.filter(([key]) => key !== review.keyOf(finding))
    app.changed()
    askAll(app, review)
    byId("story-check").focus()
  })
  return element("p", {}, element("q", {}, review.quote(finding)), " ", say("This is blacked out."), " ", undo)
}

/** Write another text, ask about what is left, and offer the way back. @param {App} app @param {Finding} finding @param {string} text @param {string} before */
async function change(app, finding, text, before) {
  rewrite(app, finding.path, text)
  app.changed()
  askAll(app, await foundIn(app))
  const undo = element("button", { type: "button", class: "button button-quiet", id: "story-undo" }, say("Undo"))
  undo.addEventListener("click", async () => {
    rewrite(app, finding.path, before)
    app.changed()
    askAll(app, await foundIn(app))
    byId("story-check").focus()
  })
  byId("story-check").hidden = false
  byId("story-check").append(element("p", {}, say("It is written in your text."), " ", undo))
  undo.focus()
}
