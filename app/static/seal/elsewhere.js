// @ts-check
/**
 * Copies of texts of a case other than the one that a version is about: what was struck out of that one could be read in
 * them. What the office reads of those texts stays as it is, with the numbers of its copies.
 *
 * 1. The copies are made as those of any version. 2. The sealed original that names them is sealed anew, with what was
 * covered, and takes the place of the one before.
 */
import { nextCopies } from "./copies.js"

/** @typedef {import("./types.js").Piece} Piece */
/**
 * A text of the case whose copies change: the petition, or the answer to a `question`.
 * @typedef {object} Elsewhere
 * @property {number} [question]
 * @property {Piece} piece its sealed original
 * @property {any[]} evidence its entries, with what was covered
 * @property {import("./copies.js").Copy[]} copies all that it has, by their numbers
 */

/**
 * @param {{case: string, manifest: {body: any}}} opened @param {Elsewhere[]} elsewhere @param {string} language of new heads
 * @param {any[]} named the manifest's lines of copies so far @param {import("./sealing.js").Sealer} sealer @param {import("./age.js").Random} random
 * @returns {Promise<{named: any[], brought: import("./copies.js").SealedCopy[], gone: string[]}>} `gone`: marks of what was sealed anew
 */
export async function changeElsewhere(opened, elsewhere, language, named, sealer, random) {
  const brought = []
  for (const { question, piece, evidence, copies } of elsewhere) {
    const before = { case: opened.case, manifest: { body: { copies: named } } }
    const made = await nextCopies(before, { wanted: copies, stand: piece.content.copies ?? [], language, question }, sealer.store, random) // 1
    await sealer.body(question === undefined ? "originals" : "answer", sealer.newRecord(), withEntries(piece.content, evidence, made.lines)) // 2
    brought.push(...made.brought)
    named = made.named
  }
  return { named, brought, gone: elsewhere.map(({ piece }) => piece.record) }
}

/** @param {Record<string, any>} content @param {any[]} evidence @param {import("./copies.js").Line[]} copies */
function withEntries({ copies: _, ...content }, evidence, copies) {
  const entries = "petition" in content ? { petition: { ...content.petition, evidence } } : { evidence }
  return { ...content, ...entries, ...(copies.length ? { copies } : {}) }
}
