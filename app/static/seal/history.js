// @ts-check
/**
 * Everything that was done with a case, each line proved against the log, and what is wrong with the list.
 *
 * Rules
 *   1. A line counts when its entry is in the log under the pinned key and its opening fits the entry's commitment.
 *   2. The entries of a case carry the tags HMAC(case log key, 0), 1, 2 …: each once, in the order of the log, none
 *      skipped. The portal cannot leave a line out of the middle without a gap.
 *   3. What was proved on this device before (the receipt, earlier histories) is still there and still the same, but what
 *      the portal says itself that it lost.
 *   4. Checkpoints of one size have one root; from the first entry that was proved here, the receipt as a rule, none is
 *      older than that one's.
 *   5. The versions of the case that its entries name are those that the portal serves, in the order of the log.
 *   6. A look that commits to a signed request comes with it, and it fits; where devices had to sign, each does
 *      (signatures.js).
 *
 * What the public log says against it is asked beside this (publiclog.js). The twin of app/client/history.py, where a
 * worked example stands.
 */
import { base64 } from "./bytes.js"
import { caseTag, parseLeaf } from "./log/leaf.js"
import { proveCarried, proveLine } from "./proofs.js"
import { checkSignature, lacksSignature, ruleIn } from "./signatures.js"
import { logsOf } from "./succession.js"

const LOOK_AHEAD = 1024

/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {import("./proofs.js").ProvedEntry} ProvedEntry */

/**
 * @param {{portal: import("./types.js").PortalKeys, case: string, caseLogKey: Uint8Array, chain: {sha256: string}[]}} opened
 * @param {unknown[]} served lines as the portal gives them
 * @param {{receipt?: string, before?: ProvedEntry[], rules?: unknown[]}} [kept] what this device has proved earlier; `rules`:
 *   the served entries about since when devices must sign
 * @returns {{entries: ProvedEntry[], findings: Finding[]}}
 */
export function checkHistory(opened, served, { receipt, before = [], rules = [] } = {}) {
  /** @type {Finding[]} */
  const findings = []
  const entries = proved(opened, served, findings) // 1 and 6
  findings.push(...checkUnsigned(opened.portal, entries, rules))
  findings.push(...checkTags(opened.caseLogKey, entries)) // 2
  const received = receipt === undefined ? [] : fromReceipt(opened, receipt, findings)
  const earlier = [...received, ...before]
  findings.push(...checkKept(opened.portal, earlier, entries)) // 3
  findings.push(...checkCheckpoints(earlier, entries)) // 4
  findings.push(...checkVersions(opened.chain, entries)) // 5
  return { entries, findings: eachOnce(findings) }
}

/** @param {Finding[]} findings */
export function eachOnce(findings) {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.place}`, finding])).values()]
}

/** @param {{portal: import("./types.js").PortalKeys, case: string}} opened @param {unknown[]} served @param {Finding[]} findings */
function proved(opened, served, findings) {
  /** @type {ProvedEntry[]} */
  const entries = []
  for (const [place, line] of served.entries()) {
    try {
      const entry = proveLine(opened.portal, line)
      if (entry.fields.case !== opened.case) throw new Error("another case")
      entries.push({ ...entry, signed: signed(opened.portal, entry, Object(line).request, findings) })
    } catch {
      findings.push({ code: "unproved", place })
    }
  }
  return entries
}

/** @param {import("./types.js").PortalKeys} portal @param {ProvedEntry} entry @param {unknown} request @param {Finding[]} findings */
function signed(portal, entry, request, findings) {
  try {
    return checkSignature(portal, entry, request)
  } catch {
    findings.push({ code: "signature", place: entry.index })
    return false
  }
}

/** @param {import("./types.js").PortalKeys} portal @param {ProvedEntry[]} entries @param {unknown[]} served @returns {Generator<Finding>} */
function* checkUnsigned(portal, entries, served) {
  /** @type {{index: number, rule: string}[]} */
  const rules = []
  for (const [place, line] of served.entries()) {
    try {
      rules.push(ruleIn(proveLine(portal, line)))
    } catch {
      yield { code: "signing_rule", place }
    }
  }
  for (const entry of entries) if (lacksSignature(rules, entry)) yield { code: "unsigned", place: entry.index }
}

/** @param {{portal: import("./types.js").PortalKeys}} opened @param {string} receipt @param {Finding[]} findings */
function fromReceipt(opened, receipt, findings) {
  try {
    return [proveCarried(opened.portal, receipt).entry]
  } catch {
    findings.push({ code: "receipt", place: 0 })
    return []
  }
}

/** @param {Uint8Array} key @param {ProvedEntry[]} entries @returns {Generator<Finding>} */
function* checkTags(key, entries) {
  /** @type {Map<string, number>} */
  const numbers = new Map()
  for (let number = 0; number < entries.length + LOOK_AHEAD; number++) numbers.set(base64(caseTag(key, number)), number)
  const seen = new Set()
  let highest = -1
  let last = -1
  for (const entry of entries) {
    const number = numbers.get(base64(parseLeaf(entry.leaf).caseTag))
    if (number === undefined) {
      yield { code: "foreign", place: entry.index }
      continue
    }
    if (seen.has(number)) yield { code: "doubled", place: number }
    else if (number < highest || entry.index <= last) yield { code: "order", place: entry.index }
    seen.add(number)
    highest = Math.max(highest, number)
    last = entry.index
  }
  for (let number = 0; number <= highest; number++) if (!seen.has(number)) yield { code: "gap", place: number }
}

/** @param {import("./types.js").PortalKeys} portal @param {ProvedEntry[]} before @param {ProvedEntry[]} entries @returns {Generator<Finding>} */
function* checkKept(portal, before, entries) {
  const now = new Map(entries.map((entry) => [entry.index, base64(entry.leaf)]))
  const kept = new Map(logsOf(portal).map((log) => [log.log_origin, log.kept ?? Infinity]))
  for (const entry of before) {
    if (entry.index >= (kept.get(entry.origin) ?? Infinity)) yield { code: "lost", place: entry.index }
    else if (!now.has(entry.index)) yield { code: "withheld", place: entry.index }
    else if (now.get(entry.index) !== base64(entry.leaf)) yield { code: "changed", place: entry.index }
  }
}

/** @param {ProvedEntry[]} before @param {ProvedEntry[]} entries @returns {Generator<Finding>} */
function* checkCheckpoints(before, entries) {
  const roots = new Map()
  for (const { origin, size, root } of [...before, ...entries]) {
    const place = `${size} ${origin}`
    const seen = roots.get(place) ?? base64(root)
    roots.set(place, seen)
    if (seen !== base64(root)) yield { code: "fork", place: size }
  }
  const inOrder = [...before].sort((one, other) => other.index - one.index)
  const firsts = new Map(inOrder.map((entry) => [entry.origin, entry]))
  // What came before the first entry that this device proved may stand in a smaller log: that of its day.
  for (const { origin, index, size } of entries) {
    const first = firsts.get(origin)
    if (first && index >= first.index && size < first.size) yield { code: "older", place: size }
  }
}

const NAMING = ["petition_received", "petition_revised"]

/** @param {{sha256: string}[]} chain as it was served and verified @param {ProvedEntry[]} entries @returns {Generator<Finding>} */
function* checkVersions(chain, entries) {
  const named = entries.filter(({ fields }) => NAMING.includes(fields.kind))
  for (const [place, { index, fields }] of named.entries()) if (chain[place]?.sha256 !== fields.record) yield { code: "version", place: index }
  for (let version = named.length + 1; version <= chain.length; version++) yield { code: "unlogged", place: version }
}
