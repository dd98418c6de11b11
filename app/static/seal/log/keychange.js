// @ts-check
/**
 * A log's next keys, announced in the log itself under the keys that they replace.
 *
 * Source: crypto/FORMAT.md "Change of keys"; the twin of crypto/log/keychange.py, where the rules stand.
 */
import { equal, strictBase64, textOf, utf8 } from "../bytes.js"
import { sha256 } from "../digest.js"
import { TamperingError } from "../errors.js"
import { TYPES, openTyped, verifier } from "../notes.js"
import { verifyCheckpoint } from "./checkpoint.js"
import { LEAF_KINDS, parseLeaf } from "./leaf.js"
import { HEADER, parseProof, verifyProof } from "./proof.js"

/** @typedef {{log: string, statements: string}} KeySet */
/** @typedef {{portal: string, origin: string, day: string, before: KeySet, after: KeySet, index: number}} Announcement */

/** Whether a text is meant as an announcement, and not as a note about a loss. @param {string} text */
export const isAnnouncement = (text) => text.startsWith(HEADER)

/** What an announcement says, verified in itself. @param {string} text @returns {Announcement} */
export function readAnnouncement(text) {
  const proof = parseProof(text)
  const { note, leaf } = JSON.parse(textOf(proof.extra ?? new Uint8Array()))
  const { portal, origin, time, from: before, to: after } = openNote(String(note))
  if ([before.log, after.log].some((key) => verifier(key).name !== origin)) throw new TamperingError("announcement")
  const entry = strictBase64(leaf)
  verifyProof(proof, entry, origin, [verifier(before.log)])
  verifyCheckpoint(proof.checkpoint, origin, [verifier(after.log)])
  const { kind, subjectTag } = parseLeaf(entry)
  if (kind !== LEAF_KINDS.keysChanged || !equal(subjectTag, sha256(utf8(note)))) throw new TamperingError("announcement")
  return { portal, origin, day: String(time).slice(0, 10), before, after, index: proof.index }
}

/** The note's body, after both statement keys that it names were found under it. @param {string} note @returns {Record<string, any>} */
function openNote(note) {
  const { origin, from, to } = JSON.parse(note.split("\n")[1])
  if (from.statements === to.statements) throw new TamperingError("announcement")
  const [body] = [from.statements, to.statements].map((vkey) => {
    const key = verifier(vkey)
    if (key.name !== `${origin}/statements`) throw new TamperingError("announcement")
    return openTyped(note, TYPES.keys, [key])
  })
  const texts = [body.from, body.to].flatMap(({ log, log_pq }) => [log, log_pq])
  if (body.v !== 1 || texts.some((text) => typeof text !== "string")) throw new TamperingError("announcement")
  return body
}
