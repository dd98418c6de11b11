// @ts-check
/**
 * What becomes of the copies that the office sees, in a next version: each stands, is looked through again, or is taken
 * back; and a file that is sealed so far can be shown. Where somebody is new, or a name slipped, nothing stands unsaid.
 * The copies of the case's other texts stand too: what is struck here is looked for in them, and covered in the same version.
 */
import { dropPages, isShown, picturesOf } from "../copies/kept.js"
import { textOf } from "../copies/plain.js"
import { byId, element } from "../file/dom.js"
import { deskOf, loadDesk } from "../file/evidence.js"
import { shownAs } from "../file/petition.js"
import { number, say } from "../file/words.js"
import { fetchFile } from "../seal/case.js"
import { knownOf, petitionIn } from "../seal/known.js"
import { copiesOf, lastCopy, wayToCopy } from "./files.js"
import { waySaved } from "./inside.js"
import { URL_OF_PORTAL } from "./held.js"
import { signedIn } from "./portal.js"
import { trouble } from "./said.js"

/** @typedef {"" | "stay" | "again" | "no"} Choice */
/**
 * A file of the case. `line`: the copy that stands, if there is one; `item`: one that is made anew.
 * @typedef {object} Shown
 * @property {string} of which text, where it is another than the one that is written: `petition`, or `answer-2`
 * @property {string} evidence the mark of its entry
 * @property {number} place of its entry
 * @property {string} title
 * @property {import("../seal/copies.js").Line | undefined} line
 * @property {import("../copies/sheets.js").Box[]} boxes that the copy has as it stands
 * @property {import("../copies/kept.js").Item} item
 * @property {Choice} choice
 */
/**
 * Whose copies they are: a petition's, or those of an answer that is corrected. `own`: the question of that answer.
 * @typedef {object} Showing
 * @property {string} page on which they are decided upon
 * @property {import("./held.js").Held} held
 * @property {import("./files.js").Files} files
 * @property {Shown[]} shown
 * @property {number | null} own
 * @property {() => Sealed} sealed
 */
/**
 * What is sealed of a text: its entries, the lines of their copies and files, the words of recordings, what was decided.
 * @typedef {{evidence: any[], copies: any[], files: any[], transcripts?: any[], review?: any[]}} Sealed
 */
/** @typedef {import("../seal/known.js").Known} Known */

/** What a petition has of them. @param {Known} known @returns {ReturnType<Showing["sealed"]>} */
export function sealedOf({ originals, index }) {
  const { transcripts, review } = originals.content
  return { evidence: originals.content.petition.evidence ?? [], copies: originals.content.copies ?? [], files: index.content.files ?? [], transcripts, review }
}

/** What an answer has of them. @param {import("../seal/types.js").Piece} piece @returns {Sealed} */
function sealedOfAnswer({ content }) {
  const { evidence = [], copies = [], files = [], transcripts, review } = content
  return { evidence, copies, files, transcripts, review }
}

/** @typedef {{of: string, question?: number, piece: import("../seal/types.js").Piece, sealed: Sealed}} Other another text of the case */

/** @param {Showing} now @returns {Other[]} */
function othersOf({ held, own }) {
  const known = knownOf(held.contents)
  const answers = known.answers.filter(({ content }) => content.question !== own)
  const made = answers.map((piece) => ({ of: `answer-${piece.content.question}`, question: Number(piece.content.question), piece, sealed: sealedOfAnswer(piece) }))
  return own === null ? made : [{ of: "petition", piece: known.originals, sealed: sealedOf(known) }, ...made]
}

/** @param {Showing} now @param {string} of @returns {Sealed} what is sealed of the text to which a file belongs */
const sealedFor = (now, of) => (of ? othersOf(now).find((other) => other.of === of)?.sealed : undefined) ?? now.sealed()

/** @param {Showing} now @param {{of: string, evidence: string}} which @returns {any} the sealed line of a file */
const fileOf = (now, { of, evidence: mark }) => sealedFor(now, of).files.find(({ evidence }) => evidence === mark)

/** Take the files as the newest version of the case has them; of other texts those of which a copy stands. @param {Showing} now */
export function enterShown(now) {
  const others = othersOf(now).flatMap(({ of, sealed }) => entered(now, of, sealed).filter(({ line }) => line))
  now.shown = [...entered(now, "", now.sealed()), ...others]
}

