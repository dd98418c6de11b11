// @ts-check
/**
 * What somebody is writing in an open case, kept on this device if they ask for it: encrypted like the draft of a filing,
 * under the key with which they opened the case. Nobody else who holds the device can read it, or which case it is of.
 */
import { Draft, waits, wipe } from "../file/draft.js"
import { byId } from "../file/dom.js"
import { say } from "../file/words.js"
import { hex } from "../seal/bytes.js"

const STORE = "resguardo-case-draft"
const SAVE_AFTER = 800 // milliseconds without a change

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("./files.js").Files} Files */
/** @typedef {"answer" | "supplement"} Task */
/** What is kept of a task, null while nothing was written. @typedef {() => {value: any, files: Files} | null} Told */

/** @type {Draft | null} */ let draft = null
/** @type {string} the case that the draft is of */ let number = ""
/** @type {Record<string, any>} */ let found = {}
/** @type {ReturnType<typeof setTimeout> | undefined} */ let saving
/** @type {Map<Task, Told>} */ const tasks = new Map()

/** @param {Held} held */
const phraseOf = ({ root }) => `resguardo/case-draft ${hex(root)}`

/** @param {Task} task @param {Told} told what is kept of it */
export function setUpKept(task, told) {
  tasks.set(task, told)
  byId(task).addEventListener("input", changed)
  byId(task).addEventListener("change", changed)
}

/** Let somebody have a draft, or none. @param {() => Held | null} heldOf */
export function setUpKeeping(heldOf) {
  byId("keep-draft").addEventListener("change", async () => {
    const held = heldOf()
    if (!byId("keep-draft").checked || !held) return dropAll()
    try {
      draft = await Draft.begin(phraseOf(held), STORE)
      number = held.opened.case
      for (const told of tasks.values()) await keepFiles(told())
      await save()
    } catch {
      draft = null
      byId("keep-draft").checked = false
      byId("kept").textContent = say("This browser keeps nothing here. It may be a private window. You can go on without a draft.")
    }
  })
}

/** Open what was kept of this case, once. @param {Held} held */
export async function openKept(held) {
  if (draft) return
  if (await waits(STORE)) {
    const opened = await Draft.open(phraseOf(held), STORE)
    if (opened?.value.case === held.opened.case) {
      draft = opened.draft
      number = held.opened.case
      found = opened.value
      byId("kept").textContent = say("What you wrote before was kept here. Here it is.")
    }
  }
  byId("keep-draft").checked = draft !== null
}

/** What was kept of a task, taken once; its files are put in their places. @param {Task} task @param {(value: any) => boolean} fits @param {Files} files @returns {Promise<any>} */
export async function takeKept(task, fits, files) {
  const { [task]: value, ...others } = found
  if (!value || !draft || !fits(value)) return null
  found = others
  for (const { file, looked } of [...value.evidence, ...(value.shown ?? []).map((/** @type {any} */ { item }) => item)]) {
    for (const name of [file, ...Object.keys(looked ?? {}).map((page) => `${file}/${page}`)]) {
      const blob = await draft.file(name)
      if (blob) files.files.set(name, blob)
    }
  }
  files.answers.evidence = value.evidence.filter((/** @type {any} */ { file }) => files.files.has(file))
  return value
}

/** The draft as the files of a task see it. */
export const keeper = {
  keepFile: async (/** @type {string} */ id, /** @type {Blob} */ blob) => void (await draft?.keepFile(id, blob)),
  dropFile: async (/** @type {string} */ id) => void (await draft?.dropFile(id)),
}

/** Whether leaving loses nothing. */
export const isKept = () => draft !== null

export function changed() {
  clearTimeout(saving)
  if (draft) saving = setTimeout(() => void save().catch(notKept), SAVE_AFTER)
}

export function notKept() {
  byId("kept").textContent = say("The draft could not be kept: this device has no room, or the window is private. Do not close the page.")
}

async function save() {
  const parts = [...tasks].flatMap(([task, told]) => [[task, told()?.value]]).filter(([, value]) => value)
  await draft?.save({ ...found, case: number, ...Object.fromEntries(parts) })
  byId("kept").textContent = draft ? say("The draft is kept on this device, locked with your key.") : ""
}

/** @param {ReturnType<Told>} told */
async function keepFiles(told) {
  for (const [name, blob] of told?.files.files ?? []) await draft?.keepFile(name, blob)
}

/** A task is done: nothing of it stays. @param {Task} task */
export async function dropKept(task) {
  delete found[task]
  if ([...tasks].some(([other, told]) => other !== task && told()) || Object.keys(found).some((name) => name !== "case")) changed()
  else await dropAll()
}

async function dropAll() {
  clearTimeout(saving)
  draft = null
  found = {}
  byId("keep-draft").checked = false
  byId("kept").textContent = ""
  await wipe(STORE).catch(() => undefined)
}

/** The case is closed: the draft waits for its key. */
export function closeKept() {
  clearTimeout(saving)
  draft = null
  found = {}
}
