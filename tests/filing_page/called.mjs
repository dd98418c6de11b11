// Reads {rules, petitions}; answers for each petition which open places are one question, and whether it is asked as one of a boss.
import { text } from "node:stream/consumers"

const { engineOf } = await import(`${process.env.STATIC}/file/engine.js`)
const { calledAlike, isOfBoss } = await import(`${process.env.STATIC}/file/called.js`)
const { Review } = await import(`${process.env.STATIC}/file/review.js`)

const { rules, petitions } = JSON.parse(await text(process.stdin))
const engine = engineOf(rules)
const zeros = (size) => new Uint8Array(size)

/** Each question about a person: what stands at its places, and `boss` where it is asked so. */
function questionsOf(review) {
  const seen = new Set()
  const persons = review.open.filter((one) => one.label === "PERSON" && !one.mark)
  return persons.flatMap((one) => {
    if (seen.has(one.id)) return []
    const alike = calledAlike(review, one)
    const places = alike.length ? alike : [one]
    for (const place of places) seen.add(place.id)
    return [[places.map((place) => review.quote(place)), places.every((place) => isOfBoss(review, place))]]
  })
}

process.stdout.write(JSON.stringify(petitions.map((petition) => questionsOf(new Review(petition, petition.language, engine, zeros)))))
