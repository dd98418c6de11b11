// @ts-check
/**
 * Enrolling this device on the account's page: it makes a key that stays here, and says whose it is.
 *
 * The words of the key are made here, from the key itself, to be compared with those that the portal shows. A key that was
 * switched off is forgotten, and a new one is made when it is asked for.
 */
import { fetchPortal } from "../seal/filing.js"
import { byId, tell } from "../file/dom.js"
import { language, loadWords, say } from "../file/words.js"
import { forgetDevice, freshNonce, keepDevice, keptDevice, newKey } from "./device.js"
import { fingerprint } from "./fingerprint.js"
import { keyNote, vkey } from "./request.js"

const { portal = "", reader = "", words = "" } = byId("device").dataset

/** What the portal says of a key: on, off, or nothing. @param {string} key */
function standing(key) {
  const line = [...document.querySelectorAll("[data-vkey]")].find((one) => /** @type {HTMLElement} */ (one).dataset.vkey === key)
  return line ? (line.hasAttribute("data-ended") ? "off" : "on") : ""
}

/** @returns {Promise<import("./device.js").Device | null>} the device's key, made now if there is none */
async function ownDevice() {
  const kept = await keptDevice(portal, reader)
  if (kept) return kept
  const pair = await newKey()
  if (!pair) return null
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))
  const logs = await fetchPortal(location.origin)
  const device = { key: pair.privateKey, vkey: vkey(portal, key), enrolled: false, logs, known: "" }
  await keepDevice(portal, reader, device)
  return device
}

/** @param {SubmitEvent} event */
async function enrol(event) {
  event.preventDefault()
  const form = /** @type {HTMLFormElement & {request: HTMLInputElement}} */ (event.target)
  try {
    const device = await ownDevice()
    if (!device) return cannot()
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("request"))
    field.value = await keyNote({ portal, reader, nonce: await freshNonce(), time: Date.now() }, device.vkey, device.key)
    form.submit()
  } catch {
    tell(byId("device-said"), say("The key was not made. Look at your connection and try again."))
  }
}

function cannot() {
  byId("device-cannot").hidden = false
  byId("device-new").hidden = true
}

async function start() {
  await loadWords(words)
  if (!isSecureContext) return cannot()
  const device = await keptDevice(portal, reader)
  const here = device ? standing(device.vkey) : ""
  if (device && here === "off") await forgetDevice(portal, reader)
  if (device && here === "on") {
    if (!device.enrolled) await keepDevice(portal, reader, { ...device, enrolled: true })
    byId("device-own").textContent = fingerprint(device.vkey, /** @type {"es" | "en" | "fr"} */ (language()))
    byId("device-here").hidden = false
    return
  }
  byId("device-new").hidden = false
  byId("device-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => void enrol(event))
}

void start()
