// @ts-check
/**
 * The newest state of the log that this device knows, and the public log compared with every state it was shown.
 *
 * Rules
 *   1. What is known goes along with each sign-in, with the log's own signature: a portal that showed this device a
 *      history that is none of its log's is told so, keeps the alarm, and answers that it contradicts.
 *   2. Every state that something was proved under is an earlier state of the public log. One that is larger waits for
 *      the next publication.
 *   3. What was proved longer ago than two publications is public: a log that still lacks it shows an old state, or
 *      publishes no more.
 *   4. The entries of a case are found in any whole copy of the log by their tags (log/walk.js), at the portal or in a
 *      folder of files that somebody else keeps.
 *   5. What is known is a checkpoint: it names neither case nor person. It lives in the page's memory and in the file
 *      case.json that a holder saves; this device's browser keeps nothing of it.
 *
 * The twin of app/client/publiclog.py.
 */
import { equal } from "./bytes.js"
import { ask } from "./crew.js"
import { TamperingError } from "./errors.js"
import { getBytes, getJson } from "./http.js"
import { parseLeaf } from "./log/leaf.js"
import { rootOf } from "./log/merkle.js"
import { bundlesOf, contradicting } from "./log/tiles.js"
import { checkNumbers, compareShown } from "./log/walk.js"
import { verifyCheckpoint } from "./log/checkpoint.js"
import { parseProof } from "./log/proof.js"
import { logVerifiers } from "./succession.js"

const BUNDLE_LIMIT = 1024 * 1024
const LONGEST_TICK = 86_400 // seconds
const CLOCKS = 600 // seconds by which this device's clock may be ahead
const AHEAD = 4096 // tags past the last known one that are looked for in a small log
const MOST = 100_000 // in any: a second of a slow device

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./proofs.js").ProvedEntry} ProvedEntry */
/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {(path: string) => Promise<Uint8Array>} Fetch a file by its path behind the log's address */

/** A checkpoint of the present log that its key signed, or null. @param {PortalKeys} portal @param {string} note */
function ownState(portal, note) {
  try {
    return verifyCheckpoint(note, portal.log_origin, logVerifiers(portal, portal.log_origin))
  } catch {
    return null // of a log before this one, or nobody's
  }
}

/**
 * The newer of what was known and what something was proved under now; "" for none of this log (rule 5).
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
 * What the public log says against what was proved here (rules 2 and 3); nothing where it cannot be read now.
 * @param {string} url @param {PortalKeys} portal @param {string} known @param {ProvedEntry[]} entries
 * @returns {Promise<Finding[]>}
 */
export async function publicFindings(url, portal, known, entries) {
  const states = new Map(entries.filter(({ origin }) => origin === portal.log_origin).map((entry) => [`${entry.size} ${entry.root}`, entry]))
  const fetchFile = portalLog(url)
  try {
    const published = await believed(portal, fetchFile)
    const late = unpublished(published, portal, entries, await tickOf(url))
    const kept = ownState(portal, known)
    const all = [...states.values(), ...(kept ? [kept] : [])]
    const others = await contradicting(published, all, fetchFile)
    return [...others.map((place) => /** @type {Finding} */ ({ code: "other_history", place })), ...late]
  } catch {
    return []
  }
}

/** @param {PortalKeys} portal @param {Fetch} fetchFile */
async function believed(portal, fetchFile) {
  const note = new TextDecoder().decode(await fetchFile("checkpoint"))
  return verifyCheckpoint(note, portal.log_origin, logVerifiers(portal, portal.log_origin))
}

/** Seconds between publications, as the portal says; one that says too much is not believed. @param {string} url */
async function tickOf(url) {
  const { publish_every: told } = await getJson(url, "/api/v1/portal")
  return Number.isSafeInteger(told) && told > 0 ? Math.min(told, LONGEST_TICK) : 0
}

/** The first entry that was proved too long ago not to be public (rule 3). @param {{size: number}} published @param {PortalKeys} portal @param {ProvedEntry[]} entries @param {number} tick @returns {Finding[]} */
function unpublished({ size }, portal, entries, tick) {
  const end = Date.now() / 1000 - 2 * tick - Math.min(tick, CLOCKS)
  const late = entries.filter(({ index, origin, leaf }) => index >= size && origin === portal.log_origin && parseLeaf(leaf).time < end)
  return tick && late.length ? [{ code: "unpublished", place: Math.min(...late.map(({ index }) => index)) }] : []
}

/** The files of the portal's own log. @param {string} url @returns {Fetch} */
export const portalLog = (url) => (path) => getBytes(url, `/log/${path}`, BUNDLE_LIMIT)

/** The files of a copy of a log, from a folder that was chosen. @param {Iterable<File>} files @returns {Fetch} */
export function copiedLog(files) {
  const named = [...files].map((file) => /** @type {[string, File]} */ ([file.webkitRelativePath, file]))
  const root = named.map(([path]) => path).filter((path) => /(^|\/)checkpoint$/.test(path) && !path.includes("/refused-")).sort((one, other) => one.length - other.length)[0] ?? ""
  const byPath = new Map(named)
  return async (path) => {
    const file = byPath.get(root.slice(0, root.length - "checkpoint".length) + path)
    if (!file || file.size > BUNDLE_LIMIT) throw new TamperingError("no_copy")
    return new Uint8Array(await file.arrayBuffer())
  }
}

/**
 * Everything of a case in a whole log, and what is wrong with it; `shown` gives the newest history, asked for after the
 * log was read, so that nothing which is done meanwhile accuses anybody (rule 4). Codes: log_entries, no_copy.
 * @param {{portal: PortalKeys, caseLogKey: Uint8Array}} opened @param {Fetch} fetchFile @param {number} known how many entries were ever shown
 * @param {() => Promise<ProvedEntry[]>} shown @param {(done: number, size: number) => void} onProgress
 * @returns {Promise<{count: number, size: number, findings: Finding[]}>}
 */
export async function walkLog({ portal, caseLogKey }, fetchFile, known, shown, onProgress) {
  const published = await believed(portal, fetchFile)
  const { size } = published
  const tags = known + Math.min(Math.max(AHEAD, size), MOST)
  /** @type {Uint8Array[]} */ const roots = []
  /** @type {import("./log/walk.js").Place[]} */ const found = []
  for (const { first, width, path } of bundlesOf(size)) {
    const walked = await ask("walk", [caseLogKey, tags, first, width, await fetchFile(path)])
    roots.push(walked.root)
    found.push(...walked.found)
    onProgress(first + width, size)
  }
  if (!equal(rootOf(roots), published.root)) throw new TamperingError("log_entries")
  const findings = [...checkNumbers(found), ...compareShown({ origin: portal.log_origin, size }, found, await shown())]
  return { count: found.length, size, findings }
}
