// @ts-check
/**
 * Leaving quickly: the page is emptied at once and another one takes its place. The browser's own history still shows
 * that this address was visited; the page says so.
 */
const ELSEWHERE = "https://www.wikipedia.org/"
const PRESSES = 3
const WITHIN = 2_000 // milliseconds

let left = false

/** @returns {boolean} whether somebody leaves quickly: nothing is asked then, whatever would be lost */
export const leftQuickly = () => left

/** @param {HTMLElement} button @param {() => void} forget what is in memory */
export function offerExit(button, forget) {
  const leave = () => {
    document.title = "…"
    document.body.replaceChildren()
    left = true
    try {
      forget()
    } finally {
      // Whatever went wrong with the emptied page, somebody may be looking.
      location.replace(ELSEWHERE)
    }
  }
  button.addEventListener("click", leave)
  /** @type {number[]} */ let presses = []
  document.addEventListener("keydown", ({ key, timeStamp, repeat }) => {
    if (repeat) return
    presses = key === "Shift" ? [...presses.filter((time) => timeStamp - time < WITHIN), timeStamp] : []
    if (presses.length >= PRESSES) leave()
  })
}
