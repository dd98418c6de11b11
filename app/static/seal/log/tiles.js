// @ts-check
/**
 * That a smaller log is the beginning of a larger one, from the tiles that anyone may fetch (c2sp.org/tlog-tiles).
 *
 * The proof is made from whatever the tiles say, and believed only where it leads to both signed roots (RFC 9162,
 * 2.1.4.2): a portal that lies in a tile gives no proof.
 *
 * Source: crypto/FORMAT.md "Tiles"; the twin of crypto/log/tiles.py and merkle.py.
 */
import { equal } from "../bytes.js"
import { sha256 } from "../digest.js"
import { TamperingError } from "../errors.js"
import { HASH_SIZE, nodeHash, rootOf } from "./merkle.js"

const WIDTH = 256
const TILE_HEIGHT = 8

/** @typedef {(path: string) => Promise<Uint8Array>} Fetch */
/** @typedef {{size: number, root: Uint8Array}} State */

/** The hashes of a log of `size` entries, by height above the leaves and place. */
class Nodes {
  /** @param {number} size @param {Fetch} fetch */
  constructor(size, fetch) {
    this.size = size
    this.fetch = fetch
    /** @type {Map<string, Promise<Uint8Array>>} */
    this.tiles = new Map()
  }

  /** @param {number} level @param {number} index @returns {Promise<Uint8Array>} */
  tile(level, index) {
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - index * WIDTH)
    const path = `tile/${level}/${pathOf(index)}${width < WIDTH ? `.p/${width}` : ""}`
    const known = this.tiles.get(path) ?? this.fetch(path).then((data) => sized(data, width))
    this.tiles.set(path, known)
    return known
  }

  /** The root of the full subtree of 2^height leaves. @param {number} height @param {number} index */
  async full(height, index) {
    const level = Math.floor(height / TILE_HEIGHT)
    const count = 2 ** (height % TILE_HEIGHT)
    const first = index * count
    const data = await this.tile(level, Math.floor(first / WIDTH))
    const at = first % WIDTH
    return rootOf(Array.from({ length: count }, (_, place) => data.subarray((at + place) * HASH_SIZE, (at + place + 1) * HASH_SIZE)))
  }

  /** The root over leaves from start up to, not including, end; start is a multiple of the range's power of two. @param {number} start @param {number} end @returns {Promise<Uint8Array>} */
  async range(start, end) {
    const half = halfOf(end - start)
    if (2 * half === end - start || end - start === 1) {
      const height = Math.round(Math.log2(end - start))
      return await this.full(height, start / (end - start))
    }
    return nodeHash(await this.range(start, start + half), await this.range(start + half, end))
  }
}

/** The largest power of two below a size of two or more. @param {number} size */
function halfOf(size) {
  let half = 1
  while (2 * half < size) half *= 2
  return half
}

/** The bundles of a log of `size` entries: index, width and path behind the log's address. @param {number} size */
export function* bundlesOf(size) {
  for (let index = 0; index * WIDTH < size; index++) {
    const width = Math.min(WIDTH, size - index * WIDTH)
    yield { first: index * WIDTH, width, path: `tile/entries/${pathOf(index)}${width < WIDTH ? `.p/${width}` : ""}` }
  }
}

/** @param {number} index @returns {string} */
function pathOf(index) {
  const groups = []
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(String(rest % 1000).padStart(3, "0"))
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join("/")
}

/** @param {Uint8Array} data @param {number} width */
function sized(data, width) {
  if (data.length !== width * HASH_SIZE) throw new TamperingError("tile")
  return data
}

/** RFC 9162, 2.1.4.1. @param {number} old @param {Nodes} nodes */
async function consistencyProof(old, nodes) {
  /** @type {Uint8Array[]} */ const path = []
  let [start, end, whole] = [0, nodes.size, true]
  while (old !== end) {
    const middle = start + halfOf(end - start)
    if (old <= middle) {
      path.unshift(await nodes.range(middle, end))
      end = middle
    } else {
      path.unshift(await nodes.range(start, middle))
      start = middle
      whole = false
    }
  }
  return whole ? path : [await nodes.range(start, end), ...path]
}

/**
 * Throws unless the proof shows the older tree to be a prefix of the newer (RFC 9162, 2.1.4.2).
 * @param {State} older @param {State} newer @param {Uint8Array[]} proof
 */
export function verifyConsistency(older, newer, proof) {
  const trivial = older.size === 0 || older.size === newer.size
  if (trivial) {
    const expected = older.size === 0 ? sha256(new Uint8Array()) : newer.root
    if (proof.length || !equal(older.root, expected)) throw new TamperingError("proof")
    return
  }
  // 1. and 2.
  const whole = 2 * halfOf(older.size) === older.size || older.size === 1
  const path = whole ? [older.root, ...proof] : proof
  if (!(older.size < newer.size) || !proof.length || path.some((hash) => hash.length !== HASH_SIZE)) throw new TamperingError("proof")
  // 3. and 4.
  let fn = older.size - 1
  let sn = newer.size - 1
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  // 5.
  let fr = path[0]
  let sr = path[0]
  // 6.
  for (const step of path.slice(1)) {
    if (sn === 0) throw new TamperingError("proof")
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(step, fr)
      sr = nodeHash(step, sr)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else {
      sr = nodeHash(sr, step)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  // 7.
  if (sn !== 0 || !equal(fr, older.root) || !equal(sr, newer.root)) throw new TamperingError("proof")
}

/**
 * The sizes of those states that are no beginning of the log `newer`; larger ones are left out: they wait for the next
 * publication. Codes: what `fetch` rejects with, and `tile` for one of the wrong size.
 * @param {State} newer @param {State[]} states @param {Fetch} fetch by the path behind the log's address
 */
export async function contradicting(newer, states, fetch) {
  const nodes = new Nodes(newer.size, fetch)
  /** @type {number[]} */ const found = []
  for (const state of states) {
    if (state.size > newer.size) continue
    const proof = state.size === 0 || state.size === newer.size ? [] : await consistencyProof(state.size, nodes)
    try {
      verifyConsistency(state, newer, proof)
    } catch {
      found.push(state.size)
    }
  }
  return found
}
