// @ts-check
/** What the steps share of the document. */

/** @param {string} id @returns {any} the element, which the page has */
export function byId(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`no #${id}`)
  return found
}

/** @param {string} id of a template element @returns {HTMLElement} its one child, copied */
export function copyOf(id) {
  return byId(id).content.firstElementChild.cloneNode(true)
}

/** @param {string} name @param {Record<string, string>} attributes @param {...(Node | string)} children @returns {HTMLElement} */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...children)
  return made
}

/**
 * Draw what can wait when what was pressed stands on the screen; of several the one that was asked for last is drawn.
 * @returns {(draw: () => void) => void}
 */
export function drawnLater() {
  let asked = 0
  return (draw) => {
    const mine = ++asked
    requestAnimationFrame(() => setTimeout(() => mine === asked && draw()))
  }
}

/** @param {HTMLElement} list @param {[string, string][]} facts terms and what stands for them; empty ones are left out */
export function showFacts(list, facts) {
  const rows = facts.filter(([, value]) => value)
  list.replaceChildren(...rows.map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value))))
}

/** @param {HTMLElement} place @param {string} text what went wrong; empty takes it away */
export function tell(place, text) {
  place.hidden = !text
  place.textContent = text
}

/**
 * Say beside each field what is wrong with it; what was said in the section before goes.
 * @param {Element} section @param {[string, string][]} found ids of fields, and the texts
 */
export function tellFields(section, found) {
  for (const old of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-about]"))) {
    byId(old.dataset.about ?? "").removeAttribute("aria-errormessage")
    byId(old.dataset.about ?? "").removeAttribute("aria-invalid")
    old.remove()
  }
  for (const [id, text] of found) {
    byId(id).before(element("p", { class: "wrong", id: `${id}-told`, "data-about": id }, text))
    byId(id).setAttribute("aria-errormessage", `${id}-told`)
    byId(id).setAttribute("aria-invalid", "true")
  }
}

/** Hand a file to the person; it touches no server. @param {string} name @param {Blob} content */
export function save(name, content) {
  const address = URL.createObjectURL(content)
  const link = element("a", { href: address, download: name })
  link.hidden = true
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
