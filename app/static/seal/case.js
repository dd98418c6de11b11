// @ts-check
/**
 * One's case from a page: opened with the words, signed in to, its contents and its history verified on this device.
 *
 * Every call rejects with a `SealError` (errors.js), whose `code` the page puts into words. What is opened is secret.
 */
import { strictBase64 } from "./bytes.js"
import { ask, employ } from "./crew.js"
import { NetworkError, TamperingError } from "./errors.js"
import { fetchPortal } from "./filing.js"
import { getJson, postForBytes, postJson, remove, stream } from "./http.js"
import { holderKeys, normaliseStatusCode, parseGenesis } from "./keys.js"

employ(new URL("./caseworker.js", import.meta.url).href)

const MIB = 1024 * 1024
const BATCH_COUNT = 500
const BATCH_SIZE = 16 * MIB
const IN_MEMORY = ["identity", "statement", "originals", "file-index", "answer"]
const NUMBER = /^[a-z2-7]{26}$/

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./types.js").Listed} Listed */
/**
 * `notes`: the chain as it was served. `known`: the newest checkpoint that this device knows, which goes along with each
 * sign-in, and whether the portal answered that it contradicts its log.
 * @typedef {import("./trust.js").OpenedCase & {notes: string[], known?: {note: string, contradicted: boolean}}} OpenedCase
 */
/** @typedef {import("./proofs.js").ProvedEntry} ProvedEntry */

/**
 * Open the case key with a holder's root.
 *
 * `code`: the status code; the filer's root gives it, another holder types it. `seen`: the newest manifest that this
 * device has seen, kept from before (`opened.manifest.version` and `.sha256`). `keys`: the portal's keys of the day of
 * filing; without them those that the portal shows today count.
 * Codes: number_malformed, code_malformed, case_not_found, words_wrong, and TamperingErrors.
 * @param {{url: string, number: string, root: Uint8Array, code?: string, seen?: import("./trust.js").Seen, keys?: PortalKeys}} asked
 * @returns {Promise<OpenedCase>}
 */
export async function openCase({ url, number, root, code, seen, keys }) {
  const asked = number.trim().toLowerCase()
  if (!NUMBER.test(asked)) throw new NetworkError("number_malformed")
  const portal = keys ?? (await fetchPortal(url))
  const known = code ? normaliseStatusCode(code) : await codeOf(url, asked, portal, root)
  const answer = await found(() => postJson(url, `/api/v1/cases/${asked}/key`, { code: known }, { repeatable: true }))
  const notes = answer.manifests
  const served = { genesis: answer.genesis, manifests: notes, caseKey: strictBase64(answer.case_key) }
  const opened = await ask("openCaseKey", [{ portal, case: asked, root, code: known, seen }, served])
  return { ...opened, notes }
}

/** The status code that a filer's root gives. @param {string} url @param {string} number @param {PortalKeys} portal @param {Uint8Array} root */
async function codeOf(url, number, portal, root) {
  const { genesis } = await found(() => getJson(url, `/api/v1/cases/${number}/genesis`))
  try {
    return holderKeys(root, portal.name, parseGenesis(String(genesis)).nonce).statusCode
  } catch {
    throw new TamperingError("genesis")
  }
}

/** @template T @param {() => Promise<T>} call @returns {Promise<T>} */
async function found(call) {
  try {
    return await call()
  } catch (error) {
    if (error instanceof NetworkError && error.details.status === 404) throw new NetworkError("case_not_found")
    throw error
  }
}

/** Sign in as a holder; the portal keeps a session in a cookie. Code: sign_in. @param {{url: string, opened: OpenedCase}} which */
export async function signIn({ url, opened }) {
  const { nonce } = await postJson(url, "/api/v1/sign-in/challenge", { case: opened.case })
  const note = await ask("signIn", [opened, { address: new URL(url).origin, nonce, time: Date.now() }])
  try {
    const said = await postJson(url, "/api/v1/sign-in", { note, known: opened.known?.note ?? "" })
    if (opened.known && said.log === "contradicted") opened.known.contradicted = true
  } catch (error) {
    if (error instanceof NetworkError && error.code === "refused") throw new NetworkError("sign_in", error.details)
    throw error
  }
}

/** End the session. @param {{url: string}} which */
export async function signOut({ url }) {
  await remove(url, "/api/v1/session")
}

/**
 * Everything of the case that is not a file, opened here; the access is logged, and its proof is checked first.
 * @param {{url: string, opened: OpenedCase}} which
 * @returns {Promise<import("./types.js").Contents & {access: ProvedEntry}>}
 */
