// @ts-check
/**
 * Seals everything that must not be read, and signs what the filing consists of.
 *
 * 1. One identity per witness, all of one size; the seed of the witness's slip key is made here and stands inside.
 * 2. Their statements apart from them: who may open a story need not learn the name.
 * 3. Files, slice by slice.
 * 4. The file index: names, hashes and titles of the originals. The portal never gets a hash of an original.
 * 5. The originals: every text as written, and every sealed field; without the identities.
 * 6. The case key, to eight holders.
 * 7. The office's copies of evidence, under keys that only the call brings.
 * 8. The manifest, signed as the filer, whose key the case's number certifies.
 *
 * The twin of app/domain/filing/sealing.py and submission.py.
 */
import { identityText } from "./age.js"
import { base64, hex, utf8 } from "./bytes.js"
import { entryOf, sealCopies } from "./copies.js"
import { sha256Hex } from "./digest.js"
import { FilingError, FormatError } from "./errors.js"
import { IDENTITY_SIZE, frame } from "./framing.js"
import { alone } from "./hands.js"
import { caseKeys, statusHash } from "./keys.js"
import { TYPES, signTyped, signer } from "./notes.js"
import { PartStore, beginFile, sealFile, sealedSize } from "./parts.js"
import { commitments } from "./preparation.js"

const EPOCH = 1
const RECORD_ID_SIZE = 8
export const SLIP_SEED_SIZE = 32
const MAX_FILES = 1000
const NOT_SEALED = ["synthetic", "fixture", "witnesses"]

/** @typedef {import("./age.js").Random} Random */
/** @typedef {import("./types.js").Prepared} Prepared */
/** @typedef {import("./types.js").EvidenceFile} EvidenceFile */
/**
 * @typedef {object} Filing
 * @property {Prepared} prepared
 * @property {string} record canonical text of the redacted record
 * @property {import("./types.js").ReviewSummary} review
 * @property {import("./types.js").Identity[]} identities
 * @property {import("./types.js").Statement[]} statements
 * @property {import("./types.js").Originals} originals
 * @property {EvidenceFile[]} files
 * @property {import("./copies.js").Copy[]} [copies] what the office may see of them
 */

/** Seals objects of one case and epoch, one after the other; `objects` are those so far. */
export class Sealer {
  store = new PartStore()
  /** @type {import("./parts.js").SealedObject[]} */ objects = []

  /**
   * @param {{portal: string, case: string, epoch: number}} where `portal`: its name
   * @param {string} recipient @param {Random} random @param {import("./hands.js").Hands} [hands]
   */
  constructor(where, recipient, random, hands = alone) {
    this.hands = hands
    this.where = where
    this.recipient = recipient
    this.random = random
  }

  newRecord() {
    return hex(this.random(RECORD_ID_SIZE))
  }

  /** @param {string} kind @param {string} record @returns {import("./framing.js").Place} */
  place(kind, record) {
    return { ...this.where, kind, record }
  }

  /** @param {string} kind @param {string} record @param {object} body @param {number} [size] */
  async body(kind, record, body, size) {
    await this.data(kind, record, jsonOf(body), size)
  }

  /** @param {string} kind @param {string} record @param {Uint8Array} data @param {number} [size] */
  async data(kind, record, data, size) {
    await this.framed(kind, record, frame(this.place(kind, record), data, size), [this.recipient])
  }

  /** @param {string} kind @param {string} record @param {Uint8Array} framed @param {string[]} recipients */
  async framed(kind, record, framed, recipients) {
    this.objects.push(await this.store.object(kind, record, await this.hands.seal(framed, recipients)))
  }
}

/**
 * Seal a settled petition of a prepared case.
 * @param {Filing} filing @param {Random} random
 * @param {(progress: {done: number, total: number}) => void} [onProgress] in bytes
 * @param {import("./hands.js").Hands} [hands]
 * @returns {Promise<{submission: import("./types.js").Submission, uploads: import("./types.js").Upload[]}>}
 */
