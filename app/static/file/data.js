// @ts-check
/** Data that comes with the page: at an address of its own, or, in the offline edition, in the file itself. */
import { byId } from "./dom.js"

/** @param {string} address or `#id` of the element that holds it @returns {Promise<any>} */
export async function dataAt(address) {
  if (address.startsWith("#")) return JSON.parse(byId(address.slice(1)).textContent)
  const answer = await fetch(address)
  if (!answer.ok) throw new Error("data")
  return await answer.json()
}
