// @ts-check
/**
 * The desk at which somebody looks through the copy that the office will see of a file: page by page, as it will be, with
 * boxes drawn by finger, mouse or keyboard. No page goes out that was not looked at.
 */
import { copyOf, tell } from "../file/dom.js"
import { number, say } from "../file/words.js"
import { Boxes } from "./boxes.js"
import { needsOf } from "./finding.js"
import { dropPage, pageName } from "./kept.js"
import { looksOf } from "./looking.js"
import { CopyError, boxesOn } from "./page.js"
import { whyNot } from "./said.js"
import { closeSource, sourceOf } from "./source.js"
import { takePage } from "./taking.js"

export { coverSaid, saidIn, saidInText, wordsStruck } from "./carrying.js"
export { openCovering } from "./covering.js"

/** @typedef {import("./kept.js").Item} Item */
/** @typedef {import("./looking.js").Looks} Looks */
/** @typedef {import("./kept.js").Keeper & import("./looking.js").Asked & {working: Set<Promise<unknown>>}} App */

/**
 * Open the desk for a file in its place of the page. Where no copy can be made it says why, and the file stays sealed.
 * @param {App} app @param {Item} item @param {HTMLElement} place @returns {Promise<void>}
 */
export async function openDesk(app, item, place) {
  const told = /** @type {HTMLElement} */ (place.querySelector("[data-told]"))
  tell(told, say("Drawing the pages…"))
  try {
    const source = await sourceOf(app, item)
    item.pages = source.pages
    item.boxes ??= []
    const desk = new Desk(app, item, source)
    await desk.show(1)
    place.querySelector("[data-desk]")?.replaceChildren(desk.frame)
    tell(told, "")
  } catch (error) {
    closeDesk(item, place)
    Object.assign(item, { show: "", pages: 0 })
    app.changed()
    tell(told, whyNot(error))
  }
}

/** @param {{files: Map<string, Blob>}} app @param {Item} item @returns {Promise<number>} how many pages it has; none where it is drawn on no page here */
export async function canDraw(app, item) {
  try {
    const source = await sourceOf(app, item)
    const { bitmap } = await source.draw(1)
    bitmap.close()
    return source.pages
  } catch (error) {
    // The line may be better the next time: what could not be loaded is not said to be undrawn.
    if (!(error instanceof CopyError) || error.code === "loading") throw error
    return 0
  }
}

/** @param {Item} item @param {HTMLElement} place */
export function closeDesk(item, place) {
  closeSource(item)
  place.querySelector("[data-desk]")?.replaceChildren()
}

class Desk {
  /** @param {App} app @param {Item} item @param {import("./source.js").Source} source */
  constructor(app, item, source) {
    this.app = app
    this.item = item
    this.source = source
    this.page = 0
    /** @type {Set<number>} */ this._told = new Set()
    this.frame = copyOf("copy-desk")
    this._looked = /** @type {HTMLInputElement} */ (this._part("looked"))
    this._looked.addEventListener("change", () => this._tick())
    this.boxes = new Boxes(this.frame, (boxes) => this._changed(boxes), () => this._tellPart())
    this._part("walk").addEventListener("click", () => this._walk())
    this._part("before").addEventListener("click", () => void this.turn(-1))
    this._part("after").addEventListener("click", () => void this.turn(1))
    // Whoever was sent to a page is not held up at another.
    this.frame.addEventListener("turn", (event) => void this._go(/** @type {CustomEvent<number>} */ (event).detail))
  }

  /** @param {string} name @returns {any} */
  _part(name) {
    return this.frame.querySelector(`[data-${name}]`)
  }

  /** @param {number} by */
  async turn(by) {
    if (!this._asked(by)) await this._go(this.page + by)
  }

  /** @param {number} page */
  async _go(page) {
    if (page === this.page) return
    await this.show(page).catch((error) => tell(this._part("wrong"), whyNot(error)))
    this._part("canvas").scrollIntoView({ block: "nearest" })
  }

  /** Whoever turns a page without the tick is told once, at the page. @param {number} by @returns {boolean} */
  _asked(by) {
    const { item, page } = this
    if (by !== 1 || item.looked?.[page] || this._told.has(page)) return false
    this._told.add(page)
    tell(this._part("wrong"), say("You have not said that you looked at this page. Tick it, or press once more to turn the page."))
    this._looked.focus()
    return true
  }

