// @ts-check
/**
 * From the answers that a person gives to the petition that travels: the same names and spellings as the file that the
 * program reads (app/domain/petition/model.py). Empty answers are left out; nothing is guessed.
 */

/** @typedef {{ name: string, aliases: string, phone: string, identifier: string, relation: string, statement: string, agreed: boolean }} WitnessAnswers */
/** @typedef {{ title: string, kind: string, month: string, name?: string } & import("../copies/kept.js").Item} EvidenceAnswers `file` names a file on this device, `name` is what the person called it */
/** @typedef {{ name: string, email: string, phone: string }} Reached */
/**
 * @typedef {object} Answers
 * @property {{ name: string, municipality: string, state: string, address: string, sector: string, product: string, sells: string, customers: string }} place
 * @property {string[]} denials
 * @property {{ since: string, until: string, narrative: string }} story
 * @property {{ incumbent: string }} unions
 * @property {{ kind: string, person: Reached, organization: Reached & { type: string, public: boolean } }} who what a person wrote stays
 *   with the person, even if they then choose to file as an organization
 * @property {{ reason: string, date: string }} urgency
 * @property {string[]} remedies
 * @property {string} wish what else is asked for, in one's own words
 * @property {WitnessAnswers[]} witnesses
 * @property {EvidenceAnswers[]} evidence
 */

const MAX_LINE = 2 * 1024
const MAX_TEXT = 64 * 1024
const MAX_NARRATIVE = 1000 * 1000
/** Bytes of UTF-8 that the model takes, as app/domain/petition/fields.py says. */
export const LIMITS = { line: MAX_LINE, text: MAX_TEXT, narrative: MAX_NARRATIVE }

const NOBODY = { name: "", email: "", phone: "" }

/** @returns {Answers} the answers of somebody who has not begun */
export function noAnswers() {
  return {
    place: { name: "", municipality: "", state: "", address: "", sector: "", product: "", sells: "", customers: "" },
    denials: [],
    story: { since: "", until: "", narrative: "" },
    unions: { incumbent: "" },
    who: { kind: "", person: { ...NOBODY }, organization: { ...NOBODY, type: "union", public: false } },
    urgency: { reason: "", date: "" },
    remedies: [],
    wish: "",
    witnesses: [],
    evidence: [],
  }
}

/** @returns {WitnessAnswers} */
export function noWitness() {
  return { name: "", aliases: "", phone: "", identifier: "", relation: "", statement: "", agreed: false }
}

/** @param {string} text @returns {string} one line: spaces and line breaks are one space */
const line = (text) => text.trim().split(/\s+/u).join(" ")
/** @param {string} text @returns {string[]} the parts of a line that lists several */
const listed = (text) => text.split(/[,;\n]/u).map(line).filter(Boolean)

/** @param {any} value @returns {any} without what is empty: absent is not "" */
function withoutEmpty(value) {
  if (Array.isArray(value)) return value.map(withoutEmpty).filter((inner) => inner !== undefined)
  if (value === "" || value === null || value === undefined) return undefined
  if (typeof value !== "object") return value
  const kept = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)])
  const full = kept.filter(([, inner]) => inner !== undefined && !(Array.isArray(inner) && !inner.length))
  return full.length ? Object.fromEntries(full) : undefined
}

/** @param {Answers} answers @param {string} language of what was written @returns {any} the petition, as plain values */
export function petitionOf(answers, language) {
  const { place, story, unions, who, urgency } = answers
  return withoutEmpty({
    kind: "rapid_response",
    language,
    facility: {
      legal_name: line(place.name),
      municipality: line(place.municipality),
      state: line(place.state),
      address: line(place.address),
      country: "MX",
    },
    covered_basis: { traded: YES_NO.get(place.sells) },
    priority_sector: { class: place.sector },
    trade: { products: listed(place.product), us_customers: listed(place.customers) },
    denial_types: answers.denials,
    unions: { incumbent: { name: line(unions.incumbent) } },
    facts: { period_from: story.since, period_to: story.until, narrative: story.narrative.trim() },
    ...petitioners(who),
    evidence: answers.evidence.map(evidence),
    witnesses: answers.witnesses.map((one, place) => witness(one, `W${place + 1}`)),
    witness_attestation: answers.witnesses.length ? { count: answers.witnesses.length } : undefined,
    remedy: remedies(answers),
    urgency: urgency.reason ? { reason: urgency.reason, date: urgency.date } : undefined,
  })
}

/** @param {Answers} answers */
function remedies({ remedies: kinds, wish }) {
  const other = wish.trim() ? [{ kind: OTHER, detail: wish.trim() }] : []
  return [...kinds.filter((kind) => !(other.length && kind === OTHER)).map((kind) => ({ kind })), ...other]
}

const OTHER = "other"
const YES_NO = new Map([["yes", true], ["no", false]])

/** @param {Answers["who"]} who */
function petitioners({ kind, person, organization }) {
  if (kind === "person" && line(person.name)) {
    // A person's contact stands with the person: it is sealed, and looked for in the texts like the name.
    const contact = { email: line(person.email), phone: line(person.phone) }
    return { petitioners: [{ id: "P1", name: { full: line(person.name) }, type: "person", lead: true, contact }] }
  }
  if (kind !== "organization" || !line(organization.name)) return {}
  const { name, type, email, phone, public: open } = organization
  return {
    petitioners: [{ id: "P1", name: { full: line(name) }, type, lead: true }],
    contact: line(email) || line(phone) ? { petitioner: "P1", email: line(email), phone: line(phone) } : undefined,
    confidentiality: { P1: { identity_requested: !open, public_name_consent: open } },
  }
}

/** @param {EvidenceAnswers} item @param {number} place */
function evidence(item, place) {
  return { id: `E${place + 1}`, kind: item.kind, title: line(item.title), date: item.month, file: item.file, ...shownAs(item) }
}

/** How a copy of it is shown, as the petition has it. @param {import("../copies/kept.js").Item} item */
export const shownAs = ({ show, boxes = [] }) => (show === "yes" ? { show: true, ...(boxes.length ? { boxes } : {}) } : {})

/** @param {WitnessAnswers} answers @param {string} id @returns {any} a witness as the petition has them, without what is empty */
export const witnessOf = (answers, id) => withoutEmpty(witness(answers, id))

/** @param {WitnessAnswers} answers @param {string} id */
function witness(answers, id) {
  return {
    id,
    name: { full: line(answers.name) },
    aliases: listed(answers.aliases),
    identifiers: { number: listed(answers.identifier) },
    contact: { phone: line(answers.phone) },
    relation: answers.relation.trim(),
    statement: answers.statement.trim(),
    consent: { given: answers.agreed },
  }
}
