// @ts-check
/**
 * tlog-proof: that an entry is in the log, checked without asking anyone. The extra data is not covered by the proof.
 *
 * Source: c2sp.org/tlog-proof@v1, crypto/FORMAT.md "Proof"; the twin of crypto/log/proof.py.
 */
import { strictBase64 } from "../bytes.js"
import { TamperingError } from "../errors.js"
import { verifyCheckpoint } from "./checkpoint.js"
import { HASH_SIZE, leafHash, verifyInclusion } from "./merkle.js"

export const HEADER = "c2sp.org/tlog-proof@v1"
const MAX_PROOF = 1024 * 1024
const MAX_HASHES = 63
const EXTRA = "extra "

/** @typedef {{index: number, hashes: Uint8Array[], extra: Uint8Array | null, checkpoint: string}} LogProof */

/** Read a proof, unverified. @param {unknown} text @returns {LogProof} */
export function parseProof(text) {
  if (typeof text !== "string" || text.length > MAX_PROOF) throw new TamperingError("proof")
  const at = text.indexOf("\n\n")
  const lines = text.slice(0, at).split("\n")
  if (at < 0 || lines.shift() !== HEADER) throw new TamperingError("proof")
  const extra = lines[0]?.startsWith(EXTRA) ? strictBase64(lines.shift()?.slice(EXTRA.length)) : null
  const found = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "")
  const index = Number(found?.[1])
  if (!Number.isSafeInteger(index) || lines.length > MAX_HASHES) throw new TamperingError("proof")
  const hashes = lines.map(strictBase64)
  if (hashes.some((hash) => hash.length !== HASH_SIZE)) throw new TamperingError("proof")
  return { index, hashes, extra, checkpoint: text.slice(at + 2) }
}

/**
 * The checkpoint under which `entry` is in the log `origin`.
 * @param {LogProof} proof @param {Uint8Array} entry @param {string} origin @param {import("../notes.js").Verifier[]} verifiers
 */
export function verifyProof(proof, entry, origin, verifiers) {
  const checkpoint = verifyCheckpoint(proof.checkpoint, origin, verifiers)
  verifyInclusion(leafHash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
  return checkpoint
}
