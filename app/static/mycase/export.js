// @ts-check
/**
 * The petition for the official office, as the office of this portal reads it: a document for people, which any browser
 * prints, and a file that others verify alone. Both are made here; nobody is named in them.
 */
import { byId, element, save } from "../file/dom.js"
import { language, longDay, say } from "../file/words.js"
import { utf8 } from "../seal/bytes.js"
import { canonical } from "../seal/canonical.js"
import { ask } from "../seal/crew.js"
import { SealError } from "../seal/errors.js"
import { checkFiled, fetchReceipt } from "../seal/revising.js"
import { goTo } from "./flow.js"
import { URL_OF_PORTAL } from "./held.js"
import { fetchRecord, signedIn } from "./portal.js"
import { showRecord } from "./record.js"

const DOCUMENT = "petition.html"
const PROOF = "petition.json"
const STYLE = "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 serif}dt{font-weight:bold}dd{margin:0 0 .6rem}code{overflow-wrap:anywhere}.redacted{border:1px solid;padding:0 .2rem}"

/** @typedef {import("./held.js").Held} Held */

/** @type {{document: Uint8Array, bundle: string} | null} */ let made = null

export function setUpExport() {
  byId("export-document").addEventListener("click", () => made && save(DOCUMENT, new Blob([/** @type {BlobPart} */ (/** @type {unknown} */ (made.document))], { type: "text/html" })))
  byId("export-bundle").addEventListener("click", () => made && save(PROOF, new Blob([made.bundle], { type: "application/json" })))
}

/** Nothing of what was made stays. */
export function forgetExport() {
  made = null
}

/** @param {Held} held */
export async function beginExport(held) {
  const { opened } = held
  const record = await fetchRecord(URL_OF_PORTAL, opened)
  // What stays out of an export is for somebody to say: that takes the program.
  if (record.business_confidential?.length) throw new SealError("confidential")
  if (held.receipt) await checkFiled(opened, held.receipt)
  const receipt = held.receipt ?? (await signedIn(URL_OF_PORTAL, opened, () => fetchReceipt({ url: URL_OF_PORTAL, opened })))
  const document = utf8(documentOf(held, record))
  made = { document, bundle: await ask("bundle", [opened, { record: canonical(record), receipt, document, language: language() }]) }
  showRecord(byId("export-record"), record, String(record.language))
  goTo("export")
}

/** A page of its own, for people, which needs nothing else. @param {Held} held @param {any} record @returns {string} */
function documentOf({ opened }, record) {
  const title = say("Petition: what the office reads")
  const facts = element("dl", {})
  const received = opened.chain[0]
  /** @type {[string, string][]} */
  const rows = [
    [say("Case number"), opened.case],
    [say("Portal"), opened.portal.name],
    [say("Hash of the record"), opened.manifest.record],
    [say("Hash of the list of contents"), opened.manifest.sha256],
    [say("Hash of the first list of contents"), received.sha256],
    [say("Made on"), longDay(new Date())],
  ]
  facts.append(...rows.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, element("code", {}, value))]))
  const text = element("div", {})
  showRecord(text, record, String(record.language))
  const check = element("p", {}, say("The file {proof} beside it proves this text: “resguardo verify {proof} --pdf {document}”. Nobody has to trust who sends it.", { proof: PROOF, document: DOCUMENT }))
  const body = element("body", {}, element("h1", {}, title), text, element("h2", {}, say("How to verify it")), check, facts)
  return `<!doctype html>\n<html lang="${language()}"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>\n${body.outerHTML}</html>\n`
}
