// @ts-check
/**
 * What this device keeps in order to sign: its key, which cannot be taken out, and the newest state of the log it knows.
 *
 * Nothing of a case is kept: no number, no purpose, no text. The log's key is that of the day of enrolment, so that a
 * portal that shows another one later is noticed.
 */
import { NetworkError } from "../seal/errors.js"

const NAME = "resguardo-device"
const STORE = "devices"

/**
 * `key` signs and cannot be exported; `enrolled`: the account's page showed it among the devices of this account.
 * @typedef {{key: CryptoKey, vkey: string, enrolled: boolean, logs: import("../seal/types.js").PortalKeys, known: string}} Device
 */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new NetworkError("storage"))
  })

/** @returns {Promise<IDBDatabase>} */
async function database() {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return await done(request)
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>} */
async function within(mode, act) {
  const open = await database()
  try {
    return await done(act(open.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    open.close()
  }
}

/** Whose: several people may share a browser, and a browser may know several portals. @param {string} portal @param {string} reader */
const place = (portal, reader) => JSON.stringify([portal, reader])

/** @param {string} portal @param {string} reader @returns {Promise<Device | null>} */
export async function keptDevice(portal, reader) {
  return (await within("readonly", (store) => store.get(place(portal, reader)))) ?? null
}

/** @param {string} portal @param {string} reader @param {Device} device */
export async function keepDevice(portal, reader, device) {
  await within("readwrite", (store) => store.put(device, place(portal, reader)))
}

/** @param {string} portal @param {string} reader */
export async function forgetDevice(portal, reader) {
  await within("readwrite", (store) => store.delete(place(portal, reader)))
}

/** A new key that signs, as two parts of the browser's own; null where it cannot make one. @returns {Promise<CryptoKeyPair | null>} */
export async function newKey() {
  try {
    return /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]))
  } catch {
    return null
  }
}

/** A nonce for one thing that this device signs. @returns {Promise<string>} */
export async function freshNonce() {
  const answer = await fetch("/office/account/nonce", { redirect: "error", cache: "no-store", credentials: "same-origin", referrerPolicy: "no-referrer" })
  const { nonce } = answer.ok ? await answer.json() : { nonce: null }
  if (typeof nonce !== "string" || !/^[A-Za-z0-9_-]{16,128}$/.test(nonce)) throw new NetworkError("answer")
  return nonce
}
