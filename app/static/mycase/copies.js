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
import { knownOf, petitionIn } from "../seal/known.js"
import { copiesOf, lastCopy, wayToCopy } from "./files.js"
import { URL_OF_PORTAL } from "./held.js"
import { signedIn } from "./portal.js"
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
/**
 * Whose copies they are: a petition's, or those of an answer that is corrected.
 * @typedef {object} Showing
 * @property {string} page on which they are decided upon
 * @property {import("./held.js").Held} held
 * @property {import("./files.js").Files} files
 * @property {Shown[]} shown
 * @property {() => {evidence: any[], copies: any[], files: any[]}} sealed its entries, and the sealed lines of their copies and files
 */
/** @typedef {import("../seal/known.js").Known} Known */

/** What a petition has of them. @param {Known} known @returns {ReturnType<Showing["sealed"]>} */
export function sealedOf({ originals, index }) {
  return { evidence: originals.content.petition.evidence ?? [], copies: originals.content.copies ?? [], files: index.content.files ?? [] }
}

/** @param {Showing} now @param {string} mark @returns {any} the sealed line of a file */
const fileOf = (now, mark) => now.sealed().files.find(({ evidence }) => evidence === mark)

/** Show every file that is sealed with what can become of its copy. @param {Showing} now */
export function drawShown(now) {
  const { evidence, copies: lines } = now.sealed()
  const found = evidence.flatMap((entry, place) => {
    const mark = entry.id ?? `evidence[${place}]`
    const file = fileOf(now, mark)
    const line = lines.find((/** @type {any} */ one) => one.evidence === mark)
    if (!file && !line) return []
    const kept = now.shown.find((one) => one.evidence === mark)
    const entered = { evidence: mark, place, title: String(entry.title ?? mark), line }
    // A draft may be of an earlier version.
    return [kept ? Object.assign(kept, entered) : { ...entered, item: { file: `case-${file?.record ?? mark}`, boxes: entry.boxes ?? [] }, choice: /** @type {Choice} */ ("") }]
  })
  now.shown = found
  byId(`${now.page}-copies`).replaceChildren(...found.map((one) => card(now, one)))
  byId(`${now.page}-copies-part`).hidden = !found.length
}

/** @param {Showing} now @param {Shown} one */
function card(now, one) {
  const choices = one.line
    ? [["", say("Choose")], ["stay", say("The copy stays as it is")], ["again", say("Look through it again")], ["no", say("Take the copy back: it stays sealed")]]
    : [["", say("No, it stays sealed")], ["again", say("Yes, show a copy")]]
  const id = `${now.page}-copy-${one.place}`
  const field = /** @type {HTMLSelectElement} */ (element("select", { id, autocomplete: "off" }, ...choices.map(([value, words]) => element("option", { value }, words))))
  field.value = one.choice
  const place = element("div", {}, element("p", { class: "calm", role: "status", "data-told": "" }), element("div", { "data-desk": "" }))
  ;/** @type {HTMLElement} */ (place.firstElementChild).hidden = true
  field.addEventListener("change", async () => {
    one.choice = /** @type {Choice} */ (field.value)
    await turn(now, one, place)
    field.value = one.choice
  })
  if (one.choice === "again") {
    const { working } = deskOf(now.files)
    const turned = turn(now, one, place)
    working.add(turned)
    void turned.finally(() => working.delete(turned))
  }
  const state = one.line ? say("The office sees a copy of it.") : say("It is sealed.")
  return element("li", { class: "card" }, element("h4", {}, one.title), element("p", { class: "small" }, state), element("div", { class: "field" }, element("label", { for: id }, say("Does the office see it?")), field), place)
}

