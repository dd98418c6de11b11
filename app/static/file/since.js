// @ts-check
/** Since when: the first month that the story names is offered for the field, and never taken over by itself. */
import { byId } from "./dom.js"
import { onEnter } from "./steps.js"
import { language, say } from "./words.js"

const STILL = 700 // milliseconds without a letter
const MONTHS = 12
const RECENT_YEARS = "(?:19|20)\\d\\d"

/**
 * @param {string} text @param {string} spoken its language @param {Date} today
 * @returns {string} the earliest month that it names, as `2026-08`, or nothing; without a year the last one that has begun
 */
export function earliestMonth(text, spoken, today) {
  const begun = today.getFullYear() * MONTHS + today.getMonth()
  const found = monthNames(spoken).flatMap((name, month) => {
    // In English the name of a month is a word too, but for its capital.
    const named = new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])(?: \\d{1,2}\\b)?(?:,? (?:del? |of )?(${RECENT_YEARS}))?`, spoken === "en" ? "gu" : "giu")
    const last = month > today.getMonth() ? today.getFullYear() - 1 : today.getFullYear()
    return [...text.matchAll(named)].map(([, year]) => (year ? Number(year) : last) * MONTHS + month)
  })
  const past = found.filter((one) => one <= begun)
  if (!past.length) return ""
  const first = Math.min(...past)
  return `${Math.floor(first / MONTHS)}-${String((first % MONTHS) + 1).padStart(2, "0")}`
}

/** @param {string} spoken @returns {string[]} */
function monthNames(spoken) {
  const words = new Intl.DateTimeFormat(spoken, { month: "long", timeZone: "UTC" })
  return Array.from({ length: MONTHS }, (_, month) => words.format(Date.UTC(2000, month, 15)))
}

/** @param {import("./page.js").App} app */
export function setUpSince(app) {
  const [written, field] = [byId("f-story-narrative"), byId("f-story-since")]
  const button = byId("since-offer")
  let month = ""
  const offer = () => {
    month = app.answers.story.since ? "" : earliestMonth(app.answers.story.narrative, language(), new Date())
    button.hidden = !month
    const [year, number] = month.split("-").map(Number)
    if (month) button.textContent = say("Since {month}", { month: new Intl.DateTimeFormat(language(), { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.UTC(year, number - 1, 15)) })
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting
  const later = () => {
    clearTimeout(waiting)
    waiting = setTimeout(offer, STILL)
  }
  for (const one of [written, field]) one.addEventListener("input", later)
  button.addEventListener("click", () => {
    field.value = month
    field.dispatchEvent(new Event("input", { bubbles: true }))
    button.hidden = true
    field.focus()
  })
  onEnter("story", offer)
}
