// Reads [text, language, day] for each case; answers which month the page would offer.
import { text } from "node:stream/consumers"

const { earliestMonth } = await import(`${process.env.STATIC}/file/since.js`)

const cases = JSON.parse(await text(process.stdin))
process.stdout.write(JSON.stringify(cases.map(([told, spoken, day]) => earliestMonth(told, spoken, new Date(day)))))
