// @ts-check
/** A portal's present keys, and the logs before its present one. */
import { getJson } from "./http.js"
import { readAnnouncement } from "./log/keychange.js"
import { portalKeys } from "./portalkeys.js"
import { followed, logsOf } from "./succession.js"

/** @typedef {import("./types.js").PortalKeys} PortalKeys */

/**
 * A portal's keys with the logs before its present one, as it tells of them itself, and the notes that prove them to
 * whoever knew it earlier (succession.js).
 * @param {string} url @returns {Promise<{portal: PortalKeys, notes: unknown[]}>}
 */
export async function fetchLogs(url) {
  const said = await getJson(url, "/api/v1/portal")
  const portal = portalKeys(said)
  const before = (Array.isArray(said.before) ? said.before : []).map(Object)
  const changes = Array.isArray(said.key_changes) ? said.key_changes : []
  const notes = [...changes, ...before.map(({ note }) => note)]
  const firsts = [...changes.slice(0, 1).flatMap(firstKeys), ...before.slice(0, 1).map(({ origin: log_origin, ...keys }) => ({ log_origin, ...keys }))]
  const wholes = firsts
    .map(({ log_origin, log_vkey, statement_vkey }) => followed({ ...portal, log_origin, log_vkey, statement_vkey }, notes))
    .filter(({ log_vkey }) => log_vkey === portal.log_vkey)
  wholes.sort((one, other) => logsOf(other).length - logsOf(one).length)
  return { portal: wholes[0] ?? portal, notes }
}

/** The keys that an announcement begins with, if it is one. @param {unknown} text */
function firstKeys(text) {
  try {
    const { origin: log_origin, before } = readAnnouncement(String(text))
    return [{ log_origin, log_vkey: before.log, statement_vkey: before.statements }]
  } catch {
    return []
  }
}
