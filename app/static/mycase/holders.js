// @ts-check
/**
 * Who can open the case: listed, one more let in, one taken out, one's own key changed. Taking out and changing make a new
 * case key, to which everything is sealed anew on this device; a new key is tried at once.
 */
import { byId, element, save, tell } from "../file/dom.js"
import { language, number, say } from "../file/words.js"
import { checkRecipient } from "../seal/age.js"
import { openCase } from "../seal/case.js"
import { standingRecipient } from "../seal/keys.js"
import { sealHolder, sealNewKey } from "../seal/revising.js"
import { caseFile } from "./casefile.js"
import { goTo } from "./flow.js"
import { URL_OF_PORTAL, contentsOf, openAgain } from "./held.js"
import { beginKey, forgetKey, keyMade } from "./keymaking.js"
import { fetchQuestions, signedIn } from "./portal.js"
import { trouble } from "./said.js"
import { isPending, offer, tellMore } from "./sending.js"

const MIB = 1024 * 1024
/** What is sealed anew is in this device's memory for a while. */
const LIMIT = 48 * MIB
const HOLDER_LIMIT = 16 * 1024 // bytes of holder.txt
const SHOWN = 12 // letters of a recipient that tell one from another

/** @typedef {import("./held.js").Held} Held */
/** @typedef {Held["opened"]["roster"][number]} Holder */
/** @typedef {{newCode: boolean, leaving: string[], own?: Uint8Array}} NewKey */

/** @type {Held | null} */ let held = null
/** @type {() => Promise<void>} */ let refresh = async () => undefined

/** @param {() => Promise<void>} refreshed shows the case anew after its holders changed */
export function setUpHolders(refreshed) {
  refresh = refreshed
  byId("holder-way").addEventListener("change", showWay)
  byId("holder-file").addEventListener("change", async () => {
    const [file] = byId("holder-file").files
    if (file && file.size <= HOLDER_LIMIT) byId("holder").value = (await file.text()).trim()
  })
  byId("holder-next").addEventListener("click", () => void offerHolder())
  byId("remove-next").addEventListener("click", () => offerRemoval())
  byId("words-next").addEventListener("click", () => offerWords())
}

/** Nothing of a new key stays. */
export function forgetHolders() {
  held = null
  forgetKey()
}

/** @param {Holder} holder */
const isReal = ({ label }) => label !== "unused"

/** @param {Holder} holder @returns {string} */
export function holderWords({ label, recipient, own }) {
  const who = own ? say("You") : label === "filer" ? say("Who filed") : say("Another person")
  return `${who} · …${recipient.slice(-SHOWN)}`
}

/** @param {Held} open @param {(holder: Holder) => void} remove */
export function showHolders({ opened }, remove) {
  const real = opened.roster.filter(isReal)
  byId("holders").replaceChildren(...real.map((holder) => row(holder, remove)))
  byId("alone").hidden = real.length > 1
}

/** @param {Holder} holder @param {(holder: Holder) => void} remove */
function row(holder, remove) {
  const made = element("li", {}, element("span", {}, holderWords(holder)), " ")
  if (!holder.own) {
    const button = element("button", { type: "button", class: "linkish" }, say("Take this person out"))
    button.addEventListener("click", () => remove(holder))
    made.append(button)
  }
  return made
}

// The case as a file

/** @param {Held} open */
export function saveCase(open) {
  const text = caseFile(open, { url: URL_OF_PORTAL, language: language() })
  save("case.json", new Blob([text], { type: "application/json;charset=utf-8" }))
}

// One more

/** @param {Held} open */
export function beginHolder(open) {
  if (isPending()) return goTo("check")
  held = open
  byId("holder").value = ""
  tell(byId("holder-wrong"), "")
  byId("holder-way").value = "theirs"
  beginKey("holder-maker", false)
  showWay()
  goTo("holder-add")
}

function showWay() {
  const here = byId("holder-way").value === "here"
  byId("holder-theirs").hidden = here
  byId("holder-maker").hidden = !here
}

async function offerHolder() {
  const now = held
  if (!now) return
  const made = byId("holder-way").value === "here" ? keyMade() : null
  if (byId("holder-way").value === "here" && !made) return
  const recipient = made ? await standingRecipient(made) : byId("holder").value.trim()
  const wrong = wrongHolder(now, recipient)
  tell(byId("holder-wrong"), wrong)
  if (wrong) return byId("holder").focus()
  const root = made?.slice()
  const show = () =>
    offer({
      held: now,
      title: say("Let one more person in?"),
      shown: [element("p", {}, say("This person will open everything in this case, names included. The log says that the case changed, and not who came.")), element("p", { class: "code" }, `…${recipient.slice(-SHOWN)}`)],
      button: say("Let this person in"),
      seal: () => sealHolder({ opened: now.opened, recipient }),
      done: () => arrived(now, root, say("This person can open the case now. Give them a copy of the file of your case, and let them open it once, to be sure.")),
      again: async () => {
        await openAgain(now)
        show()
      },
    })
  show()
}

