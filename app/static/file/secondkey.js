// @ts-check
/**
 * A key for a second person, made on this device while they file together: a file under a phrase that only that person
 * knows. Its words are shown nowhere and forgotten at once; what stays is the text that locks the case for them.
 */
import { ask } from "../seal/crew.js"
import { standingRecipient } from "../seal/keys.js"
import { byId, save, tell } from "./dom.js"
import { ROOT_SIZE, SHORTEST_KEY_PHRASE, wordsText } from "./keymaker.js"
import { language, say } from "./words.js"

/** @typedef {import("./page.js").App} App */

const TOLD = 6 // letters of a key that tell its file from another
const FIELDS = ["second-phrase", "second-again"]

/** @param {App} app @param {(root: Uint8Array, language: string) => string[]} wordsOf the words of a key; none while the lists are on their way */
export function setUpSecondKey(app, wordsOf) {
  byId("second-save").addEventListener("click", () => void make(app, wordsOf))
}

/** @param {App} app @param {string} phrase @param {string} again @returns {string} what is wrong with a phrase, or nothing */
function wrongPhrase(app, phrase, again) {
  if (Array.from(phrase).length < SHORTEST_KEY_PHRASE) return say("The phrase needs twelve characters or more.")
  if (phrase !== again) return say("The two phrases are not the same.")
  // One phrase for two keys: whoever learns it has both.
  return phrase === app.phrase || phrase === byId("key-phrase").value ? say("That is your own phrase. Let the other person choose one that you do not know.") : ""
}

/** @param {App} app @param {(root: Uint8Array, language: string) => string[]} wordsOf */
async function make(app, wordsOf) {
  const button = byId("second-save")
  const [phrase, again] = FIELDS.map((id) => byId(id).value)
  const wrong = wrongPhrase(app, phrase, again)
  tell(byId("second-wrong"), wrong)
  if (wrong || button.disabled) return
  button.disabled = true
  tell(byId("second-saved"), say("Locking the key. This takes some seconds."))
  const root = app.random(ROOT_SIZE)
  try {
    const words = wordsOf(root, language())
    if (!words.length) throw new Error("words")
    const recipient = await standingRecipient(root)
    const name = say("key-other-person-{letters}.age", { letters: recipient.slice(-TOLD) })
    save(name, new Blob([await ask("sealWords", [wordsText(words, language()), phrase])], { type: "application/octet-stream" }))
    for (const id of FIELDS) byId(id).value = ""
    byId("holder").value = recipient
    byId("holder").dispatchEvent(new Event("input"))
    tell(byId("second-saved"), say("Saved as {name}. It is for the other person, and the file must get to them. Your own key stays as it is.", { name }))
  } catch {
    tell(byId("second-saved"), "")
    tell(byId("second-wrong"), say("The key could not be locked on this device. Try again, or go on alone."))
  } finally {
    root.fill(0)
    button.disabled = false
  }
}
