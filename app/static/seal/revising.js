// @ts-check
/**
 * Next versions of a case from a page: sealed in the worker, sent until the portal's receipt verifies.
 *
 * Every call rejects with a `SealError` (errors.js), whose `code` the page puts into words. Sending twice is harmless:
 * the same version brings the same receipt. Where somebody else was faster nothing of ours was stored: code `behind`.
 */
import { fetchSealed } from "./case.js"
import { ask } from "./crew.js"
import { NetworkError, TamperingError } from "./errors.js"
import { sendParts } from "./filing.js"
import { postJson } from "./http.js"

const BEHIND = "revision_behind"

/** @typedef {import("./case.js").OpenedCase} OpenedCase */
/** @typedef {import("./revision.js").Revision} Revision */
/** @typedef {import("./types.js").OnProgress} OnProgress */

/** @param {OnProgress} onProgress */
const sealing = (onProgress) => (/** @type {{done: number, total: number}} */ so) => onProgress({ step: "seal", ...so })

/**
 * Seal an answer to a question of the office. Nothing is sent. Codes: file_changed.
 * @param {{opened: OpenedCase, answer: import("./answering.js").Answer, onProgress?: OnProgress}} asked @returns {Promise<Revision>}
 */
export async function sealAnswer({ opened, answer, onProgress = () => {} }) {
  return await ask("answer", [opened, answer], sealing(onProgress))
}

/**
 * Seal a settled petition that follows the version that is known. Nothing is sent. Codes: identity_too_large, file_changed.
 * @param {{opened: OpenedCase, supplement: import("./supplementing.js").Supplement, onProgress?: OnProgress}} asked @returns {Promise<Revision>}
 */
export async function sealSupplement({ opened, supplement, onProgress = () => {} }) {
  return await ask("supplement", [opened, supplement], sealing(onProgress))
}

/**
 * Seal the case key for one more person. Nothing is sent. Codes: holder_invalid, holder_twice, too_many_holders.
 * @param {{opened: OpenedCase, recipient: string}} asked @returns {Promise<Revision>}
 */
export async function sealHolder({ opened, recipient }) {
  return await ask("withHolder", [opened, recipient])
}

/**
 * Fetch everything and seal it to a new case key for other holders. Nothing is sent. Codes: too_large; TamperingErrors.
 * @param {{url: string, opened: OpenedCase, change: import("./epochs.js").Change, messages: {record: string, body: Uint8Array}[], limit: number, onProgress?: OnProgress}} asked
 * @returns {Promise<Revision>}
 */
export async function sealNewKey({ url, opened, change, messages, limit, onProgress = () => {} }) {
  const objects = await fetchSealed({ url, opened, limit })
  return await ask("sealAnew", [opened, change, { objects, messages }], sealing(onProgress))
}

/**
 * Send a sealed version for a holder who is signed in. Afterwards `opened` is the case with this version as its newest.
 *
 * `sent` takes the hashes of parts that have arrived. Codes: behind; unreachable, timeout, busy, stopped, refused (with
 * `details.problem`), file_changed; receipt (TamperingError).
 * @param {{url: string, opened: OpenedCase, revision: Revision, onProgress?: OnProgress, sent?: Set<string>, signal?: AbortSignal}} sealed
 * @returns {Promise<import("./types.js").Receipt>}
 */
export async function sendRevision({ url, opened, revision, onProgress = () => {}, sent = new Set(), signal }) {
  const { call, uploads, sha256, after = {} } = revision
  const filed = { portal: opened.portal, case: opened.case, manifestSha256: sha256, caseLogKey: opened.caseLogKey }
  await sendParts({ url, upload: call.upload, uploads, onProgress, sent, signal })
  const answer = await taken(() => postJson(url, "/api/v1/case/revisions", call, { repeatable: true, signal }))
  const receipt = await checked(filed, answer)
  const notes = [...opened.notes, call.manifest]
  Object.assign(opened, await ask("advance", [opened, notes]), { notes }, after)
  return receipt
}

/** @template T @param {() => Promise<T>} call @returns {Promise<T>} */
async function taken(call) {
  try {
    return await call()
  } catch (error) {
    if (error instanceof NetworkError && error.details.problem === BEHIND) throw new NetworkError("behind", error.details)
    throw error
  }
}

/** @param {import("./proofs.js").Filed} filed @param {Record<string, any>} answer */
async function checked(filed, answer) {
  try {
    const receipt = await ask("revisionReceipt", [filed, answer.receipt])
    if (answer.case !== filed.case || answer.entry_index !== receipt.index) throw new TamperingError("receipt", { what: "answer" })
    return receipt
  } catch (error) {
    if (error instanceof TamperingError) error.details.text = answer.receipt
    throw error
  }
}

/**
 * The receipt of the filing: the first version said again brings the same one. Verified as when it was filed.
 * @param {{url: string, opened: OpenedCase}} which @returns {Promise<string>}
 */
export async function fetchReceipt({ url, opened }) {
  const call = { manifest: opened.notes[0], record: null, answer: null, upload: null, parts: {} }
  const { receipt } = await postJson(url, "/api/v1/case/revisions", call, { repeatable: true })
  await checkFiled(opened, receipt)
  return String(receipt)
}

/** Check that a receipt is that of the filing. Code: receipt. @param {OpenedCase} opened @param {unknown} text */
export async function checkFiled(opened, text) {
  await ask("receipt", [{ portal: opened.portal, case: opened.case, manifestSha256: opened.chain[0].sha256, caseLogKey: opened.caseLogKey }, text])
}
