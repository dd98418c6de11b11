// @ts-check
/**
 * What is believed of a portal's answers about a case. Decisions only: no network, no storage.
 *
 * Rules
 *   1. The case id is the hash of the genesis text; the genesis names the filer's key and the case's recipient.
 *   2. Manifests form a chain: the filer's key of the genesis signed the first one, which names the recipient of the
 *      genesis; the key that each calls its signer signed the next one, which names the hash of the one before, the
 *      same portal and case, and the next version. The newest is the last of the chain, and nothing else.
 *   3. Within an epoch the case key and its two other keys stay. A new epoch is the next one, changes all three, and
 *      names no object of the epoch before. Answers stay, in order; only a version that destroys changes one.
 *   3a. The newest one that this device has seen stands in the chain, at its place: a shorter chain is a rollback, one
 *      with another note there is a fork.
 *   4. A ciphertext counts when its hash stands in the manifest, whatever is inside it.
 *   5. The case key opens with a holder's key, names its place, and leads to the recipient, sign-in key and signer key
 *      of the manifest; our own recipient is one of the eight commitments of the roster.
 *   6. Every other piece opens with the case key and names its own place. Only then is it released.
 *
 * The twin of app/client/trust.py, where a worked example stands.
 */
import { identitySeed, open, recipientOf } from "./age.js"
import { base64, strictBase64, textOf, utf8 } from "./bytes.js"
import { sha256Hex } from "./digest.js"
import { SealError, TamperingError, WordsError } from "./errors.js"
import { KINDS, unframe } from "./framing.js"
import { caseId, caseKeys, holderCommitment, holderKeys, parseGenesis, standingSeed } from "./keys.js"
import { TYPES, openTyped, signer, verifier } from "./notes.js"
import { ROSTER_SIZE } from "./preparation.js"

const LARGEST = 64 * 1024 ** 3

/** @typedef {import("./types.js").Listed} Listed */
/**
 * A manifest of the chain; `sha256` is that of its note, `body` all that is signed.
 * @typedef {object} Manifest
 * @property {string} sha256
 * @property {string} portal
 * @property {string} case
 * @property {number} version
 * @property {number} epoch
 * @property {string} previous
 * @property {string} recipient
 * @property {string} signer
 * @property {string} sign_in
 * @property {string} status
 * @property {string} record
 * @property {string[]} roster
 * @property {Listed[]} objects
 * @property {{question: number, record: string}[]} answers
 * @property {boolean} destroys
 * @property {Record<string, any>} body
 */
/**
 * The newest manifest that this device has seen: an older one served again is a rollback.
 * @typedef {{version: number, sha256: string}} Seen
 */
/**
 * A case whose key was opened by one of its holders. Secret as a whole.
 * @typedef {object} OpenedCase
 * @property {import("./types.js").PortalKeys} portal
 * @property {string} case
 * @property {string} genesis
 * @property {Manifest[]} chain the newest last
 * @property {Manifest} manifest the newest
 * @property {Uint8Array} caseSeed
 * @property {Uint8Array} caseLogKey
 * @property {Uint8Array} signIn
 * @property {Uint8Array} signer
 * @property {{recipient: string, salt: Uint8Array, label: string, own: boolean}[]} roster
 * @property {string} statusCode
 * @property {Uint8Array[]} earlier seeds of the case keys of earlier epochs, oldest first: what the office sealed to them
 *   opens with them only
 */

/** The genesis of a case (rule 1). @param {string} number @param {string} portal its name @param {unknown} served */
export function checkGenesis(number, portal, served) {
  try {
    const genesis = parseGenesis(String(served))
    if (caseId(String(served)) === number && genesis.portal === portal) return genesis
  } catch {
    // said below
  }
  throw new TamperingError("genesis")
}

/**
 * Every manifest of a case, the newest last (rules 2 to 3a).
 * @param {{portal: string, case: string, genesis: import("./keys.js").Genesis}} place @param {unknown} notes @param {Seen} [seen]
 */
export function checkChain({ portal, case: number, genesis }, notes, seen) {
  if (!Array.isArray(notes) || !notes.length) throw new TamperingError("manifest")
  const first = openManifest(notes[0], genesis.filerVkey)
  if (first.version !== 1 || first.epoch !== 1 || first.previous || first.answers.length || first.destroys) {
    throw new TamperingError("manifest")
  }
  if (first.recipient !== genesis.recipient) throw new TamperingError("recipient")
  const chain = [first]
  for (const note of notes.slice(1)) {
    const before = chain[chain.length - 1]
    const next = openManifest(note, before.signer)
    checkNext(before, next)
    chain.push(next)
  }
  if (chain.some((manifest) => manifest.portal !== portal || manifest.case !== number)) throw new TamperingError("manifest")
  if (seen && chain.length < seen.version) throw new TamperingError("manifest_older")
  if (seen?.version && chain[seen.version - 1].sha256 !== seen.sha256) throw new TamperingError("manifest_other")
  return chain
}

