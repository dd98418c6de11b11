// @ts-check
/**
 * Entries of the log as a holder sees them, each proved here, and the receipt, on which everything later rests.
 *
 * The twin of app/client/proofs.py and receipt.py.
 */
import { equal, strictBase64, textOf } from "./bytes.js"
import { SealError, TamperingError } from "./errors.js"
import { LEAF_KINDS, caseTag, parseLeaf, verifyOpening } from "./log/leaf.js"
import { parseProof, verifyProof } from "./log/proof.js"
import { TYPES, openTyped, split } from "./notes.js"
import { logVerifiers, statementVerifiers } from "./succession.js"

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/**
 * An entry that is in the log: `leaf` its bytes, `fields` the opened ones, `size` and `root` those of its checkpoint.
 * @typedef {object} ProvedEntry
 * @property {number} index
 * @property {number} time unix seconds, as coarse as the log's
 * @property {number} kind
 * @property {Record<string, string>} fields
 * @property {Uint8Array} leaf
 * @property {string} proof
 * @property {string} origin
 * @property {number} size
 * @property {Uint8Array} root
 * @property {boolean} [signed] a reader's own device asked for this look, as was checked here (signatures.js)
 */

/**
 * An entry of the log after its proof and its opening were checked.
 *
 * 1. Inclusion under a checkpoint of the pinned log key. 2. The opening is of this index and fits the commitment.
 * @param {PortalKeys} portal @param {unknown} text @param {Uint8Array} entry @param {unknown} opening
 * @returns {ProvedEntry}
 */
export function prove(portal, text, entry, opening) {
  // 1.
  const proof = parseProof(text)
  const named = split(proof.checkpoint).text.split("\n")[0]
  const checkpoint = verifyProof(proof, entry, named, logVerifiers(portal, named))
  // 2.
  const leaf = parseLeaf(entry)
  const { index, fields } = verifyOpening(opening, leaf.commitment)
  if (index !== proof.index) throw new TamperingError("opening")
  const { origin, size, root } = checkpoint
  return { index, time: leaf.time, kind: leaf.kind, fields, leaf: entry, proof: String(text), origin, size, root }
}

/** The entry whose leaf and opening a proof carries in its extra data, and that data. @param {PortalKeys} portal @param {unknown} text */
export function proveCarried(portal, text) {
  const extra = JSON.parse(textOf(parseProof(text).extra ?? new Uint8Array()))
  return { entry: prove(portal, text, strictBase64(extra.leaf), extra.opening), extra }
}

/** A served line of a history: `{index, leaf, opening, proof}`. @param {PortalKeys} portal @param {any} line */
export function proveLine(portal, line) {
  const entry = prove(portal, line.proof, strictBase64(line.leaf), line.opening)
  if (entry.index !== line.index) throw new TamperingError("opening")
  return entry
}

/** Whether an entry carries the case's tag number `counter`. @param {ProvedEntry} entry @param {Uint8Array} key @param {number} counter */
export function hasTag(entry, key, counter) {
  return equal(parseLeaf(entry.leaf).caseTag, caseTag(key, counter))
}

/** @typedef {{portal: PortalKeys, case: string, manifestSha256: string, caseLogKey: Uint8Array}} Filed */
/** Entries of one case among which a tag is looked for. */
const MOST_TAGS = 100_000

/**
 * What a receipt proves about a filed manifest.
 *
 * 1. The entry is in the log and its opening fits. 2. The statement is signed by the pinned statement key and names this
 * portal, case, manifest and index. 3. The opening says that this case was received. 4. The case's first tag.
 * @param {Filed} filed @param {unknown} text @returns {import("./types.js").Receipt}
 */
export function checkReceipt(filed, text) {
  return check(filed, text, ({ kind, fields }, tagged) => kind === LEAF_KINDS.received && fields.kind === "petition_received" && tagged(0, 1))
}

/**
 * What a receipt proves about a next version, as `checkReceipt`.
 *
 * 3. The opening says that this case was revised to this manifest. 4. The entry carries one of the case's later tags.
 * @param {Filed} filed @param {unknown} text @returns {import("./types.js").Receipt}
 */
export function checkRevisionReceipt(filed, text) {
  return check(filed, text, ({ kind, fields }, tagged) => {
    const revised = fields.kind === "petition_revised" && fields.record === filed.manifestSha256
    return kind === LEAF_KINDS.event && revised && tagged(1, MOST_TAGS)
  })
}

/**
 * @param {Filed} filed @param {unknown} text
 * @param {(entry: ProvedEntry, tagged: (from: number, until: number) => boolean) => boolean} fits steps 3 and 4
 * @returns {import("./types.js").Receipt}
 */
function check(filed, text, fits) {
  try {
    // 1.
    const { entry, extra } = proveCarried(filed.portal, text)
    // 2.
    const statement = openTyped(extra.statement, TYPES.receipt, statementVerifiers(filed.portal))
    const ours = { portal: filed.portal.name, case: filed.case, manifest: filed.manifestSha256, index: entry.index }
    for (const [name, value] of Object.entries(ours)) if (statement[name] !== value) throw new TamperingError(name)
    // 3. and 4.
    if (entry.fields.case !== filed.case || !fits(entry, tagsOf(entry, filed.caseLogKey))) throw new TamperingError("opening")
    const { received, deployment = "" } = statement
    return { text: String(text), case: filed.case, index: entry.index, received: String(received), deployment: String(deployment) }
  } catch (error) {
    throw new TamperingError("receipt", { what: error instanceof SealError ? error.code : "form" })
  }
}

/** @param {ProvedEntry} entry @param {Uint8Array} key @returns {(from: number, until: number) => boolean} */
const tagsOf = (entry, key) => (from, until) => {
  for (let number = from; number < until; number++) if (hasTag(entry, key, number)) return true
  return false
}
