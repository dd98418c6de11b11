// @ts-check
/** A new key made on this page: for oneself or for another holder. One place, moved to the page that needs it. */
import { SHORTEST_KEY_PHRASE, ROOT_SIZE, showWords, typedBack, wordsText } from "../file/keymaker.js"
import { byId, save, tell } from "../file/dom.js"
import { language, say } from "../file/words.js"
import { ask } from "../seal/crew.js"
import { words as wordsOf } from "../seal/phrase.js"
import { random } from "./reviewing.js"

/** @typedef {{root: Uint8Array, saved: boolean}} Made */

/** @type {Made | null} */ let made = null

export function setUpKeymaking() {
  byId("maker-way").addEventListener("change", showWay)
  byId("maker-save").addEventListener("click", () => void saveFile())
}

/** Begin with a key that nobody has. @param {string} place where its fields stand */
export function beginKey(place) {
  made = { root: random(ROOT_SIZE), saved: false }
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
    save("key.age", new Blob([await ask("sealWords", [wordsText(twelve(), language()), phrase])], { type: "application/octet-stream" }))
    now.saved = true
    tell(byId("maker-saved"), say("Saved as key.age. Send a copy to a place that only you open. The phrase goes nowhere with it."))
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
