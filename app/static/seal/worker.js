// @ts-check
/**
 * The sealing worker: keeps the secret work off the page's own thread. It reaches no network and no storage.
 *
 * In: `{id, call, args}`. Out: `{id, progress}` any number of times, then `{id, result}` or `{id, error}`.
 */
import { respond } from "./answering.js"
import { openStream, openWithPassphrase, sealWithPassphrase } from "./age.js"
import { largeSha256Hex, newSha256 } from "./digest.js"
import { hex } from "./bytes.js"
import { sealAnew, withHolder } from "./epochs.js"
import { FilingError, TamperingError, plainError } from "./errors.js"
import { bundle } from "./exporting.js"
import { Unframer } from "./framing.js"
import { checkHistory } from "./history.js"
import { makePart } from "./parts.js"
import { prepare } from "./preparation.js"
import { checkReceipt, checkRevisionReceipt, prove } from "./proofs.js"
import { sealAll } from "./sealing.js"
import { selfTest } from "./selftest.js"
import { signInNote } from "./signin.js"
import { supplement } from "./supplementing.js"
import { advance, openCaseKey, openMessage, openPiece, placeOf } from "./trust.js"

/** @param {number} size */
function random(size) {
  return crypto.getRandomValues(new Uint8Array(size))
}

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

/**
 * A part of a file, made again; another file than the one that was sealed does not give the same.
 * @param {import("./types.js").SealedFile} sealed @param {number} part @param {string} sha256
 */
async function partAgain(sealed, part, sha256) {
  try {
    const data = await makePart(sealed, part)
    if ((await largeSha256Hex(data)) === sha256) return data
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  throw new FilingError("file_changed")
}

/** @type {Record<string, (progress: (value: any) => void, ...args: any[]) => unknown>} */
const CALLS = {
  prepare: (_, wanted) => prepare(wanted, random),
  seal: (progress, filing) => sealAll(filing, random, progress),
  part: (_, sealed, part, sha256) => partAgain(sealed, part, sha256),
  receipt: (_, filed, text) => checkReceipt(filed, text),
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
  signIn: (_, opened, said) => signInNote(opened, said),
  sealWords: (_, text, passphrase) => sealWithPassphrase(text, passphrase),
  openWords: (_, armored, passphrase) => openWithPassphrase(armored, passphrase),
  answer: (progress, opened, answer) => respond(opened, answer, random, progress),
  supplement: (progress, opened, given) => supplement(opened, given, random, progress),
  withHolder: (_, opened, recipient) => withHolder(opened, recipient, random),
  sealAnew: (progress, opened, change, held) => sealAnew(opened, change, held, random, progress),
  bundle: (_, opened, what) => bundle(opened, what),
  revisionReceipt: (_, filed, text) => checkRevisionReceipt(filed, text),
  advance: (_, opened, notes) => advance(opened, notes),
  selfTest: () => selfTest(random),
}

globalThis.addEventListener("message", async ({ data: { id, call, args } }) => {
  const post = (/** @type {object} */ said) => globalThis.postMessage({ id, ...said })
  try {
    if (!Object.hasOwn(CALLS, call)) throw new TamperingError("call")
    post({ result: await CALLS[call]((progress) => post({ progress }), ...args) })
  } catch (error) {
    post({ error: plainError(error) })
  }
})
