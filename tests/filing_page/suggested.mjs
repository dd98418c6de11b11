// Reads stories; answers what each is taken to tell of.
import { text } from "node:stream/consumers"

const { toldOf } = await import(`${process.env.STATIC}/file/suggested.js`)
process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(toldOf)))
