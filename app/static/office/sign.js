// @ts-check
/**
 * Where a record is asked for, this device signs; where one is shown, it keeps what the log's proof says.
 *
 *   1. A form that asks for a record is sent with the device's signature over this look, and over the newest state of
 *      the log that the device knows. Without a key of its own it is sent as it is: the portal's rule decides.
 *   2. A proof counts when the log's key signed it that this device knows since it was enrolled.
 *   3. What was known is an earlier state of the public log, and so is what was just shown. If not, the page says so, and
 *      the device keeps what it knew: it is evidence.
 */
import { fetchLogs } from "../seal/logs.js"
import { verifyCheckpoint } from "../seal/log/checkpoint.js"
import { contradicting } from "../seal/log/tiles.js"
import { parseProof } from "../seal/log/proof.js"
import { getBytes } from "../seal/http.js"
import { verifier } from "../seal/notes.js"
import { followed } from "../seal/succession.js"
import { element, tell } from "../file/dom.js"
import { loadWords, say } from "../file/words.js"
import { freshNonce, keepDevice, keptDevice } from "./device.js"
import { requestNote } from "./request.js"

const CHECKPOINT_LIMIT = 64 * 1024
const TILE_LIMIT = 256 * 32

/** @typedef {import("./device.js").Device} Device */

/** @param {string} selector @returns {HTMLElement[]} */
const all = (selector) => [...document.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one))

// 1.

/** @param {HTMLElement} place @param {Device} device @param {HTMLFormElement} form */
async function sign(place, device, form) {
  const { portal = "", role = "", case: number = "", record = "" } = place.dataset
  const purpose = String(new FormData(form).get("purpose") ?? "")
  const look = { portal, role, case: number, record, purpose, nonce: await freshNonce(), checkpoint: device.known, time: Date.now() }
  const field = /** @type {HTMLInputElement} */ (place.querySelector("input[name=request]"))
  field.value = await requestNote(look, device.vkey, device.key)
  form.submit()
}

/** @param {HTMLElement} place */
async function setUp(place) {
  const form = place.closest("form")
  const said = /** @type {HTMLElement} */ (place.querySelector("[data-said]"))
  const { portal = "", reader = "" } = place.dataset
  const device = await keptDevice(portal, reader)
  if (!form || !device?.enrolled) {
    const unsigned = /** @type {HTMLElement | null} */ (place.querySelector("[data-unsigned]"))
    if (unsigned) unsigned.hidden = false
    return
  }
  said.className = "small soft"
  tell(said, say("This device signs what you ask for."))
  let busy = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (busy) return
    busy = true
    try {
      await sign(place, device, form)
    } catch {
      busy = false
      tell(said, say("The signature was not made. Look at your connection and try again."))
    }
  })
}

// 2. and 3.

/** @param {Device} device @param {string} note */
function stateOf({ logs }, note) {
  try {
    return verifyCheckpoint(note, logs.log_origin, [verifier(logs.log_vkey)])
  } catch {
    return null
  }
}

/** @param {HTMLElement} place with a proof */
async function learn(place) {
  const { portal = "", reader = "" } = place.dataset
  const kept = await keptDevice(portal, reader)
  if (!kept?.enrolled) return
  const { checkpoint } = parseProof(place.textContent ?? "")
  const device = stateOf(kept, checkpoint) ? kept : await succeeded(kept)
  const shown = stateOf(device, checkpoint)
  if (!shown) return alarm(place, say("The log of this portal is signed with another key than on the day on which this device was enrolled. If the operator announced new keys, switch this device off and enrol it again; if not, tell an auditor."))
  const known = stateOf(device, device.known)
  const others = await against(device, known ? [known, shown] : [shown])
  if (others.length) return alarm(place, say("This portal shows two histories of its log: this device knows one of {size} entries that is no part of what is public now. Tell an auditor and the operator, and keep this device as it is.", { size: others[0] }))
  if (!known || shown.size > known.size) await keepDevice(portal, reader, { ...device, known: checkpoint })
}

/** The device under the keys of a log that went on after a loss, if the notes lead there. @param {Device} device @returns {Promise<Device>} */
async function succeeded(device) {
  try {
    const { notes } = await fetchLogs(location.origin)
    const logs = followed(device.logs, notes)
    return logs.log_origin === device.logs.log_origin ? device : { ...device, logs, known: "" }
  } catch {
    return device
  }
}

/** The sizes of states that are no beginning of the public log; none where it cannot be read now. @param {Device} device @param {{size: number, root: Uint8Array}[]} states */
async function against(device, states) {
  const same = states.length === 2 && states[0].size === states[1].size && String(states[0].root) !== String(states[1].root)
  if (same) return [states[0].size]
  try {
    const published = stateOf(device, new TextDecoder().decode(await getBytes(location.origin, "/log/checkpoint", CHECKPOINT_LIMIT)))
    return published ? await contradicting(published, states, (path) => getBytes(location.origin, `/log/${path}`, TILE_LIMIT)) : []
  } catch {
    return []
  }
}

/** @param {HTMLElement} place @param {string} text */
function alarm(place, text) {
  const box = element("div", { class: "alarm", role: "alert", id: "log-alarm" }, element("h2", {}, say("The log does not hold")), element("p", {}, text))
  document.getElementById("main")?.prepend(box)
  place.removeAttribute("data-proof")
}

async function start() {
  const places = all("[data-sign], [data-proof]")
  if (!places.length || !isSecureContext) return
  await loadWords(places[0].dataset.words ?? "")
  for (const place of all("[data-sign]")) await setUp(place)
  for (const place of all("[data-proof]")) await learn(place)
}

void start()
