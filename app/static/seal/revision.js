// @ts-check
/**
 * The next version of a case's manifest: signed by the case's own signer, checked as a reader will; and the call that
 * brings it. The twin of `next_manifest` in app/domain/filing/revising.py; source: crypto/FORMAT.md "Manifest".
 */
import { base64, hex, utf8 } from "./bytes.js"
import { sha256Hex } from "./digest.js"
import { TYPES, signTyped, signer } from "./notes.js"
import { inOrder } from "./sealing.js"
import { checkChain, checkGenesis } from "./trust.js"

const UPLOAD_ID_SIZE = 16

/** @typedef {import("./trust.js").OpenedCase & {notes: string[]}} OpenedCase `notes`: the chain as it was served */
/** @typedef {import("./parts.js").SealedObject} SealedObject */
/**
 * A sealed next version: the body of POST /api/v1/case/revisions, what is to be put before it, and how it is known again.
 * @typedef {object} Revision
 * @property {{manifest: string, record: string | null, answer: {question: number, record: string} | null, upload: string | null, parts: Record<string, string>, copies: import("./copies.js").SealedCopy[]}} call
 * @property {import("./types.js").Upload[]} uploads
 * @property {string} sha256 of the manifest's note
 * @property {number} version
 * @property {Partial<OpenedCase>} [after] what of the opened case is another once it was taken: keys, holders, status code
 */

/**
 * Sign the version after the newest one; `changed` are the members of the manifest that change.
 * @param {OpenedCase} opened @param {Record<string, unknown>} changed @returns {{manifest: string, sha256: string}}
 */
export function nextManifest(opened, changed) {
  const { body, sha256 } = opened.manifest
  const next = { ...body, version: opened.manifest.version + 1, previous: sha256, destroys: false, ...changed }
  const manifest = signTyped(TYPES.manifest, next, signer(`${opened.portal.name}/case`, opened.signer))
  const genesis = checkGenesis(opened.case, opened.portal.name, opened.genesis)
  checkChain({ portal: opened.portal.name, case: opened.case, genesis }, [...opened.notes, manifest])
  return { manifest, sha256: sha256Hex(utf8(manifest)) }
}

/**
 * The call of a next version. `objects`: those that stay and those that are new; `manifest`: other members that change;
 * `record` and `answer`: texts that the office reads from then on; `copies`: those of evidence that it gets anew.
 * @param {OpenedCase} opened @param {import("./sealing.js").Sealer} sealer
 * @param {{objects: SealedObject[], manifest: Record<string, unknown>, record?: string | null, answer?: {question: number, record: string} | null, copies?: import("./copies.js").SealedCopy[]}} changes
 * @returns {Revision}
 */
export function built(opened, sealer, { objects, manifest: changed, record = null, answer = null, copies = [] }) {
  const { inline, uploads } = sealer.store
  const { manifest, sha256 } = nextManifest(opened, { ...changed, objects: inOrder(objects) })
  const parts = Object.fromEntries([...inline].map(([name, data]) => [name, base64(data)]))
  const upload = uploads.length ? hex(sealer.random(UPLOAD_ID_SIZE)) : null
  return { call: { manifest, record, answer, upload, parts, copies }, uploads, sha256, version: opened.manifest.version + 1 }
}
