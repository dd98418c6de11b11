// @ts-check
/** The receipt, and what a person takes along: the case, the receipt, the key file, a reminder. */
import { reminder } from "./calendar.js"
import { byId, save, showFacts } from "./dom.js"
import { saveKeyFile } from "./keys.js"
import { qrOf } from "./qr.js"
import { onEnter } from "./steps.js"
import { language, longDay, number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */

/** @param {App} app */
export function setUpReceipt(app) {
  onEnter("done", () => draw(app))
  byId("save-case").addEventListener("click", () => saveText("case.json", `${JSON.stringify(caseFile(app), null, 1)}\n`))
  byId("save-receipt").addEventListener("click", () => saveText("receipt.tlog-proof", app.receipt?.text ?? ""))
  byId("save-key").addEventListener("click", () => saveKeyFile(app))
  byId("save-calendar").addEventListener("click", () => {
    saveText(say("reminder.ics"), reminder(new Date(), say("Reminder")), "text/calendar")
  })
  byId("finish").addEventListener("click", () => void app.finish())
}

/** @param {string} name @param {string} text */
export function saveText(name, text, type = "text/plain") {
  save(name, new Blob([text], { type: `${type};charset=utf-8` }))
}

/** @param {App} app */
function draw(app) {
  const { receipt, pending } = app
  if (!receipt || !pending) return
  const { statusCode } = pending.prepared
  showFacts(byId("done-facts"), [
    [say("Case number"), receipt.case],
    [say("Received"), longDay(new Date(receipt.received))],
    [say("Entry in the log"), number(receipt.index)],
  ])
  byId("done-code").textContent = statusCode
  byId("done-qr").replaceChildren(qrOf(statusCode, say("Your code as a picture to scan")))
  byId("save-key").hidden = !app.keyFile
  byId("save-case-second").hidden = !app.holders.length
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
  }
}
