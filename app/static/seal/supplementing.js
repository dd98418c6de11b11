// @ts-check
/**
 * The next version of a petition: what stays as it is sealed, what is sealed anew, and the manifest that says so.
 *
 * 1. A witness is the same by their mark, or by their name where there is none: the slip key stays, and the whole object
 *    where nothing changed.
 * 2. A statement stays with the identity that it belongs to; a file stays while its entry does. Files that the index does
 *    not name belong to an answer: they stay.
 * 3. A record that says the same stays, with its salt; any other has a salt of its own.
 * 4. The originals are sealed anew; the file index only if it changed. The case key stays within its epoch.
 * 5. The manifest names the version before and is signed by the key which that one calls its signer.
 * 6. A copy of evidence stands at the portal while it shows the same; one that is not given any more is destroyed there.
 * 7. Copies of answers in which something was covered meanwhile go out with it.
 *
 * The twin of `revise` in app/domain/filing/revising.py.
 */
import { base64, utf8 } from "./bytes.js"
import { canonical } from "./canonical.js"
import { nextCopies } from "./copies.js"
import { sha256Hex } from "./digest.js"
import { changeElsewhere } from "./elsewhere.js"
import { caseKeys } from "./keys.js"
import { identityOf, lineOf, statementOf, transcriptsOf } from "./known.js"
import { built } from "./revision.js"
import { SLIP_SEED_SIZE, Sealer, jsonOf, originalsOf, sealEvidence, sealIdentity } from "./sealing.js"

const OWN = ["identity", "statement", "file-index", "originals"]

/** @typedef {import("./revision.js").OpenedCase} OpenedCase */
/**
 * @typedef {object} Supplement
 * @property {import("./known.js").Known} known the version that it follows
 * @property {any} petition as it is written now, witnesses with their statements
 * @property {{record: any, summary: import("./types.js").ReviewSummary, surrogates: Record<string, string>, decisions: object[]}} settled
 * @property {import("./types.js").EvidenceFile[]} files new ones; `path` is that of their entry
 * @property {import("./copies.js").Copy[]} [copies] all that the office may see from now on, by their numbers
 * @property {boolean} destroys whether older versions of the record are destroyed at once
 * @property {import("./elsewhere.js").Elsewhere[]} [elsewhere] answers whose copies change
 */

/**
 * @param {OpenedCase} opened @param {Supplement} supplement @param {import("./age.js").Random} random
 * @param {(progress: {done: number, total: number}) => void} [onProgress] in bytes
 */
export async function supplement(opened, { known, petition, settled, files, copies = [], destroys, elsewhere = [] }, random, onProgress = () => {}) {
  const { recipient } = await caseKeys(opened.caseSeed)
  const where = { portal: opened.portal.name, case: opened.case, epoch: opened.manifest.epoch }
  const work = new Work(opened, known, new Sealer(where, recipient, random))
  const text = salted(opened, known, settled.record) // 3
  for (const [place, witness] of (petition.witnesses ?? []).entries()) await work.person(place, witness, settled.surrogates) // 1, 2
  await work.files(petition.evidence ?? [], files, progressOver(files, onProgress)) // 2
  const shown = { wanted: copies, stand: known.originals.content.copies ?? [], language: settled.record.language }
  const { brought, lines, named } = await nextCopies(opened, shown, work.sealer.store, random) // 6
  await work.originals(petition, settled, text, lines) // 4
  const others = await changeElsewhere(opened, elsewhere, settled.record.language, named, work.sealer, random) // 7
  for (const mark of others.gone) work.kept.delete(mark)
  const record = sha256Hex(utf8(text))
  const review = { settled: settled.summary.settled, careful: settled.summary.careful, kept: settled.summary.kept.map(({ path, kind }) => ({ path, kind })) }
  // 5.
  return built(opened, work.sealer, {
    objects: work.objects(),
    record: record === opened.manifest.record ? null : text,
    manifest: { record, review, destroys, copies: others.named },
    copies: [...brought, ...others.brought],
  })
}

/** The record with the salt of the version before, if the office reads the same. @param {OpenedCase} opened @param {import("./known.js").Known} known @param {any} record */
function salted(opened, known, record) {
  const same = canonical({ ...record, salt: known.originals.content.salt ?? null })
  return sha256Hex(utf8(same)) === opened.manifest.record ? same : canonical(record)
}