/** @param {Showing} now @param {Shown} one @param {HTMLElement} place */
async function turn(now, one, place) {
  const told = /** @type {HTMLElement} */ (place.firstElementChild)
  try {
    const { closeDesk, openDesk } = await loadDesk()
    if (one.choice !== "again") {
      one.item.show = ""
      return closeDesk(one.item, place)
    }
    if (!now.files.files.has(one.item.file)) now.files.files.set(one.item.file, await original(now, one))
    one.item.show = "yes"
    await openDesk(deskOf(now.files), one.item, place)
    if (!isShown(one.item)) one.choice = ""
  } catch (error) {
    one.choice = ""
    told.hidden = false
    told.textContent = trouble(error)
  }
}

/** The sealed file itself, opened here. @param {Showing} now @param {Shown} one @returns {Promise<Blob>} */
async function original(now, { evidence }) {
  const { contents, opened } = now.held
  const listed = contents.files.find(({ record }) => record === fileOf(now, evidence)?.record)
  return listed ? await signedIn(URL_OF_PORTAL, opened, () => fetchFile({ url: URL_OF_PORTAL, opened, listed })) : new Blob()
}

// What the copies still say

/** Files of which a copy stands, as they were fetched to be searched: they are no part of what is written. @type {WeakMap<Showing, Map<string, Blob>>} */
const searched = new WeakMap()

/** The files of the case of which the office sees a copy from now on, made anew or as it stands. @param {Showing} now @returns {Promise<import("../copies/asking.js").Copy[]>} */
export async function copiesShown(now) {
  const found = []
  for (const one of now.shown) {
    if (!isShown(one.item) && (!one.line || one.choice === "no")) continue
    const copy = { item: one.item, number: one.place + 1, title: one.title, way: (/** @type {number} */ page) => wayToCopy(now.page, cardOf(now, one), page, async () => lookAgain(now, one)) }
    if (isShown(one.item)) found.push({ ...copy, desk: deskOf(now.files) })
    else if (isPdf(now, one)) found.push({ ...copy, desk: await standing(now, one), covered: async () => standsNoMore(now, one) })
  }
  return found
}

/** @param {Showing} now @param {Shown} one */
const cardOf = ({ page }, { place }) => `li:has(> .field > #${page}-copy-${place})`

/** Only a PDF says its words here. @param {Showing} now @param {Shown} one */
const isPdf = (now, { evidence }) => /\.pdf$/i.test(String(fileOf(now, evidence)?.name ?? ""))

/** A desk for a copy that stands, to be searched. @param {Showing} now @param {Shown} one @returns {Promise<import("../copies/desk.js").App>} */
async function standing(now, one) {
  const files = searched.get(now) ?? new Map()
  searched.set(now, files)
  const { file } = one.item
  if (!files.has(file)) files.set(file, now.files.files.get(file) ?? (await original(now, one)))
  const { pagesOf } = await loadDesk()
  one.item.pages ??= await pagesOf({ files }, one.item)
  const { working, engine, changed, notKept } = deskOf(now.files)
  // Covered in it are those who were known when it was made.
  return { files, draft: null, working, engine, petition: () => petitionIn(knownOf(now.held.contents)), changed, notKept }
}

/** @param {Showing} now @param {Shown} one @returns {() => void} the way back */
function standsNoMore(now, one) {
  const before = one.choice
  lookAgain(now, one)
  return () => {
    Object.assign(one, { choice: before })
    one.item.show = ""
    drawShown(now)
  }
}

/** @param {Showing} now @param {Shown} one */
function lookAgain(now, one) {
  if (one.choice === "again") return
  one.choice = "again"
  const file = searched.get(now)?.get(one.item.file)
  if (file) now.files.files.set(one.item.file, file)
  one.item.show = "yes"
  drawShown(now)
}

/** Where somebody is new or leaves, or a name slipped, it must be said of each copy what becomes of it. @param {import("./supplement.js").Changing} now @param {boolean} slip @returns {string} */
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
 * @param {Showing} now @param {any[]} before the entries of the case @param {import("./files.js").Entry[]} entries new ones
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
