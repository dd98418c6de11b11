// Reads {rules, cases}; answers for each petition whom its story names besides its list, and what it says of those on it.
import { text } from "node:stream/consumers"

const { engineOf } = await import(`${process.env.STATIC}/file/engine.js`)
const { namedInStory, tracesOf } = await import(`${process.env.STATIC}/file/named.js`)
const { Review } = await import(`${process.env.STATIC}/file/review.js`)

const { rules, petitions } = JSON.parse(await text(process.stdin))
const engine = engineOf(rules)
const zeros = (size) => new Uint8Array(size)
const answers = petitions.map((petition) => {
  const review = new Review(petition, "es", engine, zeros)
  return { named: namedInStory(review), traces: (petition.witnesses ?? []).map((_, place) => tracesOf(review, place)) }
})
process.stdout.write(JSON.stringify(answers))
