// @ts-check
/**
 * Modules that are loaded when they are needed: first their links, each with the hash that it must have, then the
 * import. A module whose link is in place is not fetched again without its hash.
 */

/** @type {Map<string, Promise<void>>} */ const loading = new Map()

/**
 * Put the links of a later module in place. Rejects when one does not come, or is not what the page names.
 * @param {"file/rest.js" | "file/engine.js" | "seal/phrase.js" | "mycase/tasks.js" | "copies/desk.js"} module @returns {Promise<void>}
 */
export function loadLater(module) {
  const known = loading.get(module)
  if (known) return known
  const arriving = load(module).catch((error) => {
    loading.delete(module)
    throw error
  })
  loading.set(module, arriving)
  return arriving
}

/** @param {string} module */
async function load(module) {
  const named = /** @type {HTMLTemplateElement | null} */ (document.querySelector(`[data-later="${module}"]`))?.content
  // In the offline edition every module stands in the page's own file.
  if (!named) return
  const missing = [...named.querySelectorAll("link")].filter((link) => !document.head.querySelector(`link[href="${link.getAttribute("href")}"]`))
  const links = missing.map((link) => document.importNode(link))
  const arrived = links.map((link) => new Promise((resolve, reject) => {
    link.addEventListener("load", resolve)
    link.addEventListener("error", () => reject(new Error("module")))
  }))
  document.head.append(...links)
  try {
    await Promise.all(arrived)
  } catch (error) {
    for (const link of links) link.remove()
    throw error
  }
}