/** @param {Showing} now @param {string} of @param {Sealed} sealed @returns {Shown[]} */
function entered(now, of, { evidence, copies: lines, files }) {
  return evidence.flatMap((entry, place) => {
    const mark = entry.id ?? `evidence[${place}]`
    const file = files.find((/** @type {any} */ one) => one.evidence === mark)
    const line = lines.find((/** @type {any} */ one) => one.evidence === mark)
    if (!file && !line) return []
    // A draft may be of an earlier version.
    const kept = now.shown.find((one) => (one.of ?? "") === of && one.evidence === mark)
    const boxes = entry.boxes ?? []
    const said = { of, evidence: mark, place, title: String(entry.title ?? mark), line, boxes }
    return [kept ? Object.assign(kept, said) : { ...said, item: { file: `case-${file?.record ?? mark}`, boxes, readable: line?.readable }, choice: /** @type {Choice} */ ("") }]
  })
}

/** Show every file that is sealed with what can become of its copy; of other texts those that are looked through again. @param {Showing} now */
export function drawShown(now) {
  enterShown(now)
  const found = now.shown.filter(({ of, choice }) => !of || choice === "again")
  byId(`${now.page}-copies`).replaceChildren(...found.map((one) => card(now, one)))
  byId(`${now.page}-copies-part`).hidden = !found.length
}

/** @param {Showing} now @param {Shown} one */
const idOf = ({ page }, { of, place }) => [page, "copy", ...(of ? [of] : []), place].join("-")

/** @param {Showing} now @param {Shown} one */
function card(now, one) {
  const choices = one.of
    ? [["stay", say("The copy stays as it is")], ["again", say("Look through it again")]]
    : one.line
    ? [["", say("Choose")], ["stay", say("The copy stays as it is")], ["again", say("Look through it again")], ["no", say("Take the copy back: it stays sealed")]]
    : [["", say("No, it stays sealed")], ["again", say("Yes, show a copy")]]
  const id = idOf(now, one)
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
  const state = one.of ? say("The office sees a copy of it, from what you sent earlier.") : one.line ? say("The office sees a copy of it.") : say("It is sealed.")
  return element("li", { class: "card" }, element("h4", {}, one.title), element("p", { class: "small" }, state), element("div", { class: "field" }, element("label", { for: id }, say("Does the office see it?")), field), place)
}

