// @ts-check
/**
 * What a signed-in holder asks of the portal beyond contents and history, each answer checked before it is used.
 *
 * Rules
 *   1. The status counts when the portal's statement key signed it and it is about this case.
 *   2. The redacted record counts when its hash stands in the newest manifest, and the log has this very reading.
 *   3. A question counts when the log says that it was asked, in these words, or the signed manifest names it since a new
 *      case key, and it opens with the case key.
 *   4. A step counts when one of the proved entries that it made says so.
 *
 * The twin of app/client/status.py, messages.py and steps.py.
 */
import { strictBase64, utf8 } from "../seal/bytes.js"
import { fetchHistory, signIn } from "../seal/case.js"
import { ask } from "../seal/crew.js"
import { sha256Hex } from "../seal/digest.js"
import { NetworkError, TamperingError } from "../seal/errors.js"
import { getJson, postJson } from "../seal/http.js"
import { TYPES, openTyped, verifier } from "../seal/notes.js"

/** @typedef {import("../seal/case.js").OpenedCase} OpenedCase */
/** @typedef {import("../seal/proofs.js").ProvedEntry} ProvedEntry */
/**
 * A question of the office; days such as 2026-03-12; `state` is WAITING, OVERDUE, ANSWERED, ANSWERED_LATE, WITHDRAWN or LAPSED.
 * `record` is the mark of its object, `body` what that held, byte by byte.
 * @typedef {{number: string, text: string, language: string, asked: string, until: string, state: string, role: string, record: string, body: Uint8Array, flag: Flag | null}} Question
 */
/** A place that may show a person: a version such as evidence-3/2, page and hundredths, or a part of the record. @typedef {{record: string, page: number, across: number, down: number, part: string, hold: boolean}} Flag */

const ASKING = ["question_asked", "place_flagged"]
/** @type {Record<string, string[]>} */
const CLOSING = { question_answered: ["ANSWERED", "ANSWERED_LATE"], question_withdrawn: ["WITHDRAWN"] }
const STANDING = ["WAITING", "OVERDUE", "LAPSED"]

/**
 * A call of a signed-in holder; a session that ended in the meantime is begun again, once. `later`: the case under the
 * keys that it has once the call was taken; where only its answer was lost, nobody signs in with the old ones any more.
 * @template T @param {string} url @param {OpenedCase} opened @param {() => Promise<T>} call @param {OpenedCase} [later] @returns {Promise<T>}
 */
export async function signedIn(url, opened, call, later = opened) {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof NetworkError) || ![401, 403].includes(Number(error.details.status))) throw error
  }
  try {
    await signIn({ url, opened })
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code !== "sign_in" || later === opened) throw error
    await signIn({ url, opened: later })
  }
  return await call()
}

/** Where the case stands, signed (rule 1). @param {string} url @param {OpenedCase} opened @returns {Promise<Record<string, any>>} */
export async function fetchStatus(url, opened) {
  const { note } = await postJson(url, "/api/v1/status", { code: opened.statusCode }, { repeatable: true })
  try {
    const body = openTyped(String(note), TYPES.status, [verifier(opened.portal.statement_vkey)])
    if (body.case === opened.case && body.portal === opened.portal.name) return body
  } catch {
    // said below
  }
  throw new TamperingError("status")
}

/**
 * The record as the office reads it (rule 2); that it was fetched is in the log before it comes.
 * @param {string} url @param {OpenedCase} opened @returns {Promise<Record<string, any>>}
 */
export async function fetchRecord(url, opened) {
  const { record, entry_index: index } = await signedIn(url, opened, () => getJson(url, "/api/v1/case/record"))
  if (typeof record !== "string" || sha256Hex(utf8(record)) !== opened.manifest.record) throw new TamperingError("record_other")
  const { entries } = await fetchHistory({ url, opened })
  const own = entries.find((entry) => entry.index === index)
  if (own?.fields.kind !== "record_read_by_holder") throw new TamperingError("access_unproved")
  return JSON.parse(record)
}

/** The office's questions, opened here (rule 3). @param {string} url @param {OpenedCase} opened @returns {Promise<Question[]>} */
export async function fetchQuestions(url, opened) {
  const { messages } = await signedIn(url, opened, () => getJson(url, "/api/v1/case/messages"))
  if (!Array.isArray(messages)) throw new NetworkError("answer")
  try {
    return await Promise.all(messages.map((line) => question(opened, line)))
  } catch {
    throw new TamperingError("message")
  }
}

/** @param {OpenedCase} opened @param {any} line @returns {Promise<Question>} */
async function question(opened, line) {
  const entry = await proved(opened, line.asked)
  const said = pairs(entry, ASKING)
  const data = strictBase64(line.body)
  // After a new case key the signed manifest names what a holder sealed anew, and the entry the first ciphertext.
  const anew = opened.manifest.objects.find((one) => one.kind === "message" && one.record === line.record)
  const listed = anew ?? { kind: "message", record: line.record, size: data.length, sha256: said.sha256 }
  const { content, body } = await ask("openMessage", [opened, listed, data])
  if (String(content.question) !== said.question || content.until !== said.until) throw new TamperingError("message")
  const state = line.closed ? await closed(opened, line, said.question) : line.state
  if (!line.closed && !STANDING.includes(state)) throw new TamperingError("message")
  const { text, language, asked, until } = content
  if ([text, language, asked, until].some((value) => typeof value !== "string")) throw new TamperingError("message")
  return { number: said.question, text, language, asked, until, state, role: entry.fields.role, record: line.record, body, flag: flagOf(content.flag, said) }
}

