// @ts-check
/** The copies of a petition in which what was struck out of its text may still be read: who has them, and the way to them. */
import { isShown } from "../copies/kept.js"
import { allDrawn, deskOf } from "./evidence.js"
import { wayTo } from "./helps.js"
import { number, say } from "./words.js"

/** @typedef {import("./page.js").App} App */

/** @param {App} app @param {() => void} changed @returns {import("../copies/asking.js").Carrier} */
export function carrierOf(app, changed) {
  const copies = () => app.answers.evidence.map((item, place) => ({ item, desk: deskOf(app), number: place + 1, title: item.title.trim(), way: (/** @type {number} */ page) => wayToPage(place, page) }))
  return { review: () => app.review, copies: async () => copies().filter(({ item }) => isShown(item) && item.pages), changed }
}

/** @param {number} place of the file @param {number} page @returns {HTMLElement} a way to the page at the desk */
function wayToPage(place, page) {
  const file = `#evidence-list > li:nth-child(${place + 1})`
  const text = say("Look at page {page} of file {number}", { page: number(page), number: number(place + 1) })
  return wayTo({ step: "evidence", field: `${file} [data-canvas]`, text, why: "", needed: false, ready: () => atDesk(file, page) })
}

/** Its desk is laid anew when the step is shown. @param {string} file @param {number} page */
export async function atDesk(file, page) {
  await allDrawn()
  document.querySelector(`${file} .copy-desk`)?.dispatchEvent(new CustomEvent("turn", { detail: page }))
}
