// Reads redacted records; answers the parts that the page shows of each: rows with their key, paths and values.
import { readFileSync } from "node:fs"

const { pathText } = await import(`${process.env.STATIC}/file/paths.js`)
const { partsOf } = await import(`${process.env.STATIC}/file/seen.js`)

const shown = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value))
const row = ({ key, leaves }) => [key, leaves.map(({ path, value }) => [pathText(path), shown(value)])]
const records = JSON.parse(readFileSync(0, "utf8"))
process.stdout.write(JSON.stringify(records.map((record) => Object.fromEntries(partsOf(record).map(({ part, rows }) => [part, rows.map(row)])))))