/** The place that a flag is about; its entry says which version it is in. @param {any} flag @param {Record<string, string>} said @returns {Flag | null} */
function flagOf(flag, said) {
  if (!flag && !said.flag) return null
  const { record, page, across, down, part, hold } = flag
  const numbers = [page, across, down].every((value) => Number.isInteger(value) && value >= 0)
  if (record !== said.flag || (hold ? "yes" : "no") !== said.held || !numbers || typeof part !== "string") throw new TamperingError("message")
  return { record, page, across, down, part, hold: Boolean(hold) }
}

/** @param {OpenedCase} opened @param {any} line @param {string} number @returns {Promise<string>} */
async function closed(opened, line, number) {
  const entry = await proved(opened, line.closed)
  const said = pairs(entry, Object.keys(CLOSING))
  if (said.question !== number || !CLOSING[entry.fields.kind].includes(line.state)) throw new TamperingError("message")
  return line.state
}

/** What an entry's detail says in pairs of words, after the step and its stage. @param {ProvedEntry} entry @param {string[]} kinds */
function pairs({ fields }, kinds) {
  if (!kinds.includes(fields.kind)) throw new TamperingError("message")
  const words = fields.detail.split(" ").slice(2)
  /** @type {Record<string, string>} */ const found = {}
  for (let at = 0; at + 1 < words.length; at += 2) found[words[at]] = words[at + 1]
  return found
}

/** @param {OpenedCase} opened @param {any} line @returns {Promise<ProvedEntry>} */
async function proved(opened, line) {
  /** @type {ProvedEntry} */
  const entry = await ask("prove", [opened.portal, line.proof, strictBase64(line.leaf), line.opening])
  if (entry.fields.case !== opened.case) throw new TamperingError("opening")
  return entry
}

/**
 * A step in the procedure (rule 4): true when it changed something, false when it stood so already.
 * @param {string} url @param {OpenedCase} opened @param {string} path @param {object} body @param {string} kind the entry that it makes
 * @param {string} [said] how that entry's words end
 * @returns {Promise<boolean>}
 */
async function takeStep(url, opened, path, body, kind, said = "") {
  const call = () => postJson(url, `/api/v1/case/${path}`, body, { repeatable: true })
  const { repeated, entries } = await signedIn(url, opened, call)
  if (typeof repeated !== "boolean" || !Array.isArray(entries)) throw new NetworkError("answer")
  try {
    const made = await Promise.all(entries.map((line) => proved(opened, line)))
    if (repeated || made.some(({ fields }) => fields.kind === kind && fields.detail.endsWith(said))) return !repeated
  } catch {
    // said below
  }
  throw new TamperingError("unproved")
}

/** @param {string} url @param {OpenedCase} opened */
export async function withdraw(url, opened) {
  return await takeStep(url, opened, "withdrawal", { withdraw: true }, "petition_withdrawn")
}

/** @param {string} url @param {OpenedCase} opened @param {boolean} suspended */
export async function suspend(url, opened, suspended) {
  return await takeStep(url, opened, "suspension", { suspended }, suspended ? "access_suspended" : "access_restored")
}

/** @typedef {{version: number, sha256: string, audience: string, released: string, withdrawn: string | null}} Released times are RFC 3339 */

/**
 * Give a public version out, signed by the case's key; its entry must say which text went to whom.
 * @param {string} url @param {OpenedCase} opened @param {{text: string, sha256: string, audience: "office" | "everyone"}} version
 */
export async function release(url, opened, { text, sha256, audience }) {
  const note = await ask("release", [opened, { sha256, audience }])
  return await takeStep(url, opened, "public", { text, note }, "public_released", `audience ${audience} sha256 ${sha256}`)
}

/** @param {string} url @param {OpenedCase} opened */
export async function recall(url, opened) {
  return await takeStep(url, opened, "public/withdrawal", { withdraw: true }, "public_withdrawn")
}

/**
 * What was given out of the case, called back or not, and to whom the office says that it handed it.
 * @param {string} url @param {OpenedCase} opened @returns {Promise<{versions: Released[], handed: {time: string, to: string}[]}>}
 */
export async function fetchReleased(url, opened) {
  const { versions, handed } = await signedIn(url, opened, () => getJson(url, "/api/v1/case/public"))
  const texts = (/** @type {any} */ one) => [one?.sha256, one?.audience, one?.released].every((value) => typeof value === "string")
  if (!Array.isArray(versions) || !versions.every(texts) || !Array.isArray(handed)) throw new NetworkError("answer")
  return { versions, handed: handed.map(({ time, to }) => ({ time: String(time), to: String(to) })) }
}
