// @ts-check
/** What the government will see of a petition: the board with its texts, the rest of what it reads, and what would help. */
import { against, coarser, draw, setUpBoard } from "./board.js"
import { isShown, numbered, picturesOf } from "../copies/kept.js"
import { byId, element, showFacts } from "./dom.js"
import { allDrawn, deskOf, loadDesk } from "./evidence.js"
import { missing, petitionOf } from "./petition.js"
import { Review } from "./review.js"
import { goTo, onContinue, onEnter } from "./steps.js"
import { N_, language, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */
/** @typedef {import("./review.js").Finding} Finding */

/** @param {App} app @returns {import("./board.js").Lent} */
const lentBy = (app) => ({
  review: () => app.review,
  nameOf,
  reword: async (finding, words) => {
    const written = app.review !== null && reword(app, finding, app.review, words)
    if (written) await begin(app)
    return written
  },
  drawn: () => {
    showFacts(byId("review-facts"), factsOf(app))
    byId("review-copies").replaceChildren(...app.answers.evidence.flatMap((item, place) => copyShown(app, item, place)))
    showHelps(app)
    app.changed()
  },
})

/** @param {App} app */
export function setUpReading(app) {
  onEnter("review", () => begin(app))
  onContinue("review", () => mayGoOut(app))
  setUpBoard(lentBy(app))
}

/** Read the petition anew, keeping what was decided. @param {App} app */
async function begin(app) {
  const engine = await app.engine()
  const fresh = new Review(petitionOf(app.answers, language()), language(), engine, app.random)
  if (app.review) fresh.carryOver(app.review)
  else fresh.restore(app.decided)
  app.review = fresh
  draw(lentBy(app))
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

/** @param {string} path @returns {string} what a text is called */
function nameOf(path) {
  const place = /^evidence\[(\d+)\]/.exec(path)
  if (place) return say("Title of file {number}", { number: number(Number(place[1]) + 1) })
  return path.startsWith("facts") ? say("What happened") : path
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
    [say("Files of which it sees a copy"), answers.evidence.some(isShown) ? number(answers.evidence.filter(isShown).length) : ""],
  ]
}

/** The copy of a file, as its pages go out; drawn when somebody opens it. @param {App} app @param {import("./petition.js").EvidenceAnswers} item @param {number} place */
function copyShown(app, item, place) {
  const pages = isShown(item) ? picturesOf(app, item) : []
  if (!pages.length) return []
  const frame = element("details", {}, element("summary", {}, say("The copy of file {number}, {pages} pages", { number: number(place + 1), pages: number(pages.length) })))
  frame.addEventListener("toggle", () => pages.forEach((page, at) => frame.append(pageShown(page, at + 1))), { once: true })
  return [frame]
}

/** @param {Blob} picture @param {number} page */
function pageShown(picture, page) {
  const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { class: "page-shown", role: "img", "aria-label": say("Page {page}", { page: number(page) }) }))
  void createImageBitmap(picture).then((bitmap) => {
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height })
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0)
  })
  return canvas
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

/** @param {App} app @returns {Promise<boolean>} */
async function mayGoOut(app) {
  const review = /** @type {Review} */ (app.review)
  const lacking = [...missing(app.answers).map((name) => wayTo(name.split(".")[0], say(NEEDED[name]))), ...(await unlooked(app))]
  const problems = lacking.length ? lacking : settled(app, review)
  const frame = /** @type {HTMLElement} */ (document.querySelector("#review [data-problems]"))
  frame.hidden = !problems.length
  frame.querySelector("ul")?.replaceChildren(...problems.map((problem) => element("li", {}, problem)))
  if (problems.length) frame.scrollIntoView()
  return !problems.length
}

/** @param {App} app @returns {Promise<HTMLElement[]>} the pages of copies that nobody looked at, or not for everybody who is named now */
async function unlooked(app) {
  const { evidence } = app.answers
  if (!evidence.some(isShown)) return []
  await allDrawn()
  const { unseen } = await loadDesk()
  const found = await unseen(deskOf(app), evidence)
  return found.map(({ place, pages }) => wayTo("evidence", say("File {number}: look at each page of the copy, and say so. Not looked at: {pages}", { number: number(place + 1), pages: pages.map(number).join(", ") })))
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
  const telling = review.open.filter((finding) => finding.path === "facts.narrative" && coarser(finding) !== undefined)
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
  const words = coarser(finding) ?? ""
  const button = element("button", { type: "button", class: "linkish" }, say("Write “{words}” instead", { words }))
  button.addEventListener("click", async () => {
    reword(app, finding, review, words)
    app.changed()
    askAll(app, await tellingOf(app))
    byId("f-story-narrative").focus()
  })
  return element("p", {}, element("q", {}, review.quote(finding)), " ", button)
}
