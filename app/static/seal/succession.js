// @ts-check
/**
 * A portal whose log changed its keys, or was succeeded after a loss: which keys of it are believed from now on.
 *
 * Rules
 *   1. Changed keys are believed when the log announced them under the log key that this device has known since the
 *      filing (log/keychange.js). The keys before stay believed for what they signed.
 *   2. After a loss the new keys are believed because a note says so that the statement key signed which this device
 *      knows (or was shown first); the new statement key signed it too.
 *   3. A key that neither leads to is another key: nothing is opened under it.
 *   4. What was proved of entries beyond the kept ones stays proved: it is evidence of the loss.
 *
 * The twin of app/client/succession.py.
 */
import { FormatError, TamperingError } from "./errors.js"
import { isAnnouncement, readAnnouncement } from "./log/keychange.js"
import { TYPES, openTyped, verifier } from "./notes.js"

const MOST = 64

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./types.js").FormerLog} FormerLog */

/**
 * The portal's present keys with those before them, as far as what links them verifies; what does not lead on from the
 * keys known so far is passed over: whatever rests on it will not verify, and be told.
 * @param {PortalKeys} keys as they were known first @param {unknown[]} links announcements and notes, in any order @returns {PortalKeys}
 */
export function followed(keys, links) {
  const left = new Set(links.slice(0, 2 * MOST).map(String))
  let found = keys
  for (let again = true; again; ) {
    again = false
    for (const link of left) {
      const next = attempted(found, link)
      if (!next) continue
      found = next
      left.delete(link)
      again = true
    }
  }
  return found
}

/** @param {PortalKeys} last @param {string} link @returns {PortalKeys | null} */
function attempted(last, link) {
  try {
    return isAnnouncement(link) ? changed(last, link) : succeeded(last, link)
  } catch {
    return null
  }
}

/** @param {PortalKeys} last @param {string} text @returns {PortalKeys} */
function changed(last, text) {
  const { portal, origin, day, before, after, index } = readAnnouncement(text)
  const ours = portal === last.name && origin === last.log_origin
  if (!ours || before.log !== last.log_vkey || before.statements !== last.statement_vkey) throw new FormatError("note")
  return behind(last, { announced: index, day, note: text }, { log_vkey: after.log, statement_vkey: after.statements })
}

/** @param {PortalKeys} last @param {string} note @returns {PortalKeys} */
function succeeded(last, note) {
  const body = openTyped(note, TYPES.successor, [verifier(last.statement_vkey)])
  const { from: before, to: after } = body
  openTyped(note, TYPES.successor, [verifier(String(after.statements))])
  const ours = body.portal === last.name && before.log === last.log_vkey && before.statements === last.statement_vkey
  if (!ours || verifier(String(after.log)).name !== after.origin) throw new FormatError("note")
  const kept = count(body.kept.size)
  const said = { kept, lost: Math.max(count(body.known.size) - kept, 0), day: String(body.time).slice(0, 10), note }
  return behind(last, said, { log_origin: String(after.origin), log_vkey: String(after.log), statement_vkey: String(after.statements) })
}

/**
 * @param {PortalKeys} last @param {Pick<FormerLog, "day" | "note"> & Partial<FormerLog>} said @param {Partial<PortalKeys>} next
 * @returns {PortalKeys} with the keys of `last` behind those of `next`
 */
function behind(last, said, next) {
  const { log_origin, log_vkey, statement_vkey } = last
  return { ...last, ...next, former: [...(last.former ?? []), { log_origin, log_vkey, statement_vkey, ...said }] }
}

/** @param {unknown} value @returns {number} */
function count(value) {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new FormatError("note")
  return Number(value)
}

/** Every set of keys of a portal, that of the filing first, the present one last. @param {PortalKeys} keys @returns {{log_origin: string, log_vkey: string, statement_vkey: string, kept?: number}[]} */
export const logsOf = (keys) => [...(keys.former ?? []), keys]

/** What checks a checkpoint of a log: each key that it had. @param {PortalKeys} keys @param {string} origin */
export function logVerifiers(keys, origin) {
  return logsOf(keys)
    .filter(({ log_origin }) => log_origin === origin)
    .map(({ log_vkey }) => verifier(log_vkey))
}

/** What checks a statement, of whatever day. @param {PortalKeys} keys */
export const statementVerifiers = (keys) => logsOf(keys).map(({ statement_vkey }) => verifier(statement_vkey))

/** Refuse keys that nothing leads to (rule 3). Code: key_unannounced. @param {PortalKeys} shown @param {PortalKeys} believed */
export function checkShown(shown, believed) {
  const known = logsOf(believed).some(({ log_vkey, statement_vkey }) => log_vkey === shown.log_vkey && statement_vkey === shown.statement_vkey)
  if (!known) throw new TamperingError("key_unannounced", { key: shown.log_vkey })
}
