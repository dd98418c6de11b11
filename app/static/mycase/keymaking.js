// @ts-check
/** A new key made on this page: for oneself or for another holder. One place, moved to the page that needs it. */
import { SHORTEST_KEY_PHRASE, ROOT_SIZE, showWords, typedBack, wordsText } from "../file/keymaker.js"
import { byId, save, tell } from "../file/dom.js"
import { language, say } from "../file/words.js"
import { ask } from "../seal/crew.js"
import { standingRecipient } from "../seal/keys.js"
import { words as wordsOf } from "../seal/phrase.js"
import { random } from "./reviewing.js"

/** @typedef {{root: Uint8Array, saved: boolean, forMe: boolean}} Made */

const TOLD = 6 // letters of a key that tell its file from another; the list of who can open the case ends in them

/** @type {Made | null} */ let made = null

export function setUpKeymaking() {
  byId("maker-way").addEventListener("change", showWay)
  byId("maker-save").addEventListener("click", () => void saveFile())
}

/** Begin with a key that nobody has. @param {string} place where its fields stand @param {boolean} forMe whether it is one's own */
export function beginKey(place, forMe) {
  made = { root: random(ROOT_SIZE), saved: false, forMe }
  byId(place).append(byId("maker"))
  for (const id of ["maker-phrase", "maker-again"]) byId(id).value = ""
  for (const id of ["maker-saved", "maker-wrong"]) tell(byId(id), "")
  byId("maker-way").value = "file"
  showWay()
}

/** The key is gone from this page. */
export function forgetKey() {
  made?.root.fill(0)
  made = null
  for (const id of ["maker-words", "maker-qr", "maker-check"]) document.getElementById(id)?.replaceChildren()
}

/** @returns {string[]} */
const twelve = () => wordsOf(/** @type {Made} */ (made).root, /** @type {"es" | "en" | "fr"} */ (language()))

function showWay() {
  const words = byId("maker-way").value === "words"
  byId("maker-by-file").hidden = words
  byId("maker-by-words").hidden = !words
  if (words) showWords(twelve(), { list: byId("maker-words"), qr: byId("maker-qr"), check: byId("maker-check") }, random)
}

/** Never the name of the file that opens the case already: whoever deletes one of two alike may delete the wrong one. @param {Made} made @returns {Promise<string>} */
async function nameOf({ root, forMe }) {
  const letters = (await standingRecipient(root)).slice(-TOLD)
  return forMe ? say("key-new-{letters}.age", { letters }) : say("key-other-person-{letters}.age", { letters })
}

/** @param {string} name @param {boolean} forMe */
function savedWords(name, forMe) {
  if (forMe) return say("Saved as {name}. Send a copy to a place that only you open. The phrase goes nowhere with it.", { name })
  return say("Saved as {name}. It is for the other person, and the file must get to them; if they did not type the phrase, it goes another way. Your own key stays as it is.", { name })
}

async function saveFile() {
  const button = byId("maker-save")
  const [phrase, again] = [byId("maker-phrase").value, byId("maker-again").value]
  const wrong = Array.from(phrase).length < SHORTEST_KEY_PHRASE ? say("The phrase needs twelve characters or more.") : phrase !== again ? say("The two phrases are not the same.") : ""
  tell(byId("maker-wrong"), wrong)
  const now = made
  if (wrong || button.disabled || !now) return
  button.disabled = true
  tell(byId("maker-saved"), say("Locking the key. This takes some seconds."))
  try {
    const name = await nameOf(now)
    save(name, new Blob([await ask("sealWords", [wordsText(twelve(), language()), phrase])], { type: "application/octet-stream" }))
    now.saved = true
    tell(byId("maker-saved"), savedWords(name, now.forMe))
  } catch {
    tell(byId("maker-saved"), "")
    tell(byId("maker-wrong"), say("The key could not be locked on this device. Use the twelve words."))
  } finally {
    button.disabled = false
  }
}

/** The new key, once somebody has it; null and a word about it before. @returns {Uint8Array | null} */
export function keyMade() {
  if (!made) return null
  const words = byId("maker-way").value === "words"
  const ready = words ? typedBack(twelve(), byId("maker-check")) : made.saved
  tell(byId("maker-wrong"), ready ? "" : words ? say("The three words are not right. Look at your paper.") : say("Save the key file first."))
  return ready ? made.root : null
}
