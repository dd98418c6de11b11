// @ts-check
/**
 * My case: opened with a key, shown, checked, answered and changed, and left again.
 *
 * Nothing of it goes into an address, a store, a cookie or the console. What was opened stands in this page's memory and
 * is gone with it: at leaving, at closing, and when the page is put aside by the browser.
 */
import { fetchHistory, signOut } from "../seal/case.js"
import { eachOnce } from "../seal/history.js"
import { newestKnown, publicFindings, sizeOf } from "../seal/publiclog.js"
import { NetworkError } from "../seal/errors.js"
import { selfTest } from "../seal/crew.js"
import { byId, tell } from "../file/dom.js"
import { loadLater } from "../file/later.js"
import { offerExit } from "../file/leave.js"
import { loadWords, say } from "../file/words.js"
import { emptyDoor, forgetGiven, setUpDoor, textIn } from "./door.js"
import { setUpFlow } from "./flow.js"
import { offerToDelete } from "./leftdrafts.js"
import { URL_OF_PORTAL, contentsOf, openAgain } from "./held.js"
import { showInside } from "./inside.js"
import { fetchRecord, fetchStatus, recall, signedIn, suspend, withdraw } from "./portal.js"
import { showQuestions } from "./questions.js"
import { showRecord } from "./record.js"
import { trouble } from "./said.js"
import { showStanding } from "./standing.js"
import { showHistory, successionWords } from "./timeline.js"
import { emptyWalk, setUpWalk } from "./walking.js"

const RECEIPT_LIMIT = 4 * 1024 * 1024 // bytes

/** @typedef {import("./held.js").Held} Held */

/** @type {Held | null} what is open; null when nothing is */ let held = null
/** @type {typeof import("./tasks.js") | null} */ let tasks = null

/** What can be done beyond looking comes once a case is open. @returns {Promise<typeof import("./tasks.js")>} */
async function loadTasks() {
  if (tasks) return tasks
  try {
    await loadLater("mycase/tasks.js")
    const loaded = await import("./tasks.js")
    if (!tasks) loaded.setUpTasks(refresh, () => held)
    tasks = loaded
    return loaded
  } catch {
    throw new NetworkError("unreachable")
  }
}

// Showing

/** @param {Held} open */
async function show(open) {
  held = open
  const { opened } = open
  showInside(URL_OF_PORTAL, opened, open.contents)
  byId("case-number").textContent = opened.case
  emptyDoor()
  emptyWalk()
  byId("door").hidden = true
  byId("case").hidden = false
  byId("stage").focus()
  void holders(open)
  await Promise.all([standing(open), history(open).then(() => released(open))])
}

/** The case again, after something was sent. */
async function refresh() {
  const open = held
  if (!open) return
  showInside(URL_OF_PORTAL, open.opened, await contentsOf(open))
  byId("record").replaceChildren()
  byId("questions").replaceChildren()
  await Promise.all([standing(open), history(open).then(() => released(open)), holders(open)])
}

/** Who can open it, and what can be done about that. @param {Held} open */
async function holders(open) {
  await begin("holders-wrong", async ({ beginRemoval, showHolders }) => showHolders(open, (holder) => beginRemoval(open, holder)))
}

