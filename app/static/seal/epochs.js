// @ts-check
/**
 * Who can open a case, changed: one more holder within the epoch, or a new epoch with another case key for other holders,
 * everything sealed anew on this device, the old keys of no more use.
 *
 * 1. A new case key is drawn; the roster gets new salts, and throw-away keys in the place of whoever leaves.
 * 2. Every object but the case key is verified, opened and sealed to the new key under its old mark.
 * 3. So are the questions of the office, which the log vouches for until now and the manifest from now on; then the keys
 *    of before open nothing that there is, and the case key is sealed to the new roster without them.
 * 4. The manifest names the new keys and nothing of before, under the old signer.
 *
 * The twin of app/client/epochs.py. Here everything is in memory while it is sealed; nothing in clear becomes a file.
 */
import { recipientOf } from "./age.js"
import { hex } from "./bytes.js"
import { FilingError, FormatError } from "./errors.js"
import { IDENTITY_SIZE } from "./framing.js"
import { caseKeys, holderKeys, newStatusCode, parseGenesis, statusHash } from "./keys.js"
import { signer } from "./notes.js"
import { ROSTER_SIZE, SALT_SIZE, SEED_SIZE, checkHolders, commitments } from "./preparation.js"
import { built } from "./revision.js"
import { Sealer, sealCaseKey } from "./sealing.js"
import { openObject } from "./trust.js"

/** @typedef {import("./age.js").Random} Random */
/** @typedef {import("./revision.js").OpenedCase} OpenedCase */
/** @typedef {import("./revision.js").Revision} Revision */
/** @typedef {OpenedCase["roster"][number]} Holder */
/** @typedef {{listed: import("./types.js").Listed, data: Uint8Array}} Fetched */
/**
 * How the holders of a case change in a new epoch. `leaving`: recipients; `own`: the root with new words of whoever does
 * this; `newCode`: whether the status code changes too, so that whoever left sees nothing any more.
 * @typedef {{leaving: string[], own?: Uint8Array, newCode: boolean}} Change
 */

/** In the order of random salts: the order says nothing. @param {Holder[]} roster */
const inOrder = (roster) => [...roster].sort((a, b) => (hex(a.salt) < hex(b.salt) ? -1 : 1))

/** @param {Holder[]} roster as it is sealed */
const rosterOf = (roster) => roster.map(({ recipient, salt, label }) => ({ recipient, salt, label: /** @type {any} */ (label) }))

/**
 * The version in which one more person opens the case. Codes: holder_invalid, holder_twice, too_many_holders.
 * @param {OpenedCase} opened @param {string} recipient @param {Random} random @returns {Promise<Revision>}
 */
export async function withHolder(opened, recipient, random) {
  const [added] = checkHolders([recipient], opened.roster.filter(({ label }) => label !== "unused").map((holder) => holder.recipient))
  const free = opened.roster.find(({ label }) => label === "unused")
  if (!free) throw new FilingError("too_many_holders", { limit: ROSTER_SIZE })
  const others = opened.roster.filter((holder) => holder !== free)
  const roster = inOrder([...others, { recipient: added, salt: random(SALT_SIZE), label: "holder", own: false }])
  const where = { portal: opened.portal.name, case: opened.case, epoch: opened.manifest.epoch }
  const sealer = new Sealer(where, opened.manifest.recipient, random)
  await sealCaseKey(sealer, { ...opened, roster: rosterOf(roster) })
  const kept = opened.manifest.body.objects.filter((/** @type {any} */ { kind }) => kind !== "case-key")
  const revision = built(opened, sealer, { objects: [...kept, ...sealer.objects], manifest: { roster: commitments(rosterOf(roster)) } })
  return { ...revision, after: { roster } }
}

/**
 * The first version of a new epoch.
 * @param {OpenedCase} opened @param {Change} change
 * @param {{objects: Fetched[], messages: {record: string, body: Uint8Array}[]}} held all that the case has, still sealed, and the verified questions
 * @param {Random} random @param {(progress: {done: number, total: number}) => void} [onProgress] in bytes
 * @returns {Promise<Revision>}
 */
export async function sealAnew(opened, change, { objects, messages }, random, onProgress = () => {}) {
  const caseSeed = random(SEED_SIZE) // 1
  const keys = await caseKeys(caseSeed)
  const roster = await nextRoster(opened, change, random)
  const sealer = new Sealer({ portal: opened.portal.name, case: opened.case, epoch: opened.manifest.epoch + 1 }, keys.recipient, random)
  const total = objects.reduce((sum, { data }) => sum + data.length, 0)
  let done = 0
  for (const { listed, data } of objects) {
    const body = await openObject(opened, listed, data) // 2
    await sealer.data(listed.kind, listed.record, body, listed.kind === "identity" ? IDENTITY_SIZE : undefined)
    onProgress({ done: (done += data.length), total })
  }
  for (const { record, body } of messages) await sealer.data("message", record, body) // 3
  await sealCaseKey(sealer, { caseSeed, caseLogKey: opened.caseLogKey, genesis: opened.genesis, roster: rosterOf(roster) })
  const statusCode = change.newCode ? codeOf(opened, change, random) : opened.statusCode
  const { name } = opened.portal
  const changed = {
    epoch: opened.manifest.epoch + 1,
    recipient: keys.recipient,
    signer: signer(`${name}/case`, keys.signer).vkey,
    sign_in: signer(`${name}/sign-in`, keys.signIn).vkey,
    roster: commitments(rosterOf(roster)),
    status: statusHash(statusCode),
  }
  const revision = built(opened, sealer, { objects: sealer.objects, manifest: changed }) // 4
  return { ...revision, after: { caseSeed, signIn: keys.signIn, signer: keys.signer, earlier: [], roster, statusCode } }
}

/** @param {OpenedCase} opened @param {Change} change @param {Random} random @returns {Promise<Holder[]>} */
async function nextRoster(opened, { leaving, own }, random) {
  const stays = (/** @type {Holder} */ holder) => holder.label !== "unused" && !leaving.includes(holder.recipient) && !(own && holder.own)
  const real = opened.roster.filter(stays).map((holder) => ({ ...holder, salt: random(SALT_SIZE) }))
  if (own) {
    const { seed } = holderKeys(own, opened.portal.name, parseGenesis(opened.genesis).nonce)
    const label = opened.roster.find((holder) => holder.own)?.label ?? "holder"
    const recipient = await recipientOf(seed)
    if (opened.roster.some((holder) => holder.recipient === recipient)) throw new FormatError("words_same")
    real.push({ recipient, salt: random(SALT_SIZE), label, own: true })
  }
  if (!real.some((holder) => holder.own)) throw new FilingError("holder_own")
  while (real.length < ROSTER_SIZE) real.push({ recipient: await recipientOf(random(SEED_SIZE)), salt: random(SALT_SIZE), label: "unused", own: false })
  return inOrder(real)
}

/** The code of new words, with which they open the case by its number; another if it is in use. @param {OpenedCase} opened @param {Change} change @param {Random} random */
function codeOf(opened, { own }, random) {
  const code = own ? holderKeys(own, opened.portal.name, parseGenesis(opened.genesis).nonce).statusCode : ""
  return code && code !== opened.statusCode ? code : newStatusCode(random)
}
