// @ts-check
/** The end of the offline edition: the sealed package, and what a person keeps until somebody has handed it in. */
import { bytesOf } from "../seal/filing.js"
import { byId, save, showFacts } from "./dom.js"
import { saveKeyFile } from "./keys.js"
import { packageOf } from "./package.js"
import { qrOf } from "./qr.js"
import { caseFile, saveText } from "./receipt.js"
import { onEnter } from "./steps.js"
import { say } from "./words.js"

/** @typedef {import("./page.js").App} App */

export const PACKAGE_FILE = "package.tar"

/** @param {App} app */
export function setUpPacking(app) {
  onEnter("done", () => draw(app))
  byId("save-package").addEventListener("click", () => void pack(app))
  byId("save-case").addEventListener("click", () => saveText("case.json", `${JSON.stringify(caseFile(app), null, 1)}\n`))
  byId("save-key").addEventListener("click", () => saveKeyFile(app))
  byId("finish").addEventListener("click", () => void app.finish())
}

/** @param {App} app */
function draw(app) {
  const { statusCode, case: number } = /** @type {NonNullable<App["pending"]>} */ (app.pending).prepared
  showFacts(byId("done-facts"), [[say("Case number"), number]])
  byId("done-code").textContent = statusCode
  byId("done-qr").replaceChildren(qrOf(statusCode, say("Your code as a picture to scan")))
  byId("save-key").hidden = !app.keyFile
  byId("save-case-second").hidden = !app.holders.length
  for (const place of document.querySelectorAll("[data-package-address]")) place.textContent = `${app.url}/package`
  for (const place of document.querySelectorAll("[data-portal-address]")) place.textContent = app.url
}

/** @param {App} app */
async function pack(app) {
  const button = byId("save-package")
  if (button.disabled) return
  button.disabled = true
  try {
    const { submission, uploads } = /** @type {NonNullable<App["pending"]>} */ (app.pending)
    save(PACKAGE_FILE, await packageOf(submission.body, uploads, bytesOf))
  } finally {
    button.disabled = false
  }
}
