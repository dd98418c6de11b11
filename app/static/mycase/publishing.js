// @ts-check
/**
 * A public version of the petition, made, looked through, signed off and given out; or called back.
 *
 * 1. It is reviewed by stricter rules (public.js): what was kept readable for the office is asked again, what was hidden
 * stays hidden. 2. Each text is read and said yes to, and a second person is named. 3. The case's key signs which text
 * goes to whom. 4. The portal's log proves it. Until the last button nothing is sent.
 */
import { byId, element, tell } from "../file/dom.js"
import { N_, countedDay, say } from "../file/words.js"
import { utf8 } from "../seal/bytes.js"
import { canonical } from "../seal/canonical.js"
import { sha256Hex } from "../seal/digest.js"
import { knownOf, petitionIn } from "../seal/known.js"
import { finish, goTo } from "./flow.js"
import { URL_OF_PORTAL, contentsOf } from "./held.js"
import { fetchReleased, release } from "./portal.js"
import { publicPetition, publicVersion, signOffs } from "./public.js"
import { paragraphs, showRecord } from "./record.js"
import { beginReview, toldOf } from "./reviewing.js"
import { trouble } from "./said.js"
import { linesOf } from "./timeline.js"

/** @typedef {import("./held.js").Held} Held */

/** @type {{ held: Held, text: string } | null} what waits for the last button */ let waiting = null
/** @type {() => Promise<void>} */ let refresh = async () => undefined
/** @type {Record<string, string>} */
const TEXTS = { "facts.summary": N_("Summary"), "facts.narrative": N_("What happened") }

/** @param {() => Promise<void>} refreshed shows the case anew after something was given out */
export function setUpPublishing(refreshed) {
  refresh = refreshed
  byId("public-go").addEventListener("click", () => void give())
}

/** Nothing of it stays. */
export function forgetPublic() {
  waiting = null
}

/** @param {Held} held */
export async function beginPublic(held) {
  const known = knownOf(await contentsOf(held))
  const before = petitionIn(known)
  await beginReview({
    key: `public ${held.opened.manifest.version}`,
    told: toldOf(known.originals.content.review ?? [], before).filter(([, decision]) => decision !== "keep"), // 1
    petition: () => publicPetition(before),
    labels: () => ({}),
    nameOf: (path) => nameOf(path),
    reword: () => false,
    settled: (settled) => check(held, settled.record),
  })
}

/** @param {string} path @returns {string} */
const nameOf = (path) => (TEXTS[path] ? say(TEXTS[path]) : path.startsWith("remedy") ? say("What you ask for") : say("What"))

/** @param {Held} held @param {any} record settled by the stricter rules */
function check(held, record) {
  const version = publicVersion(record)
  waiting = { held, text: canonical(version) }
  const { salt: _, v: __, ...shown } = version
  const place = element("div", { class: "facts" })
  showRecord(place, shown, String(version.language))
  byId("public-shown").replaceChildren(place)
  byId("public-texts").replaceChildren(...signOffs(version).map(([path, text]) => signOff(path, text, version.language)))
  byId("public-second").checked = false
  tell(byId("public-wrong"), "")
  goTo("public")
}

/** @param {string} path @param {string} text @param {string} tongue */
function signOff(path, text, tongue) {
  const box = element("input", { type: "checkbox", autocomplete: "off", "data-sign-off": "" })
  const said = element("label", { class: "option" }, box, element("span", {}, say("I read it: it tells nobody who somebody is")))
  return element("li", {}, element("h3", {}, nameOf(path)), element("div", { class: "as-read", lang: tongue }, ...paragraphs(text)), said)
}

/** @returns {string} what still keeps it from going out */
function missing() {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (byId("public-texts").querySelectorAll("[data-sign-off]"))
  const open = [...boxes].find((box) => !box.checked)
  open?.focus()
  if (open) return say("Read each text, and say of each that it tells nobody who somebody is.")
  if (!byId("public-second").checked) return say("Let a second person read it first.")
  return ""
}

async function give() {
  const now = waiting
  const button = byId("public-go")
  if (!now || button.disabled) return
  const lacks = missing() // 2
  if (lacks) return tell(byId("public-wrong"), lacks)
  button.disabled = true
  try {
    const audience = byId("public-to").value === "everyone" ? "everyone" : "office"
    const sha256 = sha256Hex(utf8(now.text))
    await release(URL_OF_PORTAL, now.held.opened, { text: now.text, sha256, audience }) // 3, 4
    waiting = null
    finish()
    const [done, proof] = [say("Given out. Whoever may see it sees this version from now on."), say("✓ The public log has it: proved on this device.")]
    tell(byId("step-done"), `${done} ${proof}`)
    byId("step-done").focus()
    await refresh()
  } catch (error) {
    tell(byId("public-wrong"), trouble(error))
  } finally {
    button.disabled = false
  }
}

/** Show what was given out of the case, and who of the office read it. @param {Held} held */
export async function showReleased(held) {
  const { versions, handed } = await fetchReleased(URL_OF_PORTAL, held.opened)
  const now = versions.find(({ withdrawn }) => !withdrawn)
  byId("ask-recall").hidden = !now
  byId("public-state").replaceChildren(...versions.map(line))
  const read = linesOf(held.before, ({ kind }) => ["public_read", "public_handed_on"].includes(kind))
  const to = handed.map(({ to: whom, time }) => element("li", {}, say("The office says that it gave it to: {whom}", { whom }), ` · ${countedDay(new Date(time))}`))
  byId("public-readers").replaceChildren(...(versions.length ? [element("ul", {}, ...read, ...to)] : []))
}

/** @param {import("./portal.js").Released} released */
function line({ audience, released, withdrawn, sha256 }) {
  const day = (/** @type {string} */ moment) => countedDay(new Date(moment))
  const whom = audience === "everyone" ? say("Published for everybody since {day}.", { day: day(released) }) : say("Given to the office since {day}, which may hand it to your employer.", { day: day(released) })
  const gone = withdrawn ? say("Called back: {day}.", { day: day(withdrawn) }) : ""
  return element("li", {}, whom, " ", gone, " ", element("span", { class: "code small" }, `SHA-256 ${sha256}`))
}
