// @ts-check
/** The sealing worker of a page that opens cases: the calls of a filing, and all that is done with a case afterwards. */
import { openStream } from "./age.js"
import { respond } from "./answering.js"
import { hex } from "./bytes.js"
import { FILING, random, serve } from "./calls.js"
import { newSha256 } from "./digest.js"
import { sealAnew, withHolder } from "./epochs.js"
import { TamperingError } from "./errors.js"
import { bundle } from "./exporting.js"
import { Unframer } from "./framing.js"
import { checkHistory } from "./history.js"
import { tagNumbers, walkBundle } from "./log/walk.js"
import { checkRevisionReceipt, prove } from "./proofs.js"
import { releaseNote } from "./releasing.js"
import { signInNote } from "./signin.js"
import { supplement } from "./supplementing.js"
import { advance, openCaseKey, openMessage, openPiece, placeOf } from "./trust.js"

/**
 * A file of the case, opened piece by piece; it counts only once its end has come and its hash is the manifest's.
 * @param {import("./trust.js").OpenedCase} opened @param {import("./types.js").Listed} listed @param {Blob} ciphertext
 */
async function openFile(opened, listed, ciphertext) {
  const whole = newSha256()
  const unframer = new Unframer(placeOf(opened.manifest, listed))
  const hashed = ciphertext.stream().pipeThrough(
    new TransformStream({
      transform(piece, out) {
        whole.update(piece)
        out.enqueue(piece)
      },
    }),
  )
  /** @type {Blob[]} */
  const pieces = []
  const reader = (await openStream(hashed, opened.caseSeed)).getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(new Blob([/** @type {any} */ (unframer.take(next.value))]))
    }
    unframer.finish()
  } catch (error) {
    throw error instanceof TamperingError ? error : new TamperingError("object", { kind: listed.kind })
  }
  if (ciphertext.size !== listed.size || hex(whole.digest()) !== listed.sha256) {
    throw new TamperingError("object", { kind: listed.kind })
  }
  return new Blob(pieces)
}

/** The tags of the case that is searched for, made once. @type {{name: string, numbers: Map<string, number>}} */
let tags = { name: "", numbers: new Map() }

/** @param {Uint8Array} key @param {number} count */
function numbersOf(key, count) {
  const name = `${hex(key)} ${count}`
  if (tags.name !== name) tags = { name, numbers: tagNumbers(key, count) }
  return tags.numbers
}

serve({
  ...FILING,
  openCaseKey: (_, asked, served) => openCaseKey(asked, served),
  openPieces: async (_, opened, batch) => {
    const pieces = []
    for (const { listed, data } of batch) pieces.push(await openPiece(opened, listed, data))
    return pieces
  },
  openMessage: (_, opened, listed, data) => openMessage(opened, listed, data),
  openFile: (_, opened, listed, data) => openFile(opened, listed, data),
  prove: (_, portal, text, leaf, opening) => prove(portal, text, leaf, opening),
  history: (_, opened, served, kept) => checkHistory(opened, served, kept),
  walk: (_, key, count, first, width, data) => walkBundle(numbersOf(key, count), first, width, data),
  signIn: (_, opened, said) => signInNote(opened, said),
  release: (_, opened, said) => releaseNote(opened, said),
  answer: (progress, opened, answer) => respond(opened, answer, random, progress),
  supplement: (progress, opened, given) => supplement(opened, given, random, progress),
  withHolder: (_, opened, recipient) => withHolder(opened, recipient, random),
  sealAnew: (progress, opened, change, held) => sealAnew(opened, change, held, random, progress),
  bundle: (_, opened, what) => bundle(opened, what),
  revisionReceipt: (_, filed, text) => checkRevisionReceipt(filed, text),
  advance: (_, opened, notes) => advance(opened, notes),
})
