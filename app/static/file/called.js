// @ts-check
/**
 * How a text calls those who are on no list: by a role before the name, once by a whole name and later by half of it.
 * What is one person there is one question, so that a boss is not asked about again as somebody else.
 */
import { wholeName } from "./review.js"

/** @typedef {import("./review.js").Finding} Finding */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {{ head: Finding, places: Finding[] }} Person the place that says most of them, and all places in the order of the texts */

const LONGEST_ROLE = 20 // characters
const LONGEST_NOUN = 40
export const MOST_SHOWN = 4 // places on one card: each one that is decided there is seen there
/** Before a name: one role and one name are one person. */
const ROLE = /(?:^|[^\p{L}])(supervisora?|jef[ea]|gerente|encargad[oa]|líder|capataz|coordinadora?|directora?|licenciad[oa]|lic\.|ingenier[oa]|ing\.|señora?|sra?\.|do[nñ]a?|boss|manager|foreman|supervisor|mr\.?|mrs\.?|ms\.?|cheff?e?|directeur|directrice|patronn?e?|contremaître|monsieur|madame|m\.|mme)\s+$/iu
/** Those who have a say over others: what is told of them is what they did. */
const BOSS = /^(supervisora?|jef[ea]|gerente|encargad[oa]|líder|capataz|coordinadora?|directora?|boss|manager|foreman|supervisor|cheff?e?|directeur|directrice|patronn?e?|contremaître)$/u
const OF_A_WOMAN = /^(supervisora|jefa|encargada|coordinadora|directora|licenciada|ingeniera|señora|sra\.|do[nñ]a|mrs\.?|ms\.?|cheffe|directrice|patronne|madame|mme)$/u
/** Before half a name: somebody who works beside one, kin, or several people. */
const NEAR = /(?:^|[^\p{L}])(la|l[oa]s|les|familia|family|famille|compañer[oa]s?|colegas?|amig[oa]s?|herman[oa]s?|prim[oa]s?|tí[oa]s?|cuñad[oa]s?|espos[oa]|mujer|hij[oa]s?|mam[aá]s?|pap[aá]s?|madres?|padres?|vecin[oa]s?|novi[oa]s?|co-?workers?|colleagues?|friends?|brothers?|sisters?|cousins?|wife|husband|sons?|daughters?|collègues?|camarades?|amie?s?|frères?|sœurs?|cousine?s?|femme|mari|fille|fils)\s+$/iu
/** What somebody else is: `el soldador`, `my welder`; not `la amenazó`. */
const NOUN = /(?:^|[^\p{L}])(?:(?:el|mis?|sus?|nuestr[oa]s?|una?|the|my|our|his|her|mon|ma|notre|le|une)\s+\p{L}+|la\s+\p{L}+a)\s+$/iu
const BESIDE = 40 // characters at each side of a witness's name in which it may go on
const AND = /\s*,\s*|\s+(?:y|e|and|et)\s+/iu
/** Words that stand in a name and are none. */
const SMALL = new Set("de del la las los el the da das do dos di du des le les van von der den".split(" "))

/** @param {Review} review @param {Finding} finding @param {number} size @returns {string} what stands before it */
const before = (review, { path, start }, size) => (review.texts.get(path) ?? "").slice(Math.max(0, start - size), start)

/** @param {Review} review @param {Finding} finding @returns {string} the role that somebody is given with a name, such as `supervisor` */
const roleOf = (review, finding) => ROLE.exec(before(review, finding, LONGEST_ROLE))?.[1].toLowerCase() ?? ""

/** @param {Finding} finding @returns {boolean} whether it is asked about as a person, and like nobody known */
const isOther = ({ open, mark, label, byHand }) => open && !mark && !byHand && label === "PERSON"

/** @param {Review} review @param {Finding} finding @returns {boolean} whether somebody is asked about whom the text calls a boss there */
export const isBoss = (review, finding) => isOther(finding) && BOSS.test(roleOf(review, finding))

/** @param {Review} review @param {Finding} finding @returns {boolean} the same, or there where the whole name stands */
export const isOfBoss = (review, finding) => isBoss(review, personOf(review, finding)?.head ?? finding)

/** @param {Review} review @param {Finding} finding @returns {Finding[]} the open places of one person, where there are several: they are one question */
export function calledAlike(review, finding) {
  const person = personOf(review, finding)
  const left = (/** @type {Finding[]} */ places) => places.filter((one) => one.open && !review.decisions.has(one.id))
  if (person) return several(around(left(person.places), finding))
  const role = finding.label === "PERSON" && roleOf(review, finding)
  const found = role ? left(review.alike(finding)).filter((one) => roleOf(review, one) === role) : []
  return found.length > MOST_SHOWN ? [] : several(found)
}

/** @param {Finding[]} places @returns {Finding[]} */
const several = (places) => (places.length > 1 ? places : [])

/** @param {Finding[]} places @param {Finding} finding @returns {Finding[]} so many of them as one card shows, this one among them */
function around(places, finding) {
  const at = Math.max(0, places.indexOf(finding))
  const first = at - (at % MOST_SHOWN)
  return places.slice(first, first + MOST_SHOWN)
}

