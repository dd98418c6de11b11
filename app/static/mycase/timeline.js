// @ts-check
/** The access history as sentences. A tick means: proved on this device. What lacks one is said aloud. */
import { byId, element } from "../file/dom.js"
import { N_, number, say } from "../file/words.js"
import { momentWords } from "./labels.js"
import { findingWords, sentence } from "./said.js"

/** @typedef {import("../seal/types.js").Finding} Finding */
/** @typedef {import("../seal/proofs.js").ProvedEntry} ProvedEntry */

/** What is wrong about one entry, by its index in the log. */
const OF_ENTRY = ["foreign", "order", "changed", "version", "signature", "unsigned"]
const TICK = N_("Proved on this device")
const NO_TICK = N_("Not proved")

/**
 * Lines in the order in which they were served: entries, and in their places those that could not be proved.
 * @param {ProvedEntry[]} entries @param {Finding[]} findings @returns {(ProvedEntry | null)[]}
 */
export function inPlace(entries, findings) {
  const unproved = new Set(findings.filter(({ code }) => code === "unproved").map(({ place }) => place))
  const rest = [...entries]
  return Array.from({ length: entries.length + unproved.size }, (_, place) => (unproved.has(place) ? null : (rest.shift() ?? null)))
}

/** @param {boolean} proved */
function sign(proved) {
  return element("span", { class: proved ? "tick" : "no-tick", role: "img", "aria-label": say(proved ? TICK : NO_TICK) }, proved ? "✓" : "✗")
}

/** @param {ProvedEntry | null} entry @param {Set<number>} wrong @returns {HTMLElement} */
function line(entry, wrong) {
  if (!entry) return element("li", { class: "unproved" }, sign(false), " ", say("The portal shows a line here that this device could not prove. It may be made up or changed."))
  const time = element("time", { datetime: entry.fields.time }, momentWords(entry.fields.time))
  const place = element("span", { class: "small soft" }, say("entry {index} of the log", { index: number(entry.index) }))
  const proved = !wrong.has(entry.index)
  return element("li", proved ? {} : { class: "unproved" }, time, sign(proved), ` ${sentence(entry.fields)} · `, place, entry.signed ? say(" · signed by the reader's device") : "")
}

/** @param {ProvedEntry[]} entries @param {Finding[]} findings */
export function showHistory(entries, findings) {
  const wrong = new Set(findings.filter(({ code }) => OF_ENTRY.includes(code)).map(({ place }) => place))
  byId("history").replaceChildren(...inPlace(entries, findings).map((entry) => line(entry, wrong)).reverse())
  byId("history-wrong").hidden = !findings.length
  byId("history-findings").replaceChildren(...findings.map((finding) => element("li", {}, findingWords(finding))))
  const size = entries.reduce((most, entry) => Math.max(most, entry.size), 0)
  byId("history-whole").hidden = Boolean(findings.length)
  byId("history-whole").textContent = say("All {count} lines were proved on this device, and none of this case is missing between them. The log had {size} entries.", {
    count: number(entries.length),
    size: number(size),
  })
}

/** What is said of each change of keys and of each log that was succeeded after a loss. @param {import("../seal/types.js").PortalKeys} present */
export function successionWords(present) {
  const { former = [] } = present
  const told = N_("On {day} this portal said that it lost data. Its log went on under another name after the first {kept} entries. Known to be lost: {lost} entries.")
  const changed = N_("On {day} this portal's log announced new keys, under the ones that you know: entry {index}. What was signed before stays good. The new key of the log: {key}")
  const keys = [...former.slice(1), present]
  return former
    .map(({ day, kept = 0, lost = 0, announced }, place) =>
      announced === undefined
        ? say(told, { day, kept: number(kept), lost: number(lost) })
        : say(changed, { day, index: number(announced), key: keys[place].log_vkey }),
    )
    .join(" ")
}

const READINGS = ["record_read", "answer_read", "evidence_read"]

/**
 * Who had read what is destroyed now, from the proved history.
 * @param {ProvedEntry[]} entries @param {(record: string) => boolean} destroyed by the name of what was read @returns {HTMLElement[]}
 */
export function readersOf(entries, destroyed) {
  const lines = linesOf(entries, ({ kind, record }) => READINGS.includes(kind) && destroyed(record ?? ""))
  const said = lines.length ? say("Who had read what is gone now:") : say("Nobody had read what is gone now.")
  const warning = say("What somebody has read they may remember or have copied. Warn whoever was named.")
  return [element("p", {}, element("strong", {}, said)), ...(lines.length ? [element("ul", {}, ...lines)] : []), element("p", {}, warning)]
}

/** Entries of a kind as sentences, each once. @param {ProvedEntry[]} entries @param {(fields: Record<string, string>) => boolean} wanted @returns {HTMLElement[]} */
export function linesOf(entries, wanted) {
  const each = [...new Map(entries.map((entry) => [entry.index, entry])).values()]
  return each.filter(({ fields }) => wanted(fields)).map((entry) => element("li", {}, sign(true), ` ${sentence(entry.fields)} · ${momentWords(entry.fields.time)}`))
}
