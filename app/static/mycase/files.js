// @ts-check
/** Photos and papers that go with what somebody writes: one place on the page, lent to whoever is writing. */
import { isShown, picturesOf } from "../copies/kept.js"
import { allDrawn, deskOf, drawEvidence, loadDesk, takeEvidence } from "../file/evidence.js"
import { byId, element } from "../file/dom.js"
import { shownAs } from "../file/petition.js"
import { number, say } from "../file/words.js"
import { goTo } from "./flow.js"
import { changed, keeper, notKept } from "./kept.js"
import { textEngineOf } from "./reviewing.js"

/** @typedef {import("../file/evidence.js").App} Files */
/** @typedef {{id: string, kind: string, title?: string, date?: string, file: string, show?: boolean, boxes?: object[]}} Entry `file` names the file on this page */

/** @type {Files} */ let owner = noFiles()

/** @param {(() => any) | null} petition who is looked for in copies; null where the office gets none @returns {Files} */
export function noFiles(petition = null) {
  const uploadLimit = Number(byId("mycase").dataset.uploadLimit)
  return { answers: { evidence: [] }, files: new Map(), uploadLimit, draft: keeper, changed, notKept, engine: textEngineOf, petition }
}

export function setUpFiles() {
  takeEvidence(() => owner)
}

/** Show the files of what is written in their place of its page, and whether a draft of it is kept. @param {Files} files @param {string} page */
export function lendFiles(files, page) {
  owner = files
  byId(`${page}-files`).append(byId("files"))
  byId(`${page}-keeping`).append(byId("keeping"))
  drawEvidence(files)
}

/** Each picture is drawn: nobody goes on before. */
export const filesReady = allDrawn

/**
 * The new files as entries of a petition, under marks that nothing else has.
 * @param {Files} files @param {string} letter with which a mark begins @param {Iterable<unknown>} taken @returns {Entry[]}
 */
export function entriesOf({ answers }, letter, taken) {
  const known = new Set(taken)
  let last = 0
  const free = () => {
    do last += 1
    while (known.has(`${letter}${last}`))
    return `${letter}${last}`
  }
  return answers.evidence.map((item) => {
    const words = item.title.trim().split(/\s+/u).join(" ")
    return { id: free(), kind: item.kind, ...(words ? { title: words } : {}), ...(item.month ? { date: item.month } : {}), file: item.file, ...shownAs(item) }
  })
}

/** An entry as the petition has it. @param {Entry} entry */
export const withoutFile = ({ file: _, ...entry }) => entry

/** The files to be sealed. @param {Files} files @param {Entry[]} entries @param {number} from the place of the first one @returns {import("../seal/types.js").EvidenceFile[]} */
export function sourcesOf({ files }, entries, from) {
  return entries.map(({ id, title = "", file }, at) => {
    const blob = /** @type {Blob} */ (files.get(file))
    const name = blob instanceof File ? blob.name : `photo-${at + 1}.jpg`
    return { path: `evidence[${from + at}]`, evidence: id, title, blob, name }
  })
}

/** What a title is called. @param {string} path @returns {string} */
export function titleOf(path) {
  const place = /^evidence\[(\d+)\]/.exec(path)
  return place ? say("Title of file {number}", { number: number(Number(place[1]) + 1) }) : path
}

/**
 * What stands against sending the copies of some files: pages that nobody looked at, or not for everybody who is named now.
 * @param {Files} files @param {{item: import("../copies/kept.js").Item, title: string}[]} shown @returns {Promise<string>}
 */
export async function unlooked(files, shown) {
  if (!shown.some(({ item }) => isShown(item))) return ""
  const { unseen } = await loadDesk()
  const found = await unseen(deskOf(files), shown.map(({ item }) => item))
  return found.map(({ place, pages }) => say("{title}: look at each page of the copy and say so, or let it stay sealed. Not looked at: {pages}", { title: shown[place].title, pages: pages.map(number).join(", ") })).join(" ")
}

/** The copies of new files, as they are searched for what was struck. @param {Files} files @param {string} page on which they are written @returns {import("../copies/asking.js").Copy[]} */
export function newCopies(files, page) {
  const desk = deskOf(files)
  return files.answers.evidence.flatMap((item, at) => {
    const card = `#evidence-list > li:nth-child(${at + 1})`
    return isShown(item) ? [{ item, desk, number: at + 1, title: item.title.trim(), way: (/** @type {number} */ sheet) => wayToCopy(page, card, sheet) }] : []
  })
}

/** @param {string} page @param {string} card of the file, as a selector @param {number} sheet @param {() => Promise<void>} [ready] what must be done before its desk is there @returns {HTMLElement} a button that leads to a sheet of a copy */
export function wayToCopy(page, card, sheet, ready) {
  const way = element("button", { type: "button", class: "linkish" }, say("Look at page {page} of it", { page: number(sheet) }))
  way.addEventListener("click", async () => {
    await ready?.()
    goTo(page)
    await allDrawn()
    const desk = document.querySelector(`${card} .copy-desk`)
    desk?.dispatchEvent(new CustomEvent("turn", { detail: sheet }))
    const canvas = /** @type {HTMLElement | null | undefined} */ (desk?.querySelector("[data-canvas]"))
    canvas?.focus({ preventScroll: true })
    canvas?.scrollIntoView({ block: "center" })
  })
  return way
}

/** The new files, with what they are called. @param {Files} files */
export const newShown = ({ answers }) => answers.evidence.map((item, at) => ({ item, title: item.title.trim() || say("File {number}", { number: number(at + 1) }) }))

/** The copies of new files. @param {Files} files @param {Entry[]} entries @param {number} from the place of the first one @param {number} last the highest number of a copy so far @returns {(import("../seal/copies.js").Copy & {place: number})[]} */
export function copiesOf(files, entries, from, last) {
  return files.answers.evidence
    .map((item, at) => ({ item, at }))
    .filter(({ item }) => isShown(item))
    .map(({ item, at }, more) => ({ place: from + at, path: `evidence[${from + at}]`, evidence: entries[at].id, copy: last + 1 + more, pages: picturesOf(files, item), readable: item.readable }))
}

/** The highest number of a copy of a case. @param {import("../seal/case.js").OpenedCase} opened */
export const lastCopy = ({ manifest }) => Math.max(0, ...(manifest.body.copies ?? []).map((/** @type {any} */ { copy }) => copy))
