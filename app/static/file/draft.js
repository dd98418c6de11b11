// @ts-check
/**
 * The draft on this device: encrypted under a phrase that only the person knows, or not kept at all.
 *
 * A key beside the draft, even one that no script can read, would open it for whoever holds the phone: on a shared one
 * that is the foreman or the partner. So the key comes from the phrase (PBKDF2-SHA-256), cannot be read out, lives in
 * memory and goes with the tab. Lengths are padded; the store holds no name, no date, no title in the open.
 *
 * Words go before files. A file that would leave no room for them is not begun. Where the browser says that there is more
 * room than there is, it refuses the file while it is written, counts it as used for minutes, and then takes not even the
 * text: that goes to a second place meanwhile, which browsers count apart, encrypted like the first. The newer one is
 * opened; the second goes as soon as the first is written again.
 */
import { base64, strictBase64 } from "../seal/bytes.js"

const STORE = "resguardo-draft"
const ITERATIONS = 600_000
const SALT = 16
const IV = 12
const PAD = 16 * 1024
const AGAIN_AFTER = 15_000 // ms: a refused file takes room until the browser has cleared it away, and the draft itself would not fit
const HEADROOM = 4 * 1024 * 1024 // bytes that a file leaves free: the text is written again and again, and cleared up later
const BOUND = new TextEncoder().encode("resguardo/draft/v1")
export const SHORTEST_PHRASE = 12 // as for a key file: the same phrase may lock both

/** @typedef {{ v: 1, salt: Uint8Array, iv: Uint8Array, data: ArrayBuffer }} Kept */
/** @typedef {Kept & { turn?: number }} KeptText how often it was kept before: the larger one is the newer */

/** @param {string} name @returns {Promise<IDBDatabase>} */
function database(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore("draft")
      request.result.createObjectStore("files")
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error("blocked"))
  })
}

/**
 * Do one thing in the store and wait until it is there for good.
 * @template T @param {string} name @param {"draft" | "files"} store @param {"readonly" | "readwrite"} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>}
 */
async function inStore(name, store, mode, act) {
  const opened = await database(name)
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction(store, mode)
      const request = act(transaction.objectStore(store))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"))
    })
  } finally {
    opened.close()
  }
}

/** @param {string} name of the store @param {KeptText} kept @returns {boolean} whether the second place took it */
function keepApart(name, { v, turn, salt, iv, data }) {
  try {
    localStorage.setItem(name, JSON.stringify({ v, turn, salt: base64(salt), iv: base64(iv), data: base64(new Uint8Array(data)) }))
    return true
  } catch {
    return false
  }
}

/** @param {string} name of the store @returns {KeptText | null} what the second place has */
function keptApart(name) {
  try {
    const { v, turn, salt, iv, data } = JSON.parse(localStorage.getItem(name) ?? "null")
    return { v, turn, salt: strictBase64(salt), iv: strictBase64(iv), data: /** @type {ArrayBuffer} */ (strictBase64(data).buffer) }
  } catch {
    return null // nothing there, or a browser that keeps nothing
  }
}

/** @param {string} name of the store */
function dropApart(name) {
  try {
    localStorage.removeItem(name)
  } catch {
    return // a browser that keeps nothing
  }
}

/** @param {string} [name] of the store @returns {Promise<boolean>} whether a draft waits on this device */
export async function waits(name = STORE) {
  if (keptApart(name)) return true
  // In private windows of some browsers the store fails: then nothing waits, and nothing will be kept.
  return inStore(name, "draft", "readonly", (store) => store.count()).then((count) => count > 0, () => false)
}

/** Delete the draft and its files from this device. @param {string} [name] of the store */
export function wipe(name = STORE) {
  dropApart(name)
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve(undefined)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error("blocked"))
  })
}

/** @param {string} phrase @param {Uint8Array} salt @returns {Promise<CryptoKey>} */
async function keyOf(phrase, salt) {
  const typed = new TextEncoder().encode(phrase.normalize("NFKC"))
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"])
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt: /** @type {BufferSource} */ (salt), iterations: ITERATIONS }
  return crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
}

/** @param {number} size */
const random = (size) => crypto.getRandomValues(new Uint8Array(size))

/** @param {number} size @returns {Promise<boolean>} whether so many bytes leave room for the text, as far as the browser tells */
async function roomFor(size) {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {}
  return quota === undefined || usage === undefined || quota - usage >= size + HEADROOM
}

/** @param {string} text @returns {Uint8Array} its bytes behind their length, with zeros up to a multiple of 16 KiB */
function padded(text) {
  const body = new TextEncoder().encode(text)
  const framed = new Uint8Array(Math.ceil((body.length + 4) / PAD) * PAD)
  new DataView(framed.buffer).setUint32(0, body.length)
  framed.set(body, 4)
  return framed
}