// One person, by a whole name and by half of it

/** The texts of a review do not change. @type {WeakMap<Review, Map<string, Person>>} */ const known = new WeakMap()

/** @param {Review} review @param {Finding} finding @returns {Person | undefined} whom it means, if a whole name says it */
function personOf(review, finding) {
  const persons = known.get(review) ?? personsOf(review)
  known.set(review, persons)
  return persons.get(finding.id)
}

/** @param {Review} review @returns {Map<string, Person>} by the places */
function personsOf(review) {
  const ofWitnesses = witnessWords(review)
  const names = wholeNames(review)
  const others = review.findings.filter(isOther)
  const whole = grouped(others, (one) => keyOf(review, review.quote(one)))
  const halves = grouped(others, (one) => halfOf(review, one))
  /** @type {Map<string, Person>} */ const found = new Map()
  for (const [key, words] of names) {
    const own = whole.get(key)
    if (!own || words.some((word) => ofWitnesses.has(word))) continue
    const head = own.find((one) => isBoss(review, one)) ?? own.find((one) => roleOf(review, one)) ?? own[0]
    const half = words.filter((word) => isOnly(names, word)).flatMap((word) => halves.get(word) ?? [])
    const meant = new Set([...own, ...half].filter((one) => one === head || fits(review, one, head)))
    if (meant.size < 2) continue
    const places = others.filter((one) => meant.has(one))
    for (const one of places) found.set(one.id, { head, places })
  }
  return found
}

/** @param {Finding[]} findings @param {(one: Finding) => string} key @returns {Map<string, Finding[]>} */
function grouped(findings, key) {
  /** @type {Map<string, Finding[]>} */ const groups = new Map()
  for (const one of findings) {
    const same = groups.get(key(one)) ?? []
    groups.set(key(one), same)
    same.push(one)
  }
  return groups
}

/** @param {Map<string, string[]>} names @param {string} word @returns {boolean} whether one whole name alone has it */
const isOnly = (names, word) => [...names.values()].filter((words) => words.includes(word)).length === 1

/** @param {Review} review @param {Finding} one @param {Finding} head @returns {boolean} whether nothing before it says that it is somebody else */
function fits(review, one, head) {
  const said = roleOf(review, head)
  const role = roleOf(review, one)
  const text = before(review, one, LONGEST_NOUN)
  if (!role) return !NEAR.test(text) && !NOUN.test(text)
  return role === said || (!BOSS.test(role) && OF_A_WOMAN.test(role) === OF_A_WOMAN.test(said))
}

/** @param {Review} review @param {string} text @returns {string[]} the words of a name, folded */
const namesIn = (review, text) => review.words(text.replace(/['’]s$/iu, "")).filter((word) => !SMALL.has(word))

/** @param {Review} review @param {string} name @returns {string} by which a whole name is known, whatever the order of its words */
const keyOf = (review, name) => [...new Set(namesIn(review, name))].sort().join(" ")

/** @param {Review} review @param {Finding} finding @returns {string} its only word, without an article: `los Galván` are several */
function halfOf(review, finding) {
  const quote = review.quote(finding)
  const [word, ...more] = namesIn(review, quote)
  return word === undefined || more.length || /^(?:el|la|los|las|the|le|les)\s/iu.test(quote) ? "" : word
}

/** @param {Review} review @returns {Map<string, string[]>} the words of every name of two words or more */
function wholeNames(review) {
  const names = review.findings.filter(({ label }) => label === "PERSON").flatMap((one) => review.quote(one).split(AND))
  return new Map(names.map((name) => /** @type {[string, string[]]} */ ([keyOf(review, name), namesIn(review, name)])).filter(([key]) => key.includes(" ")))
}

/** @param {Review} review @returns {Set<string>} words that are a name of somebody known, or may be one: what stands beside such a name may belong to it */
function witnessWords(review) {
  const listed = review.people.flatMap((person) => [wholeName(person), ...person.aliases])
  const maybe = review.findings.filter(({ mark, label, kind }) => label === "PERSON" && (mark || kind === "possible_name"))
  const said = maybe.flatMap((one) => {
    const text = review.texts.get(one.path) ?? ""
    const left = text.slice(Math.max(0, one.start - BESIDE), one.start).split(/[ -]/u)
    const right = text.slice(one.end, one.end + BESIDE).split(/[ -]/u)
    return [review.quote(one), goesOn(left.reverse(), /^\p{Lu}[\p{L}’']*$/u), goesOn(right, /^\p{Lu}[\p{L}’']*/u)]
  })
  return new Set([...listed, ...said].flatMap((name) => namesIn(review, name)))
}

/** @param {string[]} words at one side of a name, nearest first @param {RegExp} part @returns {string} the first that may be part of it: with a capital, and no stop between */
function goesOn([nearest, ...words], part) {
  const next = words.find((word) => !SMALL.has(word.toLowerCase())) ?? ""
  return nearest ? "" : (part.exec(next)?.[0] ?? "")
}