/** @param {Showing} now @param {Shown} one @param {HTMLElement} place */
async function turn(now, one, place) {
  const told = /** @type {HTMLElement} */ (place.firstElementChild)
  try {
    const { closeDesk, openDesk } = await loadDesk()
    if (one.choice !== "again") {
      dropPages(now.files, one.item)
      // It stands with the boxes that it has there.
      Object.assign(one.item, { show: "", boxes: one.boxes })
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
async function original(now, one) {
  const { contents, opened } = now.held
  const listed = contents.files.find(({ record }) => record === fileOf(now, one)?.record)
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
    found.push(isShown(one.item) ? { ...copy, desk: deskOf(now.files) } : { ...copy, ...(await asItStands(now, one)) })
  }
  return found
}

/** @param {Showing} now @param {Shown} one */
const cardOf = (now, one) => `li:has(> .field > #${idOf(now, one)})`

/**
 * A copy that stands, as it can be searched: drawn as pages, or its text; of any other file nothing can be read here.
 * @param {Showing} now @param {Shown} one @returns {Promise<Partial<import("../copies/asking.js").Copy> & {desk: import("../copies/desk.js").App}>}
 */
async function asItStands(now, one) {
  const files = searched.get(now) ?? new Map()
  searched.set(now, files)
  const { working, engine, changed, notKept } = deskOf(now.files)
  // Covered in it are those who were known when it was made.
  const desk = { files, draft: null, working, engine, petition: () => petitionIn(knownOf(now.held.contents)), changed, notKept }
  const spoken = sealedFor(now, one.of).transcripts?.find(({ evidence }) => evidence === one.evidence)?.text
  const text = spoken ?? textOf(new Uint8Array(await (await fetched(now, one, files)).arrayBuffer()))
  if (text === null && (await isDrawn(files, one.item))) return { desk, standing: true, covered: async () => standsNoMore(now, one) }
  const written = text === null ? undefined : { text, black: blackIn(now, one) }
  const takeBack = one.of ? undefined : () => isTakenBack(now, one)
  return { desk, standing: true, written, foreign: !written, takeBack, way: () => waySaved(() => original(now, one), String(fileOf(now, one)?.name ?? ""), one.evidence) }
}

/** @param {Showing} now @param {Shown} one @param {Map<string, Blob>} files @returns {Promise<Blob>} */
async function fetched(now, one, files) {
  const { file } = one.item
  const known = files.get(file) ?? now.files.files.get(file) ?? (await original(now, one))
  files.set(file, known)
  return known
}

/** @param {Map<string, Blob>} files @param {import("../copies/kept.js").Item} item @returns {Promise<boolean>} whether its pages can be drawn here, and are counted then */
async function isDrawn(files, item) {
  const { canDraw } = await loadDesk()
  const pages = await canDraw({ files }, item)
  if (pages) item.pages ??= pages
  return pages > 0
}

/** @param {Showing} now @param {Shown} one @returns {{start: number, end: number}[]} what was struck out of the text of a copy */
function blackIn(now, { of, place }) {
  const { review = [] } = sealedFor(now, of)
  return review.filter(({ path, decision }) => path === `evidence[${place}].copy` && decision !== "keep")
}

/** @param {Showing} now @param {Shown} one @returns {() => void} the way back */
function isTakenBack(now, one) {
  const before = one.choice
  const choose = (/** @type {Choice} */ choice) => {
    one.choice = choice
    drawShown(now)
    now.files.changed()
  }
  choose("no")
  return () => choose(before)
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
  const open = shown.filter(({ of, line, choice }) => !of && line && !choice)
  return open.length ? say("Say what becomes of the copies that the office sees: a name may stand in them. {titles}", { titles: open.map(({ title }) => title).join(", ") }) : ""
}

/** The entries of a text with what was chosen for each. @param {Shown[]} shown @param {any[]} evidence @param {string} [of] another text of the case @returns {any[]} */
export function withChoices(shown, evidence, of = "") {
  return evidence.map((entry, place) => {
    const one = shown.find((each) => each.of === of && each.place === place)
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
  const old = shown.filter(({ of }) => !of).flatMap((one) => copyOf(files, one, () => ++last))
  return [...old, ...copiesOf(files, entries, before.length, last)].sort((one, other) => one.copy - other.copy)
}

/** @param {import("./files.js").Files} files @param {Shown} one @param {() => number} next the number of a new copy @returns {(import("../seal/copies.js").Copy & {place: number})[]} its copy from now on, if there is one */
function copyOf(files, { evidence, place, line, item, choice }, next) {
  const about = { place, path: `evidence[${place}]`, evidence, readable: item.readable }
  if (isShown(item)) return [{ ...about, copy: line?.copy ?? next(), pages: picturesOf(files, item) }]
  return line && choice !== "no" ? [{ ...about, copy: line.copy, standing: line.content }] : []
}

/** The other texts of the case whose copies change with this version, or of which somebody said what may be read. @param {Showing} now @returns {import("../seal/elsewhere.js").Elsewhere[]} */
export function elsewhereOf(now) {
  return othersOf(now).flatMap(({ of, question, piece, sealed: { evidence } }) => {
    const mine = now.shown.filter((one) => one.of === of)
    if (!mine.some(isOther)) return []
    const copies = mine.flatMap((one) => copyOf(now.files, one, () => 0)).map(({ place: _, ...copy }) => copy)
    return [{ question, piece, evidence: withChoices(now.shown, evidence, of), copies: copies.sort((one, other) => one.copy - other.copy) }]
  })
}

/** @param {Shown} one */
const isOther = ({ item, line }) => isShown(item) || String(item.readable ?? []) !== String(line?.readable ?? [])

/** @param {Shown[]} shown @param {import("./files.js").Files} files @returns {string[]} what becomes of copies, in words */
export function takenBack(shown, files) {
  const made = [...shown.map(({ item }) => item), ...files.answers.evidence].filter(isShown).length
  const back = shown.filter(({ line, choice }) => line && choice === "no").length
  return [
    ...(made ? [say("Copies that the office sees anew: {count}", { count: number(made) })] : []),
    ...(back ? [say("Copies taken back, and destroyed at the office: {count}", { count: number(back) })] : []),
  ]
}
