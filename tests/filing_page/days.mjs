// Reads moments; answers with the day by which a case counts and the words for the moment, in Spanish, where TZ says.
import { text } from "node:stream/consumers"

globalThis.document = { documentElement: { lang: "es" } }
const { countedDay, longDay, momentHere, takeWords } = await import(`${process.env.STATIC}/file/words.js`)
const { words, moments } = JSON.parse(await text(process.stdin))
takeWords(words)
process.stdout.write(JSON.stringify(moments.map((moment) => [countedDay, momentHere, longDay].map((said) => said(new Date(moment))))))
