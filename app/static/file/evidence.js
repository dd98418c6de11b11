// @ts-check
/** Photos and papers: photos drawn anew, everything else as it is; each with a title that the office reads. */
import { dropPages, isShown } from "../copies/kept.js"
import { byId, copyOf, tell } from "./dom.js"
import { followCard } from "./fields.js"
import { loadLater } from "./later.js"
import { Photo } from "./photo.js"
import { petitionOf } from "./petition.js"
import { onEnter } from "./steps.js"
import { language, number, say, sizeWords } from "./words.js"

/** @typedef {import("./petition.js").EvidenceAnswers} Item */
/**
 * Whom the files belong to: a petition, or an answer.
 * @typedef {object} App
 * @property {{ evidence: Item[] }} answers
 * @property {Map<string, Blob>} files
 * @property {number} uploadLimit
 * @property {{ keepFile: (id: string, blob: Blob) => Promise<void>, dropFile: (id: string) => Promise<void> } | null} draft
 * @property {() => void} changed
 * @property {() => void} notKept
 * @property {() => Promise<import("./review.js").TextEngine>} engine
 * @property {(() => any) | null} petition who is looked for in copies; null where the office gets none
 */

const MB = 1_000_000
const LARGEST_KEPT = 64 * MB
/** Photos as they were chosen, while this page is open: a box can be taken back. @type {Map<string, Photo>} */
const photos = new Map()
/** Pictures that are being drawn; nobody goes on before they are. @type {Set<Promise<unknown>>} */
const drawing = new Set()
let added = 0

/** @param {import("./page.js").App} app */
export function setUpEvidence(app) {
  app.petition = () => petitionOf(app.answers, language())
  onEnter("evidence", () => drawEvidence(app))
  takeEvidence(() => app)
}

/** Nothing goes out before each picture is drawn. */
export const allDrawn = () => Promise.all(drawing)

/** Take the files that a person chooses. @param {() => App} appOf */
export function takeEvidence(appOf) {
  const input = byId("evidence-file")
  input.addEventListener("change", async () => {
    const app = appOf()
    const files = [...input.files]
    input.value = ""
    const problems = []
    for (const file of files) problems.push(await add(app, file))
    drawEvidence(app)
    tell(byId("evidence-wrong"), problems.filter(Boolean).join(" "))
    app.changed()
  })
}

/** @param {App} app @param {File} file @returns {Promise<string>} what is wrong with it, or nothing */
async function add(app, file) {
  const held = [...app.files.values()].reduce((sum, blob) => sum + blob.size, 0)
  if (!file.size) return say("This file is empty: {name}.", { name: file.name })
  if (held + file.size > app.uploadLimit) {
    return say("{name} is too large: all files together may have {limit} MB.", { name: file.name, limit: number(Math.floor(app.uploadLimit / MB)) })
  }
  added += 1
  const id = `${Date.now()}-${added}`
  const blob = isPicture(file) ? await redrawn(id, file) : file
  const kind = blob === file || !blob ? kindOf(file) : "photo"
  // Not every picture can be read here. Then it is sealed as it is, like any other file.
  app.files.set(id, blob ?? file)
  app.answers.evidence.push({ title: kindName(kind), kind, month: "", file: id, show: "", name: blob === file || !blob ? file.name : "" })
  // What is kept is encrypted whole, in memory: a long video would be too much for a telephone.
  if (file.size > LARGEST_KEPT && app.draft) return say("{name} is too large for the draft. It is sealed when you send; if you close the page before, add it again.", { name: file.name })
  await app.draft?.keepFile(id, blob ?? file).catch(app.notKept)
  return blob ? "" : say("{name} cannot be drawn anew here: it is sealed as it is, with what the phone wrote into it. If the office should see it, save it as JPEG first, or photograph it.", { name: file.name })
}