export async function sealAll(filing, random, onProgress = () => {}, hands = alone) {
  const { prepared, files } = filing
  const keys = await caseKeys(prepared.caseSeed)
  const sealer = new Sealer({ portal: prepared.portal.name, case: prepared.case, epoch: EPOCH }, keys.recipient, random, hands)
  const places = checkFiles(files)
  const total = filing.identities.length * IDENTITY_SIZE + files.reduce((sum, { blob }) => sum + blob.size, 0)
  let done = 0
  const progress = (/** @type {number} */ bytes) => onProgress({ done: Math.min(total, (done += bytes)), total })

  // The case key is the heaviest: two workers begin with it and the identities together.
  const [, identities] = await Promise.all([sealCaseKey(sealer, prepared), sealIdentities(sealer, filing.identities, progress)]) // 6, 1
  await sealStatements(sealer, filing.statements, identities) // 2
  const index = []
  for (const file of places) index.push(await sealEvidence(sealer, file, progress)) // 3
  await sealer.body("file-index", sealer.newRecord(), { v: 1, files: index }) // 4
  const { language } = JSON.parse(filing.record)
  const copies = await sealCopies({ case: prepared.case, language }, filing.copies ?? [], sealer.store, random) // 7
  await sealer.body("originals", sealer.newRecord(), originalsOf(filing.originals, identities, filing.record, copies.lines)) // 5
  return { submission: build(sealer, keys, filing, copies.brought), uploads: sealer.store.uploads } // 8
}

/** @param {object} body members that are null are left out, as the petition's own form does */
export function jsonOf(body) {
  return utf8(JSON.stringify(body, (_, value) => (value === null ? undefined : value)))
}

/** @param {EvidenceFile[]} files */
function checkFiles(files) {
  if (files.length > MAX_FILES) throw new FilingError("too_many_files", { limit: MAX_FILES })
  if (new Set(files.map((file) => file.path)).size !== files.length) throw new FormatError("files")
  return files
}

// 1.

/** @param {Sealer} sealer @param {import("./types.js").Identity[]} witnesses @param {(bytes: number) => void} progress */
async function sealIdentities(sealer, witnesses, progress) {
  const sealed = witnesses.map(async ({ statement: _, ...kept }, place) => {
    const record = await sealIdentity(sealer, place, { v: 1, ...kept, slip_key: base64(sealer.random(SLIP_SEED_SIZE)) })
    progress(IDENTITY_SIZE)
    return record
  })
  return await Promise.all(sealed)
}

/** Seal a witness's identity; its mark. @param {Sealer} sealer @param {number} place among the witnesses @param {Record<string, unknown>} body @returns {Promise<string>} */
export async function sealIdentity(sealer, place, body) {
  const record = sealer.newRecord()
  try {
    await sealer.body("identity", record, body, IDENTITY_SIZE)
  } catch (error) {
    if (!(error instanceof FormatError) || error.code !== "frame_full") throw error
    const path = `witnesses[${place}].${longestField(body)}`
    throw new FilingError("identity_too_large", { path, limit: IDENTITY_SIZE / 1024 })
  }
  return record
}

/** @param {Record<string, unknown>} body */
function longestField(body) {
  const sizes = Object.entries(body).map(([name, value]) => ({ name, size: jsonOf({ value }).length }))
  return sizes.reduce((longest, one) => (one.size > longest.size ? one : longest)).name
}

// 2.

/** @param {Sealer} sealer @param {import("./types.js").Statement[]} statements @param {string[]} identities */
async function sealStatements(sealer, statements, identities) {
  for (const { witness, id, statement } of statements) {
    if (!identities[witness]) throw new FormatError("statement")
    await sealer.body("statement", sealer.newRecord(), { v: 1, id, identity: identities[witness], statement })
  }
}

// 3.

/** Seal a file; its line of the index. @param {Sealer} sealer @param {EvidenceFile} evidence @param {(bytes: number) => void} progress */
export async function sealEvidence(sealer, evidence, progress) {
  const { path, blob } = evidence
  const record = sealer.newRecord()
  try {
    const file = { ...(await beginFile(sealer.place("file", record), blob, sealer.recipient, sealer.random)), path }
    const share = blob.size / sealedSize(file)
    const { entry, sha256 } = await sealFile(sealer, record, file, (bytes) => progress(bytes * share))
    sealer.objects.push(entry)
    const name = evidence.name ?? ("name" in blob ? String(blob.name) : record)
    return { record, evidence: evidence.evidence, name, size: blob.size, sha256, title: evidence.title }
  } catch (error) {
    // The browser says so when a file on the disk is another than the one that was chosen.
    if (error instanceof DOMException || (error instanceof FilingError && error.code === "file_changed")) throw new FilingError("file_changed", { path })
    throw error
  }
}

