// @ts-check
/** The whole public log searched for a case, at the portal or in somebody else's copy, by whoever holds the case. */
import { byId, element, tell } from "../file/dom.js"
import { number, say } from "../file/words.js"
import { copiedLog, portalLog, walkLog } from "../seal/publiclog.js"
import { URL_OF_PORTAL } from "./held.js"
import { findingWords, trouble } from "./said.js"

const LISTED = 50

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("../seal/proofs.js").ProvedEntry} ProvedEntry */

/** Take away what was found, for the next case. */
export function emptyWalk() {
  show([])
  tell(byId("walk-state"), "")
  const copy = /** @type {HTMLInputElement} */ (byId("walk-copy"))
  copy.value = ""
}

/**
 * @param {() => Held | null} held what is open
 * @param {(open: Held) => Promise<ProvedEntry[]>} shown what the portal shows of it now
 */
export function setUpWalk(held, shown) {
  const copy = /** @type {HTMLInputElement} */ (byId("walk-copy"))
  byId("walk").addEventListener("click", () => void walk(held(), portalLog(URL_OF_PORTAL), shown))
  copy.addEventListener("change", () => void (copy.files?.length && walk(held(), copiedLog(copy.files), shown)))
}

/** @param {Held | null} open @param {import("../seal/publiclog.js").Fetch} fetchFile @param {(open: Held) => Promise<ProvedEntry[]>} shown */
async function walk(open, fetchFile, shown) {
  if (!open) return
  const button = /** @type {HTMLButtonElement} */ (byId("walk"))
  button.disabled = true
  show([])
  try {
    const { count, size, findings } = await walkLog(
      open.opened,
      fetchFile,
      open.before.length,
      () => shown(open),
      (done, all) => tell(byId("walk-state"), say("{done} of {size} entries searched …", { done: number(done), size: number(all) })),
    )
    show(findings)
    const words = findings.length
      ? say("{count} entries of this case are in this log of {size}, and something is wrong with them.", { count: number(count), size: number(size) })
      : say("{count} entries of this case are in this log of {size}: each of them was shown to you, and none is missing, doubled or late.", { count: number(count), size: number(size) })
    tell(byId("walk-state"), words)
  } catch (error) {
    tell(byId("walk-state"), trouble(error))
  } finally {
    button.disabled = false
  }
}

/** @param {import("../seal/types.js").Finding[]} findings */
function show(findings) {
  byId("walk-wrong").hidden = !findings.length
  const lines = findings.slice(0, LISTED).map((finding) => element("li", {}, findingWords(finding)))
  const more = findings.length - lines.length
  byId("walk-findings").replaceChildren(...lines, ...(more > 0 ? [element("li", {}, say("… and {count} more", { count: number(more) }))] : []))
}