/** @param {string} id @param {File} file @returns {Promise<Blob | null>} */
async function redrawn(id, file) {
  const photo = new Photo(file, document.createElement("canvas"))
  const drawn = await photo.draw().then(() => photo.blob(), () => null)
  if (drawn) photos.set(id, photo)
  return drawn
}

/** Many systems have no name for what telephones of one maker write. @param {File} file @returns {boolean} */
const isPicture = ({ type, name }) => type.startsWith("image/") || /\.hei[cf]$/i.test(name)

/** @param {File} file @returns {string} */
function kindOf(file) {
  const { type } = file
  if (isPicture(file)) return "photo"
  if (type.startsWith("audio/")) return "audio"
  return type.startsWith("video/") ? "video" : "document"
}

/** @param {string} kind @returns {string} what the office calls such a file: its title, until somebody writes a better one */
function kindName(kind) {
  const choices = /** @type {NodeListOf<HTMLOptionElement>} */ (byId("evidence-card").content.querySelectorAll("[data-part=kind] option"))
  return [...choices].find(({ value }) => value === kind)?.textContent ?? ""
}

/** @param {Item} item @returns {boolean} whether its title is only what it is: words of this page, not of a person */
export const isPlain = ({ title, kind }) => title === kindName(kind)

/** The title follows what it is, until somebody writes a better one. @param {Item} item @param {HTMLElement} card */
function followKind(item, card) {
  const [kind, title] = ["kind", "title"].map((part) => /** @type {any} */ (card.querySelector(`[data-part=${part}]`)))
  // Before followCard's own listener, which writes the new kind down.
  kind.addEventListener("input", () => {
    if (!isPlain(item)) return
    title.value = item.title = kindName(kind.value)
  })
}

/** @param {App} app */
export function drawEvidence(app) {
  byId("evidence-list").replaceChildren(...app.answers.evidence.map((item, place) => draw(app, item, place)))
}

/** @param {App} app @param {Item} item @param {number} place */
function draw(app, item, place) {
  const card = copyOf("evidence-card")
  const blob = /** @type {Blob} */ (app.files.get(item.file))
  const heading = /** @type {HTMLElement} */ (card.querySelector("h2"))
  heading.textContent = say("File {number} · {size}", { number: number(place + 1), size: sizeWords(blob.size) })
  followKind(item, card)
  followCard(card, item, app.changed)
  if (blob.type === "image/jpeg") showPhoto(app, item, card, blob)
  offerCopy(app, item, card)
  card.querySelector("[data-remove]")?.addEventListener("click", () => {
    app.answers.evidence.splice(app.answers.evidence.indexOf(item), 1)
    dropPages(app, item)
    app.files.delete(item.file)
    photos.delete(item.file)
    void app.draft?.dropFile(item.file).catch(app.notKept)
    drawEvidence(app)
    byId("evidence-file").focus()
    app.changed()
  })
  return card
}

