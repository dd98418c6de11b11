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
import { TYPES, signTyped, signer } from "./notes.js"

const FORMAT = "resguardo/export/v1"

/**
 * @param {import("./revision.js").OpenedCase} opened
 * @param {{record: string, receipt: string, document: Uint8Array, language: string}} what `record`: canonical text, `document`: what people read beside it
 * @returns {string} the file
 */
export function bundle(opened, { record, receipt, document, language }) {
  const { portal, manifest } = opened
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
    log_vkey: portal.log_vkey,
    statement_vkey: portal.statement_vkey,
  }
  const note = signTyped(TYPES.export, statement, signer(`${portal.name}/case`, opened.signer))
  return canonical({ format: FORMAT, genesis: opened.genesis, manifests: opened.notes, record, receipt, export: note })
}
