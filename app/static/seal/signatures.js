// @ts-check
/**
 * Whether a reader's own device signed a look, as the petitioner's device checks it.
 *
 * Rules
 *   1. An entry commits to its request: what its detail names must be shown, and be that very note.
 *   2. The key is in the log, on, before the look: under the same log key, with a proof of its own.
 *   3. What was signed is this look: portal, role, case, record and purpose are the entry's.
 *   4. The checkpoint in it is the log's own, and not larger than the log was then.
 *   5. From the entry on by which the portal said that devices must sign, a look without a signature is a finding.
 *
 * Source: crypto/FORMAT.md "Signed requests"; the twin of app/client/signatures.py.
 */
import { equal, strictBase64, utf8 } from "./bytes.js"
import { sha256, sha256Hex } from "./digest.js"
import { TamperingError } from "./errors.js"
import { verifyCheckpoint } from "./log/checkpoint.js"
import { parseLeaf } from "./log/leaf.js"
import { parseProof, verifyProof } from "./log/proof.js"
import { TYPES, openTyped, split, verifier } from "./notes.js"
import { logsOf } from "./succession.js"

const LOOKS = ["record_read", "answer_read", "evidence_read"]
const RULES = ["off", "offered", "required"]
const FIELDS = ["v", "portal", "role", "case", "record", "purpose", "nonce", "checkpoint", "time"]
const DETAIL = /(?:^| )request ([0-9a-f]{64}) (0|[1-9][0-9]{0,15})$/

/** @typedef {import("./types.js").PortalKeys} PortalKeys */
/** @typedef {import("./proofs.js").ProvedEntry} ProvedEntry */

/** @param {string} type @param {string} state @param {string} [key] */
const tag = (type, state, key) => sha256(utf8(`${type}\n${state}\n${key === undefined ? "" : `${key}\n`}`))

/**
 * Whether a look was signed by a reader's device (rules 1 to 4). Throws where the entry commits to a request, and what is
 * shown is not it, or does not fit.
 * @param {PortalKeys} portal @param {ProvedEntry} entry @param {any} served what the portal shows of it
 */
export function checkSignature(portal, entry, served) {
  const [, hash, place] = DETAIL.exec(entry.fields.detail ?? "") ?? []
  if (!LOOKS.includes(entry.fields.kind) || (hash === undefined && served === undefined)) return false
  const { note, vkey, key } = Object(served)
  if (typeof note !== "string" || typeof vkey !== "string" || hash !== sha256Hex(utf8(note))) throw new TamperingError("request") // 1
  checkKey(portal, entry, Number(place), vkey, Object(key)) // 2
  const request = openTyped(note, TYPES.accessRequest, [verifier(vkey)])
  if (Object.keys(request).sort().join() !== [...FIELDS].sort().join() || request.v !== 1) throw new TamperingError("request")
  const [record] = (entry.fields.record ?? "").split("/")
  /** @type {Record<string, string>} */ const look = { ...entry.fields, portal: portal.name, record }
  for (const name of /** @type {const} */ (["portal", "role", "case", "record", "purpose"])) if (request[name] !== look[name]) throw new TamperingError("request") // 3
  checkKnown(portal, entry, String(request.checkpoint)) // 4
  return true
}

/** @param {PortalKeys} portal @param {ProvedEntry} entry @param {number} place @param {string} vkey @param {any} key */
function checkKey(portal, entry, place, vkey, key) {
  const proof = parseProof(key.proof)
  const leaf = strictBase64(key.leaf)
  const origin = originOf(proof.checkpoint)
  const log = logsOf(portal).find((one) => one.log_origin === origin)
  if (!log || proof.index !== place || place >= entry.index) throw new TamperingError("request")
  verifyProof(proof, leaf, log.log_origin, [verifier(log.log_vkey)])
  if (!equal(parseLeaf(leaf).subjectTag, tag(TYPES.readerKey, "on", vkey))) throw new TamperingError("request")
}

/** @param {PortalKeys} portal @param {ProvedEntry} entry @param {string} checkpoint */
function checkKnown(portal, entry, checkpoint) {
  if (!checkpoint || originOf(checkpoint) !== entry.origin) return // of a log before this one
  const log = logsOf(portal).find((one) => one.log_origin === entry.origin)
  const { size } = verifyCheckpoint(checkpoint, entry.origin, [verifier(log?.log_vkey ?? "")])
  if (size > entry.index) throw new TamperingError("request")
}

/** @param {string} checkpoint */
const originOf = (checkpoint) => split(checkpoint).text.split("\n")[0]

/** Since which entry which rule holds (rule 5). @param {ProvedEntry} entry @returns {{index: number, rule: string}} */
export function ruleIn({ index, fields, leaf }) {
  const { kind, detail } = fields
  const ours = kind === "signing_rule" && RULES.includes(detail) && equal(parseLeaf(leaf).subjectTag, tag(TYPES.accessRequest, detail))
  if (!ours) throw new TamperingError("rule")
  return { index, rule: detail }
}

/** Whether a look lacks a signature that it had to have. @param {{index: number, rule: string}[]} rules @param {ProvedEntry} entry */
export function lacksSignature(rules, entry) {
  const before = rules.filter(({ index }) => index < entry.index).sort((one, other) => one.index - other.index)
  return LOOKS.includes(entry.fields.kind) && !entry.signed && before.at(-1)?.rule === "required"
}
