// @ts-check
/** Drafts of cases that are kept on this device, of whomever: they can be deleted without their keys, and not read. */
import { byId, tell } from "../file/dom.js"
import { say } from "../file/words.js"

/** How the name of each store begins. */
export const STORES = "resguardo-case-draft"

export async function offerToDelete() {
  const names = await left().catch(() => [])
  byId("left-drafts").hidden = !names.length
  byId("left-delete").addEventListener("click", async () => {
    await Promise.all((await left()).map(gone))
    byId("left-delete").hidden = true
    tell(byId("left-told"), say("The draft on this device is deleted."))
  })
}

/** @returns {Promise<string[]>} */
async function left() {
  const found = ((await indexedDB.databases?.()) ?? []).map(({ name = "" }) => name)
  // A text that a full device did not take waits there.
  return [...new Set([...found, ...Object.keys(localStorage)])].filter((name) => name.startsWith(STORES))
}

/** @param {string} name @returns {Promise<unknown>} */
function gone(name) {
  localStorage.removeItem(name)
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = request.onerror = request.onblocked = resolve
  })
}
