// Reads pages of copies with what was struck; answers which struck words can still be read, and the box over each.
import { readFileSync } from "node:fs"

const { COMMON, boxOver, stillSaid, struckWords } = await import(`${process.env.STATIC}/copies/struck.js`)

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
const { words, boxes, struck, area } = JSON.parse(readFileSync(0, "utf8"))
if (!words) {
  process.stdout.write(JSON.stringify([...COMMON]))
  process.exit()
}
const said = stillSaid(words, boxes, struckWords(struck, fold), fold)
process.stdout.write(JSON.stringify(said.map(({ word, key, quote, edges }) => [word, key, quote, boxOver(edges, area, 1)])))
