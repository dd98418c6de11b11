// @ts-check
/**
 * The text with which a holder signs in: written here, naming the address that was called, and nothing else is signed.
 *
 * A portal that relays another portal's nonce gets a signature for itself only.
 */
import { TamperingError } from "./errors.js"
import { TYPES, signTyped, signer } from "./notes.js"

/**
 * @param {{portal: {name: string}, case: string, signIn: Uint8Array}} opened
 * @param {{address: string, nonce: unknown, time: number}} said `address` is the origin called, `time` in milliseconds
 */
export function signInNote(opened, { address, nonce, time }) {
  if (typeof nonce !== "string" || !/^[A-Za-z0-9_-]{16,128}$/.test(nonce)) throw new TamperingError("answer")
  const moment = new Date(time).toISOString().replace(/\.\d+Z$/, "Z")
  const body = { v: 1, address, case: opened.case, nonce, time: moment }
  return signTyped(TYPES.signIn, body, signer(`${opened.portal.name}/sign-in`, opened.signIn))
}
