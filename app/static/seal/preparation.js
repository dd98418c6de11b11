// @ts-check
/**
 * The beginning of a case: its key, its holders, its founding text, and the code to ask for its state.
 *
 * 1. Draw the case key, the case log key and the founding text's nonce.
 * 2. Derive the filer's keys for this case from the root; the status code follows from them.
 * 3. Write the founding text; its hash is the case's number.
 * 4. Check the other holders' keys: well-formed, each once, none the filer's own, seven at most.
 * 5. Fill up to eight with throw-away keys, whose secret halves are dropped here, and salt each.
 *
 * The twin of app/domain/filing/preparation.py.
 */
import { checkRecipient, recipientOf } from "./age.js"
import { base64, hex } from "./bytes.js"
import { FilingError, FormatError } from "./errors.js"
import { caseId, caseKeys, genesisText, holderCommitment, holderKeys, standingRecipient } from "./keys.js"
import { signer } from "./notes.js"

export const ROSTER_SIZE = 8
export const SEED_SIZE = 32
export const SALT_SIZE = 32
const UPLOAD_ID_SIZE = 16

/** @typedef {import("./age.js").Random} Random */
/** @typedef {import("./types.js").Prepared} Prepared */
/** @typedef {import("./types.js").RosterEntry} RosterEntry */

/**
 * @param {{portal: import("./types.js").PortalKeys, root: Uint8Array, holders: string[]}} wanted
 * @param {Random} random
 * @returns {Promise<Prepared>}
 */
export async function prepare({ portal, root, holders }, random) {
  // 1.
  const caseSeed = random(SEED_SIZE)
  const caseLogKey = random(SEED_SIZE)
  const nonce = random(SEED_SIZE)
  // 2.
  const filer = holderKeys(root, portal.name, nonce)
  const own = await recipientOf(filer.seed)
  const { recipient } = await caseKeys(caseSeed)
  // 3.
  const filerVkey = signer(`${portal.name}/filer`, filer.filer).vkey
  const genesis = genesisText({ portal: portal.name, filerVkey, recipient, nonce })
  // 4.
  const others = checkHolders(holders, [own, await standingRecipient(root)])
  return {
    portal,
    genesis,
    case: caseId(genesis),
    filerSeed: filer.filer,
    caseSeed,
    caseLogKey,
    roster: await rosterOf(own, others, random), // 5
    upload: hex(random(UPLOAD_ID_SIZE)),
    statusCode: filer.statusCode,
  }
}

/**
 * Other holders' recipients; `own` are keys that the filer has anyway.
 * @param {string[]} holders @param {string[]} [own]
 */
export function checkHolders(holders, own = []) {
  if (holders.length > ROSTER_SIZE - 1) throw new FilingError("too_many_holders", { limit: ROSTER_SIZE })
  const taken = new Set(own)
  return holders.map((text, at) => {
    const recipient = parseHolder(text, at + 1)
    if (taken.has(recipient)) throw new FilingError("holder_twice", { number: at + 1 })
    taken.add(recipient)
    return recipient
  })
}

/** @param {string} text @param {number} number */
function parseHolder(text, number) {
  try {
    return checkRecipient(text.trim())
  } catch (error) {
    if (error instanceof FormatError) throw new FilingError("holder_invalid", { number })
    throw error
  }
}

/** @param {string} own @param {string[]} others @param {Random} random */
async function rosterOf(own, others, random) {
  const real = [own, ...others]
  /** @type {RosterEntry[]} */
  const entries = []
  for (let place = 0; place < ROSTER_SIZE; place++) {
    const label = place === 0 ? "filer" : place < real.length ? "holder" : "unused"
    const recipient = place < real.length ? real[place] : await recipientOf(random(SEED_SIZE))
    entries.push({ recipient, salt: random(SALT_SIZE), label })
  }
  // In the order of random salts: the filer does not stand first in what everybody can count.
  return entries.sort((a, b) => (hex(a.salt) < hex(b.salt) ? -1 : 1))
}

/** What stands for each of the eight recipients in the manifest. @param {RosterEntry[]} roster */
export function commitments(roster) {
  return roster.map((entry) => base64(holderCommitment(entry.salt, entry.recipient)))
}
