// @ts-check
/**
 * What is kept of a copy until it is sent: which pages a person looked at, with the boxes that were on them, and each of
 * those pages as the picture that goes out. With the files, encrypted, where there is a draft.
 */

/** @typedef {import("./sheets.js").Box} Box */
/** @typedef {{people: string, boxes: string}} Looked for whom was looked, and which boxes were drawn */
/** @typedef {{file: string, kind?: string, show?: string, boxes?: Box[], pages?: number, looked?: Record<string, Looked>, readable?: string[]}} Item `readable`: words struck elsewhere that may be read in it */
/**
 * @typedef {object} Keeper
 * @property {Map<string, Blob>} files
 * @property {{ keepFile: (id: string, blob: Blob) => Promise<void>, dropFile: (id: string) => Promise<void> } | null} draft
 * @property {() => void} changed
 * @property {() => void} notKept
 */

/** @param {Item} item */
export const isShown = ({ show }) => show === "yes"

/** @param {Item} item @param {number | string} page @returns {string} under which its picture is kept */
export const pageName = ({ file }, page) => `${file}/${page}`

/** @param {Keeper} app @param {Item} item @param {number} page @param {Blob} picture @param {Looked} looked */
export async function keepPage(app, item, page, picture, looked) {
  const name = pageName(item, page)
  app.files.set(name, picture)
  item.looked = { ...item.looked, [page]: looked }
  app.changed()
  await app.draft?.keepFile(name, picture).catch(app.notKept)
}

/** A page that has changed since somebody looked at it. @param {Keeper} app @param {Item} item @param {number} page */
export function dropPage(app, item, page) {
  if (!item.looked?.[page]) return
  const { [page]: _, ...others } = item.looked
  item.looked = others
  app.files.delete(pageName(item, page))
  void app.draft?.dropFile(pageName(item, page)).catch(app.notKept)
  app.changed()
}

/** @param {Keeper} app @param {Item} item */
export function dropPages(app, item) {
  for (const page of Object.keys(item.looked ?? {})) dropPage(app, item, Number(page))
}

/** @param {Keeper} app @param {Item} item @returns {Blob[]} every page of a copy; empty where one was not looked at */
export function picturesOf({ files }, item) {
  const pages = Array.from({ length: item.pages ?? 0 }, (_, at) => (item.looked?.[at + 1] ? files.get(pageName(item, at + 1)) : undefined))
  return pages.every((page) => page !== undefined) ? pages : []
}

/**
 * The copies of a petition that is filed for the first time, numbered in its own order.
 * @template {Item} T @param {T[]} items @returns {Map<number, number>} number by the place of the entry
 */
export const numbered = (items) => new Map(items.flatMap((item, place) => (isShown(item) ? [place] : [])).map((place, at) => [place, at + 1]))
