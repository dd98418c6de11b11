// @ts-check
/**
 * My case: opened with a key, shown, checked, and left again.
 *
 * Nothing of it goes into an address, a store, a cookie or the console. What was opened stands in this page's memory and
 * is gone with it: at leaving, at closing, and when the page is put aside by the browser.
 */
import { fetchContents, fetchHistory, openCase, signIn, signOut } from "../seal/case.js"
import { ask } from "../seal/crew.js"
import { FormatError, NetworkError, WordsError } from "../seal/errors.js"
import { fetchPortal, selfTest } from "../seal/filing.js"
import { byId, element, tell } from "../file/dom.js"
import { offerExit } from "../file/leave.js"
import { loadWords, say } from "../file/words.js"
import { showInside } from "./inside.js"
import { caseOf, rootOf, sameKey } from "./key.js"
import { day, label } from "./labels.js"
import { fetchQuestions, fetchRecord, fetchStatus, signedIn, suspend, withdraw } from "./portal.js"
import { showRecord } from "./record.js"
import { trouble, who } from "./said.js"
import { showStanding } from "./standing.js"
import { showHistory } from "./timeline.js"

const URL_OF_PORTAL = location.origin
const FILE_LIMIT = 1024 * 1024 // bytes of case.json or a key file
const RECEIPT_LIMIT = 4 * 1024 * 1024
/** Which field a trouble is about, by the beginning of its code. */
const FIELDS = [["words", "words"], ["passphrase", "phrase"], ["key", "key"], ["number", "number"], ["code", "code"], ["case_file", "case-file"], ["case_not", "number"]]

/**
 * @typedef {object} Held what is open; null when nothing is
 * @property {import("../seal/case.js").OpenedCase} opened
 * @property {import("../seal/proofs.js").ProvedEntry[]} before entries proved earlier on this page
 * @property {string} [receipt]
 */

/** @type {Held | null} */ let held = null
/** @type {import("./key.js").Kept | null} */ let kept = null

// Opening

/** @param {string} id of a file field @param {number} limit @returns {Promise<string>} */
async function textIn(id, limit) {
  const [file] = byId(id).files
  return file && file.size <= limit ? await file.text() : ""
}

/** @returns {Promise<Uint8Array>} the root that the given key means */
async function rootGiven() {
  /** @type {Uint8Array[]} */ const found = []
  const file = byId("way").value === "words" ? "" : await textIn("key", FILE_LIMIT)
  if (file) found.push(rootOf(file.trimStart().startsWith("-----BEGIN AGE") ? await ask("openWords", [file, byId("phrase").value]) : file))
  const words = byId("way").value === "file" ? "" : byId("words").value.trim()
  if (words) found.push(rootOf(words))
  if (!found.length) throw new WordsError("no_key_given")
  if (found.length === 2 && !sameKey(found[0], found[1])) throw new WordsError("keys_differ")
  return found[0]
}

async function takeCaseFile() {
  kept = null
  try {
    const text = await textIn("case-file", FILE_LIMIT)
    if (!text) return
    const given = caseOf(text)
    if (new URL(given.url).origin !== URL_OF_PORTAL) throw new FormatError("other_portal", { url: given.url })
    kept = given
    byId("number").value = given.number
    byId("code").value = given.code
    problem(null)
  } catch (error) {
    problem(error)
  }
}

async function open() {
  const button = byId("open")
  if (button.disabled) return
  button.disabled = true
  problem(null)
  tell(byId("opening"), say("Opening on this device. A key file takes some seconds."))
  try {
    const root = await rootGiven()
    const portal = await fetchPortal(URL_OF_PORTAL)
    const number = byId("number").value.trim().toLowerCase()
    const ours = kept?.number === number ? kept : null
    const keys = ours ? { ...portal, ...ours.keys } : portal
    const code = byId("code").value.trim() || undefined
    const opened = await openCase({ url: URL_OF_PORTAL, number, root, code, keys, seen: ours?.seen })
    root.fill(0)
    await signIn({ url: URL_OF_PORTAL, opened })
    held = { opened, before: [] }
    await show(held)
  } catch (error) {
    problem(error)
  } finally {
    tell(byId("opening"), "")
    button.disabled = false
  }
}

