// @ts-check
/**
 * The note by which petitioners give a public version out: which case, which text, to whom; written here, and nothing else
 * is signed. Source: crypto/FORMAT.md, the table of notes.
 */
import { TYPES, signTyped, signer } from "./notes.js"

/** @param {import("./trust.js").OpenedCase} opened @param {{sha256: string, audience: "office" | "everyone"}} said */
export function releaseNote(opened, { sha256, audience }) {
  const { name } = opened.portal
  return signTyped(TYPES.release, { v: 1, portal: name, case: opened.case, sha256, audience }, signer(`${name}/case`, opened.signer))
}
