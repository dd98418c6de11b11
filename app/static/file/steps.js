// @ts-check
/**
 * One thing per page, in one document: which step is shown, and the browser's back button. An address holds the name of
 * a step and nothing that a person wrote.
 */
import { byId, element } from "./dom.js"
import { number, say } from "./words.js"

/** @type {HTMLElement[]} */ const sections = []
/** @type {Map<string, () => void | Promise<void>>} */ const entering = new Map()
/** @type {Map<string, () => boolean | Promise<boolean>>} */ const leaving = new Map()
let current = 0
let ended = false
let moving = false
/** Whether what the shown step needs did not come. */ let lacking = false
/** @type {string | null} the step that nothing leads away from */ let held = null

/** Run something whenever a step is shown. @param {string} step @param {() => void | Promise<void>} act */
export const onEnter = (step, act) => void entering.set(step, act)

/** Ask before going on from a step. @param {string} step @param {() => boolean | Promise<boolean>} may */
export const onContinue = (step, may) => void leaving.set(step, may)

/** @returns {string} */
export const currentStep = () => sections[current].id

/** Find the steps, tie the buttons, show the first. */
export function beginSteps() {
  sections.push(.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-step]")))
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-go]"))) {
    // The second press of a double one would fall on the next step's button, and pass it unseen.
    button.addEventListener("click", ({ detail }) => void (detail > 1 || move(Number(button.dataset.go))))
    button.disabled = false
  }
  window.addEventListener("popstate", () => {
    // While something sealed may have arrived, an answer that was changed would change nothing of it.
    if (held) return history.pushState(null, "", `#${held}`)
    // After the receipt there is no way back into what was sent.
    const wanted = sections.findIndex(({ id }) => id === location.hash.slice(1))
    void show(ended ? current : Math.max(wanted, 0))
  })
  history.replaceState(null, "", location.pathname + location.search)
  void show(0)
}

/** Stay at a step, whatever the browser's own buttons say; null lets go. @param {string | null} step */
export const holdAt = (step) => void (held = step)

/** @param {number} by */
async function move(by) {
  if (moving || ended) return
  moving = true
  try {
    if (by > 0 && lacking) return await enter(sections[current])
    const may = by < 0 || ((await leaving.get(currentStep())?.()) ?? true)
    if (may) await goTo(sections[current + by].id)
  } finally {
    moving = false
  }
}

/** @param {string} step @returns {Promise<void>} */
export async function goTo(step) {
  history.pushState(null, "", `#${step}`)
  await show(sections.findIndex(({ id }) => id === step))
}

/** Show the last step; nothing leads back from it. @param {string} step */
export async function endAt(step) {
  history.replaceState(null, "", `#${step}`)
  held = null
  await show(sections.findIndex(({ id }) => id === step))
  ended = true
}

/** Let a step fetch what it needs; if the line breaks, say so, and let it be tried again. @param {HTMLElement} section */
async function enter(section) {
  const frame = /** @type {HTMLElement} */ (section.querySelector("[data-problems]"))
  const before = lacking
  lacking = await (async () => entering.get(section.id)?.())().then(() => false, () => true)
  if (before || lacking) frame.hidden = !lacking
  if (!lacking) return
  const again = element("button", { type: "button", class: "linkish" }, say("The connection broke. Try again."))
  again.addEventListener("click", () => void enter(section))
  frame.querySelector("ul")?.replaceChildren(element("li", {}, again))
}

/** Show the step as it stands, in the page's words of now. */
export async function showAgain() {
  byId("where").textContent = say("Step {step} of {steps}", { step: number(current + 1), steps: number(sections.length) })
  await enter(sections[current])
}

/** @param {number} place */
async function show(place) {
  const first = sections.every((section) => section.hidden)
  current = place
  for (const [other, section] of sections.entries()) section.hidden = other !== place
  byId("how-far").value = place
  await showAgain()
  document.dispatchEvent(new Event("step"))
  if (first) return
  // The page's own head is above: on a phone it would fill a quarter of the screen at each step.
  window.scrollTo(0, scrollY + byId("filing").getBoundingClientRect().top)
  sections[place].querySelector("h1")?.focus({ preventScroll: true })
}
