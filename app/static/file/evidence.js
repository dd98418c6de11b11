// @ts-check
/** Photos and papers: photos drawn anew, everything else as it is; each with a title that the office reads. */
import { byId, copyOf, tell } from "./dom.js"
import { followCard } from "./fields.js"
import { Photo, followFinger } from "./photo.js"
import { onContinue, onEnter } from "./steps.js"
import { number, say } from "./words.js"

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
 */

const MB = 1_000_000
const LARGEST_KEPT = 64 * MB
/** Photos as they were chosen, while this page is open: a box can be taken back. @type {Map<string, Photo>} */
const photos = new Map()
/** Pictures that are being drawn; nobody goes on before they are. @type {Set<Promise<void>>} */
const drawing = new Set()
let added = 0

/** @param {App} app */
export function setUpEvidence(app) {
  onEnter("evidence", () => drawEvidence(app))
  onContinue("evidence", async () => {
    await allDrawn()
    return true
  })
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
  const blob = file.type.startsWith("image/") ? await redrawn(id, file) : file
  const kind = blob === file || !blob ? kindOf(file) : "photo"
  // Not every picture can be read here. Then it is sealed as it is, like any other file.
  app.files.set(id, blob ?? file)
  app.answers.evidence.push({ title: "", kind, month: "", file: id })
  // What is kept is encrypted whole, in memory: a long video would be too much for a telephone.
  if (file.size > LARGEST_KEPT && app.draft) return say("{name} is too large for the draft. It is sealed when you send; if you close the page before, add it again.", { name: file.name })
  await app.draft?.keepFile(id, blob ?? file).catch(app.notKept)
  return file.type.startsWith("image/") && !blob ? say("{name} cannot be drawn anew here. It is sealed as it is.", { name: file.name }) : ""
}

/** @param {string} id @param {File} file @returns {Promise<Blob | null>} */
async function redrawn(id, file) {
  const photo = new Photo(file, document.createElement("canvas"))
  const drawn = await photo.draw().then(() => photo.blob(), () => null)
  if (drawn) photos.set(id, photo)
  return drawn
}

/** @param {File} file @returns {string} */
function kindOf({ type }) {
  if (type.startsWith("image/")) return "photo"
  if (type.startsWith("audio/")) return "audio"
  return type.startsWith("video/") ? "video" : "document"
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
  heading.textContent = say("File {number} · {size} MB", { number: number(place + 1), size: number(Math.ceil((10 * blob.size) / MB) / 10) })
  followCard(card, item, app.changed)
  if (blob.type === "image/jpeg") showPhoto(app, item, card, blob)
  card.querySelector("[data-remove]")?.addEventListener("click", () => {
    app.answers.evidence.splice(app.answers.evidence.indexOf(item), 1)
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
  const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"))
  const less = /** @type {HTMLButtonElement} */ (frame.querySelector("[data-unbox]"))
  const known = photos.get(item.file)
  const photo = new Photo(known?._source ?? blob, canvas)
  photo.boxes = known?.boxes ?? []
  photos.set(item.file, photo)
  frame.hidden = false
  less.disabled = !photo.boxes.length
  const renew = (/** @type {() => void | Promise<void>} */ change) => {
    const done = Promise.resolve(change()).then(() => keep(app, item, photo))
    drawing.add(done)
    void done.finally(() => drawing.delete(done))
    less.disabled = !photo.boxes.length
  }
  void photo.draw().catch(() => void (frame.hidden = true))
  followFinger(canvas, (box) => renew(() => photo.cover(box)))
  frame.querySelector("[data-box]")?.addEventListener("click", () => renew(() => photo.cover()))
  less.addEventListener("click", () => renew(() => photo.uncover()))
}

/** @param {App} app @param {Item} item @param {Photo} photo */
async function keep(app, item, photo) {
  const blob = await photo.blob()
  app.files.set(item.file, blob)
  await app.draft?.keepFile(item.file, blob).catch(app.notKept)
}
