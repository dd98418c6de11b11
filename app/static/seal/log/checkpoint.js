// @ts-check
/**
 * Checkpoints: three lines (origin, size, root) that the log's own key signed; extension lines are refused.
 *
 * Source: crypto/FORMAT.md "Checkpoint"; the twin of crypto/log/checkpoint.py.
 */
import { base64, strictBase64 } from "../bytes.js"
import { sha256 } from "../digest.js"
import { TamperingError } from "../errors.js"
import { verify } from "../notes.js"
import { HASH_SIZE } from "./merkle.js"

/** @typedef {{origin: string, size: number, root: Uint8Array}} Checkpoint */

/** @param {string} text @returns {Checkpoint} */
function parse(text) {
  const lines = text.split("\n")
  if (lines.length !== 4 || lines[3] || !/^(0|[1-9][0-9]{0,18})$/.test(lines[1])) throw new TamperingError("checkpoint")
  const size = Number(lines[1])
  const root = strictBase64(lines[2])
  if (!Number.isSafeInteger(size) || root.length !== HASH_SIZE) throw new TamperingError("checkpoint")
  if (size === 0 && base64(root) !== base64(sha256(new Uint8Array()))) throw new TamperingError("checkpoint")
  return { origin: lines[0], size, root }
}

/**
 * The checkpoint in a note that the log `origin` itself signed.
 * @param {string} signed @param {string} origin @param {import("../notes.js").Verifier[]} verifiers
 */
export function verifyCheckpoint(signed, origin, verifiers) {
  const { text, names } = verify(signed, verifiers)
  const checkpoint = parse(text)
  if (checkpoint.origin !== origin || !names.includes(origin)) throw new TamperingError("checkpoint")
  return checkpoint
}
