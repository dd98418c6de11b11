// @ts-check
/** Where the case stands: stage, clock in words and as a bar, reasons, what waits, and whether the office has access. */
import { byId, element, showFacts } from "../file/dom.js"
import { N_, language, say } from "../file/words.js"
import { day, label } from "./labels.js"

const DAY = 24 * 60 * 60 * 1000 // milliseconds
/** @type {Record<string, string>} */
const STATES = { NOT_STARTED: N_("Not started"), STOPPED: N_("Stopped"), MET: N_("Met in time"), MET_LATE: N_("Met late") }

/** A deadline in words, such as `9 days left`. @param {any} clock as the status has it @returns {string} */
export function clockWords({ state, days_left: left, days_late: late }) {
  if (state === "MET_LATE" && late) return late === 1 ? say("Met 1 day late") : say("Met {days} days late", { days: late })
  if (Object.hasOwn(STATES, state)) return say(STATES[state])
  if (state === "OVERDUE") return late === 1 ? say("1 day overdue") : say("{days} days overdue", { days: late })
  if (!left) return say("Due today")
  return left === 1 ? say("1 day left") : say("{days} days left", { days: left })
}

/** How much of the time has run, 0 to 1. @param {any} clock @returns {number} */
export function share({ start, due, days_left: left }) {
  if (!start || !due || left === null) return 1
  const whole = (Date.parse(due) - Date.parse(start.day)) / DAY
  return whole > 0 ? Math.min(1, Math.max(0, (whole - left) / whole)) : 1
}

/** @param {Record<string, any>} status as the portal signed it */
export function showStanding(status) {
  const clock = status.clocks?.at(-1)
  byId("stage").textContent = label("stage", status.stage)
  showFacts(byId("standing"), [
    [say("Since"), day(status.since)],
    [say("How it stands with time"), clock && clock.state !== "NOT_STARTED" ? clockWords(clock) : say("No legal deadline is running yet.")],
    [say("The office must answer by"), clock?.due && clock.state !== "STOPPED" ? day(clock.due) : ""],
    [say("Reasons"), reasons(status)],
    [say("Question from the office"), waiting(status.question)],
    [say("Access of the office"), status.suspended ? say("You suspended it on {day}.", { day: day(status.suspended) }) : say("Open, each look logged.")],
  ])
  showClock(clock)
  showReasons(status.decision?.words)
  showPowers(status)
}

/** @param {Record<string, any>} status @returns {string} */
const reasons = ({ reasons: codes }) => codes.length ? codes.map((/** @type {string} */ code) => label("reasons", code)).join("; ") : say("None received")

/** @param {any} question @returns {string} */
function waiting(question) {
  if (!question) return say("None is waiting for you.")
  const values = { day: day(question.until) }
  return question.overdue ? say("The office asked for an answer by {day}. A late answer still counts.", values) : say("One waits for you until {day}.", values)
}

/** @param {any} clock */
function showClock(clock) {
  const bar = byId("clock-bar")
  const runs = Boolean(clock && ["RUNNING", "DUE_SOON", "OVERDUE"].includes(clock.state))
  bar.hidden = !runs
  if (!runs) return
  bar.value = share(clock)
  bar.className = `clock-bar clock-${clock.state}`
  bar.setAttribute("aria-label", clockWords(clock))
}

/** Why it was declined, in the page's language where it has that. @param {any} words */
function showReasons(words) {
  const chosen = words?.[language()] ?? Object.values(words ?? {})[0]
  byId("why").hidden = !chosen
  if (!chosen) return
  const tongue = Object.hasOwn(words, language()) ? language() : Object.keys(words)[0]
  const paragraphs = (/** @type {string} */ text) => String(text).split(/\n\n+/).map((part) => element("p", { lang: tongue }, part))
  byId("why-not-met").replaceChildren(...paragraphs(chosen.not_met))
  byId("why-cure").replaceChildren(...paragraphs(chosen.cure))
}

/** @param {Record<string, any>} status */
function showPowers({ suspended, stage }) {
  const ended = stage === "WITHDRAWN"
  byId("ask-suspend").hidden = ended || Boolean(suspended)
  byId("ask-lift").hidden = ended || !suspended
  for (const id of ["ask-withdraw", "supplement-begin", "slip-begin"]) byId(id).hidden = ended
}