/** @param {Held} now @param {string} recipient @returns {string} */
function wrongHolder({ opened }, recipient) {
  try {
    checkRecipient(recipient)
  } catch {
    return say("That is no key of a second person. It begins with age1pq1 and is very long.")
  }
  return opened.roster.some((holder) => holder.recipient === recipient) ? say("This person can open the case already.") : ""
}

// Somebody out, or another key

/** @type {Holder | null} */ let leaving = null

/** @param {Held} open @param {Holder} holder */
export function beginRemoval(open, holder) {
  if (isPending()) return goTo("check")
  held = open
  leaving = holder
  byId("remove-who").textContent = holderWords(holder)
  byId("remove-code").checked = false
  goTo("holder-remove")
}

function offerRemoval() {
  const [now, holder] = [held, leaving]
  if (!now || !holder) return
  const newCode = byId("remove-code").checked
  offerNewKey(now, { leaving: [holder.recipient], newCode }, say("Take this person out?"), [
    element("p", {}, holderWords(holder)),
    element("p", {}, say("Everything is sealed anew on this device, for the others only. What this person opened until now they may have kept.")),
    ...(newCode ? [element("p", {}, say("The status code is another from then on. Give the other holders the new file of the case."))] : []),
  ])
}

/** @param {Held} open */
export function beginWords(open) {
  if (isPending()) return goTo("check")
  held = open
  beginKey("words-maker", true)
  byId("words-code").checked = open.opened.roster.filter(isReal).length === 1
  goTo("words-new")
}

function offerWords() {
  const now = held
  const root = now && keyMade()
  if (!now || !root) return
  const own = root.slice()
  const newCode = byId("words-code").checked
  offerNewKey(now, { leaving: [], own, newCode }, say("Change your key?"), [
    element("p", {}, say("Everything is sealed anew on this device. Your old key opens nothing of this case from then on.")),
    ...(newCode ? [element("p", {}, say("The status code is another from then on. Give the other holders the new file of the case."))] : []),
  ])
}

/** @param {Held} now @param {NewKey} change @param {string} title @param {HTMLElement[]} shown */
function offerNewKey(now, change, title, shown) {
  offer({
    held: now,
    title,
    shown,
    button: change.own ? say("Change my key") : say("Take this person out"),
    seal: async (onProgress) => {
      const messages = await signedIn(URL_OF_PORTAL, now.opened, () => fetchQuestions(URL_OF_PORTAL, now.opened))
      return await sealNewKey({ url: URL_OF_PORTAL, opened: now.opened, change, messages: messages.map(({ record, body }) => ({ record, body })), limit: LIMIT, onProgress })
    },
    done: () => {
      if (change.own) now.root = change.own
      return arrived(now, change.own, change.own ? say("Your key is another now. Destroy the old one, on paper and on every device.") : say("This person is out. Tell the others."))
    },
    again: async () => {
      await openAgain(now)
      offerNewKey(now, change, title, shown)
    },
  })
}

/** @param {Held} now @param {Uint8Array | undefined} root a key that was made here, to be tried @param {string} words */
async function arrived(now, root, words) {
  forgetKey()
  const { opened } = now
  const button = element("button", { type: "button", class: "button button-quiet" }, say("Save the file of the case"))
  button.addEventListener("click", () => saveCase(now))
  const shown = [element("p", {}, words), element("p", {}, say("{count} persons can open this case.", { count: number(opened.roster.filter(isReal).length) })), button]
  tellMore(...shown)
  if (root) tellMore(await tried(now, root), ...shown)
  await contentsOf(now)
  await refresh()
}

/** The new key is tried against the portal, as its holder will. @param {Held} now @param {Uint8Array} root */
async function tried({ opened }, root) {
  const { version, sha256 } = opened.manifest
  try {
    await openCase({ url: URL_OF_PORTAL, number: opened.case, root: root.slice(), code: opened.statusCode, keys: opened.portal, seen: { version, sha256 } })
    return element("p", { class: "calm" }, say("✓ Tried here: the new key opens the case."))
  } catch (error) {
    const why = trouble(error)
    return element("p", { class: "wrong" }, say("The new key was not tried: {why}", { why }))
  }
}
