// @ts-check
/**
 * Sealing and sending a next version of the case, so that no lost connection and no second press sends it twice or loses
 * it (law L7). One page for every change: what changes, one button, progress, the receipt.
 *
 * 1. It is sealed once; what was sealed is sent again as it is until the portal has answered. 2. The receipt is verified
 * here. 3. Only an answer that says "this will never be taken" frees what was written to be changed and sealed anew.
 */
import { signIn } from "../seal/case.js"
import { NetworkError } from "../seal/errors.js"
import { sendRevision } from "../seal/revising.js"
import { byId, element, save, showFacts, tell } from "../file/dom.js"
import { countedDay, locale, number, say } from "../file/words.js"
import { finish, goTo, keepPage } from "./flow.js"
import { URL_OF_PORTAL } from "./held.js"
import { signedIn } from "./portal.js"
import { trouble } from "./said.js"

/** Answers that say: this version, as it is, will not be taken; nothing of it was stored. */
const DEFINITE = [400, 409, 413, 422]

/** @typedef {import("./held.js").Held} Held */
/**
 * A change that waits for its button.
 * @typedef {object} Change
 * @property {Held} held
 * @property {string} title
 * @property {(Node | string)[]} shown what the person agrees to
 * @property {string} button
 * @property {(onProgress: import("../seal/types.js").OnProgress) => Promise<import("../seal/revision.js").Revision>} seal
 * @property {(receipt: import("../seal/types.js").Receipt) => void | Promise<void>} done after the receipt was verified
 * @property {() => Promise<void>} again begin from the newest version, because somebody else was faster
 */

/** @type {Change | null} */ let waiting = null
/** Sealed, and perhaps taken. @type {{revision: import("../seal/revision.js").Revision, sent: Set<string>} | null} */ let pending = null
/** @type {string} */ let receiptText = ""
let busy = false

export function setUpSending() {
  byId("send-now").addEventListener("click", () => void press())
  byId("sent-receipt").addEventListener("click", () => save("receipt.tlog-proof", new Blob([receiptText], { type: "text/plain;charset=utf-8" })))
  byId("sent-home").addEventListener("click", () => finish())
  addEventListener("beforeunload", (event) => {
    if (pending) event.preventDefault()
  })
}

/** Forget what was sealed here. */
export function forgetSealed() {
  waiting = null
  pending = null
}

/** Whether something is sealed and not confirmed: then nothing else is begun. */
export const isPending = () => pending !== null

/** Show a change and its button. @param {Change} change */
export function offer(change) {
  if (!pending) {
    waiting = change
    byId("check-title").textContent = change.title
    byId("check-shown").replaceChildren(...change.shown)
    byId("send-now").textContent = change.button
    tell(byId("send-wrong"), "")
    step("")
  }
  goTo("check")
}

async function press() {
  if (busy || !waiting) return
  busy = true
  const change = waiting
  setBusy(true)
  try {
    pending ??= { revision: await change.seal(progress), sent: new Set() } // 1
    const receipt = await send(change, pending)
    // A new case key ends every session, this one too.
    if (pending.revision.after?.signIn) await signIn({ url: URL_OF_PORTAL, opened: change.held.opened }).catch(() => undefined)
    pending = null
    waiting = null
    await arrived(change, receipt)
  } catch (error) {
    await explain(change, error)
  } finally {
    busy = false
    setBusy(false)
  }
}

/** @param {boolean} on */
function setBusy(on) {
  byId("send-now").disabled = on
  // While it may have arrived, another one must not be made of it.
  const stays = on || pending !== null
  byId("send-back").disabled = stays
  keepPage(stays)
  if (!on) byId("send-progress").hidden = true
}

/** @param {Change} change @param {NonNullable<typeof pending>} sealed */
async function send({ held }, { revision, sent }) {
  step(say("Sending…"))
  const { opened } = held
  const call = () => sendRevision({ url: URL_OF_PORTAL, opened, revision, sent, onProgress: progress })
  return await signedIn(URL_OF_PORTAL, opened, call, { ...opened, ...revision.after }) // 2
}

/** @param {Change} change @param {import("../seal/types.js").Receipt} receipt */
async function arrived(change, receipt) {
  receiptText = receipt.text
  keepPage(false)
  showFacts(byId("sent-facts"), [
    [say("Version of your case"), number(change.held.opened.manifest.version)],
    [say("Received"), countedDay(new Date(receipt.received))],
    [say("Entry in the log"), number(receipt.index)],
  ])
  byId("sent-more").replaceChildren()
  finish("sent")
  await change.done(receipt)
}

/** What somebody should know after it arrived. @param {...(Node | string)} shown */
export const tellMore = (...shown) => byId("sent-more").replaceChildren(...shown)

/** @param {string} text */
function step(text) {
  byId("send-step").textContent = text
}

/** @param {{ step: string, done: number, total: number }} so */
function progress({ step: name, done, total }) {
  const bar = byId("send-progress")
  bar.hidden = !total
  bar.value = total ? done / total : 0
  const percent = new Intl.NumberFormat(locale(), { style: "percent" }).format(total ? Math.floor((100 * done) / total) / 100 : 0)
  if (name === "seal") step(total ? say("Sealing… {percent}", { percent }) : say("Sealing…"))
  else step(say("Sending… {percent}", { percent }))
}

/** @param {Change} change @param {unknown} error */
async function explain(change, error) {
  step("")
  const wrong = byId("send-wrong")
  const before = pending !== null
  if (error instanceof NetworkError && DEFINITE.includes(Number(error.details.status))) pending = null // 3
  if (error instanceof NetworkError && error.code === "behind") {
    await overtaken(change)
  } else {
    const rest = pending ? say("Nothing is lost: it is sealed and waits here. Press the button again: it counts once.") : before ? "" : say("Nothing was sent.")
    tell(wrong, `${trouble(error)} ${rest}`)
  }
  wrong.scrollIntoView({ block: "nearest" })
}

/** @param {Change} change */
async function overtaken(change) {
  try {
    await change.again()
    const words = say("Somebody else who holds this case changed it meanwhile. Nothing of yours was stored, and what you wrote is still here. Look at it again, and send it.")
    for (const id of ["send-wrong", "review-wrong"]) tell(byId(id), words)
  } catch (error) {
    tell(byId("send-wrong"), trouble(error))
  }
}

/** A part of what is shown before sending. @param {string} title @param {...(Node | string)} children */
export const part = (title, ...children) => element("section", {}, element("h3", {}, title), ...children)
