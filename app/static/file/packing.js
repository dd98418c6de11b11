// @ts-check
/** The end of the offline edition: the sealed package, and what a person keeps until somebody has handed it in. */
import { bytesOf } from "../seal/filing.js"
import { byId, save, showFacts } from "./dom.js"
import { packageOf } from "./package.js"
import { setUpSaving, showSaved } from "./receipt.js"
import { onEnter } from "./steps.js"
import { say } from "./words.js"

/** @typedef {import("./page.js").App} App */

export const PACKAGE_FILE = "package.tar"

/** @param {App} app */
export function setUpPacking(app) {
  onEnter("done", () => draw(app))
  byId("save-package").addEventListener("click", () => void pack(app))
  setUpSaving(app)
}

/** @param {App} app */
function draw(app) {
  showFacts(byId("done-facts"), [[say("Case number"), /** @type {NonNullable<App["pending"]>} */ (app.pending).prepared.case]])
  showSaved(app)
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
