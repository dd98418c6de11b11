// @ts-check
/**
 * One error class for each kind of trouble; `code` is what a page puts into words, `details` hold no secret.
 *
 * The codes are those of the command line where both have the case (app/client/errors.py).
 */

export class SealError extends Error {
  /** @param {string} code @param {Record<string, unknown>} [details] @param {ErrorOptions} [options] */
  constructor(code, details = {}, options) {
    super(code, options)
    this.name = new.target.name
    this.code = code
    this.details = details
  }
}

/** Bytes or texts that are not what their format asks for. */
export class FormatError extends SealError {}

/** Something does not verify: somebody changed what must not change. */
export class TamperingError extends SealError {}

/** The words, or the passphrase, are not the right ones. */
export class WordsError extends SealError {}

/** What was given cannot be sealed; `details` name the place. */
export class FilingError extends SealError {}

/** The portal was not reached, or refused; `details.status` and `details.problem` say why. */
export class NetworkError extends SealError {}

const CLASSES = { SealError, FormatError, TamperingError, WordsError, FilingError, NetworkError }

/**
 * What crosses from a worker to its page: an error in plain values.
 * @param {unknown} error
 * @returns {{name: string, code: string, details: Record<string, unknown>}}
 */
export function plainError(error) {
  if (error instanceof SealError) return { name: error.name, code: error.code, details: error.details }
  return { name: "SealError", code: "internal", details: { what: error instanceof Error ? error.name : typeof error } }
}

/** @param {{name: string, code: string, details: Record<string, unknown>}} plain */
export function errorOf(plain) {
  const made = Object.hasOwn(CLASSES, plain.name) ? CLASSES[/** @type {keyof typeof CLASSES} */ (plain.name)] : SealError
  return new made(plain.code, plain.details)
}
