// @ts-check
/** A case that is open on this page: its keys, what was opened of it, and what was proved here. In memory only. */
import { fetchContents, openCase, signIn } from "../seal/case.js"
import { signedIn } from "./portal.js"

export const URL_OF_PORTAL = location.origin

/**
 * @typedef {object} Held
 * @property {import("../seal/case.js").OpenedCase} opened with its newest version, as far as this page knows
 * @property {import("../seal/types.js").Contents} contents
 * @property {number} version of the case to which the contents belong
 * @property {Uint8Array} root of the person who opened it: the case can be opened again where somebody else changed it
 * @property {import("../seal/proofs.js").ProvedEntry[]} before entries proved earlier on this page
 * @property {string} [receipt]
 * @property {Record<string, unknown>} [brought] what else stood in the file case.json
 */

/**
 * Open a case, sign in to it, and open what it holds; the access is in the log, and its proof was checked.
 * `known`: the newest checkpoint that the person brought, or that this page has seen.
 * @param {Omit<Parameters<typeof openCase>[0], "url">} asked @param {NonNullable<Held["opened"]["known"]>} known
 * @param {Held["before"]} before @returns {Promise<Held>}
 */
export async function hold(asked, known, before = []) {
  /** @type {Held["opened"]} */ const opened = { ...(await openCase({ url: URL_OF_PORTAL, ...asked })), known }
  await signIn({ url: URL_OF_PORTAL, opened })
  const contents = await fetchContents({ url: URL_OF_PORTAL, opened })
  return { opened, contents, version: opened.manifest.version, root: asked.root, before: [...before, contents.access] }
}

/** Open it again from its newest version, which somebody else may have made. @param {Held} held */
export async function openAgain(held) {
  const { opened, root, before } = held
  const { version, sha256 } = opened.manifest
  const known = opened.known ?? { note: "", contradicted: false }
  const asked = { number: opened.case, root, code: opened.statusCode, keys: opened.portal, seen: { version, sha256 } }
  Object.assign(held, await hold(asked, known, before))
}

/** What the case holds now: fetched again where this page itself changed it. @param {Held} held */
export async function contentsOf(held) {
  const { opened } = held
  if (held.version !== opened.manifest.version) {
    const contents = await signedIn(URL_OF_PORTAL, opened, () => fetchContents({ url: URL_OF_PORTAL, opened }))
    Object.assign(held, { contents, version: opened.manifest.version })
    held.before.push(contents.access)
  }
  return held.contents
}
