// @ts-check
/**
 * The next version of a case's manifest, within its epoch: signed by the case's own signer, checked as a reader will.
 *
 * The twin of the first steps of app/client's revisions; source: crypto/FORMAT.md "Manifest".
 */
import { utf8 } from "./bytes.js"
import { sha256Hex } from "./digest.js"
import { TYPES, signTyped, signer } from "./notes.js"
import { checkChain, checkGenesis } from "./trust.js"

/**
 * What changes: a new record's text, the whole list of objects (those that stay and those that are new), one answer
 * more, whether older versions are destroyed, how the redaction was settled.
 * @typedef {object} Changes
 * @property {string} [record] canonical text
 * @property {import("./parts.js").SealedObject[]} [objects]
 * @property {{question: number, record: string}} [answer] `record`: the canonical text of the answer
 * @property {boolean} [destroys]
 * @property {import("./types.js").ReviewSummary} [review]
 */

/**
 * @param {import("./trust.js").OpenedCase} opened @param {string[]} notes the chain as it was served @param {Changes} changes
 * @returns {{manifest: string, sha256: string}}
 */
export function nextManifest(opened, notes, { record, objects, answer, destroys = false, review }) {
  const { body, sha256 } = opened.manifest
  const answers = [...body.answers]
  if (answer) answers.push({ question: answer.question, record: sha256Hex(utf8(answer.record)) })
  const next = {
    ...body,
    version: opened.manifest.version + 1,
    previous: sha256,
    record: record === undefined ? body.record : sha256Hex(utf8(record)),
    objects: objects ?? body.objects,
    answers,
    destroys,
    review: review ?? body.review,
  }
  const manifest = signTyped(TYPES.manifest, next, signer(`${opened.portal.name}/case`, opened.signer))
  const genesis = checkGenesis(opened.case, opened.portal.name, opened.genesis)
  checkChain({ portal: opened.portal.name, case: opened.case, genesis }, [...notes, manifest])
  return { manifest, sha256: sha256Hex(utf8(manifest)) }
}
