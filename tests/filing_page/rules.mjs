// Reads a URL of app/static/file/rules.js and packed rules, writes them unpacked.
import { text } from "node:stream/consumers"

const { module, packed } = JSON.parse(await text(process.stdin))
const { unpackedRules } = await import(module)
process.stdout.write(JSON.stringify(unpackedRules(JSON.parse(packed))))
