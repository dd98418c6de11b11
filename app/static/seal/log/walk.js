// @ts-check
/**
 * A case's entries in a whole copy of the log, found by whoever has the case log key, without asking the portal.
 *
 * Rules
 *   1. The entries of a case carry the tags HMAC(case log key, 0), 1, 2 …: each once, none skipped, in the log's order.
 *   2. A bundle counts by the hashes of its entries; all bundles together must make the signed root.
 *   3. What is in the log and was not shown was withheld; what was shown and is not in it was made up.
 *
 * The twin of app/client/publiclog.py, rule 3.
 */
import { base64, equal } from "../bytes.js"
import { TamperingError } from "../errors.js"
import { caseTag } from "./leaf.js"
import { leafHash, rootOf } from "./merkle.js"

const TAG = [10, 42] // where an entry has its case tag, whatever version or kind it calls itself

/** @typedef {{number: number, index: number, leaf: Uint8Array}} Place an entry of the case: its number in it, its index in the log */
/** @typedef {import("../types.js").Finding} Finding */

/** The numbers of a case's tags. @param {Uint8Array} caseLogKey @param {number} count @returns {Map<string, number>} */
export function tagNumbers(caseLogKey, count) {
  return new Map(Array.from({ length: count }, (_, number) => [base64(caseTag(caseLogKey, number)), number]))
}

/**
 * The root of a bundle's entries, and those that are the case's (rule 2).
 * @param {Map<string, number>} numbers @param {number} first the index of its first entry @param {number} width @param {Uint8Array} data
 * @returns {{root: Uint8Array, found: Place[]}}
 */
export function walkBundle(numbers, first, width, data) {
  /** @type {Uint8Array[]} */ const hashes = []
  /** @type {Place[]} */ const found = []
  let at = 0
  while (at + 2 <= data.length) {
    const end = at + 2 + 256 * data[at] + data[at + 1]
    const leaf = data.slice(at + 2, end)
    const number = numbers.get(base64(leaf.subarray(...TAG)))
    if (number !== undefined) found.push({ number, index: first + hashes.length, leaf })
    hashes.push(leafHash(leaf))
    at = end
  }
  if (at !== data.length || hashes.length !== width) throw new TamperingError("log_entries")
  return { root: rootOf(hashes), found }
}

/** What is wrong with the numbers that were found (rule 1). @param {Place[]} found in the order of the log @returns {Finding[]} */
export function checkNumbers(found) {
  /** @type {Finding[]} */ const findings = []
  const seen = new Set()
  let highest = -1
  for (const { number } of found) {
    if (seen.has(number)) findings.push({ code: "doubled", place: number })
    else if (number < highest) findings.push({ code: "late", place: number })
    seen.add(number)
    highest = Math.max(highest, number)
  }
  for (let number = 0; number < highest; number++) if (!seen.has(number)) findings.push({ code: "skipped", place: number })
  return findings
}

/**
 * What the copy has and nobody was shown, and what was shown and the copy has not, up to its size (rule 3).
 * @param {{origin: string, size: number}} log @param {Place[]} found @param {{origin: string, index: number, leaf: Uint8Array}[]} shown
 * @returns {Finding[]}
 */
export function compareShown({ origin, size }, found, shown) {
  const there = new Map(found.map(({ index, leaf }) => [index, leaf]))
  const told = new Set(shown.map(({ index }) => index))
  const lacking = shown.filter((entry) => {
    const leaf = there.get(entry.index)
    return entry.origin === origin && entry.index < size && (!leaf || !equal(leaf, entry.leaf))
  })
  const hidden = found.filter(({ index }) => !told.has(index))
  return [
    ...lacking.map(({ index }) => /** @type {Finding} */ ({ code: "not_in_log", place: index })),
    ...hidden.map(({ index }) => /** @type {Finding} */ ({ code: "not_shown", place: index })),
  ]
}
