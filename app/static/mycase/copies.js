// @ts-check
/**
 * What becomes of the copies that the office sees, in a next version: each stands, is looked through again, or is taken
 * back; and a file that is sealed so far can be shown. Where somebody is new, or a name slipped, nothing stands unsaid.
 */
import { isShown, picturesOf } from "../copies/kept.js"
import { byId, element } from "../file/dom.js"
import { deskOf, loadDesk } from "../file/evidence.js"
import { shownAs } from "../file/petition.js"
import { number, say } from "../file/words.js"
import { fetchFile } from "../seal/case.js"
import { lineOf } from "../seal/known.js"
import { copiesOf, lastCopy } from "./files.js"
import { URL_OF_PORTAL } from "./held.js"
import { trouble } from "./said.js"

/** @typedef {"" | "stay" | "again" | "no"} Choice */
/**
 * A file of the case. `line`: the copy that stands, if there is one; `item`: one that is made anew.
 * @typedef {object} Shown
 * @property {string} evidence the mark of its entry
 * @property {number} place of its entry
 * @property {string} title
 * @property {{evidence: string, copy: number, content: string} | undefined} line
 * @property {import("../copies/kept.js").Item} item
 * @property {Choice} choice
 */
/** @typedef {import("./supplement.js").Changing} Changing */

/** Show every file of the case with what can become of its copy. @param {Changing} now @param {import("../seal/known.js").Known} known */
export function drawShown(now, known) {
  /** @type {any[]} */ const evidence = known.originals.content.petition.evidence ?? []
  const lines = known.originals.content.copies ?? []
  const found = evidence.flatMap((entry, place) => {
    const mark = entry.id ?? `evidence[${place}]`
    const file = lineOf(known, mark)
    const line = lines.find((/** @type {any} */ one) => one.evidence === mark)
    if (!file && !line) return []
    const kept = now.shown.find((one) => one.evidence === mark)
    return [kept ?? { evidence: mark, place, title: String(entry.title ?? mark), line, item: { file: `case-${file?.record ?? mark}`, boxes: entry.boxes ?? [] }, choice: /** @type {Choice} */ ("") }]
  })
  now.shown = found
  byId("supplement-copies").replaceChildren(...found.map((one) => card(now, known, one)))
  byId("supplement-copies-part").hidden = !found.length
}

/** @param {Changing} now @param {import("../seal/known.js").Known} known @param {Shown} one */
function card(now, known, one) {
  const choices = one.line
    ? [["", say("Choose")], ["stay", say("The copy stays as it is")], ["again", say("Look through it again")], ["no", say("Take the copy back: it stays sealed")]]
    : [["", say("No, it stays sealed")], ["again", say("Yes, show a copy")]]
  const id = `copy-of-${one.place}`
  const field = /** @type {HTMLSelectElement} */ (element("select", { id, autocomplete: "off" }, ...choices.map(([value, words]) => element("option", { value }, words))))
  field.value = one.choice
  const place = element("div", {}, element("p", { class: "calm", role: "status", "data-told": "" }), element("div", { "data-desk": "" }))
  ;/** @type {HTMLElement} */ (place.firstElementChild).hidden = true
  field.addEventListener("change", async () => {
    one.choice = /** @type {Choice} */ (field.value)
    await turn(now, known, one, place)
    field.value = one.choice
  })
  if (one.choice === "again") void turn(now, known, one, place)
  const state = one.line ? say("The office sees a copy of it.") : say("It is sealed.")
  return element("li", { class: "card" }, element("h4", {}, one.title), element("p", { class: "small" }, state), element("div", { class: "field" }, element("label", { for: id }, say("Does the government see it?")), field), place)
}

/** @param {Changing} now @param {import("../seal/known.js").Known} known @param {Shown} one @param {HTMLElement} place */
async function turn(now, known, one, place) {
  const told = /** @type {HTMLElement} */ (place.firstElementChild)
  try {
    const { closeDesk, openDesk } = await loadDesk()
    if (one.choice !== "again") {
      one.item.show = ""
      return closeDesk(one.item, place)
    }
    if (!now.files.files.has(one.item.file)) now.files.files.set(one.item.file, await original(now, known, one))
    one.item.show = "yes"
    await openDesk(deskOf(now.files), one.item, place)
    if (!isShown(one.item)) one.choice = ""
  } catch (error) {
    one.choice = ""
    told.hidden = false
    told.textContent = trouble(error)
  }
}

/** The sealed file itself, opened here. @param {Changing} now @param {import("../seal/known.js").Known} known @param {Shown} one @returns {Promise<Blob>} */
async function original({ held }, known, { evidence }) {
  const listed = held.contents.files.find(({ record }) => record === lineOf(known, evidence)?.record)
  return listed ? await fetchFile({ url: URL_OF_PORTAL, opened: held.opened, listed }) : new Blob()
}

/** Where somebody is new or leaves, or a name slipped, it must be said of each copy what becomes of it. @param {Changing} now @param {boolean} slip @returns {string} */
export function unsaid({ people, leaving, shown }, slip) {
  if (!slip && !people.answers.witnesses.length && !leaving.size) return ""
  const open = shown.filter(({ line, choice }) => line && !choice)
  return open.length ? say("Say what becomes of the copies that the office sees: a name may stand in them. {titles}", { titles: open.map(({ title }) => title).join(", ") }) : ""
}

/** The entries of the case with what was chosen for each. @param {Shown[]} shown @param {any[]} evidence @returns {any[]} */
export function withChoices(shown, evidence) {
  return evidence.map((entry, place) => {
    const one = shown.find((each) => each.place === place)
    if (!one || (one.choice !== "again" && one.choice !== "no")) return entry
    const { show: _, boxes: __, ...rest } = entry
    return { ...rest, ...shownAs(one.item) }
  })
}

/**
 * Every copy that the office sees from now on, by number.
 * @param {Changing} now @param {any[]} before the entries of the case @param {import("./files.js").Entry[]} entries new ones
 */
export function copiesAfter({ held, files, shown }, before, entries) {
  let last = lastCopy(held.opened)
  const old = shown.flatMap(/** @returns {(import("../seal/copies.js").Copy & {place: number})[]} */ ({ evidence, place, line, item, choice }) => {
    const path = `evidence[${place}]`
    if (isShown(item)) return [{ place, path, evidence, copy: line?.copy ?? ++last, pages: picturesOf(files, item) }]
    return line && choice !== "no" ? [{ place, path, evidence, copy: line.copy, standing: line.content }] : []
  })
  return [...old, ...copiesOf(files, entries, before.length, last)].sort((one, other) => one.copy - other.copy)
}

/** @param {Shown[]} shown @param {import("./files.js").Files} files @returns {string[]} what becomes of copies, in words */
export function takenBack(shown, files) {
  const made = [...shown.map(({ item }) => item), ...files.answers.evidence].filter(isShown).length
  const back = shown.filter(({ line, choice }) => line && choice === "no").length
  return [
    ...(made ? [say("Copies that the office sees anew: {count}", { count: number(made) })] : []),
    ...(back ? [say("Copies taken back, and destroyed at the office: {count}", { count: number(back) })] : []),
  ]
}