// 5.

/** @param {import("./types.js").Originals} originals @param {string[]} identities @param {string} record whose salt a next version needs @param {import("./copies.js").Line[]} copies */
export function originalsOf({ petition, witnesses, surrogates, decisions }, identities, record, copies = []) {
  const kept = Object.fromEntries(Object.entries(petition).filter(([name]) => !NOT_SEALED.includes(name)))
  if (Array.isArray(kept.evidence)) kept.evidence = kept.evidence.map(({ file: _, ...entry }) => entry)
  kept.witnesses = identities.map((record, place) => ({ id: witnesses[place] ?? null, record }))
  return { v: 1, salt: JSON.parse(record).salt, ...(copies.length ? { copies } : {}), petition: kept, surrogates, review: decisions }
}

// 6.

/**
 * A case key of an epoch, and what its sealed object holds besides it; `earlier`: seeds of the epochs before, oldest first.
 * @typedef {{caseSeed: Uint8Array, caseLogKey: Uint8Array, genesis: string, roster: import("./types.js").RosterEntry[], earlier?: Uint8Array[]}} CaseKey
 */

/** @param {Sealer} sealer @param {CaseKey} key */
export async function sealCaseKey(sealer, { caseSeed, caseLogKey, genesis, roster, earlier = [] }) {
  const body = {
    case_identity: identityText(caseSeed),
    case_log_key: base64(caseLogKey),
    roster: roster.map(({ recipient, salt, label }) => ({ recipient, salt: base64(salt), label })),
    genesis,
    earlier: earlier.length ? earlier.map(identityText) : null,
  }
  const record = sealer.newRecord()
  const framed = frame(sealer.place("case-key", record), jsonOf(body))
  await sealer.framed("case-key", record, framed, roster.map((entry) => entry.recipient))
}

// 8.

/**
 * By random mark: the order in which things were sealed joins a statement to its identity.
 * @template {{kind: string, record: string}} T @param {T[]} objects @returns {T[]}
 */
export const inOrder = (objects) => [...objects].sort((a, b) => (`${a.kind} ${a.record}` < `${b.kind} ${b.record}` ? -1 : 1))

/**
 * @param {Sealer} sealer @param {Awaited<ReturnType<typeof caseKeys>>} keys @param {Filing} filing @param {import("./copies.js").SealedCopy[]} copies
 * @returns {import("./types.js").Submission}
 */
function build(sealer, keys, { prepared, record, review }, copies) {
  const { portal, genesis, caseLogKey, filerSeed, roster, statusCode, upload } = prepared
  const { inline, uploads } = sealer.store
  const status = statusHash(statusCode)
  const objects = inOrder(sealer.objects)
  const body = {
    v: 1,
    portal: portal.name,
    case: prepared.case,
    epoch: EPOCH,
    version: 1,
    previous: "",
    recipient: keys.recipient,
    signer: signer(`${portal.name}/case`, keys.signer).vkey,
    sign_in: signer(`${portal.name}/sign-in`, keys.signIn).vkey,
    status,
    roster: commitments(roster),
    record: sha256Hex(utf8(record)),
    objects,
    answers: [],
    destroys: false,
    copies: copies.map((copy) => entryOf(copy)),
    review: { settled: review.settled, careful: review.careful, kept: review.kept.map(({ path, kind }) => ({ path, kind })) },
  }
  const manifest = signTyped(TYPES.manifest, body, signer(`${portal.name}/filer`, filerSeed))
  const call = {
    genesis,
    manifest,
    case_log_key: base64(caseLogKey),
    status_hash: status,
    record,
    upload: uploads.length ? upload : null,
    parts: Object.fromEntries([...inline].map(([name, data]) => [name, base64(data)])),
    copies,
  }
  return { body: call, portal, case: prepared.case, manifestSha256: sha256Hex(utf8(manifest)) }
}
