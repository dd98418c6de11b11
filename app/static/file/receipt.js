// @ts-check
/** The receipt, and what a person takes along: the case, the receipt, the key file, a reminder. */
import { reminder } from "./calendar.js"
import { byId, save, showFacts, tell } from "./dom.js"
import { keyFileName, saveKeyFile } from "./keys.js"
import { qrOf } from "./qr.js"
import { onEnter } from "./steps.js"
import { countedDay, language, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */

/** @param {App} app */
export function setUpReceipt(app) {
  onEnter("done", () => draw(app))
  setUpSaving(app)
  byId("save-receipt").addEventListener("click", () => saveText(say("receipt-{letters}.tlog-proof", { letters: lettersOf(app) }), app.receipt?.text ?? ""))
  byId("save-calendar").addEventListener("click", () => {
    saveText(say("reminder.ics"), reminder(new Date(), say("Reminder")), "text/calendar")
  })
}

const TOLD = 4 // letters of a case's number that tell its files from another's

/** @param {App} app */
const lettersOf = ({ pending }) => String(pending?.prepared.case ?? "").slice(-TOLD)

/** What a person takes along in the end, with a network or without. @param {App} app */
export function setUpSaving(app) {
  byId("save-case").addEventListener("click", () => {
    const name = say("case-{letters}.json", { letters: lettersOf(app) })
    saveText(name, `${JSON.stringify(caseFile(app), null, 1)}\n`)
    ticked("has-case", name)
    byId("save-case").classList.add("button-quiet")
    // Only who has the case can leave without losing it.
    byId("finish-way").hidden = false
  })
  byId("save-key").addEventListener("click", () => void saveKeyFile(app))
  byId("copy-code").addEventListener("click", () => void copyCode())
  byId("finish").addEventListener("click", () => void app.finish())
}

/** @param {string} id @param {string} file under which name it was saved */
function ticked(id, file) {
  byId(id).classList.add("ticked")
  byId(id).querySelector("[data-file]").textContent = say("saved: {name}", { name: file })
}

async function copyCode() {
  // Some browsers have no clipboard for a page from a file.
  const copied = async () => navigator.clipboard.writeText(byId("done-code").textContent)
  const done = await copied().then(() => true, () => false)
  // What the browser does not copy can be copied by hand from here: it is selected whole.
  if (!done) getSelection()?.selectAllChildren(byId("done-code"))
  tell(byId("copy-told"), done ? say("Copied. Paste it where only you look.") : say("Not copied: this browser does not allow it. It is selected: hold it, and choose “Copy”."))
}

/** @param {App} app what was saved before, and the code */
export function showSaved(app) {
  const { statusCode } = /** @type {NonNullable<App["pending"]>} */ (app.pending).prepared
  byId("done-code").textContent = statusCode
  byId("done-qr").replaceChildren(qrOf(statusCode, say("Your code as a picture to scan")))
  for (const id of ["save-key", "has-key"]) byId(id).hidden = !app.keyFile
  if (app.keyFile) void keyFileName(app).then((name) => ticked("has-key", name))
  byId("save-case-second").hidden = !app.holders.length
}

/** @param {string} name @param {string} text */
export function saveText(name, text, type = "text/plain") {
  save(name, new Blob([text], { type: `${type};charset=utf-8` }))
}

/** @param {App} app */
function draw(app) {
  const { receipt, pending } = app
  if (!receipt || !pending) return
  showFacts(byId("done-facts"), [
    [say("Case number"), receipt.case],
    [say("Received"), countedDay(new Date(receipt.received))],
    [say("Entry in the log"), number(receipt.index)],
  ])
  showSaved(app)
}

/** The case as the program reads it (app/client/case.py), *pending* until there is a receipt. @param {App} app @returns {Record<string, unknown>} */
export function caseFile({ pending, receipt, url }) {
  if (!pending) return {}
  const { prepared, submission } = pending
  return {
    format: "resguardo/case/v1",
    state: receipt ? "filed" : "pending",
    portal: prepared.portal.name,
    url,
    case: prepared.case,
    status_code: prepared.statusCode,
    log_origin: prepared.portal.log_origin,
    log_vkey: prepared.portal.log_vkey,
    statement_vkey: prepared.portal.statement_vkey,
    genesis: prepared.genesis,
    manifest_sha256: submission.manifestSha256,
    manifest_version: 1,
    entry_index: receipt?.index ?? null,
    language: language(),
    ...(receipt ? { receipt: receipt.text } : {}),
  }
}
