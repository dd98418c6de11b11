// @ts-check
/**
 * The RFC 6962 tree, as far as a reader of proofs needs it (RFC 9162, 2.1.3.2).
 *
 * Sizes and indexes come from signed text or from the verifier, never from the proof. They are whole numbers up to
 * 2^53 − 1, so halves are taken by arithmetic: the bit operators would cut them to 32 bits.
 */
import { equal, join } from "../bytes.js"
import { sha256 } from "../digest.js"
import { TamperingError } from "../errors.js"

export const HASH_SIZE = 32
const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

/** @param {Uint8Array} entry */
export function leafHash(entry) {
  return sha256(LEAF, entry)
}

/** @param {Uint8Array} left @param {Uint8Array} right */
export function nodeHash(left, right) {
  return sha256(NODE, left, right)
}

/** The root over hashes of leaves. @param {Uint8Array[]} hashes */
export function rootOf(hashes) {
  let level = hashes
  while (level.length > 1) {
    /** @type {Uint8Array[]} */
    const above = []
    for (let at = 0; at < level.length; at += 2) {
      above.push(at + 1 < level.length ? nodeHash(level[at], level[at + 1]) : level[at])
    }
    level = above
  }
  return level[0] ?? sha256(join())
}

/**
 * Throws unless `proof` shows the leaf hash at `index` of the tree.
 * @param {Uint8Array} leaf @param {number} index @param {number} size @param {Uint8Array[]} proof @param {Uint8Array} root
 */
export function verifyInclusion(leaf, index, size, proof, root) {
  // 1. and 2.
  if (!(index >= 0 && index < size)) throw new TamperingError("proof")
  let fn = index
  let sn = size - 1
  // 3.
  let current = leaf
  // 4.
  for (const step of proof) {
    if (sn === 0 || step.length !== HASH_SIZE) throw new TamperingError("proof")
    if (fn % 2 === 1 || fn === sn) {
      current = nodeHash(step, current)
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2
        sn = Math.floor(sn / 2)
      }
    } else {
      current = nodeHash(current, step)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  // 5.
  if (sn !== 0 || !equal(current, root)) throw new TamperingError("proof")
}
