// @ts-check
/**
 * Copies of evidence for the office, as they travel: each a record of its own, its pages encrypted under a key that only
 * the call brings. The twin of app/domain/filing/copies.py; source: crypto/FORMAT.md "Copies of evidence".
 *
 * 1. A copy has a number of its case, which stays when it is made anew. 2. Its head names its pages by their hashes;
 * `salt` keeps a destroyed copy from being guessed by the head's hash. 3. Each page is bound to its place.
 */
import { chacha20poly1305 } from "../vendor/age-encryption.js"
import { base64, hex, join, utf8 } from "./bytes.js"
import { canonical } from "./canonical.js"
import { largeSha256Hex, sha256Hex } from "./digest.js"

const KEY_SIZE = 32
const NONCE_SIZE = 12
const SALT_SIZE = 32
const VERSION = 1
const VAULT_DATA = "resguardo/v1/vault/data\n"

/**
 * What the office may see of a piece of evidence. `path` and `evidence` are those of its entry; without `pages` the copy
 * stands at the portal as it is, and `standing` is the hash of what it shows. `readable`: words struck elsewhere that may be read in it, folded.
 * @typedef {{path: string, evidence: string, copy: number, pages?: Blob[], standing?: string, readable?: string[]}} Copy
 */
/** @typedef {{copy: number, record: string, key: string, parts: string[]}} SealedCopy */
/** @typedef {{evidence: string, copy: number, content: string, readable?: string[]}} Line what the sealed originals say of a copy */

/**
 * Encrypt copies: what the call brings, what the manifest and the originals say of each. Those in `stand`, which say by
 * number what the portal has, are not sent again where they show the same.
 * @param {{case: string, language: string}} about @param {Copy[]} copies
 * @param {import("./parts.js").PartStore} store @param {import("./age.js").Random} random @param {Map<number, string>} [stand]
 * @returns {Promise<{brought: SealedCopy[], lines: Line[]}>}
 */
export async function sealCopies(about, copies, store, random, stand = new Map()) {
  const brought = []
  const lines = []
  for (const { evidence, copy, pages, standing, readable = [] } of copies) {
    const hashed = await Promise.all((pages ?? []).map(hashedPage))
    const content = pages ? sha256Hex(utf8(hashed.map(({ sha256 }) => sha256).join(""))) : String(standing)
    lines.push({ evidence, copy, content, ...(readable.length ? { readable } : {}) })
    if (pages && stand.get(copy) !== content) brought.push(await sealCopy(about, copy, hashed, store, random))
  }
  return { brought, lines }
}

/** @param {Blob} page */
async function hashedPage(page) {
  const data = new Uint8Array(await page.arrayBuffer())
  return { data, sha256: await largeSha256Hex(data), size: data.length }
}

/**
 * @param {{case: string, language: string}} about @param {number} copy @param {Awaited<ReturnType<typeof hashedPage>>[]} pages
 * @param {import("./parts.js").PartStore} store @param {import("./age.js").Random} random @returns {Promise<SealedCopy>}
 */
async function sealCopy({ case: number, language }, copy, pages, store, random) {
  const key = random(KEY_SIZE)
  const parts = []
  for (const [at, { data }] of pages.entries()) parts.push(await store.add(encrypt(key, data, `copy|${number}|${copy}|${at + 1}`, random)))
  const named = pages.map(({ sha256, size }) => ({ sha256, size }))
  const record = canonical({ v: 1, copy, language, text: null, pages: named, salt: hex(random(SALT_SIZE)) })
  return { copy, record, key: base64(key), parts }
}

/** As the vault encrypts (FORMAT.md "The vault"). @param {Uint8Array} key @param {Uint8Array} data @param {string} context @param {import("./age.js").Random} random */
function encrypt(key, data, context, random) {
  const nonce = random(NONCE_SIZE)
  return join(Uint8Array.of(VERSION), nonce, chacha20poly1305(key, nonce, utf8(VAULT_DATA + context)).encrypt(data))
}

/** Its line in the manifest. @param {SealedCopy} sealed @param {number} [question] of whose answer it is a copy */
export const entryOf = ({ copy, record }, question) => ({ copy, record: sha256Hex(utf8(record)), ...(question === undefined ? {} : { question }) })

/**
 * The copies of a next version: those that are new or show something else, and the manifest's lines of all of the case.
 * `wanted` are all that the petition, or the answer to a question, shall have; `stand` the sealed lines of those it has.
 * @param {{case: string, manifest: {body: any}}} opened @param {{wanted: Copy[], stand: Line[], language: string, question?: number}} what
 * @param {import("./parts.js").PartStore} store @param {import("./age.js").Random} random
 */
export async function nextCopies({ case: number, manifest }, { wanted, stand, language, question }, store, random) {
  const contents = new Map(stand.map(({ copy, content }) => [copy, content]))
  const { brought, lines } = await sealCopies({ case: number, language }, wanted, store, random, contents)
  /** @type {any[]} */ const before = manifest.body.copies ?? []
  const entries = new Map([...before, ...brought.map((copy) => entryOf(copy, question))].map((entry) => [entry.copy, entry]))
  const ofOthers = before.filter((entry) => (entry.question ?? undefined) !== question)
  return { brought, lines, named: [...ofOthers, ...wanted.map(({ copy }) => entries.get(copy))] }
}
