// @ts-check
/**
 * The guided filing page. It checks that it can seal before anything can be written, and ties the steps together.
 *
 * Nothing that a person writes goes into an address, a cookie, the console or an unencrypted store.
 */
import { ask, selfTest } from "../seal/crew.js"
import { portalKeys } from "../seal/portalkeys.js"
import { byId, element, save, tell, tellFields } from "./dom.js"
import { Draft, SHORTEST_PHRASE, waits, wipe } from "./draft.js"
import { fill, follow } from "./fields.js"
import { loadLater } from "./later.js"
import { leftQuickly, offerExit } from "./leave.js"
import { pack, unpack } from "./pack.js"
import { noAnswers } from "./petition.js"
import { beginSteps, currentStep, endAt, goTo, onContinue } from "./steps.js"
import { offerTongues } from "./tongues.js"
import { insideAnotherApp, takePlace, whyNot } from "./surroundings.js"
import { loadWords, number, say, takeWords } from "./words.js"

/**
 * What the steps share.
 * @typedef {object} App
 * @property {import("./petition.js").Answers} answers
 * @property {Map<string, Blob>} files by the name that an answer gives
 * @property {Draft | null} draft
 * @property {string} phrase that opens the draft, while this page is open
 * @property {[string, string][]} decided what a draft said about the review, and what was decided beside the story since
 * @property {import("./review.js").Review | null} review
 * @property {import("./review.js").Settled | null} settled
 * @property {Uint8Array | null} root
 * @property {string[]} holders
 * @property {string} keyFile
 * @property {any} portal
 * @property {string} url of the portal
 * @property {boolean} offline whether this is the edition that sends nothing and makes a package
 * @property {number} uploadLimit bytes of all files together
 * @property {{ submission: any, uploads: any[], prepared: any, sent: Set<string> } | null} pending sealed, not confirmed
 * @property {boolean} reopened whether it comes from a draft that was opened
 * @property {any} receipt
 * @property {(size: number) => Uint8Array} random
 * @property {() => Promise<import("./review.js").TextEngine>} engine
 * @property {() => any} petition as it is written now
 * @property {() => void} changed
 * @property {() => Promise<void>} keep
 * @property {() => void} notKept
 * @property {() => void} refill
 * @property {() => Promise<void>} finish
 */

const SAVE_AFTER = 800 // milliseconds without a change
const TRY_AGAIN = 5000 // milliseconds: what a refused file takes is given back sooner or later
/** @type {ReturnType<typeof setTimeout> | undefined} */ let saving
let touched = false
let told = false // whether somebody has read that the draft is kept, and gone on
let behind = false // whether the draft lacks something that could not be kept
/** @type {Promise<import("./review.js").TextEngine> | null} */ let engine = null

/** The text engine is as heavy as all the rest: it comes while the first questions are answered. */
async function loadEngine() {
  try {
    await loadLater("file/engine.js")
    const { textEngine } = await import("./engine.js")
    return await textEngine(byId("filing").dataset.rules)
  } catch (error) {
    engine = null
    throw error
  }
}

/** @type {Promise<void> | null} */ let rest = null

/** The steps behind the first questions. Rejects when the line breaks; asked again, it tries again. */
function loadRest() {
  rest ??= (async () => {
    await Promise.all([loadLater("file/rest.js"), loadWords(byId("filing").dataset.words)])
    const { setUpRest } = await import("./rest.js")
    setUpRest(app)
  })().catch((error) => {
    rest = null
    throw error
  })
  return rest
}

/** @type {App} */
const app = {
  answers: noAnswers(),
  files: new Map(),
  draft: null,
  phrase: "",
  decided: [],
  review: null,
  settled: null,
  root: null,
  holders: [],
  keyFile: "",
  portal: null,
  url: "",
  offline: byId("filing").dataset.edition === "offline",
  uploadLimit: 0,
  pending: null,
  reopened: false,
  receipt: null,
  random: (size) => crypto.getRandomValues(new Uint8Array(size)),
  engine: () => (engine ??= loadEngine()),
  petition: () => ({}),
  changed() {
    touched = true
    clearTimeout(saving)
    if (app.draft) saving = setTimeout(() => void app.keep(), SAVE_AFTER)
  },
  async keep() {
    clearTimeout(saving)
    if (!app.draft) return
    try {
      await app.draft.save(inDraft())
      behind = false
      byId("saved").textContent = say("The draft is kept on this device, locked.")
      // Said once to the eye; after that only what went wrong takes the place of a step's first line.
      byId("saved").classList.toggle("unseen", told)
    } catch {
      app.notKept()
    }
  },
  notKept() {
    behind = true
    byId("saved").classList.remove("unseen")
    if (app.draft?.holdsText) {
      byId("saved").textContent = say("The draft is kept, but not all files: this device has no room for them. Do not delete them where they are.")
      return
    }
    byId("saved").textContent = say("The draft could not be kept: this device has no room, or the window is private. Do not close the page.")
    clearTimeout(saving)
    saving = setTimeout(() => void app.keep(), TRY_AGAIN)
  },
  refill: () => fill(byId("filing"), app.answers),
  async finish() {
    touched = false
    clearTimeout(saving)
    await wipe().catch(() => undefined)
    location.replace(app.offline ? "about:blank" : "/")
  },
}

