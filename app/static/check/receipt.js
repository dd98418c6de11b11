// @ts-check
/**
 * The verifier for receipts: a receipt is read and checked in the page, and nothing of it is sent.
 *
 * 1. Its entry is in the log under the log's key, and its opening fits. 2. Its statement is signed under the statement
 * key, and speaks of this portal, of the entry's case and of its place.
 */
import { fetchLogs } from "../seal/logs.js"
import { TYPES, openTyped } from "../seal/notes.js"
import { proveCarried } from "../seal/proofs.js"
import { statementVerifiers } from "../seal/succession.js"
import { byId, showFacts } from "../file/dom.js"
import { loadWords, locale, number, say } from "../file/words.js"

const LIMIT = 4 * 1024 * 1024 // bytes
const KINDS = ["petition_received", "petition_revised"]

/** @param {import("../seal/types.js").PortalKeys} portal @param {string} text */
export function read(portal, text) {
  const { entry, extra } = proveCarried(portal, text) // 1
  const statement = openTyped(extra.statement, TYPES.receipt, statementVerifiers(portal)) // 2
  const { fields, index, size } = entry
  const same = statement.portal === portal.name && statement.case === fields.case && statement.index === index
  if (!same || !KINDS.includes(fields.kind)) throw new Error("another receipt")
  return { case: fields.case, received: String(statement.received), index, size, manifest: String(statement.manifest) }
}

/** @param {string} [text] @returns {Promise<string>} */
async function given(text = byId("receipt-text").value) {
  const [file] = byId("receipt-file").files
  return text.trim() || !file || file.size > LIMIT ? text : await file.text()
}

async function check() {
  byId("right").hidden = true
  byId("wrong").hidden = true
  try {
    const { portal } = await fetchLogs(location.origin)
    const found = read(portal, await given())
    const time = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(new Date(found.received))
    showFacts(byId("facts"), [
      [say("Case number"), found.case],
      [say("Received"), time],
      [say("Line of the log"), say("{index}, in a log of {size}", { index: number(found.index), size: number(found.size) })],
      [say("Fingerprint of what was filed"), found.manifest],
      [say("Key of the log"), portal.log_vkey],
      [say("Key of the statements"), portal.statement_vkey],
    ])
    byId("right").hidden = false
    byId("right").focus()
  } catch {
    byId("wrong").hidden = false
    byId("wrong").textContent = say("This receipt does not hold here. It may be cut off, changed, or of another portal. Keep it, and ask your organization to check it with the program.")
    byId("wrong").focus()
  }
}

async function begin() {
  await loadWords(byId("verify").dataset.words)
  byId("check").addEventListener("click", () => void check())
  byId("ready").hidden = false
}

void begin()
