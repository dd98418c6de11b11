// @ts-check
/**
 * A portal whose log was succeeded after a loss: which keys of it are believed from now on.
 *
 * Rules
 *   1. The new keys are believed because a note says so that the statement key signed which this device has known since
 *      the filing (or was shown first); the new statement key signed it too.
 *   2. What was proved of entries beyond the kept ones stays proved: it is evidence of the loss.
 *
 * The twin of app/client/succession.py.
 */
import { FormatError } from "./errors.js"
import { TYPES, openTyped, verifier } from "./notes.js"

const MOST = 64

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./types.js").FormerLog} FormerLog */

/**
 * The portal's present keys with the logs before them, as far as the notes verify; a note that does not is passed over:
 * whatever rests on it will not verify, and be told.
 * @param {PortalKeys} keys as they were known first @param {unknown[]} notes in the order of the successions @returns {PortalKeys}
 */
export function followed(keys, notes) {
  let found = keys
  for (const note of notes.slice(0, MOST)) {
    try {
      found = step(found, String(note))
    } catch {
      continue
    }
  }
  return found
}

/** @param {PortalKeys} last @param {string} note @returns {PortalKeys} */
function step(last, note) {
  const body = openTyped(note, TYPES.successor, [verifier(last.statement_vkey)])
  const { from: before, to: after } = body
  openTyped(note, TYPES.successor, [verifier(String(after.statements))])
  const ours = body.portal === last.name && before.log === last.log_vkey && before.statements === last.statement_vkey
  if (!ours || verifier(String(after.log)).name !== after.origin) throw new FormatError("note")
  const kept = count(body.kept.size)
  /** @type {FormerLog} */
  const former = {
    log_origin: last.log_origin,
    log_vkey: last.log_vkey,
    statement_vkey: last.statement_vkey,
    kept,
    lost: Math.max(count(body.known.size) - kept, 0),
    day: String(body.time).slice(0, 10),
    note,
  }
  const next = { log_origin: String(after.origin), log_vkey: String(after.log), statement_vkey: String(after.statements) }
  return { ...last, ...next, former: [...(last.former ?? []), former] }
}

/** @param {unknown} value @returns {number} */
function count(value) {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new FormatError("note")
  return Number(value)
}

/** Every log of a portal, the one of the filing first, the present one last. @param {PortalKeys} keys @returns {{log_origin: string, log_vkey: string, kept?: number}[]} */
export const logsOf = (keys) => [...(keys.former ?? []), keys]
