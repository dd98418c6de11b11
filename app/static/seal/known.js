// @ts-check
/**
 * A case as its holder has opened it: the newest version, which a next one follows. Plain values, for page and worker.
 *
 * The twin of `Known` in app/domain/filing/revising.py.
 */
import { canonical } from "./canonical.js"

/** What an identity holds besides what its petition says. */
const OURS = ["v", "label", "slip_key"]

/** @typedef {import("./types.js").Piece} Piece */
/** @typedef {{identities: Piece[], statements: Piece[], originals: Piece, index: Piece, answers: Piece[]}} Known */

/** @param {import("./types.js").Contents} contents @returns {Known} */
export function knownOf({ pieces }) {
  const of = (/** @type {string} */ kind) => pieces.filter((piece) => piece.kind === kind).map(({ record, content }) => ({ record, content }))
  const [originals, index] = [of("originals")[0], of("file-index")[0]]
  return { identities: of("identity"), statements: of("statement"), originals, index, answers: of("answer") }
}

/** @param {Known} known @param {number} question @returns {Piece | undefined} the sealed answer to a question */
export const answerOf = ({ answers }, question) => answers.find(({ content }) => content.question === question)

/** @param {Known} known @param {any} witness of a later text @returns {Piece | undefined} their sealed identity */
export function identityOf({ identities }, witness) {
  const name = canonical(witness.name ?? null)
  return identities.find(({ content }) => (witness.id ? content.id === witness.id : !content.id && canonical(content.name ?? null) === name))
}

/** @param {Known} known @param {string} identity @returns {Piece | undefined} the statement that belongs to an identity */
export const statementOf = ({ statements }, identity) => statements.find(({ content }) => content.identity === identity)

/** @param {Known} known @param {string} evidence @returns {Record<string, any> | undefined} the line of the file of a piece of evidence */
export const lineOf = ({ index }, evidence) => (index.content.files ?? []).find((/** @type {any} */ line) => line.evidence === evidence)

/** @param {Known} known @returns {any} the petition as it was written, witnesses and statements in their places */
export function petitionIn(known) {
  const { witnesses = [], ...plain } = known.originals.content.petition
  return { ...plain, witnesses: witnesses.map((/** @type {any} */ { record }) => witnessIn(known, record)) }
}

/** @param {Known} known @param {string} record */
function witnessIn(known, record) {
  const found = known.identities.find((piece) => piece.record === record)
  const person = Object.fromEntries(Object.entries(found?.content ?? {}).filter(([name]) => !OURS.includes(name)))
  const said = statementOf(known, record)
  return said ? { ...person, statement: said.content.statement } : person
}

/**
 * The labels that witnesses have already, by their place in a later text; those of others by mark, so that none is reused.
 * @param {Known} known @param {any} petition @returns {Record<string, string>}
 */
export function labelsIn(known, petition) {
  const found = (petition.witnesses ?? []).map((/** @type {any} */ witness) => identityOf(known, witness))
  const here = found.flatMap((/** @type {Piece | undefined} */ piece, /** @type {number} */ place) => (piece ? [[`witnesses[${place}]`, String(piece.content.label ?? "")]] : []))
  const taken = new Set(here.map((/** @type {string[]} */ [, label]) => label))
  const gone = known.identities.map(({ record, content }) => [record, String(content.label ?? "")]).filter(([, label]) => !taken.has(label))
  return Object.fromEntries([...here, ...gone])
}

/**
 * What was sealed of recordings, as it was written: it stays while its evidence does.
 * @param {Piece | undefined} piece @param {any[]} [evidence] of the later text @returns {{transcripts?: any[]}}
 */
export function transcriptsOf(piece, evidence = []) {
  const marks = evidence.map(({ id }, place) => id || `evidence[${place}]`)
  const transcripts = (piece?.content.transcripts ?? []).filter((/** @type {any} */ line) => marks.includes(line.evidence))
  return transcripts.length ? { transcripts } : {}
}
