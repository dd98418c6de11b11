// @ts-check
/** The door of a case: what somebody brings, read and tried here; every trouble at its field. */
import { ask } from "../seal/crew.js"
import { FormatError, WordsError } from "../seal/errors.js"
import { fetchLogs } from "../seal/logs.js"
import { checkShown, followed } from "../seal/succession.js"
import { byId, element, tell } from "../file/dom.js"
import { say } from "../file/words.js"
import { URL_OF_PORTAL, hold } from "./held.js"
import { caseOf, rootOf, sameKey } from "./key.js"
import { trouble } from "./said.js"

const FILE_LIMIT = 1024 * 1024 // bytes of case.json or a key file
/** Which field a trouble is about, by the beginning of its code. */
const FIELDS = [["words", "words"], ["passphrase", "phrase"], ["key", "key"], ["number", "number"], ["code", "code"], ["case_file", "case-file"], ["case_not", "number"]]
const GIVEN = ["words", "phrase", "code", "number", "key", "case-file"]

/** @type {import("./key.js").Kept | null} */ let kept = null

/** @param {(held: import("./held.js").Held) => Promise<void>} opened */
export function setUpDoor(opened) {
  byId("way").addEventListener("change", showWay)
  byId("case-file").addEventListener("change", () => void takeCaseFile())
  byId("open").addEventListener("click", () => void open(opened))
  showWay()
}

/** Forget what was brought. */
export function forgetGiven() {
  kept = null
}

/** What was brought is taken out of the fields. */
export function emptyDoor() {
  for (const id of GIVEN) byId(id).value = ""
}

/** @param {string} id of a file field @param {number} limit @returns {Promise<string>} */
export async function textIn(id, limit) {
  const [file] = byId(id).files
  return file && file.size <= limit ? await file.text() : ""
}

function showWay() {
  const way = byId("way").value
  byId("by-file").hidden = way === "words"
  byId("by-words").hidden = way === "file"
}

/** @returns {Promise<Uint8Array>} the root that the given key means */
async function rootGiven() {
  /** @type {Uint8Array[]} */ const found = []
  const file = byId("way").value === "words" ? "" : await textIn("key", FILE_LIMIT)
  if (file) found.push(rootOf(file.trimStart().startsWith("-----BEGIN AGE") ? await ask("openWords", [file, byId("phrase").value]) : file))
  const words = byId("way").value === "file" ? "" : byId("words").value.trim()
  if (words) found.push(rootOf(words))
  if (!found.length) throw new WordsError("no_key_given")
  if (found.length === 2 && !sameKey(found[0], found[1])) throw new WordsError("keys_differ")
  return found[0]
}

async function takeCaseFile() {
  kept = null
  try {
    const text = await textIn("case-file", FILE_LIMIT)
    if (!text) return
    const given = caseOf(text)
    if (new URL(given.url).origin !== URL_OF_PORTAL) throw new FormatError("other_portal", { url: given.url })
    kept = given
    byId("number").value = given.number
    byId("code").value = given.code
    problem(null)
  } catch (error) {
    problem(error)
  }
}

/** @param {(held: import("./held.js").Held) => Promise<void>} opened */
async function open(opened) {
  const button = byId("open")
  if (button.disabled) return
  button.disabled = true
  problem(null)
  tell(byId("opening"), say("Opening on this device. A key file takes some seconds."))
  try {
    const root = await rootGiven()
    const { portal, notes } = await fetchLogs(URL_OF_PORTAL)
    const number = byId("number").value.trim().toLowerCase()
    const ours = kept?.number === number ? kept : null
    const keys = ours ? followed({ ...portal, ...ours.keys, former: undefined }, [...ours.successors, ...notes]) : portal
    if (ours) checkShown(portal, keys)
    const code = byId("code").value.trim() || undefined
    const held = await hold({ number, root, code, keys, seen: ours?.seen }, { note: ours?.known ?? "", contradicted: false })
    await opened(ours ? { ...held, brought: ours.rest } : held)
  } catch (error) {
    problem(error)
  } finally {
    tell(byId("opening"), "")
    button.disabled = false
  }
}

/** @param {unknown} error what went wrong at the door; null takes it away */
function problem(error) {
  byId("door-wrong").hidden = !error
  if (!error) return
  const code = String(/** @type {any} */ (error).code ?? "")
  const field = FIELDS.find(([start]) => code.startsWith(start))?.[1]
  const list = element("ul", {}, element("li", {}, field ? wayTo(field, trouble(error)) : trouble(error)))
  byId("door-wrong").replaceChildren(element("h2", {}, say("There is a problem")), list)
  byId("door-wrong").focus()
}

/** @param {string} field @param {string} text @returns {HTMLElement} */
function wayTo(field, text) {
  const button = element("button", { type: "button", class: "plain-button" }, text)
  button.addEventListener("click", () => byId(field).focus())
  return button
}
