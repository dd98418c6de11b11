// @ts-check
/** Files that are open to be drawn, by what is in them: a name or a declared type counts nothing. */
import { CopyError, drawPicture } from "./page.js"
import { PdfFile } from "./reader.js"

const HEAD = 1024 // bytes in which a PDF says that it is one

/** @typedef {{pages: number, draw: (page: number) => Promise<import("./page.js").Drawn>, close: () => void}} Source */

/** @type {Map<string, Promise<Source>>} */ const open = new Map()

/** @param {{files: Map<string, Blob>}} app @param {{file: string}} item @returns {Promise<Source>} Throws CopyError. */
export function sourceOf({ files }, { file }) {
  const known = open.get(file)
  if (known) return known
  const source = opened(/** @type {Blob} */ (files.get(file)))
  open.set(file, source)
  void source.catch(() => open.delete(file))
  return source
}

/** @param {{file: string}} item */
export function closeSource({ file }) {
  void open.get(file)?.then((source) => source.close(), () => undefined)
  open.delete(file)
}

/** @param {Blob} blob @returns {Promise<Source>} */
async function opened(blob) {
  const head = new TextDecoder("latin1").decode(await blob.slice(0, HEAD).arrayBuffer())
  if (head.includes("%PDF-")) return PdfFile.open(blob)
  if (/^(audio|video)\//.test(blob.type)) throw new CopyError("sound")
  if (blob.type && !blob.type.startsWith("image/")) throw new CopyError("kind")
  return { pages: 1, draw: () => drawPicture(blob), close: () => undefined }
}
