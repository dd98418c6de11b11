// @ts-check
/** A page that somebody looked at becomes the picture that goes out. */
import { keepPage, pageName } from "./kept.js"
import { looksOf } from "./looking.js"
import { CopyError, pictureOf } from "./page.js"

const MOST_TOGETHER = 64 * 1024 * 1024 // bytes of the pages of all copies, as the portal takes them

/** @typedef {import("./kept.js").Keeper & import("./looking.js").Asked} Taker */

/**
 * @param {Taker} app @param {import("./kept.js").Item} item @param {number} page @param {import("./page.js").Drawn} drawn
 * @param {import("./sheets.js").Edges[]} boxes @returns {Promise<Blob>} Throws CopyError.
 */
export async function takePage(app, item, page, drawn, boxes) {
  const picture = await pictureOf(drawn, boxes)
  const name = pageName(item, page)
  const others = [...app.files].filter(([one]) => one.includes("/") && one !== name).reduce((sum, [, blob]) => sum + blob.size, 0)
  if (others + picture.size > MOST_TOGETHER) throw new CopyError("too_large")
  await keepPage(app, item, page, picture, { people: (await looksOf(app)).key, boxes: JSON.stringify(boxes) })
  return picture
}
