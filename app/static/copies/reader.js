// @ts-check
/**
 * The page's side of the worker that reads PDFs: fetched when the first one is to be shown, its modules verified before.
 *
 * What a stranger wrote is read in there, apart from the keys and from the network: the worker's own policy lets it load
 * its two modules and nothing else. A file that keeps it busy for too long ends with it.
 */
import { CopyError } from "./page.js"

const MODULE = "copies/worker.js"
const PATIENCE = 60_000 // milliseconds without an answer

/** @typedef {{id: number, call: "open" | "draw" | "close", args: unknown[]}} Asked */

/** @returns {HTMLTemplateElement | null} the page's list of what the worker is made of */
const listed = () => document.querySelector(`template[data-later="${MODULE}"]`)

/** Bytes that are loaded before the first PDF can be shown; 0 where none can. @returns {number} */
export const readerSize = () => Number(listed()?.dataset.size ?? 0)

/** Fetch each module under the hash that the page names for it, the worker's own first. @returns {Promise<string>} its address */
async function verified() {
  // Inside a template an address has no page that it is relative to.
  const links = [...(listed()?.content.querySelectorAll("link") ?? [])].map((link) => ({ href: new URL(link.getAttribute("href") ?? "", location.href).href, integrity: link.integrity }))
  const [{ href: address }] = links
  if (new URL(address).origin !== location.origin || !address.endsWith(`/${MODULE}`)) throw new CopyError("loading")
  const arrive = async (/** @type {{href: string, integrity: string}} */ { href, integrity }) => {
    if (!integrity) throw new CopyError("loading")
    const answer = await fetch(href, { integrity, cache: "force-cache" })
    if (!answer.ok) throw new CopyError("loading")
    await answer.arrayBuffer()
  }
  await Promise.all(links.map(arrive)).catch(() => {
    throw new CopyError("loading")
  })
  return address
}

/** The one address that may become this worker, under the policy that the page's header names. @param {string} address */
function trusted(address) {
  const types = /** @type {any} */ (globalThis).trustedTypes
  if (!types) return address
  policy ??= types.createPolicy("resguardo-pages", {
    createScriptURL(/** @type {string} */ wanted) {
      if (wanted !== address) throw new CopyError("loading")
      return wanted
    },
  })
  return policy.createScriptURL(address)
}

/** @type {any} */ let policy = null

/** A PDF that is open in a worker of its own. */
export class PdfFile {
  /** @param {Worker} worker */
  constructor(worker) {
    this._worker = worker
    this._count = 0
    this.pages = 0
  }

  /** @param {Blob} file @returns {Promise<PdfFile>} Throws CopyError: loading, elsewhere, locked, broken, pages, time. */
  static async open(file) {
    if (!listed()) throw new CopyError("elsewhere")
    const address = await verified()
    const opened = new PdfFile(new Worker(/** @type {any} */ (trusted(address)), { type: "module", name: "pages" }))
    try {
      opened.pages = await opened._ask("open", await file.arrayBuffer())
    } catch (error) {
      opened.close()
      throw error
    }
    return opened
  }

  /** @param {number} page from 1 @returns {Promise<import("./page.js").Drawn>} */
  draw(page) {
    return this._ask("draw", page)
  }

  close() {
    this._worker.terminate()
  }

  /** @param {Asked["call"]} call @param {...any} args @returns {Promise<any>} */
  _ask(call, ...args) {
    const id = ++this._count
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.close()
        end(() => reject(new CopyError("time")))
      }, PATIENCE)
      const fail = () => end(() => reject(new CopyError("broken")))
      const answer = (/** @type {MessageEvent} */ { data }) => {
        if (data.id === id) end(() => ("error" in data ? reject(new CopyError(data.error)) : resolve(data.result)))
      }
      const end = (/** @type {() => void} */ settle) => {
        clearTimeout(late)
        this._worker.removeEventListener("message", answer)
        this._worker.removeEventListener("error", fail)
        settle()
      }
      this._worker.addEventListener("message", answer)
      this._worker.addEventListener("error", fail)
      this._worker.postMessage({ id, call, args }, args.filter((one) => one instanceof ArrayBuffer))
    })
  }
}