/** @param {ArrayBuffer} framed @returns {string} */
function unpadded(framed) {
  return new TextDecoder().decode(new Uint8Array(framed, 4, new DataView(framed).getUint32(0)))
}

/** A draft that is open on this page. */
export class Draft {
  /** @param {CryptoKey} key @param {Uint8Array} salt @param {string} name of the store */
  constructor(key, salt, name) {
    this._name = name
    this._key = key
    this._salt = salt
    /** @type {Promise<unknown>} */ this._last = Promise.resolve()
    /** @type {Map<string, Blob>} */ this._missing = new Map() // files for which there was no room
    this._again = 0 // when these are tried again, by `performance.now`
    this._wait = AGAIN_AFTER // ms, twice as long after each time in vain
    this._turn = 0
    this._begun = false // whether the store ever took a text: where it takes none, there is no draft
    /** Whether the last value is kept, if not all its files. */ this.holdsText = false
  }

  /** Begin a draft; whatever was kept before is deleted. @param {string} phrase @param {string} [name] of the store @returns {Promise<Draft>} */
  static async begin(phrase, name = STORE) {
    await wipe(name)
    const salt = random(SALT)
    return new Draft(await keyOf(phrase, salt), salt, name)
  }

  /** @param {string} phrase @param {string} [name] of the store @returns {Promise<{ draft: Draft, value: any } | null>} null when the phrase is another */
  static async open(phrase, name = STORE) {
    const kept = /** @type {KeptText | undefined} */ (await inStore(name, "draft", "readonly", (store) => store.get("draft")))
    const found = [kept, keptApart(name)].filter((one) => one !== undefined && one !== null)
    for (const one of found.sort((first, second) => (second.turn ?? 0) - (first.turn ?? 0))) {
      const draft = new Draft(await keyOf(phrase, one.salt), one.salt, name)
      const text = await draft._open(one).then(unpadded, () => null)
      draft._turn = one.turn ?? 0
      draft._begun = true
      if (text !== null) return { draft, value: JSON.parse(text) }
    }
    return null
  }

  /**
   * Keep a value, and what files could not be kept before; rejects while anything is missing. Several calls are written
   * one after the other. @param {any} value @returns {Promise<void>}
   */
  save(value) {
    const text = JSON.stringify(value)
    return this._next(async () => {
      this.holdsText = false
      // A browser that refused a file counts it as used until it is asked again how much there is.
      if (this._missing.size) await navigator.storage?.estimate?.()
      await this._putText({ ...(await this._seal(padded(text))), turn: ++this._turn })
      this.holdsText = true
      if (this._missing.size && performance.now() < this._again) throw new Error("files are missing")
      for (const [id, blob] of this._missing) await this._putFile(id, blob)
    })
  }

  /** @param {KeptText} kept */
  async _putText(kept) {
    try {
      await inStore(this._name, "draft", "readwrite", (store) => store.put(kept, "draft"))
    } catch (error) {
      if (this._begun && keepApart(this._name, kept)) return
      throw error
    }
    this._begun = true
    dropApart(this._name)
  }

  /** @param {string} id @param {Blob} blob @returns {Promise<void>} */
  keepFile(id, blob) {
    this._missing.set(id, blob)
    return this._next(() => this._putFile(id, blob))
  }

  /** @param {string} id @param {Blob} blob */
  async _putFile(id, blob) {
    if (this._missing.get(id) !== blob) return
    if (!(await roomFor(blob.size))) throw new Error("no room beside the text")
    const kept = await this._seal(new Uint8Array(await blob.arrayBuffer()))
    this._again = performance.now() + this._wait
    this._wait *= 2
    await inStore(this._name, "files", "readwrite", (store) => store.put({ ...kept, type: blob.type }, id))
    this._again = 0
    this._wait = AGAIN_AFTER
    if (this._missing.get(id) === blob) this._missing.delete(id)
  }

  /** @param {string} id @returns {Promise<Blob | null>} */
  async file(id) {
    const kept = await inStore(this._name, "files", "readonly", (store) => store.get(id))
    return kept ? new Blob([await this._open(kept)], { type: kept.type }) : null
  }

  /** @param {string} id */
  dropFile(id) {
    this._missing.delete(id)
    return this._next(() => inStore(this._name, "files", "readwrite", (store) => store.delete(id)))
  }

  /** @param {() => Promise<unknown>} work @returns {Promise<void>} */
  _next(work) {
    const done = this._last.then(work).then(() => undefined)
    this._last = done.catch(() => undefined)
    return done
  }

  /** @param {Uint8Array} plain @returns {Promise<Kept>} */
  async _seal(plain) {
    const iv = random(IV)
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: BOUND }, this._key, /** @type {BufferSource} */ (plain))
    return { v: 1, salt: this._salt, iv, data }
  }

  /** @param {Kept} kept @returns {Promise<ArrayBuffer>} */
  _open({ iv, data }) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: /** @type {BufferSource} */ (iv), additionalData: BOUND }, this._key, data)
  }
}
