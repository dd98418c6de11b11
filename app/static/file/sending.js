// @ts-check
/**
 * Sealing and sending, so that no lost connection and no second press files twice or loses anything (law L7).
 *
 * 1. The petition is read and settled once more, and sealed. 2. What was sealed is kept in the draft. 3. Parts, then the call,
 * are sent; sent again, they are the same bytes, and bring the same receipt. 4. The receipt is verified here. Only an
 * answer that says "this will never be taken" frees the petition to be changed and sealed anew.
 */
import { numbered, picturesOf } from "../copies/kept.js"
import { prepareCase, sealFiling, sendFiling } from "../seal/filing.js"
import { byId, element, showFacts, tell } from "./dom.js"
import { unaskedOf, wayTo } from "./helps.js"
import { leftQuickly } from "./leave.js"
import { petitionOf } from "./petition.js"
import { readAgain } from "./reading.js"
import { endAt, goTo, holdAt, onEnter } from "./steps.js"
import { language, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */

/** Answers that say: this petition, as it is, will not be taken; nothing of it was stored. */
const DEFINITE = [400, 413, 422]
/** A second tap at the same point, or a slow one, falls within it: by then another thing may stand there. */
const STILL = 700 // milliseconds
/** What can be pressed on this page, but for the quick exit. */
const PRESSED = "body > :not(main), #filing > :not(#bar, #saved, #send, #done), #send .actions, #send-unasked, #send-wrong, #done > :not(h1)"
let busy = false

/** @param {App} app */
export function setUpSending(app) {
  const button = byId("send-now")
  onEnter("send", () => begin(app))
  button.addEventListener("click", async () => {
    if (busy) return
    busy = true
    holdAt("send")
    holdStill()
    tell(byId("send-waits"), "")
    button.disabled = byId("send-back").disabled = true
    byId("send-wrong").hidden = true
    try {
      await file(app)
    } catch (error) {
      await explain(app, error)
    } finally {
      busy = false
      byId("send-progress").hidden = true
      button.disabled = false
      tellUnasked(app)
      // While it may have arrived, another one must not be made of it.
      byId("send-back").disabled = app.pending !== null
      holdAt(app.pending ? "send" : null)
      setTimeout(letGo, STILL)
    }
  })
  window.addEventListener("beforeunload", (event) => {
    if (busy && !leftQuickly()) event.preventDefault()
  })
}

/** Nothing slides under a finger while it is sealed and sent, and nothing but the quick exit can be pressed. */
function holdStill() {
  byId("filing").style.minHeight = `${byId("filing").offsetHeight}px`
  for (const one of document.querySelectorAll(PRESSED)) one.setAttribute("inert", "")
}

function letGo() {
  byId("filing").style.minHeight = ""
  for (const one of document.querySelectorAll(PRESSED)) one.removeAttribute("inert")
}

/** @param {App} app */
function begin(app) {
  const { answers, holders, pending } = app
  showFacts(byId("send-facts"), [
    [say("Witnesses, sealed"), number(answers.witnesses.length)],
    [say("Files, sealed"), number(answers.evidence.length)],
    [say("Pages that the office sees of them"), pagesShown(app)],
    [say("Who can open it"), holders.length ? say("You and a second person") : say("Only you")],
  ])
  tellUnasked(app)
  byId("send-now").disabled = busy
  byId("send-back").disabled = pending !== null
  holdAt(pending || busy ? "send" : null)
  tell(byId("send-waits"), waits(app))
}

/** Name whom nobody has said to know and agree; what is sealed already is what it is. @param {App} app */
function tellUnasked({ answers, pending }) {
  const people = pending ? [] : unaskedOf(answers)
  const names = people.map(({ text }) => text)
  const frame = byId("send-unasked")
  frame.hidden = !names.length
  frame.querySelector("p").textContent = names.length > 1 ? say("You have not said that they know and agree: {names}.", { names: names.join(", ") }) : say("You have not said that this person knows and agrees: {name}.", { name: names.join("") })
  frame.querySelector("[data-ways]").replaceChildren(...people.map((one) => wayTo({ ...one, text: say("Go to {name}", { name: one.text }) })))
}

/** @param {App} app @returns {string} what somebody is told first who opens a draft that was being sent */
function waits({ pending, offline, reopened }) {
  if (!pending) return reopened ? say("Nothing was sent yet.") : ""
  if (offline) return say("It is sealed and waits here.")
  return say("It is sealed and waits here. It may have arrived already: send it again and you will see. It is filed once.")
}

/** @param {App} app */
function pagesShown({ answers }) {
  const pages = answers.evidence.flatMap((item) => (item.show === "yes" ? Object.keys(item.looked ?? {}) : []))
  return pages.length ? number(pages.length) : ""
}

/** @param {App} app */
async function file(app) {
  if (!app.pending) {
    step(say("Sealing…"))
    if (!(await readAgain(app))) return await goTo("review")
    app.pending = await seal(app) // 1.
    await app.keep() // 2.
  }
  if (app.offline) return await endAt("done")
  step(say("Sending…"))
  const { submission, uploads, sent } = app.pending
  const receipt = await sendFiling({ url: location.origin, submission, uploads, sent, onProgress: progress }) // 3. and 4.
  app.receipt = receipt
  await app.keep()
  await endAt("done")
}

/** @param {App} app */
async function seal(app) {
  if (!app.review || !app.root) throw new Error("not settled")
  const numbers = numbered(app.answers.evidence)
  const settled = app.review.settle(numbers)
  const petition = petitionOf(app.answers, language())
  const prepared = await prepareCase({ portal: app.portal, root: app.root, holders: app.holders })
  const { witnesses = [], ...rest } = petition
  const sealed = await sealFiling({
    prepared,
    record: settled.recordText,
    review: settled.summary,
    identities: witnesses.map(identity(settled.surrogates)),
    statements: witnesses.flatMap(statement),
    originals: {
      petition: { ...rest, evidence: (rest.evidence ?? []).map(withoutFile) },
      witnesses: witnesses.map((/** @type {any} */ one) => one.id ?? null),
      surrogates: settled.surrogates,
      decisions: settled.decisions,
    },
    files: app.answers.evidence.map((item, place) => evidence(app, item, place)),
    copies: [...numbers].map(([place, copy]) => shown(app, place, copy)),
    onProgress: progress,
  })
  for (const upload of sealed.uploads) if ("sealed" in upload) knowAgain(app, upload.sealed)
  return { ...sealed, prepared, sent: new Set() }
}

/**
 * What came back from the worker are copies of the files: without the files themselves the draft could not name them, and
 * a page that was closed before the receipt could not make their parts again.
 * @param {App} app @param {import("../seal/types.js").SealedFile} sealed
 */
function knowAgain(app, sealed) {
  const { file } = app.answers.evidence[Number(/\d+/.exec(sealed.path ?? ""))]
  sealed.blob = app.files.get(file) ?? sealed.blob
}

/** @param {Record<string, string>} labels @returns {(witness: any, place: number) => any} */
const identity = (labels) => ({ statement: _, ...witness }, place) => ({ ...witness, label: labels[`witnesses[${place}]`] ?? "" })

/** @param {any} witness @param {number} place */
const statement = ({ id, statement: said }, place) => (said ? [{ witness: place, id: id ?? null, statement: said }] : [])

/** @param {any} item where a file lay on this device is nobody's business */
const withoutFile = ({ file: _, ...item }) => item

/** @param {App} app @param {import("./petition.js").EvidenceAnswers} item @param {number} place */
function evidence(app, item, place) {
  const blob = /** @type {Blob} */ (app.files.get(item.file))
  const name = item.name || (blob.type === "image/jpeg" ? `photo-${place + 1}.jpg` : `file-${place + 1}`)
  return { path: `evidence[${place}]`, evidence: `E${place + 1}`, title: item.title.trim(), blob, name }
}

/** @param {App} app @param {number} place @param {number} copy its number @returns {import("../seal/copies.js").Copy} */
function shown(app, place, copy) {
  const item = app.answers.evidence[place]
  const pages = picturesOf(app, item)
  if (!pages.length) throw new Error("not looked at")
  return { path: `evidence[${place}]`, evidence: `E${place + 1}`, copy, pages, readable: item.readable }
}

// What a person sees of it

/** @param {string} text */
function step(text) {
  byId("send-step").textContent = text
}

/** @param {{ step: string, done: number, total: number }} so */
function progress({ step: name, done, total }) {
  const bar = byId("send-progress")
  bar.hidden = false
  bar.value = total ? done / total : 0
  step(name === "seal" ? say("Sealing…") : say("Sending… {percent} %", { percent: number(Math.floor(total ? (100 * done) / total : 0)) }))
}

/** @param {App} app @param {any} error */
async function explain(app, error) {
  step("")
  if (DEFINITE.includes(error?.details?.status)) {
    app.pending = null
    await app.keep()
  }
  const frame = byId("send-wrong")
  frame.hidden = false
  frame.querySelector("p").textContent = wordsFor(app, error)
  frame.querySelector("details")?.remove()
  const why = app.pending === null && error?.details?.status ? error.details.words : ""
  if (why) frame.append(element("details", {}, element("summary", {}, say("Technical detail")), element("p", {}, why)))
  frame.scrollIntoView()
}

/** @param {App} app @param {any} error @returns {string} */
function wordsFor(app, error) {
  if (app.pending === null && error?.details?.status) {
    return say("The portal did not take it, and kept nothing of it. Go back, look at it once more, and send it again.")
  }
  if (error?.name === "TamperingError") return say("The receipt does not prove what it should. Do not trust this page now. Keep your key, and ask for help.")
  if (app.pending === null) return say("It could not be sealed on this device. Nothing was sent.")
  return say("The connection broke. Nothing is lost: it is sealed. Press the button again, it is filed once.")
}