// The draft

function inDraft() {
  const names = new Map([...app.files].map(([name, blob]) => [blob, name]))
  const { answers, root, keyFile, holders, pending, receipt } = app
  const decisions = [...(app.review?.told() ?? []), ...app.decided]
  // After the receipt only what is needed to show it again stays.
  const rest = receipt ? { answers: noAnswers(), decided: [] } : { answers, decided: decisions }
  return { ...rest, step: currentStep(), ...pack({ root, keyFile, holders, pending, receipt }, (blob) => names.get(blob) ?? "") }
}

/**
 * Where somebody goes on who left at a step that has no place of its own; what was not sealed yet is looked at once more,
 * since it is sealed as the review has it.
 */
const MOVED = new Map([["start", "place"], ["more", "what"], ["who", "witnesses"], ["keys", "review"], ["send", "review"], ["done", "place"]])

/** @param {any} kept */
async function goOnWith(kept) {
  await loadRest()
  const { answers, decided, step } = kept
  app.answers = { ...noAnswers(), ...answers }
  app.decided = decided ?? []
  for (const { file, looked } of app.answers.evidence) {
    for (const name of [file, ...Object.keys(looked ?? {}).map((page) => `${file}/${page}`)]) {
      const blob = await app.draft?.file(name)
      if (blob) app.files.set(name, blob)
    }
  }
  const wanted = app.answers.evidence.length
  app.answers.evidence = app.answers.evidence.filter(({ file }) => app.files.has(file))
  const lost = wanted - app.answers.evidence.length
  if (lost) byId("saved").classList.remove("unseen")
  if (lost) byId("saved").textContent = say("Files that are not in the draft: {count}. Add them again.", { count: number(lost) })
  const { root, keyFile, holders, pending, receipt } = kept
  Object.assign(app, unpack({ root, keyFile, holders, pending, receipt }, (name) => app.files.get(name) ?? new Blob()))
  app.reopened = true
  app.refill()
  showDraftTools()
  if (app.receipt) return endAt("done")
  await goTo(app.pending ? "send" : (MOVED.get(step) ?? step))
}

function setUpDraft() {
  byId("draft-keep").addEventListener("change", () => {
    byId("draft-new-field").hidden = !byId("draft-keep").checked
    byId("draft-lost").hidden = byId("draft-keep").checked
  })
  byId("draft-show").addEventListener("change", () => byId("draft-new").classList.toggle("secret", !byId("draft-show").checked))
  byId("draft-go").addEventListener("click", async () => {
    const opened = await Draft.open(byId("draft-open").value)
    tell(byId("draft-wrong"), opened ? "" : byId("draft-open").value ? say("That phrase does not open the draft.") : say("Write your phrase."))
    if (!opened) return
    app.draft = opened.draft
    app.phrase = byId("draft-open").value
    byId("draft-open").value = ""
    await goOnWith(opened.value)
  })
  for (const button of document.querySelectorAll("[data-wipe]")) askBeforeWiping(button)
  onContinue("start", beginDraft)
  byId("draft-export").addEventListener("click", () => void exportDraft())
  byId("draft-import").addEventListener("click", () => void importDraft())
  // Where one is belongs to the draft: who comes back goes on there.
  document.addEventListener("step", () => {
    told ||= byId("saved").textContent !== ""
    if (app.draft) app.changed()
  })
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && touched) void app.keep()
  })
  window.addEventListener("beforeunload", (event) => {
    if (!leftQuickly() && touched && (!app.draft || behind)) event.preventDefault()
  })
}

/** @returns {Promise<boolean>} */
async function beginDraft() {
  const loaded = await loadRest().then(() => true, () => false)
  if (!loaded) return problem("", say("The connection broke. Try again."))
  if (!byId("draft-keep").checked || app.draft) return problem("", "")
  const phrase = byId("draft-new").value
  if (!phrase) return problem("draft-new", say("Write your phrase."))
  if (Array.from(phrase).length < SHORTEST_PHRASE) return problem("draft-new", say("The phrase needs twelve characters or more."))
  try {
    app.draft = await Draft.begin(phrase)
    await app.draft.save(inDraft())
    app.phrase = phrase
  } catch {
    app.draft = null
    return problem("", say("This browser keeps nothing here. It may be a private window. You can go on without a draft."))
  }
  byId("draft-new").value = ""
  showDraftTools()
  return problem("", "")
}

