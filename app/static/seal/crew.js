// @ts-check
/**
 * The page's side of the sealing worker: starts it once, after the code it consists of was verified, and a second one
 * beside it where the device has a core for it.
 *
 * A worker's own imports carry no integrity. So every module of it, which the page's `modulepreload` links mark, is
 * fetched here once more with its hash (from the cache, under addresses whose content never changes); one that differs
 * by a byte stops everything before a worker exists. What this cannot prove stands in docs/browser.md.
 */
import { SealError, errorOf } from "./errors.js"

/** @typedef {{resolve: (value: any) => void, reject: (error: Error) => void, progress: (value: any) => void}} Waiting */

let address = new URL("./worker.js", import.meta.url).href
/** @type {Promise<Worker> | null} */
let starting = null
/** @type {Map<number, Waiting>} */
const waiting = new Map()
let count = 0
let pairing = false
/** Addresses that were verified. @type {Set<string>} */
const whole = new Set()
/** @type {{createScriptURL(asked: string): string} | null} */ let policy = null

/**
 * @param {string} call @param {unknown[]} args @param {(value: any) => void} [progress]
 * @returns {Promise<any>}
 */
export async function ask(call, args, progress = () => {}) {
  starting ??= start()
  const worker = await starting
  const id = ++count
  return await new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, progress })
    worker.postMessage({ id, call, args })
  })
}

/** @type {Promise<void> | null} */ let testing = null

/** Seal something and open it again, once; a page enables its button after this. @returns {Promise<void>} */
export function selfTest() {
  return (testing ??= ask("selfTest", []))
}

/** Name another worker than that of a filing; a module says so while it loads, before anything is asked. @param {string} other */
export function employ(other) {
  if (starting) throw new SealError("worker")
  address = other
}

// In the offline edition the worker stands in the page's own file, which its reader has checked or has not; and from
// files, browsers start classic workers only (app/static/offline/loader.js).
const within = () => address.startsWith("blob:")

async function start() {
  await verifyModules(address)
  const worker = newWorker("seal", () => fail("worker"))
  worker.addEventListener("message", ({ data }) => settle(data))
  return worker
}

/** Have a second worker seal beside the first from now on. It costs memory: to be called when sealing is near. */
export async function bringSecond() {
  if (!starting || pairing || navigator.hardwareConcurrency === 1) return
  pairing = true
  const first = await starting
  const { port1, port2 } = new MessageChannel()
  const second = newWorker("seal-second", () => {
    first.postMessage({ second: null })
    fail("worker")
  })
  second.postMessage({ first: port2 }, [port2])
  first.postMessage({ second: port1 }, [port1])
}

/** @param {string} name @param {() => void} lost */
function newWorker(name, lost) {
  const worker = new Worker(/** @type {any} */ (trusted(address)), { type: within() ? "classic" : "module", name })
  worker.addEventListener("error", lost)
  worker.addEventListener("messageerror", lost)
  return worker
}

/**
 * Fetch each module of the worker under the hash that the page names for it. Code: integrity.
 * @param {string} entry one that must be among them
 */
export async function verifyModules(entry) {
  if (within()) return
  const links = [...document.querySelectorAll("link[rel=modulepreload][data-worker]")]
  const named = links.map((link) => ({ url: /** @type {HTMLLinkElement} */ (link).href, integrity: link.getAttribute("integrity") }))
  if (!named.some(({ url }) => url === entry) || named.some(({ integrity }) => !integrity)) throw new SealError("integrity")
  try {
    await Promise.all(
      named.filter(({ url }) => !whole.has(url)).map(async ({ url, integrity }) => {
        const answer = await fetch(url, { integrity: /** @type {string} */ (integrity), cache: "force-cache" })
        if (!answer.ok) throw new SealError("integrity")
        await answer.arrayBuffer()
        whole.add(url)
      }),
    )
  } catch {
    throw new SealError("integrity")
  }
}

/** The one address that may become a worker, under the one policy that the page's header allows. @param {string} wanted */
function trusted(wanted) {
  const types = /** @type {any} */ (globalThis).trustedTypes
  if (!types) return wanted
  policy ??= /** @type {NonNullable<typeof policy>} */ (
    types.createPolicy("resguardo-worker", {
      createScriptURL(/** @type {string} */ asked) {
        if (asked !== address) throw new SealError("worker")
        return asked
      },
    })
  )
  return policy.createScriptURL(wanted)
}

/** @param {{id: number, progress?: any, result?: any, error?: any}} said */
function settle(said) {
  const one = waiting.get(said.id)
  if (!one) return
  if ("progress" in said) {
    one.progress(said.progress)
    return
  }
  waiting.delete(said.id)
  if (said.error) one.reject(errorOf(said.error))
  else one.resolve(said.result)
}

/** @param {string} code */
function fail(code) {
  for (const one of waiting.values()) one.reject(new SealError(code))
  waiting.clear()
}
