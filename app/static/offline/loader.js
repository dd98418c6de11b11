// @ts-check
"use strict"
/*
 * Starts the offline edition. Its modules stand in the file as a portal serves them, each under its path; here each
 * becomes an address that the browser imports from, and an import becomes the address of what it names. A classic
 * script: from a file, browsers run no module that has an address of its own.
 */

/**
 * Also runs, as text, inside the worker.
 * @param {Record<string, string>} sources @param {(path: string) => string} workerAt the address of a worker
 * @returns {(path: string) => string} the address of a module
 */
function linker(sources, workerAt) {
  /** @type {Map<string, string>} */ const made = new Map()
  /** @param {string} path @returns {string} */
  const addressOf = (path) => {
    const known = made.get(path)
    if (known) return known
    const meant = (/** @type {string} */ name) => new URL(name, `https://file.invalid/${path}`).pathname.slice(1)
    const linked = sources[path]
      .replace(/((?:\bfrom|^import|\bawait import\()\s*)"(\.[^"]+\.js)"/gm, (_, before, name) => before + JSON.stringify(addressOf(meant(name))))
      .replace(/new URL\("(\.[^"]+\.js)", import\.meta\.url\)/g, (_, name) => `new URL(${JSON.stringify(workerAt(meant(name)))})`)
    const address = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }))
    made.set(path, address)
    return address
  }
  return addressOf
}

/**
 * Runs in the worker: what is asked before its modules are there waits.
 * @param {Record<string, string>} sources @param {string} path
 */
function startWorker(sources, path) {
  /** @type {any[]} */ const early = []
  const keep = (/** @type {any} */ event) => early.push(event.data)
  addEventListener("message", keep)
  const workerAt = () => ""
  void import(linker(sources, workerAt)(path)).then(() => {
    removeEventListener("message", keep)
    for (const data of early) dispatchEvent(new MessageEvent("message", { data }))
  })
}

addEventListener("DOMContentLoaded", () => {
  const textOf = (/** @type {string} */ id) => document.getElementById(id)?.textContent ?? ""
  const text = textOf("modules-data")
  /** @param {string} path @returns {string} */
  const workerAt = (path) => {
    const script = `"use strict";${linker};(${startWorker})(${text},${JSON.stringify(path)})`
    return URL.createObjectURL(new Blob([script], { type: "text/javascript" }))
  }
  void import(linker(JSON.parse(text), workerAt)("file/page.js"))
})
