// @ts-check
/**
 * What an outside body verifies alone: one file, every byte of it under a signature that follows from the case's number.
 *
 * The twin of app/client/export/bundle.py; source: crypto/FORMAT.md "Export".
 */
import { utf8 } from "./bytes.js"
import { canonical } from "./canonical.js"
import { sha256Hex } from "./digest.js"
import { TamperingError } from "./errors.js"
import { TYPES, openTyped, signTyped, signer, verifier } from "./notes.js"
import { proveCarried } from "./proofs.js"
import { logsOf } from "./succession.js"

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
const FORMAT = "resguardo/export/v1"

/**
 * @param {import("./revision.js").OpenedCase} opened
 * @param {{record: string, receipt: string, document: Uint8Array, language: string}} what `record`: canonical text, `document`: what people read beside it
 * @returns {string} the file
 */
export function bundle(opened, { record, receipt, document, language }) {
  const { portal, manifest } = opened
  const { log_vkey, statement_vkey } = signedUnder(portal, receipt)
  const changes = changesSince(portal, log_vkey)
  if (sha256Hex(utf8(record)) !== manifest.record) throw new TamperingError("record_other")
  const statement = {
    v: 1,
    portal: portal.name,
    case: opened.case,
    language,
    manifest: manifest.sha256,
    record: manifest.record,
    receipt: sha256Hex(utf8(receipt)),
    pdf: sha256Hex(document),
    left_out: [],
    log_vkey,
    statement_vkey,
    ...(changes.length ? { key_changes: changes.map((text) => sha256Hex(utf8(text))) } : {}),
  }
  const note = signTyped(TYPES.export, statement, signer(`${portal.name}/case`, opened.signer))
  const more = changes.length ? { key_changes: changes } : {}
  return canonical({ format: FORMAT, genesis: opened.genesis, manifests: opened.notes, record, receipt, export: note, ...more })
}

/** The keys that signed a receipt: those of its day, as far as they are known. @param {PortalKeys} portal @param {string} receipt */
function signedUnder(portal, receipt) {
  const found = logsOf(portal).find(({ log_origin, log_vkey, statement_vkey }) => {
    try {
      const { extra } = proveCarried({ ...portal, former: undefined, log_origin, log_vkey }, receipt)
      openTyped(extra.statement, TYPES.receipt, [verifier(statement_vkey)])
      return true
    } catch {
      return false
    }
  })
  return found ?? portal
}

/** The announcements that led on from a log key. @param {PortalKeys} portal @param {string} vkey @returns {string[]} */
function changesSince({ former = [] }, vkey) {
  const at = former.findIndex(({ log_vkey }) => log_vkey === vkey)
  return at < 0 ? [] : former.slice(at).flatMap(({ announced, note }) => (announced === undefined ? [] : [note]))
}