/** @param {Held} open */
async function show(open) {
  const { opened } = open
  const contents = await signedIn(URL_OF_PORTAL, opened, () => fetchContents({ url: URL_OF_PORTAL, opened }))
  open.before.push(contents.access)
  showInside(URL_OF_PORTAL, opened, contents)
  byId("case-number").textContent = opened.case
  for (const id of ["words", "phrase", "code", "number", "key", "case-file"]) byId(id).value = ""
  byId("door").hidden = true
  byId("case").hidden = false
  byId("stage").focus()
  await Promise.all([standing(open), history(open)])
}

/** @param {Held} open */
async function standing({ opened }) {
  try {
    showStanding(await fetchStatus(URL_OF_PORTAL, opened))
    tell(byId("standing-wrong"), "")
  } catch (error) {
    tell(byId("standing-wrong"), trouble(error))
  }
}

/** @param {Held} open */
async function history(open) {
  const { opened, before, receipt } = open
  tell(byId("history-state"), say("Checking each line against the log …"))
  try {
    const { entries, findings } = await signedIn(URL_OF_PORTAL, opened, () => fetchHistory({ url: URL_OF_PORTAL, opened, receipt, before }))
    const known = new Set(before.map(({ index }) => index))
    before.push(...entries.filter(({ index }) => !known.has(index)))
    showHistory(entries, findings)
    tell(byId("history-state"), "")
  } catch (error) {
    tell(byId("history-state"), trouble(error))
  }
}

/** @param {unknown} error what went wrong at the door; null takes it away */
function problem(error) {
  byId("door-wrong").hidden = !error
  if (!error) return
  const code = String(/** @type {any} */ (error).code ?? "")
  const field = FIELDS.find(([start]) => code.startsWith(start))?.[1]
  const list = element("ul", {}, element("li", {}, field ? wayTo(field, trouble(error)) : trouble(error)))
  byId("door-wrong").replaceChildren(element("h2", {}, say("There is a problem")), list)
  byId("door-wrong").focus()
}

/** @param {string} field @param {string} text @returns {HTMLElement} */
function wayTo(field, text) {
  const button = element("button", { type: "button", class: "plain-button" }, text)
  button.addEventListener("click", () => byId(field).focus())
  return button
}

// What is fetched when it is asked for

/** @param {string} id of a button @param {string} place that says what goes wrong @param {(open: Held) => Promise<void>} act */
function onPress(id, place, act) {
  byId(id).addEventListener("click", async () => {
    if (!held || byId(id).disabled) return
    byId(id).disabled = true
    try {
      await act(held)
      tell(byId(place), "")
    } catch (error) {
      tell(byId(place), trouble(error))
    } finally {
      byId(id).disabled = false
    }
  })
}

/** @param {Held} open */
async function record(open) {
  const found = await fetchRecord(URL_OF_PORTAL, open.opened)
  showRecord(byId("record"), found, String(found.language ?? ""))
  byId("record").focus()
  await history(open)
}

/** @param {Held} open */
async function questions(open) {
  const found = await fetchQuestions(URL_OF_PORTAL, open.opened)
  byId("questions").replaceChildren(...found.map(questionCard))
  byId("no-question").hidden = found.length > 0
  byId("how-to-answer").hidden = !found.some(({ state }) => ["WAITING", "OVERDUE"].includes(state))
  await history(open)
}