export async function fetchContents({ url, opened }) {
  const overview = await getJson(url, "/api/v1/case")
  const notes = Array.isArray(overview.manifests) ? overview.manifests : []
  const same = notes.length === opened.notes.length && notes.every((/** @type {string} */ note, /** @type {number} */ at) => note === opened.notes[at])
  if (overview.case !== opened.case || overview.genesis !== opened.genesis || !same) throw new TamperingError("manifest_other")
  const access = await proved(opened, overview.entry)
  const pieces = []
  for (const batch of batches(opened.manifest.objects.filter(({ kind }) => IN_MEMORY.includes(kind)))) {
    pieces.push(...(await ask("openPieces", [opened, await fetchBatch(url, batch)])))
  }
  return { pieces, files: opened.manifest.objects.filter(({ kind }) => kind === "file"), access }
}

/** @param {OpenedCase} opened @param {any} entry @returns {Promise<ProvedEntry>} */
async function proved(opened, entry) {
  try {
    const found = await ask("prove", [opened.portal, entry.proof, strictBase64(entry.leaf), entry.opening])
    if (found.fields.kind === "case_opened" && found.fields.case === opened.case) return found
  } catch {
    // said below
  }
  throw new TamperingError("access_unproved")
}

/** @param {Listed[]} wanted */
function* batches(wanted) {
  /** @type {Listed[]} */
  let batch = []
  let size = 0
  for (const item of wanted) {
    if (batch.length && (batch.length === BATCH_COUNT || size + item.size > BATCH_SIZE)) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(item)
    size += item.size
  }
  if (batch.length) yield batch
}

/** @param {string} url @param {Listed[]} batch @returns {Promise<{listed: Listed, data: Uint8Array}[]>} */
async function fetchBatch(url, batch) {
  const size = batch.reduce((sum, item) => sum + item.size, 0)
  const joined = await postForBytes(url, "/api/v1/case/objects", { objects: batch.map((item) => item.sha256) }, size)
  let at = 0
  return batch.map((listed) => ({ listed, data: joined.slice(at, (at += listed.size)) }))
}

/**
 * Everything of the case as it is sealed, but the case key and the messages. Code: too_large, beyond `limit` bytes.
 * @param {{url: string, opened: OpenedCase, limit: number, onProgress?: import("./types.js").OnProgress}} which
 * @returns {Promise<{listed: Listed, data: Uint8Array}[]>}
 */
export async function fetchSealed({ url, opened, limit, onProgress = () => {} }) {
  const wanted = opened.manifest.objects.filter(({ kind }) => !["case-key", "message"].includes(kind))
  const total = wanted.reduce((sum, { size }) => sum + size, 0)
  if (total > limit) throw new NetworkError("too_large", { limit: Math.floor(limit / MIB) })
  const found = []
  for (const batch of batches(wanted.filter(({ size }) => size <= BATCH_SIZE))) {
    found.push(...(await fetchBatch(url, batch)))
    onProgress({ step: "send", done: found.reduce((sum, { listed }) => sum + listed.size, 0), total })
  }
  for (const listed of wanted.filter(({ size }) => size > BATCH_SIZE)) {
    const body = await stream(url, `/api/v1/case/objects/${listed.sha256}`)
    found.push({ listed, data: new Uint8Array(await new Response(body).arrayBuffer()) })
  }
  return found
}

/**
 * An evidence file as it was given; its name stands in the file index.
 * @param {{url: string, opened: OpenedCase, listed: Listed}} which
 * @returns {Promise<Blob>}
 */
export async function fetchFile({ url, opened, listed }) {
  const body = await stream(url, `/api/v1/case/objects/${listed.sha256}`)
  const ciphertext = await new Response(body).blob()
  return await ask("openFile", [opened, listed, ciphertext])
}

/**
 * Everything that was done with the case, proved entry by entry, and what is wrong with the list.
 *
 * `receipt` and `before` are what this device has kept: entries that were shown once cannot be taken back unseen.
 * @param {{url: string, opened: OpenedCase, receipt?: string, before?: ProvedEntry[]}} which
 * @returns {Promise<{entries: ProvedEntry[], findings: import("./types.js").Finding[]}>}
 */
export async function fetchHistory({ url, opened, receipt, before }) {
  const { entries, signing_rules: rules = [] } = await getJson(url, "/api/v1/case/history")
  if (!Array.isArray(entries) || !Array.isArray(rules)) throw new NetworkError("answer")
  return await ask("history", [opened, entries, { receipt, before, rules }])
}
