// @ts-check
/**
 * Carry what was struck out of the text into the copies: they are made before the text is looked through. Only pages that
 * say their words can be searched; of a page that is a picture nothing is said.
 */
import { needsOf } from "./finding.js"
import { dropPage } from "./kept.js"
import { looksOf } from "./looking.js"
import { boxesOn } from "./page.js"
import { sourceOf } from "./source.js"
import { boxOver, stillSaid, struckWords, wordsOfText } from "./struck.js"
import { takePage } from "./taking.js"

/** @typedef {import("./kept.js").Item} Item */
/** @typedef {import("./taking.js").Taker} Taker */
/** @typedef {import("./struck.js").Said & {page: number}} Place */
/** @typedef {{bitmap: import("./sheets.js").Size, area: import("./sheets.js").Edges, words: import("./finding.js").Word[], key: string, needs: import("./sheets.js").Edges[]}} Known a page without its pixels, and what is covered for `key` */
/** @typedef {{page: number, picture: Blob | null, places: import("./sheets.js").Edges[]}} Covered no picture: the page must be looked at again */

/** What the pages of a file say, while it is at hand. @type {WeakMap<Blob, Map<number, Known>>} */ const known = new WeakMap()

/** @typedef {{said: Place[], readable: Place[], silent: number[]}} Searched `readable`: somebody said that it may be read; `silent`: pages that say no words */

/**
 * @param {Taker} app @param {Item} item a copy @param {string[]} phrases that were struck
 * @returns {Promise<Searched>} where one of their words can be read
 */
export async function saidIn(app, item, phrases) {
  const { fold } = await app.engine()
  const struck = struckWords(phrases, fold)
  /** @type {Place[]} */ const found = []
  /** @type {number[]} */ const silent = []
  if (!struck.size) return { said: [], readable: [], silent }
  if (app.files.get(item.file)?.type.startsWith("image/")) return { said: [], readable: [], silent: [1] }
  for (let page = 1; page <= (item.pages ?? 0); page++) {
    // What cannot be read claims nothing; whoever looks at the copy is told why.
    const one = await knownPage(app, item, page).catch(() => null)
    if (!one?.words.length) silent.push(page)
    const open = one ? stillSaid(one.words, boxesOn(one, boxesOf(item, page), one.needs), struck, fold) : []
    found.push(...open.map((said) => ({ ...said, page })))
  }
  return { ...byAnswer(item, found), silent }
}

/**
 * The same in a copy that is a text; known people are blacked out of it. Pages count nothing there.
 * @param {Taker} app @param {Item} item @param {string} text @param {{start: number, end: number}[]} black what was blacked out of it, in code points
 * @param {string[]} phrases @returns {Promise<Searched>}
 */
export async function saidInText(app, item, text, black, phrases) {
  const { fold } = await app.engine()
  const { analyse } = await looksOf(app)
  const place = (/** @type {number} */ at) => Array.from(text.slice(0, at)).length
  const marks = analyse(text).marks.map(({ start, end }) => ({ start: place(start), end: place(end) }))
  const words = wordsOfText(text, [...black, ...marks])
  const found = stillSaid(words, [], struckWords(phrases, fold), fold).map((said) => ({ ...said, page: 0 }))
  return { ...byAnswer(item, found), silent: [] }
}

/**
 * The struck words that are looked for, each as it is asked about where nothing can be searched.
 * @param {Taker} app @param {string[]} phrases @returns {Promise<{phrase: string, keys: string[]}[]>}
 */
export async function wordsStruck(app, phrases) {
  const { fold } = await app.engine()
  return phrases.map((phrase) => ({ phrase, keys: [...new Set(struckWords([phrase], fold).values())] })).filter(({ keys }) => keys.length)
}

/** @param {Item} item @param {Place[]} found */
function byAnswer(item, found) {
  const may = (/** @type {Place} */ { key }) => Boolean(item.readable?.includes(key))
  return { said: found.filter((one) => !may(one)), readable: found.filter(may) }
}

/** @param {Item} item @param {number} page */
const boxesOf = ({ boxes = [] }, page) => boxes.filter((box) => box.page === page)

/** @param {Taker} app @param {Item} item @param {number} page @returns {Promise<Known>} */
async function knownPage(app, item, page) {
  const file = /** @type {Blob} */ (app.files.get(item.file))
  const pages = known.get(file) ?? new Map()
  known.set(file, pages)
  const { key, analyse } = await looksOf(app)
  const one = pages.get(page) ?? (await readPage(app, item, page))
  if (one.key !== key) Object.assign(one, { key, needs: needsOf(analyse, one.words) })
  pages.set(page, one)
  return one
}

/** @param {Taker} app @param {Item} item @param {number} page @returns {Promise<Known>} */
async function readPage(app, item, page) {
  const { bitmap, area, words } = await (await sourceOf(app, item)).draw(page)
  const { width, height } = bitmap
  bitmap.close()
  return { bitmap: { width, height }, area, words, key: "", needs: [] }
}

/**
 * Cover words in a copy. A page that somebody had looked at is taken anew, to be shown at once; any other waits for a look.
 * @param {Taker} app @param {Item} item @param {Place[]} said @returns {Promise<Covered[]>} Throws CopyError.
 */
export async function coverSaid(app, item, said) {
  const done = []
  for (const page of new Set(said.map((one) => one.page))) done.push(await coverOn(app, item, page, said.filter((one) => one.page === page)))
  return done
}

/** @param {Taker} app @param {Item} item @param {number} page @param {Place[]} said @returns {Promise<Covered>} */
async function coverOn(app, item, page, said) {
  const { area, needs, key } = await knownPage(app, item, page)
  const standing = item.looked?.[page]?.people === key
  item.boxes = [...(item.boxes ?? []), ...said.map(({ edges }) => boxOver(edges, area, page))]
  // From here on the picture without the box goes nowhere, whatever happens.
  dropPage(app, item, page)
  app.changed()
  const places = said.map(({ edges }) => edges)
  if (!standing) return { page, picture: null, places }
  const drawn = await (await sourceOf(app, item)).draw(page)
  return { page, picture: await takePage(app, item, page, drawn, boxesOn(drawn, boxesOf(item, page), needs)), places }
}