/** @param {import("./portal.js").Question} question @returns {HTMLElement} */
function questionCard({ number: place, text, language: tongue, asked, until, state, role }) {
  const head = say("✓ Question {number}. {who} asked it on {day}.", { number: place, who: who(role), day: day(asked) })
  const asks = say("Answer asked for by {day}.", { day: day(until) })
  const stands = `${label("question", state)} · ${asks}`
  return element("li", { class: "card" }, element("h3", {}, head), element("p", { class: "soft" }, stands), element("p", { class: "said", lang: tongue }, text))
}

/** @param {Held} open */
async function takeReceipt(open) {
  open.receipt = (await textIn("receipt", RECEIPT_LIMIT)) || undefined
  await history(open)
}

// Steps that change something

/** @param {string} name of the step @param {string} done what is said after it @param {(url: string, opened: Held["opened"]) => Promise<boolean>} act */
function confirmed(name, done, act) {
  const place = byId(`confirm-${name}`)
  byId(`ask-${name}`).addEventListener("click", () => {
    for (const other of document.querySelectorAll("[data-confirm]")) /** @type {HTMLElement} */ (other).hidden = other !== place
    place.focus()
  })
  byId(`no-${name}`).addEventListener("click", () => {
    place.hidden = true
    byId(`ask-${name}`).focus()
  })
  onPress(`do-${name}`, "step-wrong", async (open) => {
    const sure = /** @type {HTMLInputElement | null} */ (place.querySelector("input[type=checkbox]"))
    if (sure && !sure.checked) return sure.focus()
    const changed = await act(URL_OF_PORTAL, open.opened)
    place.hidden = true
    const proof = say("✓ The public log has it: proved on this device.")
    tell(byId("step-done"), changed ? `${done} ${proof}` : say("It stood so already. Nothing was changed."))
    byId("step-done").focus()
    await Promise.all([standing(open), history(open)])
  })
}

// Leaving

/** Forget what was opened, and end the session even while the page goes. */
function forget() {
  if (held) void fetch("/api/v1/session", { method: "DELETE", keepalive: true, credentials: "same-origin" }).catch(() => undefined)
  held = null
  kept = null
  byIdOrNone("case")?.remove()
}

/** @param {string} id */
const byIdOrNone = (id) => document.getElementById(id)

async function close() {
  const open = held
  held = null
  byId("case").remove()
  try {
    if (open) await signOut({ url: URL_OF_PORTAL })
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
  }
  location.replace("/mycase")
}

/** @param {string} why */
function giveUp(why) {
  byId("checking").hidden = true
  byId("broken").hidden = false
  byId("broken-why").textContent = why
}

function showWay() {
  const way = byId("way").value
  byId("by-file").hidden = way === "words"
  byId("by-words").hidden = way === "file"
}

async function begin() {
  await loadWords(byId("mycase").dataset.words)
  if (!isSecureContext || !crypto.subtle) return giveUp(say("This page came over an insecure connection. Open it with https."))
  await selfTest()
  offerExit(byId("leave"), forget)
  addEventListener("pagehide", forget)
  addEventListener("pageshow", ({ persisted }) => void (persisted && location.reload()))
  byId("way").addEventListener("change", showWay)
  byId("case-file").addEventListener("change", () => void takeCaseFile())
  byId("open").addEventListener("click", () => void open())
  byId("close").addEventListener("click", () => void close())
  onPress("record-show", "record-wrong", record)
  onPress("questions-fetch", "questions-wrong", questions)
  onPress("history-again", "history-state", history)
  byId("receipt").addEventListener("change", () => void (held && takeReceipt(held)))
  confirmed("suspend", say("Suspended. The office can open nothing of it."), (url, opened) => suspend(url, opened, true))
  confirmed("lift", say("The office has access again."), (url, opened) => suspend(url, opened, false))
  confirmed("withdraw", say("Withdrawn. The office can open nothing of it any more."), withdraw)
  showWay()
  byId("checking").hidden = true
  byId("door").hidden = false
  byId("bar").hidden = false
}

begin().catch(() => giveUp(say("This page could not be loaded whole. Load it again; if that does not help, use another way.")))