/** What was given out of it. @param {Held} open */
async function released(open) {
  await begin("step-wrong", ({ showReleased }) => showReleased(open))
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
async function lines(open) {
  const { opened, before, receipt } = open
  return await signedIn(URL_OF_PORTAL, opened, () => fetchHistory({ url: URL_OF_PORTAL, opened, receipt, before }))
}

/** What the portal's own public log says against what it shows here. @param {Held} open @param {Held["before"]} entries */
async function against({ opened, before }, entries) {
  const { portal, known } = opened
  const found = await publicFindings(URL_OF_PORTAL, portal, known?.note ?? "", [...before, ...entries])
  const said = known?.contradicted ? [{ code: /** @type {const} */ ("contradicted"), place: sizeOf(portal, known.note) }] : []
  return [...found, ...said]
}

/** @param {Held} open */
async function history(open) {
  tell(byId("history-state"), say("Checking each line against the log …"))
  try {
    let { entries, findings } = await lines(open)
    // Another holder may have made a version since this page opened the case: that one is opened first.
    if (findings.some(({ code }) => code === "version")) {
      await openAgain(open)
      ;({ entries, findings } = await lines(open))
    }
    const all = eachOnce([...findings, ...(await against(open, entries))])
    const before = new Set(open.before.map(({ index }) => index))
    open.before.push(...entries.filter(({ index }) => !before.has(index)))
    const { known, portal } = open.opened
    // A state that contradicts is the evidence, and stays.
    if (known && !all.length) known.note = newestKnown(portal, known.note, entries)
    showHistory(entries, all)
    tell(byId("history-state"), successionWords(portal))
  } catch (error) {
    tell(byId("history-state"), trouble(error))
  }
}

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
  await showQuestions(open, (question) => void begin("questions-wrong", ({ beginAnswer }) => beginAnswer(open, question)))
  await history(open)
}

/** Begin something to be done. @param {string} place that says what goes wrong @param {(tasks: typeof import("./tasks.js")) => Promise<void>} what */
async function begin(place, what) {
  try {
    await what(await loadTasks())
    tell(byId(place), "")
  } catch (error) {
    tell(byId(place), trouble(error))
  }
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
    await Promise.all([standing(open), history(open).then(() => released(open))])
  })
}

// Leaving

/** Forget what was opened, and end the session even while the page goes. */
function forget() {
  if (held) void fetch("/api/v1/session", { method: "DELETE", keepalive: true, credentials: "same-origin" }).catch(() => undefined)
  empty()
}

/** Nothing that was opened or written stays in this page. */
function empty() {
  held?.root.fill(0)
  held = null
  forgetGiven()
  tasks?.forgetTasks()
  document.getElementById("case")?.remove()
}

async function close() {
  const open = held
  empty()
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

async function start() {
  await loadWords(byId("mycase").dataset.words)
  if (!isSecureContext || !crypto.subtle) return giveUp(say("This page came over an insecure connection. Open it with https."))
  await selfTest()
  offerExit(byId("leave"), forget)
  addEventListener("pagehide", forget)
  addEventListener("pageshow", ({ persisted }) => void (persisted && location.reload()))
  setUpFlow()
  setUpDoor(show)
  byId("close").addEventListener("click", () => void close())
  onPress("record-show", "record-wrong", record)
  onPress("questions-fetch", "questions-wrong", questions)
  setUpWalk(
    () => held,
    async (open) => (await lines(open)).entries,
  )
  onPress("history-again", "history-state", history)
  onPress("holder-begin", "holders-wrong", async (open) => (await loadTasks()).beginHolder(open))
  onPress("words-begin", "holders-wrong", async (open) => (await loadTasks()).beginWords(open))
  onPress("export-make", "record-wrong", async (open) => {
    await (await loadTasks()).beginExport(open)
    await history(open)
  })
  onPress("case-save", "holders-wrong", async (open) => (await loadTasks()).saveCase(open))
  onPress("supplement-begin", "step-wrong", async (open) => (await loadTasks()).beginSupplement(open, false))
  onPress("slip-begin", "step-wrong", async (open) => (await loadTasks()).beginSupplement(open, true))
  byId("receipt").addEventListener("change", () => void (held && takeReceipt(held)))
  onPress("public-begin", "step-wrong", async (open) => (await loadTasks()).beginPublic(open))
  confirmed("recall", say("Called back. The portal does not have it any more."), recall)
  confirmed("suspend", say("Suspended. The office can open nothing of it."), (url, opened) => suspend(url, opened, true))
  confirmed("lift", say("The office has access again."), (url, opened) => suspend(url, opened, false))
  confirmed("withdraw", say("Withdrawn. The office can open nothing of it any more."), withdraw)
  await offerToDelete()
  byId("checking").hidden = true
  byId("door").hidden = false
  byId("bar").hidden = false
}

start().catch(() => giveUp(say("This page could not be loaded whole. Load it again; if that does not help, use another way.")))
