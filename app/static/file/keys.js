// @ts-check
/** The key of the case: a file under a phrase, or twelve words typed back; a second holder, or the warning. */
import { checkRecipient } from "../seal/age.js"
import { ask as askWorker } from "../seal/crew.js"
import { standingRecipient } from "../seal/keys.js"
import { byId, element, save, tell, tellFields } from "./dom.js"
import { land } from "./helps.js"
import { ROOT_SIZE, SHORTEST_KEY_PHRASE, showWords, typedBack, wordsText } from "./keymaker.js"
import { loadLater } from "./later.js"
import { setUpSecondKey } from "./secondkey.js"
import { onContinue, onEnter } from "./steps.js"
import { language, say } from "./words.js"

/** @typedef {import("./page.js").App} App */

const TOLD = 4 // letters of a key that tell its file from another
const HOLDER_LIMIT = 16 * 1024 // bytes

/** @param {App} app */
export function setUpKeys(app) {
  const way = byId("key-way")
  onEnter("keys", () => begin(app))
  onContinue("keys", () => mayGoOn(app))
  way.addEventListener("change", () => showWay(app))
  byId("key-show").addEventListener("change", () => {
    for (const id of ["key-phrase", "key-again"]) byId(id).classList.toggle("secret", !byId("key-show").checked)
  })
  byId("key-save").addEventListener("click", () => void saveFile(app))
  byId("key-other").addEventListener("click", () => {
    another = true
    showSame(app)
    byId("key-phrase").focus()
  })
  byId("key-look").addEventListener("click", () => {
    const seen = byId("key-seen")
    tell(seen, seen.hidden ? app.phrase : "")
    byId("key-look").setAttribute("aria-expanded", String(!seen.hidden))
    byId("key-look").textContent = seen.hidden ? say("Show my phrase") : say("Hide my phrase")
  })
  setUpSecondKey(app, (root, spoken) => wordsOf?.(root, /** @type {"es" | "en" | "fr"} */ (spoken)) ?? [])
  byId("holder").addEventListener("input", tellAlone)
  byId("holder-file").addEventListener("change", async () => {
    const [file] = byId("holder-file").files
    if (file && file.size <= HOLDER_LIMIT) byId("holder").value = (await file.text()).trim()
    byId("holder").dispatchEvent(new Event("input"))
  })
}

/** @type {typeof import("../seal/phrase.js").words | undefined} */ let wordsOf
/** The language in which the words were shown first: who copied them need not begin anew in another. */ let spoken = ""

/** Whether somebody wants a phrase for the key that is not the draft's. */ let another = false

/** What goes on says what it means: with one key only, or with a second person's. */
function tellAlone() {
  const held = Boolean(byId("holder").value.trim())
  byId("alone").hidden = held
  byId("keys").querySelector('[data-go="1"]').textContent = held ? say("Continue") : say("Go on alone")
}

/**
 * The draft's phrase locks the key too, and is not typed again: it is in this page's memory as long as the draft is open,
 * and whoever has it opens the names in the draft already. A slip of the finger in it can be seen, by who asks to.
 * @param {App} app
 */
const isSame = ({ phrase }) => !another && Array.from(phrase).length >= SHORTEST_KEY_PHRASE

/** @param {App} app */
function showSame(app) {
  byId("key-same").hidden = !isSame(app)
  byId("key-new").hidden = isSame(app)
}

/** @param {App} app */
async function begin(app) {
  await loadLater("seal/phrase.js")
  wordsOf = (await import("../seal/phrase.js")).words
  app.root ??= app.random(ROOT_SIZE)
  showSame(app)
  tellAlone()
  showWay(app)
  // Whoever opened a draft again may have saved it already.
  if (app.keyFile && byId("key-saved").hidden) tell(byId("key-saved"), savedAs(await keyFileName(app)))
  app.changed()
}

/** @param {App} app */
function showWay(app) {
  const words = byId("key-way").value === "words"
  byId("key-file").hidden = words
  byId("key-words").hidden = !words
  // The lists may still be on their way; then they are shown when they have come.
  if (words && wordsOf && !byId("words").childElementCount) showTwelve(app)
}

// Twelve words

