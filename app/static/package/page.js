// @ts-check
/**
 * Hands in a sealed package of the offline edition: parts first, then the filing call; the receipt is verified here, as
 * on the filing page. Sent twice, it is filed once.
 */
import { byId, save, showFacts, tell } from "../file/dom.js"
import { readPackage } from "../file/package.js"
import { loadWords, longDay, number, say } from "../file/words.js"
import { utf8 } from "../seal/bytes.js"
import { sha256Hex } from "../seal/digest.js"
import { sendFiling } from "../seal/filing.js"
import { caseId, parseGenesis } from "../seal/keys.js"
import { portalKeys } from "../seal/portalkeys.js"

/** @type {Set<string>} parts that have arrived */ const sent = new Set()
let text = ""

/** @param {import("../seal/types.js").PortalKeys} portal @param {File} file */
async function handIn(portal, file) {
  const { call, uploads } = await readPackage(file).catch(() => Promise.reject(new Error("package")))
  if (parseGenesis(call.genesis).portal !== portal.name) throw new Error("portal")
  const submission = { body: call, portal, case: caseId(call.genesis), manifestSha256: sha256Hex(utf8(call.manifest)) }
  const onProgress = (/** @type {{ done: number, total: number }} */ { done, total }) => {
    byId("package-progress").hidden = false
    byId("package-progress").value = total ? done / total : 0
    byId("package-step").textContent = say("Sending… {percent} %", { percent: number(Math.floor(total ? (100 * done) / total : 0)) })
  }
  return await sendFiling({ url: location.origin, submission: /** @type {any} */ (submission), uploads, sent, onProgress })
}

/** @param {any} error @returns {string} */
function wordsFor(error) {
  if (error?.message === "package") return say("This file is no package, or it is cut off. Nothing was sent. Ask for it again.")
  if (error?.message === "portal") return say("This package was sealed for another portal. Nothing was sent. Take it there.")
  if (error?.name === "TamperingError") return say("The receipt does not prove what it should. Do not trust this page now, and ask for help.")
  if (error?.details?.status) return say("The portal did not take it: {why}", { why: error.details.words ?? "" })
  return say("The connection broke. Nothing is lost. Press the button again, it is filed once.")
}

/** @param {import("../seal/types.js").PortalKeys} portal */
async function send(portal) {
  const button = byId("package-send")
  const [file] = byId("package-file").files
  if (!file || button.disabled) return tell(byId("wrong"), file ? "" : say("Choose the file of the package."))
  button.disabled = true
  byId("arrived").hidden = true
  tell(byId("wrong"), "")
  try {
    const receipt = await handIn(portal, file)
    text = receipt.text
    showFacts(byId("facts"), [
      [say("Case number"), receipt.case],
      [say("Received"), longDay(new Date(receipt.received))],
      [say("Entry in the log"), number(receipt.index)],
    ])
    byId("arrived").hidden = false
    byId("arrived").focus()
  } catch (error) {
    tell(byId("wrong"), wordsFor(error))
    byId("wrong").focus()
  } finally {
    button.disabled = false
    byId("package-progress").hidden = true
    byId("package-step").textContent = ""
  }
}

async function begin() {
  const frame = byId("package")
  await loadWords(frame.dataset.words)
  const portal = portalKeys(JSON.parse(frame.dataset.portal))
  byId("package-send").addEventListener("click", () => void send(portal))
  byId("package-file").addEventListener("change", () => sent.clear())
  byId("save-receipt").addEventListener("click", () => save("receipt.tlog-proof", new Blob([text], { type: "text/plain;charset=utf-8" })))
  byId("ready").hidden = false
}

void begin()