  /** @param {number} page */
  async show(page) {
    const drawn = await this.source.draw(page)
    const { analyse } = await looksOf(this.app)
    this.page = page
    this.needs = needsOf(analyse, drawn.words)
    this.drawn = drawn
    this.boxes.show(drawn, (this.item.boxes ?? []).filter((box) => box.page === page), this.needs)
    this._tell()
  }

  _tell() {
    const { item, page, needs = [] } = this
    const pages = item.pages ?? 1
    const looked = Object.keys(item.looked ?? {}).length
    this._part("where").textContent = say("Page {page} of {pages} · looked at: {looked}", { page: number(page), pages: number(pages), looked: number(looked) })
    this._part("found").textContent = this._saidOf(needs.length)
    for (const way of ["before", "after"]) this._part(way).hidden = pages < 2
    this._part("before").disabled = page <= 1
    this._part("after").disabled = page >= pages
    this._looked.checked = Boolean(item.looked?.[String(page)])
    for (const place of ["wrong", "unseen"]) tell(this._part(place), "")
  }

  /** Bring the next part to the screen; after the last one comes the tick. */
  _walk() {
    this.boxes.next()
    if (this.boxes.wasSeen) this._looked.focus({ preventScroll: true })
  }

  /** Say which part of the page is on the screen. */
  _tellPart() {
    const { place = null, wasSeen = true } = this.boxes ?? {}
    const where = place ? say("Part {part} of {parts}", { part: number(place.part), parts: number(place.parts) }) : say("The whole page, small")
    const said = wasSeen ? say("All seen") : where
    if (this._part("walked").textContent !== said) this._part("walked").textContent = said
    this._part("walk").disabled = wasSeen
  }

  /** @param {number} covered @returns {string} what was found on the page, and that it may not be all */
  _saidOf(covered) {
    if (covered) return say("Found and covered: {count}. Cover what is missing.", { count: number(covered) })
    return this.drawn?.words.length ? say("Nobody from your list was found here. Cover other names yourself.") : say("Names cannot be searched here: cover them yourself.")
  }

  /** @param {import("./sheets.js").Box[]} boxes of this page */
  _changed(boxes) {
    const { app, item, page } = this
    item.boxes = [...(item.boxes ?? []).filter((box) => box.page !== page), ...boxes.map((box) => ({ ...box, page }))]
    dropPage(app, item, page)
    app.changed()
    this._tell()
  }

  _tick() {
    const { app, item, page } = this
    if (!this._looked.checked) {
      dropPage(app, item, page)
      return this._tell()
    }
    this.boxes.look()
    if (!this.boxes.wasSeen) {
      this._looked.checked = false
      this.boxes.next()
      return tell(this._part("unseen"), say("You have not seen all of this page. More of it is on the screen now: look at it, and tick again."))
    }
    const done = this._take().catch((error) => {
      this._tell()
      tell(this._part("wrong"), whyNot(error))
    })
    app.working.add(done)
    void done.finally(() => app.working.delete(done))
  }

  async _take() {
    const { app, item, page, drawn, needs = [] } = this
    if (!drawn) return
    await takePage(app, item, page, drawn, boxesOn(drawn, this.boxes.all, needs))
    if (this.page === page) this._tell()
  }
}

/**
 * Look again, by the people who are known now, at every page that was looked at; one on which something else would be
 * covered has to be looked at once more.
 * @param {App} app @param {Item[]} items @returns {Promise<{place: number, pages: number[]}[]>} what nobody has looked at
 */
export async function unseen(app, items) {
  const looks = await looksOf(app)
  const found = []
  for (const [place, item] of items.entries()) {
    if (item.show !== "yes") continue
    const pages = []
    for (let page = 1; page <= Math.max(item.pages ?? 0, 1); page++) if (!(await stands(app, item, page, looks))) pages.push(page)
    if (pages.length) found.push({ place, pages })
  }
  return found
}

/** @param {App} app @param {Item} item @param {number} page @param {Looks} looks */
async function stands(app, item, page, { key, analyse }) {
  const looked = item.looked?.[page]
  if (!looked || !app.files.has(pageName(item, page))) return false
  if (looked.people === key) return true
  const drawn = await (await sourceOf(app, item)).draw(page)
  const boxes = (item.boxes ?? []).filter((box) => box.page === page)
  const same = JSON.stringify(boxesOn(drawn, boxes, needsOf(analyse, drawn.words))) === looked.boxes
  if (same) looked.people = key
  else dropPage(app, item, page)
  return same
}
