// @ts-check
/**
 * The newest state of the log that this device knows, and the public log compared with every state it was shown.
 *
 * Rules
 *   1. What is known goes along with each sign-in, with the log's own signature: a portal that showed this device a
 *      history that is none of its log's is told so, keeps the alarm, and answers that it contradicts.
 *   2. Every state that something was proved under is an earlier state of the public log. One that is larger waits for
 *      the next publication.
 *   3. What is known is a checkpoint: it names neither case nor person. It lives in the page's memory and in the file
 *      case.json that a holder saves; this device's browser keeps nothing of it.
 *
 * The twin of app/client/publiclog.py, rules 1 and 2.
 */
import { getBytes } from "./http.js"
import { contradicting } from "./log/tiles.js"
import { verifyCheckpoint } from "./log/checkpoint.js"
import { parseProof } from "./log/proof.js"
import { logVerifiers } from "./succession.js"

const CHECKPOINT_LIMIT = 64 * 1024
const TILE_LIMIT = 256 * 32

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./proofs.js").ProvedEntry} ProvedEntry */

/** A checkpoint of the present log that its key signed, or null. @param {PortalKeys} portal @param {string} note */
function ownState(portal, note) {
  try {
    return verifyCheckpoint(note, portal.log_origin, logVerifiers(portal, portal.log_origin))
  } catch {
    return null // of a log before this one, or nobody's
  }
}

/**
 * The newer of what was known and what something was proved under now; "" for none of this log (rule 3).
 * @param {PortalKeys} portal @param {string} known @param {ProvedEntry[]} entries @returns {string}
 */
export function newestKnown(portal, known, entries) {
  let size = ownState(portal, known)?.size ?? -1
  let newest = size < 0 ? "" : known
  for (const entry of entries) {
    if (entry.origin !== portal.log_origin || entry.size <= size) continue
    newest = parseProof(entry.proof).checkpoint
    size = entry.size
  }
  return newest
}

/** How many entries a known state has. @param {PortalKeys} portal @param {string} known */
export const sizeOf = (portal, known) => ownState(portal, known)?.size ?? 0

/**
 * The sizes of the states that are no earlier state of the public log (rule 2); none where that cannot be read now.
 * @param {string} url @param {PortalKeys} portal @param {string} known @param {ProvedEntry[]} entries
 * @returns {Promise<number[]>}
 */
export async function otherHistories(url, portal, known, entries) {
  const states = new Map(entries.filter(({ origin }) => origin === portal.log_origin).map((entry) => [`${entry.size} ${entry.root}`, entry]))
  try {
    const note = new TextDecoder().decode(await getBytes(url, "/log/checkpoint", CHECKPOINT_LIMIT))
    const published = verifyCheckpoint(note, portal.log_origin, logVerifiers(portal, portal.log_origin))
    const kept = ownState(portal, known)
    const all = [...states.values(), ...(kept ? [kept] : [])]
    return await contradicting(published, all, (path) => getBytes(url, `/log/${path}`, TILE_LIMIT))
  } catch {
    return []
  }
}