/** Check that a manifest may follow another (rules 2 and 3). @param {Manifest} before @param {Manifest} next */
export function checkNext(before, next) {
  const same = next.recipient === before.recipient && next.signer === before.signer && next.sign_in === before.sign_in
  const keys = new Set([before.recipient, before.signer, before.sign_in])
  const renewed = ![next.recipient, next.signer, next.sign_in].some((key) => keys.has(key))
  const old = new Set(before.objects.map((item) => item.sha256))
  const epochFits =
    next.epoch === before.epoch
      ? same && next.status === before.status
      : next.epoch === before.epoch + 1 && renewed && !next.objects.some((item) => old.has(item.sha256))
  const follows = next.version === before.version + 1 && next.previous === before.sha256
  if (!follows || !epochFits || !answersFollow(before, next)) throw new TamperingError("chain")
}

/** @param {Manifest} before @param {Manifest} next */
function answersFollow(before, next) {
  return before.answers.every(({ question, record }, place) => {
    const now = next.answers[place]
    return now?.question === question && (next.destroys || now.record === record)
  })
}

/** @param {unknown} note @param {string} vkey @returns {Manifest} */
function openManifest(note, vkey) {
  try {
    return readManifest(openTyped(String(note), TYPES.manifest, [verifier(vkey)]), sha256Hex(utf8(String(note))))
  } catch {
    throw new TamperingError("manifest")
  }
}

/** @param {Record<string, any>} body @param {string} sha256 @returns {Manifest} */
function readManifest(body, sha256) {
  const text = (/** @type {string} */ name) => typed(body[name], "string")
  const number = (/** @type {string} */ name) => typed(body[name], "number")
  return {
    sha256,
    portal: text("portal"),
    case: text("case"),
    version: number("version"),
    epoch: number("epoch"),
    previous: text("previous"),
    recipient: text("recipient"),
    signer: text("signer"),
    sign_in: text("sign_in"),
    status: text("status"),
    record: text("record"),
    roster: [...new Set(list(body.roster).map((entry) => typed(entry, "string")))],
    objects: list(body.objects).map(readListed),
    answers: list(body.answers).map(({ question, record }) => ({
      question: typed(question, "number"),
      record: typed(record, "string"),
    })),
    destroys: typed(body.destroys, "boolean"),
    body,
  }
}

/** @param {any} entry @returns {Listed} */
function readListed({ kind, record, size, sha256 }) {
  const fits = KINDS.includes(kind) && /^[0-9a-f]{16}$/.test(typed(record, "string")) && /^[0-9a-f]{64}$/.test(typed(sha256, "string"))
  if (!fits || !Number.isSafeInteger(size) || size <= 0 || size > LARGEST) throw new TamperingError("manifest")
  return { kind, record, size, sha256 }
}

/** @param {unknown} value @param {string} type */
function typed(value, type) {
  if (typeof value !== type || (type === "number" && !Number.isSafeInteger(value))) throw new TamperingError("manifest")
  return /** @type {any} */ (value)
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  if (!Array.isArray(value)) throw new TamperingError("manifest")
  return value
}

/** A ciphertext whose hash the manifest names (rule 4). @param {Listed} listed @param {Uint8Array} ciphertext */
export function checkObject(listed, ciphertext) {
  if (ciphertext.length !== listed.size || sha256Hex(ciphertext) !== listed.sha256) {
    throw new TamperingError("object", { kind: listed.kind })
  }
  return ciphertext
}

/**
 * The opened case (rules 1 to 5).
 * @param {{portal: import("./types.js").PortalKeys, case: string, root: Uint8Array, code?: string, seen?: Seen}} asked
 * @param {{genesis: unknown, manifests: unknown, caseKey: Uint8Array}} served
 * @returns {Promise<OpenedCase>}
 */
export async function openCaseKey({ portal, case: number, root, code, seen }, served) {
  const genesis = checkGenesis(number, portal.name, served.genesis)
  const chain = checkChain({ portal: portal.name, case: number, genesis }, served.manifests, seen)
  const manifest = chain[chain.length - 1]
  const listed = manifest.objects.filter((item) => item.kind === "case-key")
  if (listed.length !== 1) throw new TamperingError("manifest")
  checkObject(listed[0], served.caseKey) // 4
  const own = holderKeys(root, portal.name, genesis.nonce)
  const seeds = [own.seed, standingSeed(root)]
  const body = unframe(await openedKey(served.caseKey, seeds), placeOf(manifest, listed[0]))
  const recipients = await Promise.all(seeds.map(recipientOf))
  const inside = await readCaseKey(body, String(served.genesis), manifest, recipients)
  return { portal, case: number, genesis: String(served.genesis), chain, manifest, statusCode: code ?? own.statusCode, ...inside }
}

