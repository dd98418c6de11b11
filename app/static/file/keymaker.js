// @ts-check
/** A new key on the screen: twelve words to be copied by hand and typed back in part, or a text for a file under a phrase. */
import { element } from "./dom.js"
import { qrOf } from "./qr.js"
import { number, say } from "./words.js"

export const ROOT_SIZE = 16 // bytes
export const SHORTEST_KEY_PHRASE = 12
const ROW = 4
const ASKED = 3

/**
 * Show the words, their picture for another device, and the fields in which three of them are typed back.
 * @param {string[]} words @param {{list: HTMLElement, qr: HTMLElement, check: HTMLElement}} places @param {(size: number) => Uint8Array} random
 */
export function showWords(words, { list, qr, check }, random) {
  list.replaceChildren(...words.map((word) => element("li", {}, word)))
  qr.replaceChildren(qrOf(words.join(" "), say("The twelve words as a code")))
  const places = some(words.length, ASKED, random)
  check.replaceChildren(element("p", {}, element("strong", {}, say("Write three of them, to be sure:"))), ...places.map((place) => ask(check.id, place)))
}

/** @param {string} id @param {number} place */
function ask(id, place) {
  const field = `${id}-${place}`
  const plain = { id: field, type: "text", "data-word": String(place), autocomplete: "off", autocorrect: "off", autocapitalize: "none", spellcheck: "false" }
  return element("div", { class: "field" }, element("label", { for: field }, say("Word {number}", { number: number(place + 1) })), element("input", plain))
}

/** @param {number} of @param {number} count @param {(size: number) => Uint8Array} random @returns {number[]} places, in order */
function some(of, count, random) {
  const places = new Set()
  while (places.size < count) places.add(random(1)[0] % of)
  return [...places].sort((a, b) => a - b)
}

/** Accents, case and all behind the fourth letter do not count. @param {string} word */
const folded = (word) => word.trim().toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").slice(0, ROW)

/** @param {string[]} words @param {HTMLElement} check the fields that `showWords` made @returns {boolean} */
export function typedBack(words, check) {
  const asked = /** @type {HTMLInputElement[]} */ ([...check.querySelectorAll("[data-word]")])
  return asked.length === ASKED && asked.every((field) => folded(field.value) === folded(words[Number(field.dataset.word)]))
}

/** @param {string[]} words @param {string} spoken their language @returns {string} what a key file holds: the words as the program writes them */
export function wordsText(words, spoken) {
  const cells = words.map((word, place) => `${String(place + 1).padStart(2)}. ${word.padEnd(12)}`)
  const rows = [0, ROW, 2 * ROW].map((start) => cells.slice(start, start + ROW).join("").trimEnd())
  const about = say("Your twelve words. Whoever has them opens your cases; without them nobody does, not even the portal.\nCopy them by hand, in order, keep the paper where nobody looks, and delete this file.")
  const lines = about.split("\n").map((line) => `# ${line}`)
  return [`# resguardo · ${spoken}`, ...lines, "", ...rows, ""].join("\n")
}