/** @param {App} app @returns {string[]} */
function twelve(app) {
  spoken ||= language()
  if (!wordsOf) return []
  return wordsOf(/** @type {Uint8Array} */ (app.root), /** @type {"es" | "en" | "fr"} */ (spoken))
}

/** @param {App} app */
function showTwelve(app) {
  showWords(twelve(app), { list: byId("words"), qr: byId("words-qr"), check: byId("words-check") }, app.random)
}

// The key file

/** @param {App} app */
async function saveFile(app) {
  const button = byId("key-save")
  const phrase = isSame(app) ? app.phrase : byId("key-phrase").value
  if (!check(app, phrase) || button.disabled) return
  button.disabled = true
  byId("key-saved").hidden = false
  byId("key-saved").textContent = say("Locking the key. This takes some seconds.")
  try {
    app.keyFile = await askWorker("sealWords", [wordsText(twelve(app), spoken), phrase])
    const name = await saveKeyFile(app)
    byId("key-saved").textContent = savedAs(name)
    problems([])
  } catch {
    byId("key-saved").hidden = true
    problems([["key-save", say("The key could not be locked on this device. Use the twelve words.")]])
  } finally {
    button.disabled = false
  }
}

/** @param {string} name of the file @returns {string} */
const savedAs = (name) => say("Saved in Downloads: {name}. Send a copy to where only you look.", { name })

/** @param {App} app @returns {Promise<string>} the name under which it is saved */
export async function saveKeyFile(app) {
  const name = await keyFileName(app)
  save(name, new Blob([app.keyFile], { type: "application/octet-stream" }))
  return name
}

/** @param {App} app @returns {Promise<string>} what the file is, and letters of the key: nothing of the portal or the case */
export async function keyFileName({ root }) {
  const recipient = await standingRecipient(/** @type {Uint8Array} */ (root))
  return say("key-{letters}.age", { letters: recipient.slice(-TOLD) })
}

/** @param {App} app @param {string} phrase @returns {boolean} */
function check(app, phrase) {
  /** @type {[string, string][]} */ const found = []
  if (!phrase) found.push(["key-phrase", say("Write your phrase.")])
  else if (Array.from(phrase).length < SHORTEST_KEY_PHRASE) found.push(["key-phrase", say("The phrase needs twelve characters or more.")])
  else if (!isSame(app) && phrase !== byId("key-again").value) found.push(["key-again", say("The two phrases are not the same.")])
  return problems(found)
}

// Going on

/** @param {[string, string][]} found fields and what is wrong with them @returns {boolean} whether nothing is */
function problems(found) {
  const frame = /** @type {HTMLElement} */ (document.querySelector("#keys [data-problems]"))
  frame.hidden = !found.length
  frame.querySelector("ul")?.replaceChildren(...found.map(([field, text]) => element("li", {}, wayTo(field, text))))
  tellFields(byId("keys"), found)
  if (found.length) frame.scrollIntoView()
  return !found.length
}

/** @param {string} field @param {string} text */
function wayTo(field, text) {
  const button = element("button", { type: "button", class: "linkish" }, text)
  button.addEventListener("click", () => land(byId(field)))
  return button
}

/** @param {App} app @returns {Promise<boolean>} */
async function mayGoOn(app) {
  /** @type {[string, string][]} */ const found = []
  const words = byId("key-way").value === "words"
  if (words && !typedBack(twelve(app), byId("words-check"))) found.push(["words-check", say("The three words are not right. Look at your paper.")])
  if (!words && !app.keyFile) found.push(["key-save", say("Save the key first.")])
  const holder = byId("holder").value.trim()
  const wrong = holder ? await wrongHolder(app, holder) : ""
  if (wrong) found.push(["holder", wrong])
  app.holders = holder && !wrong ? [holder] : []
  return problems(found)
}

/** @param {App} app @param {string} holder @returns {Promise<string>} */
async function wrongHolder(app, holder) {
  try {
    checkRecipient(holder)
  } catch {
    return say("That is no key of a second person. Choose the file again, or copy the whole text.")
  }
  return holder === (await standingRecipient(/** @type {Uint8Array} */ (app.root))) ? say("That key is your own.") : ""
}
