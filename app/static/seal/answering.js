// @ts-check
/**
 * An answer to the office, sealed into the next version of its case.
 *
 * 1. Files are sealed, then the text as it was written; the case key and everything else stay.
 * 2. A correction takes the place of the answer before it; a file that it does not bring again stays while its evidence
 *    entry does.
 * 3. The manifest names what the office reads of it by its hash.
 * 4. Copies of other texts in which something was covered meanwhile go out with it.
 *
 * The twin of app/domain/filing/answering.py.
 */
import { utf8 } from "./bytes.js"
import { changeElsewhere } from "./elsewhere.js"
import { nextCopies } from "./copies.js"
import { caseKeys } from "./keys.js"
import { sha256Hex } from "./digest.js"
import { transcriptsOf } from "./known.js"
import { built } from "./revision.js"
import { Sealer, sealEvidence } from "./sealing.js"

/** @typedef {import("./types.js").Piece} Piece */
/**
 * @typedef {object} Answer
 * @property {number} question
 * @property {string} record canonical text of what the office reads
 * @property {{text: string, evidence: Record<string, any>[], review: object[]}} original as it was written, and how it was settled
 * @property {import("./types.js").EvidenceFile[]} files `evidence` is the id of their entry
 * @property {import("./copies.js").Copy[]} [copies] what the office may see of them
 * @property {Piece[]} before the sealed answers of the case, opened
 * @property {boolean} destroys whether it takes the place of one, which is destroyed at once
 * @property {import("./elsewhere.js").Elsewhere[]} [elsewhere] other texts of the case whose copies change
 */

/**
 * @param {import("./revision.js").OpenedCase} opened @param {Answer} answer @param {import("./age.js").Random} random
 * @param {(progress: {done: number, total: number}) => void} [onProgress] in bytes
 */
export async function respond(opened, { question, record, original, files, copies = [], before, destroys, elsewhere = [] }, random, onProgress = () => {}) {
  const { portal, manifest } = opened
  const { recipient } = await caseKeys(opened.caseSeed)
  const sealer = new Sealer({ portal: portal.name, case: opened.case, epoch: manifest.epoch }, recipient, random)
  const earlier = before.find(({ content }) => content.question === question)
  const total = files.reduce((sum, { blob }) => sum + blob.size, 0)
  let done = 0
  const progress = (/** @type {number} */ bytes) => onProgress({ done: Math.min(total, (done += bytes)), total })
  /** @type {Record<string, any>[]} */ const lines = []
  for (const [place, item] of original.evidence.entries()) {
    const evidence = item.id ?? `evidence[${place}]`
    const file = files.find((one) => one.evidence === evidence)
    const known = linesOf(earlier).find((line) => line.evidence === evidence)
    if (file) lines.push(await sealEvidence(sealer, file, progress)) // 1
    else if (known) lines.push({ ...known, title: item.title ?? "" }) // 2
  }
  const shown = { wanted: copies, stand: earlier?.content.copies ?? [], language: JSON.parse(record).language, question }
  const made = await nextCopies(opened, shown, sealer.store, random)
  const ofCopies = made.lines.length ? { copies: made.lines } : {}
  await sealer.body("answer", sealer.newRecord(), { v: 1, question, ...original, files: lines, ...ofCopies, ...transcriptsOf(earlier, original.evidence) })
  const others = await changeElsewhere(opened, elsewhere, JSON.parse(record).language, made.named, sealer, random) // 4
  const stays = new Set(lines.map((line) => line.record))
  const gone = new Set([earlier?.record, ...linesOf(earlier).map((line) => line.record), ...others.gone].filter((mark) => !stays.has(mark)))
  const kept = manifest.body.objects.filter((/** @type {any} */ item) => !gone.has(item.record))
  const said = { question, record: sha256Hex(utf8(record)) }
  const answers = manifest.body.answers.map((/** @type {any} */ item) => (item.question === question ? said : item))
  return built(opened, sealer, {
    objects: [...kept, ...sealer.objects],
    manifest: { answers: answers.includes(said) ? answers : [...answers, said], destroys, copies: others.named }, // 3
    answer: { question, record },
    copies: [...made.brought, ...others.brought],
  })
}

/** @param {Piece | undefined} piece @returns {Record<string, any>[]} */
const linesOf = (piece) => piece?.content.files ?? []