/** @param {{blob: Blob}[]} files @param {(progress: {done: number, total: number}) => void} onProgress */
function progressOver(files, onProgress) {
  const total = files.reduce((sum, { blob }) => sum + blob.size, 0)
  let done = 0
  return (/** @type {number} */ bytes) => onProgress({ done: Math.min(total, (done += bytes)), total })
}

/** Plain values as they come out of a sealed object again. @param {object} body */
const asSealed = (body) => canonical(JSON.parse(new TextDecoder().decode(jsonOf(body))))

/** The steps of one version, with the marks of what stays. */
class Work {
  /** @type {string[]} marks of the identities by place */ identities = []

  /** @param {OpenedCase} opened @param {import("./known.js").Known} known @param {Sealer} sealer */
  constructor(opened, known, sealer) {
    this.known = known
    this.sealer = sealer
    this.listed = opened.manifest.body.objects
    const lines = new Set((known.index.content.files ?? []).map((/** @type {any} */ line) => line.record))
    /** @type {Set<string>} what a petition does not say: the case key, answers, and files that only answers name */
    this.kept = new Set(this.listed.filter((/** @type {any} */ { kind, record }) => !OWN.includes(kind) && !lines.has(record)).map((/** @type {any} */ { record }) => record))
  }

  /** @param {number} place @param {any} witness @param {Record<string, string>} labels */
  async person(place, { statement, ...witness }, labels) {
    const before = identityOf(this.known, witness)
    const slip = before?.content.slip_key ?? base64(this.sealer.random(SLIP_SEED_SIZE))
    const body = { v: 1, ...witness, label: labels[`witnesses[${place}]`] ?? "", slip_key: slip }
    if (before && asSealed(body) === asSealed(before.content)) {
      this.kept.add(before.record)
      this.identities.push(before.record)
    } else {
      this.identities.push(await sealIdentity(this.sealer, place, body))
    }
    if (statement) await this.statement(this.identities[place], witness.id ?? null, statement)
  }

  /** @param {string} identity @param {string | null} id @param {string} statement */
  async statement(identity, id, statement) {
    const before = statementOf(this.known, identity)
    if (before?.content.statement === statement) this.kept.add(before.record)
    else await this.sealer.body("statement", this.sealer.newRecord(), { v: 1, id, identity, statement })
  }

  /** @param {any[]} evidence @param {import("./types.js").EvidenceFile[]} files @param {(bytes: number) => void} progress */
  async files(evidence, files, progress) {
    const lines = []
    for (const [place, item] of evidence.entries()) {
      const file = files.find(({ path }) => path === `evidence[${place}]`)
      const before = lineOf(this.known, item.id ?? `evidence[${place}]`)
      if (file) lines.push(await sealEvidence(this.sealer, file, progress))
      else if (before) {
        this.kept.add(before.record)
        lines.push({ ...before, title: item.title ?? "" })
      }
    }
    await this.whole("file-index", { v: 1, files: lines }, this.known.index)
  }

  /** @param {any} petition @param {Supplement["settled"]} settled @param {string} record @param {import("./copies.js").Line[]} copies */
  async originals({ witnesses = [], ...petition }, { surrogates, decisions }, record, copies) {
    const ids = witnesses.map((/** @type {any} */ { id }) => id ?? null)
    const written = originalsOf({ petition, witnesses: ids, surrogates, decisions }, this.identities, record, copies)
    const body = { ...written, ...transcriptsOf(this.known.originals, petition.evidence) }
    await this.whole("originals", body, this.known.originals)
  }

  /** Keep a piece that says the same, or seal it anew. @param {string} kind @param {object} body @param {import("./types.js").Piece} before */
  async whole(kind, body, before) {
    if (asSealed(body) === asSealed(before.content)) this.kept.add(before.record)
    else await this.sealer.body(kind, this.sealer.newRecord(), body)
  }

  /** Every object of the next version. */
  objects() {
    return [...this.listed.filter((/** @type {any} */ { record }) => this.kept.has(record)), ...this.sealer.objects]
  }
}
