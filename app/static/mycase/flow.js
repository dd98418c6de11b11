// @ts-check
/**
 * One thing per page inside an open case: which page is shown, and the browser's back button. An address holds the name
 * of a page and nothing that a person wrote. What was written stays in its fields until it is sent or the case is closed.
 */
import { byId } from "../file/dom.js"

const HOME = "case"
/** Pages to which the back button may lead now. @type {Set<string>} */ const open = new Set()
let current = HOME
let kept = false

/** @param {string} id */
function render(id) {
  current = id
  for (const page of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-page]"))) page.hidden = page.id !== id
  byId(HOME).hidden = id !== HOME
  window.scrollTo(0, 0)
  const title = id === HOME ? byId("stage") : byId(id).querySelector("[data-title]")
  title?.focus({ preventScroll: true })
}

export function setUpFlow() {
  window.history.replaceState(null, "", location.pathname)
  window.addEventListener("popstate", () => {
    if (!document.getElementById(HOME)) return
    // While something is on its way the page stays: nobody should think that going back stops it.
    if (kept) return window.history.pushState(null, "", `#${current}`)
    const wanted = location.hash.slice(1)
    render(open.has(wanted) ? wanted : HOME)
  })
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-back]"))) {
    button.addEventListener("click", () => (kept ? undefined : window.history.back()))
  }
}

/** Go on to a page. @param {string} id */
export function goTo(id) {
  open.add(id)
  window.history.pushState(null, "", `#${id}`)
  render(id)
}

/** Show the case again; no way leads back into what is done. @param {string} [id] a last page instead */
export function finish(id) {
  open.clear()
  if (id) open.add(id)
  window.history.pushState(null, "", id ? `#${id}` : location.pathname)
  render(id ?? HOME)
}

/** Whether the page that is shown must stay. @param {boolean} stays */
export const keepPage = (stays) => void (kept = stays)