/** @param {Uint8Array} ciphertext @param {Uint8Array[]} seeds */
async function openedKey(ciphertext, seeds) {
  try {
    return await open(ciphertext, seeds)
  } catch (error) {
    throw error instanceof WordsError ? error : new TamperingError("case_key")
  }
}

/** @param {Uint8Array} body @param {string} genesis @param {Manifest} manifest @param {string[]} ours */
async function readCaseKey(body, genesis, manifest, ours) {
  try {
    const content = JSON.parse(textOf(body))
    const caseSeed = identitySeed(content.case_identity)
    const keys = await caseKeys(caseSeed)
    const signInVkey = signer(`${manifest.portal}/sign-in`, keys.signIn).vkey
    const signerVkey = signer(`${manifest.portal}/case`, keys.signer).vkey
    const found = [keys.recipient, signInVkey, signerVkey, content.genesis]
    const expected = [manifest.recipient, manifest.sign_in, manifest.signer, genesis]
    if (found.some((value, at) => value !== expected[at])) throw new TamperingError("case_key")
    const roster = checkRoster(manifest, content.roster, ours)
    const earlier = list(content.earlier ?? []).map(identitySeed)
    return { caseSeed, caseLogKey: strictBase64(content.case_log_key), signIn: keys.signIn, signer: keys.signer, roster, earlier }
  } catch (error) {
    if (error instanceof TamperingError && error.code === "roster") throw error
    throw new TamperingError("case_key")
  }
}

/** @param {Manifest} manifest @param {any[]} roster @param {string[]} ours */
function checkRoster(manifest, roster, ours) {
  const holders = roster.map(({ recipient, salt, label }) => ({
    recipient: typed(recipient, "string"),
    salt: strictBase64(salt),
    label: typed(label, "string"),
    own: ours.includes(recipient),
  }))
  const known = holders.every(({ salt, recipient }) => manifest.roster.includes(base64(holderCommitment(salt, recipient))))
  if (manifest.roster.length !== ROSTER_SIZE || !known || !holders.some((holder) => holder.own)) throw new TamperingError("roster")
  return holders
}

/**
 * The body of a sealed object (rules 4 and 6).
 * @param {OpenedCase} opened @param {Listed} listed @param {Uint8Array} ciphertext
 */
export async function openObject(opened, listed, ciphertext) {
  checkObject(listed, ciphertext)
  let framed
  try {
    framed = await open(ciphertext, [opened.caseSeed])
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new TamperingError("object", { kind: listed.kind })
  }
  return unframe(framed, placeOf(opened.manifest, listed))
}

/** A piece that holds JSON. @param {OpenedCase} opened @param {Listed} listed @param {Uint8Array} ciphertext */
export async function openPiece(opened, listed, ciphertext) {
  const body = await openObject(opened, listed, ciphertext)
  try {
    const content = JSON.parse(textOf(body))
    if (typeof content === "object" && content !== null && !Array.isArray(content)) {
      return { kind: listed.kind, record: listed.record, content }
    }
  } catch {
    // said below
  }
  throw new TamperingError("object", { kind: listed.kind })
}

/**
 * A message of the office: sealed to the case key of its day, or anew to a later one, as a holder's manifest says.
 * @param {OpenedCase} opened @param {Listed} listed as the log's entry or the manifest names it @param {Uint8Array} ciphertext
 * @returns {Promise<{content: Record<string, any>, body: Uint8Array}>} `body`: its bytes
 */
export async function openMessage(opened, listed, ciphertext) {
  checkObject(listed, ciphertext)
  for (const [back, seed] of [opened.caseSeed, ...[...opened.earlier].reverse()].entries()) {
    try {
      const framed = await open(ciphertext, [seed])
      const place = placeOf({ ...opened.manifest, epoch: opened.manifest.epoch - back }, listed)
      const body = unframe(framed, place)
      return { content: JSON.parse(textOf(body)), body }
    } catch (error) {
      if (!(error instanceof WordsError)) break
    }
  }
  throw new TamperingError("message")
}

/**
 * The chain with one more version, which this device made: the same checks as for one that a portal serves.
 * @param {OpenedCase} opened @param {string[]} notes @returns {{chain: Manifest[], manifest: Manifest}}
 */
export function advance(opened, notes) {
  const genesis = checkGenesis(opened.case, opened.portal.name, opened.genesis)
  const { version, sha256 } = opened.manifest
  const chain = checkChain({ portal: opened.portal.name, case: opened.case, genesis }, notes, { version, sha256 })
  return { chain, manifest: chain[chain.length - 1] }
}

/** The place that the head inside an object must name. @param {Manifest} manifest @param {Listed} listed @returns {import("./framing.js").Place} */
export function placeOf({ portal, case: number, epoch }, { kind, record }) {
  return { portal, case: number, kind, record, epoch }
}
