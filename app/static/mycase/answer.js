// @ts-check
/**
 * An answer as a petition to be settled, with the case's own people around it, and what the office reads of it. Pure.
 *
 * The twin of the first two steps of app/domain/filing/answering.py.
 */
import { hex } from "../seal/bytes.js"
import { canonical } from "../seal/canonical.js"
import { petitionIn } from "../seal/known.js"

/** What of the petition tells whom to look for, and which names must stay readable. */
const AROUND = ["kind", "language", "facility", "ownership", "trade", "unions", "proceedings", "petitioners"]

/** @typedef {{id: string, kind: string, title: string, date?: string}} AnswerEvidence `date`: a month or a day */

/**
 * Whoever the petition knows is looked for in the answer, and has the same label.
 * @param {import("../seal/known.js").Known} known @param {string} text @param {AnswerEvidence[]} evidence @returns {any}
 */
export function around(known, text, evidence) {
  const petition = petitionIn(known)
  const kept = Object.fromEntries(AROUND.filter((name) => name in petition).map((name) => [name, petition[name]]))
  const witnesses = petition.witnesses.map((/** @type {any} */ { statement: _, ...witness }) => witness)
  // Whoever keeps a piece of the petition's evidence is looked for too. Such an entry shows nothing of itself.
  const keepers = (petition.evidence ?? []).flatMap((/** @type {any} */ { holder }) => (holder ? [{ holder }] : []))
  return { ...kept, witnesses, facts: { narrative: text }, evidence: [...evidence, ...keepers] }
}

/**
 * What the office reads; `salt` keeps a destroyed answer from being guessed by its hash.
 * @param {any} record of the settled petition @param {number} question @param {Uint8Array} salt 32 bytes @returns {string} canonical
 */
export function answerRecord(record, question, salt) {
  const { language, facts, evidence = [] } = record
  return canonical({ v: 1, question, language, text: facts.narrative, evidence, salt: hex(salt) })
}
