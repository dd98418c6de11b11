// Reads answers and petitions; answers what the page makes of them.
import { readFileSync } from "node:fs"

globalThis.document = { documentElement: { lang: "en" } } // numbers are written in the page's language
const file = `${process.env.STATIC}/file`
const { helpsOf } = await import(`${file}/helps.js`)
const { noAnswers, noWitness, petitionOf } = await import(`${file}/petition.js`)
const { keptNames, knownPeople } = await import(`${file}/people.js`)

const { answers, petitions } = JSON.parse(readFileSync(0, "utf8"))
const merged = (base, over) =>
  over === null || typeof over !== "object" || Array.isArray(over)
    ? over
    : { ...base, ...Object.fromEntries(Object.entries(over).map(([name, value]) => [name, merged(base?.[name] ?? {}, value)])) }
const whole = answers.map((some) => {
  const all = merged(noAnswers(), some)
  return { ...all, witnesses: all.witnesses.map((one) => ({ ...noWitness(), ...one })) }
})
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "")
process.stdout.write(
  JSON.stringify({
    petitions: whole.map((one) => petitionOf(one, "es")),
    missing: whole.map((answers) => helpsOf(answers).filter(({ needed }) => needed).map(({ field }) => field)),
    people: petitions.map((petition) => knownPeople(petition, fold)),
    kept: petitions.map(keptNames),
  }),
)
