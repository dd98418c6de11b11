// @ts-check
/**
 * Another language without leaving the step: the same page is asked for in it, and each text that the template brought
 * is replaced by its twin there. What a person wrote is not touched, and goes nowhere.
 */
import { byId, tell } from "./dom.js"
import { showAgain } from "./steps.js"
import { loadWords, say } from "./words.js"

/** Attributes that are read out or shown. */
const SPOKEN = ["aria-label", "title", "alt", "placeholder"]
// Without scripts, what stands in NOSCRIPT is elements; with them it is one text.
const SILENT = ["SCRIPT", "STYLE", "LINK", "NOSCRIPT"]

/** @typedef {Text | Attr} Said */

/** @param {Node} root @returns {Generator<Said>} every text, in order, those of templates too */
function* saidIn(root) {
  for (const node of root.childNodes) {
    if (node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim()) yield /** @type {Text} */ (node)
    if (node.nodeType !== Node.ELEMENT_NODE || SILENT.includes(node.nodeName)) continue
    const inner = /** @type {Element} */ (node)
    for (const name of SPOKEN) if (inner.hasAttribute(name)) yield /** @type {Attr} */ (inner.getAttributeNode(name))
    yield* saidIn(node.nodeName === "TEMPLATE" ? /** @type {HTMLTemplateElement} */ (node).content : node)
  }
}

/** What the template brought, before any script changed it: this module comes with the page's first. */
const ours = [...saidIn(document)]

/** Tie the links to the other languages. */
export function offerTongues() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".tongues a"))) {
    link.addEventListener("click", (event) => {
      event.preventDefault()
      change(link).catch(() => tell(byId("saved"), say("The connection broke. Try again.")))
    })
  }
}

/** @param {HTMLAnchorElement} link */
async function change(link) {
  const page = await pageAt(link.href)
  const theirs = [...saidIn(page)]
  // A portal of a newer version by now: its page fits no more.
  if (theirs.length !== ours.length) throw new Error("version")
  const { words = "" } = /** @type {HTMLElement} */ (page.getElementById("filing")).dataset
  byId("filing").dataset.words = words
  await loadWords(words)
  for (const [place, said] of ours.entries()) said.nodeValue = theirs[place].nodeValue
  document.documentElement.lang = page.documentElement.lang
  for (const one of document.querySelectorAll(".tongues a")) one.toggleAttribute("aria-current", one === link)
  link.setAttribute("aria-current", "true")
  history.replaceState(null, "", new URL(link.href).search + location.hash)
  await showAgain()
}

/** A page of this portal as a document whose scripts do not run. @param {string} address @returns {Promise<Document>} */
function pageAt(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open("GET", address)
    request.responseType = "document"
    request.onload = () => (request.status === 200 && request.responseXML ? resolve(request.responseXML) : reject(new Error("page")))
    request.onerror = () => reject(new Error("page"))
    request.send()
  })
}
