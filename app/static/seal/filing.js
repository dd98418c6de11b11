// @ts-check
/**
 * Filing from a page: prepare a case, seal the petition in a worker, send it until the portal's receipt verifies.
 *
 * Every call rejects with a `SealError` (errors.js), whose `code` the page puts into words.
 */
import { strictBase64 } from "./bytes.js"
import { ask, bringSecond, verifyModules } from "./crew.js"
import { TamperingError } from "./errors.js"
import { getJson, postJson, put } from "./http.js"
import { portalKeys } from "./portalkeys.js"

export { selfTest } from "./crew.js"

const AT_ONCE = 3
/** What proves a receipt: the worker imports it when one has come, so that no page waits for it in the beginning. */
const PROOFS = new URL("./proofs.js", import.meta.url).href

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./types.js").Prepared} Prepared */
/** @typedef {import("./types.js").Submission} Submission */
/** @typedef {import("./types.js").Upload} Upload */
/** @typedef {import("./types.js").OnProgress} OnProgress */

/** What the portal says of itself. @param {string} url @returns {Promise<PortalKeys>} */
export async function fetchPortal(url) {
  return portalKeys(await getJson(url, "/api/v1/portal"))
}

/**
 * A new case, on this device only. `root`: 16 bytes (phrase.js reads and writes them as words); `holders`: `age1pq1…`.
 * Codes: too_many_holders, holder_invalid, holder_twice.
 * @param {{portal: PortalKeys, root: Uint8Array, holders: string[]}} wanted
 * @returns {Promise<Prepared>}
 */
export async function prepareCase(wanted) {
  const prepared = await ask("prepare", [wanted])
  bringSecond().catch(() => undefined)
  return prepared
}

/**
 * Seal a settled petition. Nothing is sent. Codes: identity_too_large, too_many_files, file_changed.
 * @param {import("./sealing.js").Filing & {onProgress?: OnProgress}} filing
 * @returns {Promise<{submission: Submission, uploads: Upload[]}>}
 */
export async function sealFiling({ onProgress = () => {}, ...filing }) {
  return await ask("seal", [filing], ({ done, total }) => onProgress({ step: "seal", done, total }))
}

/**
 * Send a sealed petition: larger parts first, then the filing call; the receipt is verified before it is returned.
 *
 * Saying it twice is harmless: the same submission brings the same receipt. `sent` takes the hashes of parts that have
 * arrived; given again after a break, only the rest is sent. Codes: unreachable, timeout, busy, stopped, refused (with
 * `details.problem`), file_changed; integrity; receipt (TamperingError: do not count the petition as filed; `details.text` is
 * evidence).
 * @param {{url: string, submission: Submission, uploads: Upload[], onProgress?: OnProgress, sent?: Set<string>, signal?: AbortSignal}} sealed
 * @returns {Promise<import("./types.js").Receipt>}
 */
export async function sendFiling({ url, submission, uploads, onProgress = () => {}, sent = new Set(), signal }) {
  await verifyModules(PROOFS) // before anything is sent: without it the answer would prove nothing
  await sendParts({ url, upload: submission.body.upload, uploads, onProgress, sent, signal }).catch((error) => {
    // A file that this device has no more may have arrived before. If it has not, the portal says so, and takes nothing.
    if (error.code !== "file_changed") throw error
  })
  const answer = await postJson(url, "/api/v1/petitions", submission.body, { repeatable: true, signal })
  return await checked(submission, answer)
}

/**
 * Put the larger parts of something sealed under its upload id, several at once; those in `sent` have arrived before.
 * @param {{url: string, upload: unknown, uploads: Upload[], onProgress: OnProgress, sent: Set<string>, signal?: AbortSignal}} sealed
 */
export async function sendParts({ url, upload: id, uploads, onProgress, sent, signal }) {
  const total = uploads.reduce((sum, upload) => sum + upload.size, 0)
  const rest = uploads.filter((upload) => !sent.has(upload.sha256))
  let done = total - rest.reduce((sum, upload) => sum + upload.size, 0)
  const carry = async () => {
    // One list for all: each takes the next part when it is free, and none is left when one could not be sent.
    for (let upload = rest.shift(); upload; upload = rest.shift()) {
      try {
        await put(url, `/api/v1/uploads/${id}/${upload.sha256}`, await bytesOf(upload), signal)
      } catch (error) {
        rest.length = 0
        throw error
      }
      sent.add(upload.sha256)
      onProgress({ step: "send", done: (done += upload.size), total })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, carry))
}

/** The bytes of one part: kept, in a package, or made again. @param {Upload} upload @returns {Promise<Uint8Array>} */
export async function bytesOf(upload) {
  if ("blob" in upload) return new Uint8Array(await upload.blob.arrayBuffer())
  if ("data" in upload) return upload.data
  return new Uint8Array(await ask("part", [upload.sealed, upload.part, upload.sha256]))
}

/** @param {Submission} submission @param {Record<string, any>} answer */
async function checked({ portal, case: number, manifestSha256, body }, answer) {
  const filed = { portal, case: number, manifestSha256, caseLogKey: strictBase64(body.case_log_key) }
  try {
    const receipt = await ask("receipt", [filed, answer.receipt])
    if (answer.case !== number || answer.entry_index !== receipt.index) throw new TamperingError("receipt", { what: "answer" })
    return receipt
  } catch (error) {
    if (error instanceof TamperingError) error.details.text = answer.receipt
    throw error
  }
}