/** @param {App} app @param {Item} item @param {HTMLElement} card @param {Blob} blob */
function showPhoto(app, item, card, blob) {
  const frame = /** @type {HTMLElement} */ (card.querySelector("[data-photo]"))
  const known = photos.get(item.file)
  const photo = new Photo(known?._source ?? blob, /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas")))
  photo.boxes = known?.boxes ?? []
  photos.set(item.file, photo)
  const way = /** @type {HTMLElement} */ (card.querySelector("[data-cover-way]"))
  frame.hidden = way.hidden = false
  void photo.draw().catch(() => void (frame.hidden = way.hidden = true))
  way.querySelector("button")?.addEventListener("click", () => void cover(app, item, card, photo))
  veil(frame)
}

/** Who looks over a shoulder sees no face or list before somebody wants it shown. @param {HTMLElement} frame */
function veil(frame) {
  const button = /** @type {HTMLElement} */ (frame.querySelector("[data-peek]"))
  const show = (/** @type {boolean} */ shown) => {
    button.setAttribute("aria-pressed", String(shown))
    button.textContent = shown ? say("Blur the photo") : say("Show the photo")
    frame.classList.toggle("veiled", !shown)
  }
  button.addEventListener("click", () => show(frame.classList.contains("veiled")))
  frame.querySelector("canvas")?.addEventListener("click", () => show(frame.classList.contains("veiled")))
  show(false)
}

/** Cover parts of a photo for good: what is under a box is gone. @param {App} app @param {Item} item @param {HTMLElement} card @param {Photo} photo */
async function cover(app, item, card, photo) {
  const [shown, place, way] = ["[data-preview]", "[data-covering]", "[data-cover-way]"].map((part) => /** @type {HTMLElement} */ (card.querySelector(part)))
  const renew = (/** @type {() => Promise<void>} */ change) => {
    const done = change().then(() => keep(app, item, photo))
    drawing.add(done)
    void done.finally(() => drawing.delete(done))
  }
  const close = () => {
    place.replaceChildren()
    photo.moveTo(/** @type {HTMLCanvasElement} */ (shown.querySelector("canvas")))
    void photo.draw()
    shown.hidden = way.hidden = false
    way.querySelector("button")?.focus()
  }
  try {
    const { openCovering } = await loadDesk()
    shown.hidden = way.hidden = true
    openCovering(place, photo, renew, close)
  } catch {
    tell(byId("evidence-wrong"), say("The connection broke. Try again."))
  }
}

/** @param {App} app @param {Item} item @param {Photo} photo */
async function keep(app, item, photo) {
  const blob = await photo.blob()
  dropPages(app, item)
  app.files.set(item.file, blob)
  await app.draft?.keepFile(item.file, blob).catch(app.notKept)
}

// The copy for the office

/** What the desk needs of whoever has the files. @param {App} app */
export const deskOf = (app) => ({
  files: app.files,
  get draft() {
    return app.draft
  },
  changed: app.changed,
  notKept: app.notKept,
  engine: app.engine,
  petition: () => app.petition?.(),
  working: drawing,
})

/** The desk is loaded when somebody wants a copy to be seen. */
export async function loadDesk() {
  await loadLater("copies/desk.js")
  return await import("../copies/desk.js")
}

/** @param {App} app @param {Item} item @param {HTMLElement} card */
function offerCopy(app, item, card) {
  const place = /** @type {HTMLElement | null} */ (card.querySelector("[data-copy]"))
  if (!place) return
  place.hidden = !app.petition
  const choice = /** @type {HTMLSelectElement} */ (place.querySelector("[data-part=show]"))
  const [photo, way] = ["[data-photo]", "[data-cover-way]"].map((part) => /** @type {HTMLElement} */ (card.querySelector(part)))
  const turnPhoto = () => void (photo.hidden = way.hidden = isShown(item) || !photos.has(item.file))
  const size = Number(document.querySelector('[data-later="copies/worker.js"]')?.getAttribute("data-size") ?? 0)
  const isPdf = app.files.get(item.file)?.type === "application/pdf"
  if (size && isPdf) choice.options[1].textContent = say("Yes, show a copy; it loads {size} more", { size: sizeWords(size) })
  const tellMark = () => {
    for (const mark of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-mark]"))) mark.hidden = mark.dataset.mark !== choice.value
  }
  const follow = () => {
    tellMark()
    const done = turnCopy(app, item, place)
    turnPhoto()
    drawing.add(done)
    void done.finally(() => {
      drawing.delete(done)
      choice.value = item.show ?? ""
      tellMark()
      turnPhoto()
    })
  }
  choice.addEventListener("input", follow)
  if (isShown(item)) follow()
}

/** @param {App} app @param {Item} item @param {HTMLElement} place */
async function turnCopy(app, item, place) {
  try {
    const { closeDesk, openDesk } = await loadDesk()
    if (isShown(item)) return await openDesk(deskOf(app), item, place)
    dropPages(app, item)
    closeDesk(item, place)
  } catch {
    item.show = ""
    tell(/** @type {HTMLElement} */ (place.querySelector("[data-told]")), say("The connection broke. Try again."))
  }
}