/** @param {string} field @param {string} text @returns {boolean} whether there is none */
function problem(field, text) {
  const frame = /** @type {HTMLElement} */ (document.querySelector("#start [data-problems]"))
  frame.hidden = !text
  frame.querySelector("ul")?.replaceChildren(element("li", {}, text))
  tellFields(byId("start"), field ? [[field, text]] : [])
  if (field) byId(field).focus()
  else if (text) frame.scrollIntoView()
  return !text
}

function showDraftTools() {
  byId("draft-tools").hidden = app.draft === null
  byId("draft-export").hidden = !app.phrase
  byId("waiting-draft").hidden = true
  byId("new-draft").hidden = false
}

/** A thumb that slips deletes nothing: the same button asks, and is pressed once more. @param {Element} button */
function askBeforeWiping(button) {
  const told = button.textContent
  let sure = false
  const turn = (/** @type {boolean} */ asked) => {
    sure = asked
    button.textContent = asked ? say("Delete it for ever? Press again") : told
  }
  button.addEventListener("blur", () => turn(false))
  button.addEventListener("click", async (event) => {
    // The second press of a double one is no answer.
    if (/** @type {MouseEvent} */ (event).detail > 1) return
    const answered = sure
    turn(!sure)
    if (answered) await wipeDraft()
  })
}

async function wipeDraft() {
  app.draft = null
  await wipe().catch(() => undefined)
  app.phrase = ""
  showDraftTools()
  byId("saved").classList.remove("unseen")
  byId("saved").textContent = say("The draft on this device is deleted.")
}

async function exportDraft() {
  const { answers, decided } = inDraft()
  const text = JSON.stringify({ v: 1, answers: { ...answers, evidence: [] }, decided })
  save(say("draft.age"), new Blob([await ask("sealWords", [text, app.phrase])], { type: "application/octet-stream" }))
}

async function importDraft() {
  const [file] = byId("draft-file").files
  if (!file) return problem("draft-file", say("Choose the file of the draft."))
  try {
    const kept = JSON.parse(await ask("openWords", [await file.text(), byId("draft-file-phrase").value]))
    app.answers = { ...noAnswers(), ...kept.answers }
    app.decided = kept.decided ?? []
  } catch {
    return problem("draft-file-phrase", say("That phrase does not open the draft."))
  }
  byId("draft-file-phrase").value = ""
  problem("", "")
  await loadRest()
  app.refill()
  await goTo("place")
}

// The beginning

/** @param {string} why */
function giveUp(why) {
  byId("checking").hidden = true
  byId("broken").hidden = false
  byId("broken-why").textContent = why
}

/** @param {Record<string, any>} said what the page brought of its portal */
function takePortal(said) {
  app.portal = portalKeys(said)
  app.uploadLimit = Number(said.upload_limit)
  app.url = app.offline ? String(said.url) : location.origin
  for (const notice of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-deployment]"))) {
    notice.hidden = notice.dataset.deployment !== app.portal.deployment
  }
  for (const place of document.querySelectorAll("[data-portal-name]")) place.textContent = app.portal.name
}

async function begin() {
  const frame = byId("filing")
  const lacking = whyNot()
  // The edition without network has all its words in the file; a page brings those of its first step.
  if (app.offline) await loadWords(frame.dataset.words)
  else takeWords(JSON.parse(frame.dataset.firstWords ?? ""))
  if (lacking === "http") return giveUp(say("This page came over an insecure connection. Open it with https."))
  if (lacking) return giveUp(say("This browser is too old to seal. Use another one."))
  if (!(await takePlace())) return giveUp(say("This petition is open in another tab. Go on there, or close that tab and load this page again."))
  takePortal(JSON.parse(frame.dataset.portal ?? byId("portal").textContent))
  await selfTest()
  offerExit(byId("leave"), () => Object.assign(app, { answers: noAnswers(), root: null, review: null, keyFile: "", phrase: "" }))
  setUpDraft()
  follow(frame, () => app.answers, app.changed)
  // The rules are heavy: they come with the first letters of a text, and are there before its last.
  byId("f-story-narrative").addEventListener("input", () => void app.engine().catch(() => undefined))
  byId("inside-app").hidden = !insideAnotherApp()
  const waiting = await waits()
  byId("waiting-draft").hidden = !waiting
  byId("new-draft").hidden = waiting
  app.refill()
  tell(byId("checking"), "")
  byId("bar").hidden = false
  beginSteps()
  offerTongues()
  performance.mark("ready")
  // What the next steps need comes while somebody reads this one; if the line breaks now, the button says so.
  loadRest().catch(() => undefined)
}

begin().catch(() => giveUp(say("This page could not be loaded whole. Load it again; if that does not help, use another way.")))
