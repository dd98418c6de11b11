// @ts-check
/**
 * What somebody is writing in an open case, kept on this device if they ask for it: encrypted like the draft of a filing,
 * under the key with which they opened the case. Nobody else who holds the device can read it, or which case it is of:
 * each case has a store of its own, whose name says nothing without the key.
 */
import { Draft, waits, wipe } from "../file/draft.js"
import { byId } from "../file/dom.js"
import { say } from "../file/words.js"
import { hex, utf8 } from "../seal/bytes.js"
import { sha256Hex } from "../seal/digest.js"
import { STORES } from "./leftdrafts.js"

const SAVE_AFTER = 800 // milliseconds without a change
const TRY_AGAIN = 5000 // milliseconds

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("./files.js").Files} Files */
/** @typedef {{task: string, value: any, files: Files}} Part what is kept of something that is being written */

/** @type {Draft | null} */ let draft = null
/** @type {string} where it is kept */ let store = ""
/** @type {Record<string, any>} */ let found = {}
/** Whether something of it could not be kept. */ let behind = false
/** @type {ReturnType<typeof setTimeout> | undefined} */ let saving
/** @type {(() => void) | null} gives the draft's place to another tab */ let release = null
/** @type {(() => Part[])[]} */ const tellers = []

/** @param {Held} held */
const phraseOf = ({ root }) => `resguardo/case-draft ${hex(root)}`
/** @param {Held} held */
const storeOf = (held) => `${STORES}-${sha256Hex(utf8(`${phraseOf(held)} ${held.opened.case}`)).slice(0, 16)}`

/** @param {string} page on which it is written @param {() => Part[]} told what is kept of it; nothing while nothing was written */
export function setUpKept(page, told) {
  tellers.push(told)
  byId(page).addEventListener("input", changed)
  byId(page).addEventListener("change", changed)
}

/** Let somebody have a draft, or none. @param {() => Held | null} heldOf */
export function setUpKeeping(heldOf) {
  byId("keep-draft").addEventListener("change", async () => {
    const held = heldOf()
    if (!byId("keep-draft").checked || !held) return dropAll()
    byId("keep-draft").checked = await begin(held)
  })
  document.addEventListener("visibilitychange", () => {
    // A telephone ends a page that nobody looks at without a word.
    if (document.visibilityState === "hidden" && saving) void keep()
  })
}

/** @param {Held} held @returns {Promise<boolean>} */
async function begin(held) {
  const name = storeOf(held)
  if (!(await takePlace(name))) return elsewhere()
  try {
    draft = await Draft.begin(phraseOf(held), name)
    store = name
    for (const { files } of parts()) for (const [id, blob] of files.files) await draft.keepFile(id, blob)
    await save()
    return true
  } catch {
    draft = null
    giveUpPlace()
    await wipe(name).catch(() => undefined)
    byId("kept").textContent = say("This browser keeps nothing here. It may be a private window. You can go on without a draft.")
    return false
  }
}

/** Open what was kept of this case, once. @param {Held} held */
export async function openKept(held) {
  if (draft) return
  const name = storeOf(held)
  if (await waits(name)) {
    const opened = (await takePlace(name)) ? await Draft.open(phraseOf(held), name) : (elsewhere(), null)
    if (opened) {
      draft = opened.draft
      store = name
      found = opened.value
      byId("kept").textContent = say("What you wrote before was kept here. Here it is.")
    }
  }
  byId("keep-draft").checked = draft !== null
}

/** @returns {false} */
function elsewhere() {
  byId("kept").textContent = say("A draft of this case is open in another tab. Go on there: what you write here is not kept.")
  return false
}

/** Two tabs would write over each other. @param {string} name @returns {Promise<boolean>} whether no other tab has the draft */
function takePlace(name) {
  if (!navigator.locks || release) return Promise.resolve(true)
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock ? new Promise((done) => void (release = () => done(undefined))) : undefined
    })
  })
}

function giveUpPlace() {
  release?.()
  release = null
}

/** What was kept of a task, taken once; its files are put in their places. @param {string} task @param {Files} files @returns {Promise<any>} */
export async function takeKept(task, files) {
  const { [task]: value, ...others } = found
  if (!value || !draft) return null
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
export const isKept = () => draft !== null && !behind && !saving

export function changed() {
  clearTimeout(saving)
  if (draft) saving = setTimeout(() => void keep(), SAVE_AFTER)
}

async function keep() {
  clearTimeout(saving)
  saving = undefined
  await save().catch(notKept)
}

export function notKept() {
  behind = true
  const lost = draft?.holdsText ? say("The draft is kept, but not all files: this device has no room for them. Do not delete them where they are.") : say("The draft could not be kept: this device has no room, or the window is private. Do not close the page.")
  byId("kept").textContent = lost
  clearTimeout(saving)
  if (draft && !draft.holdsText) saving = setTimeout(() => void keep(), TRY_AGAIN)
}

/** @returns {Part[]} */
const parts = () => tellers.flatMap((told) => told())

async function save() {
  await draft?.save({ ...found, ...Object.fromEntries(parts().map(({ task, value }) => [task, value])) })
  behind = false
  byId("kept").textContent = draft ? say("The draft is kept on this device, locked with your key.") : ""
}

/** A task is done: nothing of it stays. @param {string} task */
export async function dropKept(task) {
  delete found[task]
  if (parts().length || Object.keys(found).length) changed()
  else await dropAll()
}

async function dropAll() {
  closeKept()
  byId("keep-draft").checked = false
  byId("kept").textContent = ""
  if (store) await wipe(store).catch(() => undefined)
}

/** The case is closed: the draft waits for its key. */
export function closeKept() {
  clearTimeout(saving)
  saving = undefined
  draft = null
  found = {}
  behind = false
  giveUpPlace()
}
