// @ts-check
/**
 * The review before filing: what the engine found in every free text, settled by a person before anything is sealed.
 * The same steps as app/domain/filing/review.py, without its careful choice: here a person decides each open place.
 *
 * 1. Collect the free texts, the known people and the names to keep.
 * 2. Analyse each text. A certain mark is settled: it will be replaced. A likely mark and every suggestion is open.
 * 3. A person hides or keeps each open place, one or all alike, says who is meant, adds places, and takes steps back.
 *    What is settled can be said otherwise too; a whole name, an alias, a number of a known person never stays readable.
 * 4. `settle` builds the record; with an open place it throws, so nothing unsure can be filed.
 * 5. Look once more, as the portal will (guard) and as only this device can (no known person is left).
 */
import { hex } from "../seal/bytes.js"
import { leftovers } from "./leftovers.js"
import { leaves, parsePath, pathText } from "./paths.js"
import { keptNames, knownPeople } from "./people.js"
import { buildRecord, canonical, personNumbers, petitionerLabel, ruleOf, texts } from "./record.js"
import { TABLE } from "./table.js"

/** @typedef {import("./paths.js").Path} Path */
/** @typedef {{ start: number, end: number, label: string, identity: string | null, kind: string, certain: boolean, reason: string }} Mark */
/** @typedef {{ start: number, end: number, kind: string, reason: string }} Suggestion */
/** @typedef {{ marks: Mark[], suggestions: Suggestion[] }} Analysis offsets in UTF-16 units, in order */
/** @typedef {((text: string) => Analysis) & { steps(text: string): Generator<undefined, Analysis>, names: Set<string>, fold(text: string): string }} Analyser `steps`: the same with halts; `names`: of known people, word by word, folded */
/**
 * The text engine, as this page uses it (engine.js connects it).
 * @typedef {object} TextEngine
 * @property {(people: import("./people.js").KnownIdentity[], keep: string[], language: string) => Analyser} analyser
 * @property {(ids: string[], language: string, random: (size: number) => Uint8Array, known?: Record<string, string>) => { identity: (id: string) => string, label: (label: string) => string }} surrogates
 * @property {(text: string) => string} clean without characters that could hide something
 * @property {(text: string) => string} fold
 * @property {(fields: Record<string, string>) => { path: string, kind: string }[]} check the guard
 */
/**
 * What a person said of a place: `is:` a known person by their name, `other:` one of the others by number, `detail`
 * without saying who, `as:` a label of an earlier version.
 * @typedef {"hide" | "keep" | "detail" | `is:${string}` | `other:${number}` | `as:${string}`} Decision
 */
/**
 * @typedef {object} Finding
 * @property {string} id @property {string} path @property {number} start @property {number} end
 * @property {string} kind @property {string} label @property {string | null} identity @property {string} reason
 * @property {boolean} open whether a person must decide @property {boolean} byHand whether a person added it
 * @property {boolean} mark whether the engine holds it for what the label says, rather than asking
 */
/** @typedef {{ record: any, recordText: string, summary: { settled: number, careful: boolean, kept: { path: string, kind: string }[] }, surrogates: Record<string, string>, decisions: object[] }} Settled */

export const BY_HAND = "by_hand"
const AT_A_TIME = 30 // milliseconds of reading, until a page has its turn
/** Let the page do what somebody pressed meanwhile. @returns {Promise<unknown>} */
export const rest = () => new Promise((resolve) => setTimeout(resolve))

/** What replaces a suggestion that a person hides, by its kind. @type {Record<string, string>} */
const LABELS = { other_person: "PERSON", possible_name: "PERSON", capitalised: "PERSON", quasi_identifier: "DETAIL", [BY_HAND]: "DETAIL" }

/** @param {string} kind of a finding @returns {boolean} whether a person was asked about it, or chose it */
export const isAsked = (kind) => Object.hasOwn(LABELS, kind)

/** Something protected would still show, or a place is open; `code` and `path` say which and where, never the text. */
export class ReviewError extends Error {
  /** @param {"open" | "guard" | "left"} code @param {string} path @param {string} kind */
  constructor(code, path, kind = "") {
    super(code)
    this.code = code
    this.path = path
    this.kind = kind
  }
}

/** All findings over all free texts of a petition, until they are settled. */
export class Review {
  /**
   * @param {any} petition @param {string} language @param {TextEngine} engine @param {(size: number) => Uint8Array} random
   * @param {Record<string, string>} [labels] those that witnesses have from an earlier version, by their path
   * @param {boolean} [read] whether to look for findings at once, in one go
   */
  constructor(petition, language, engine, random, labels, read = true) {
    this.petition = petition
    this.language = TABLE.languages.includes(petition.language) ? petition.language : language
    this._engine = engine
    this._random = random
    this.people = knownPeople(petition, engine.fold)
    this._keep = keptNames(petition)
    /** @type {Map<string, Analyser>} */ this._analysers = new Map()
    this._labels = new Labels(petition, this.people, this.language, engine, random, labels)
    /** @type {Map<string, string>} the free texts by path */
    this.texts = new Map([...texts(petition, "free")].map(([path, text]) => [pathText(path), text]))
    /** @type {Finding[]} */ this.findings = read ? [...this.texts].flatMap(([path, text]) => findingsOf(path, this._analyse(path, text))) : []
    /** @type {Map<string, Decision>} */ this.decisions = new Map()
    /** Stretches of text without hidden characters: most are the same after a decision. @type {Map<string, string>} */ this._cleaned = new Map()
    /** @type {(() => void)[]} */ this._back = []
    /** @type {{ review: Review, path: string, text: string } | null} what stood there before somebody wrote it less exactly */ this.before = null
    /** @type {Set<string>} people who leave the case: their names stay hidden for good, like words that somebody hid */ this.leaving = new Set()
  }

  /**
   * The same, with a rest after each part of the work, so that a slow phone's page answers meanwhile: forty pages take a second there.
   * @param {any} petition @param {string} language @param {TextEngine} engine @param {(size: number) => Uint8Array} random
   * @param {Record<string, string>} [labels] @returns {Promise<Review>}
   */
  static async read(petition, language, engine, random, labels) {
    const review = new Review(petition, language, engine, random, labels, false)
    for (const [path, text] of review.texts) review.findings.push(...findingsOf(path, await review._analyseInSteps(path, text)))
    return review
  }

  /** @returns {Finding[]} what a person still has to decide */
  get open() {
    return this.findings.filter((finding) => finding.open && !this.decisions.has(finding.id))
  }

  /** @param {Finding} finding @returns {string} its text, to be shown on this device only */
  quote(finding) {
    return (this.texts.get(finding.path) ?? "").slice(finding.start, finding.end)
  }

  /** @param {Finding} finding @returns {boolean} whether it will be replaced as things stand; open ones are not decided */
  hides(finding) {
    const decision = this.decisions.get(finding.id)
    return decision === undefined ? !finding.open : decision !== "keep"
  }

  /** @param {Finding} finding @returns {Finding[]} the places of the same kind and words, decided or not, itself too */
  alike(finding) {
    const words = this.quote(finding).toLowerCase()
    return this.findings.filter((one) => one.kind === finding.kind && this.quote(one).toLowerCase() === words)
  }

  /** @param {Finding} finding @returns {import("./people.js").KnownIdentity[]} the known people whom it may mean, nearest first */
  candidates(finding) {
    const words = new Set(this.words(this.quote(finding)))
    const sharing = this.people.filter((person) => person.id === finding.identity || this.words(wholeName(person)).some((word) => words.has(word)))
    return finding.label === "PERSON" ? sharing : []
  }

  /** @returns {Map<number, string>} the others who have a number of their own: what stands there of each */
  others() {
    /** @type {Map<number, string>} */ const found = new Map()
    for (const one of this.findings) {
      const number = otherOf(this.decisions.get(one.id))
      if (number && !found.has(number)) found.set(number, this.quote(one))
    }
    return found
  }

  /**
   * Whether a place may stay readable. What is open may; of what is certain, half a name of a known person, which others
   * have too; never a whole name, an alias, a number.
   * @param {Finding} finding @returns {boolean}
   */
  mayStay(finding) {
    return finding.open || (finding.mark && finding.label === "PERSON" && this._isHalf(this.quote(finding)))
  }

  /** @param {string} quote @returns {boolean} */
  _isHalf(quote) {
    const [word, ...more] = this.words(quote)
    const names = this.people.map((person) => this.words(wholeName(person)))
    return word !== undefined && !more.length && names.some((name) => name.includes(word)) && !names.some((name) => name.length < 2 && name.includes(word))
  }

  /** @param {string} text @returns {string[]} its words, folded */
  words(text) {
    return this._engine.fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
  }

  /** @param {Finding[]} findings @param {Decision} decision what may not stay is left as it was */
  decide(findings, decision) {
    const before = new Map(this.decisions)
    for (const finding of findings) if (decision !== "keep" || this.mayStay(finding)) this.decisions.set(finding.id, decision)
    this._back.push(() => void (this.decisions = before))
  }

  /** Open a place again that was decided. @param {Finding} finding */
  forget(finding) {
    const before = new Map(this.decisions)
    this.decisions.delete(finding.id)
    this._back.push(() => void (this.decisions = before))
  }

  /** Hide a stretch that a person chose. @param {string} path @param {number} start @param {number} end */
  add(path, start, end) {
    const before = this.findings
    const added = finding(path, { start, end, kind: BY_HAND, reason: "" }, { open: false, mark: false, label: "DETAIL", identity: null })
    this.findings = [...before, { ...added, byHand: true }].sort((a, b) => (a.path === b.path ? a.start - b.start : 0))
    this._back.push(() => void (this.findings = before))
  }

  /** Hide every place where some words stand. @param {string} words @returns {number} how many were found */
  addEverywhere(words) {
    const places = [...this.texts].flatMap(([path, text]) => [...occurrences(text, words)].map((start) => ({ path, start })))
    const before = this.findings
    for (const { path, start } of places) this.add(path, start, start + words.length)
    if (places.length) this._back.splice(-places.length, places.length, () => void (this.findings = before))
    return places.length
  }

  /** Take a place back that was added by hand. @param {Finding} one */
  remove(one) {
    const before = this.findings
    this.findings = before.filter((finding) => finding !== one)
    this._back.push(() => void (this.findings = before))
  }

  /** @returns {boolean} whether there was a step to take back */
  undo() {
    const step = this._back.pop()
    step?.()
    return step !== undefined
  }

  /** @returns {boolean} */
  get canUndo() {
    return this.steps > 0
  }

  /** @returns {number} how many steps can be taken back */
  get steps() {
    return this._back.length
  }

  /** Take over what was decided before the petition changed, where the same words stand in the same text. @param {Review} before */
  carryOver(before) {
    this.restore(before.told())
  }

  /** @returns {[string, string][]} what was decided, by the words of each place: what a draft keeps */
  told() {
    const keys = new Set(this.findings.filter((one) => this.decisions.has(one.id)).map((one) => this.keyOf(one)))
    return this.findings.flatMap((one) => {
      if (one.byHand) return [[this.quote(one), BY_HAND]]
      const decision = this.decisions.get(one.id)
      if (decision) return [[this.keyOf(one), decision]]
      // Of places alike each counts, so that each gets its own decision back.
      return keys.has(this.keyOf(one)) ? [[this.keyOf(one), ""]] : []
    })
  }

  /** Decide again what was told. @param {[string, string][]} told */
  restore(told) {
    /** @type {Map<string, string[]>} */ const known = new Map()
    for (const [key, decision] of told) known.set(key, [...(known.get(key) ?? []), decision])
    /** @type {Map<string, Finding[]>} */ const mine = new Map()
    for (const one of this.findings) mine.set(this.keyOf(one), [...(mine.get(this.keyOf(one)) ?? []), one])
    for (const [key, places] of mine) {
      const said = known.get(key) ?? []
      // Other places than then: only what was said of all of them holds.
      const same = new Set(said).size === 1
      if (same || said.length === places.length) places.forEach((one, place) => this._tell(one, said[same ? 0 : place]))
    }
    for (const words of new Set(told.filter(([, decision]) => decision === BY_HAND).map(([words]) => words))) this.addEverywhere(words)
    this._back = []
  }

  /** @param {Finding} one @param {string} said */
  _tell(one, said) {
    const decision = this._labels.decisionOf(said)
    if (!decision || (decision === "keep" && !this.mayStay(one)) || (decision === "hide" && !one.open)) return
    this.decisions.set(one.id, decision)
  }

  /** @param {Finding} one @returns {string} by which it is told, whatever stands around it */
  keyOf(one) {
    return JSON.stringify([one.path, one.kind, this.quote(one).toLowerCase()])
  }

  /** @param {string} path @returns {{ text: string, finding: Finding | null, hidden: boolean }[]} a text in pieces, as it would be shown */
  pieces(path) {
    const text = this.texts.get(path) ?? ""
    const found = []
    let position = 0
    for (const one of this._shownFindings(path)) {
      if (one.start < position) continue
      found.push({ text: text.slice(position, one.start), finding: null, hidden: false })
      found.push({ text: text.slice(one.start, one.end), finding: one, hidden: this.hides(one) })
      position = one.end
    }
    return [...found, { text: text.slice(position), finding: null, hidden: false }].filter((piece) => piece.text)
  }

  /** @param {string} path */
  _shownFindings(path) {
    return this.findings.filter((one) => one.path === path).sort((a, b) => a.start - b.start || b.end - a.end)
  }

  /** @param {Finding} finding @param {Decision} [decision] @returns {string} what stands in its place, or would with a decision */
  labelOf(finding, decision = this.decisions.get(finding.id)) {
    return this._labels.said(decision) ?? this._labels.of(finding)
  }

  /** @returns {Record<string, string>} the labels of the known people by their path */
  get labels() {
    return this._labels.byPerson()
  }

  /**
   * Return the record as things stand: what is open is not hidden in it yet.
   * @param {Map<number, number>} [copies] as for `settle` @param {string} [salt] @returns {any}
   */
  record(copies, salt = "") {
    return buildRecord(this.petition, (path, text) => this._redact(path, text), salt, this.language, copies)
  }

  /**
   * @param {Map<number, number>} [copies] the numbers of the copies of evidence, by the place of their entry
   * @returns {Settled} Throws ReviewError when a place is open or something protected would still show.
   */
  settle(copies) {
    const open = this.open
    if (open.length) throw new ReviewError("open", open[0].path)
    const salt = hex(this._random(TABLE.saltBytes))
    const record = this.record(copies, salt)
    this._lookAgain(record)
    const kept = this.findings.filter((one) => this.decisions.get(one.id) === "keep")
    return {
      record,
      recordText: canonical(record),
      summary: { settled: this.findings.length, careful: false, kept: kept.map(({ path, kind }) => ({ path, kind })) },
      surrogates: this._labels.byPerson(),
      decisions: this.findings.map((one) => this._decided(one)),
    }
  }

  /** @param {Finding} one offsets in code points, as the program counts them */
  _decided(one) {
    const text = this.texts.get(one.path) ?? ""
    const points = (/** @type {number} */ at) => Array.from(text.slice(0, at)).length
    const said = this.decisions.get(one.id)
    const decision = said === "keep" ? "keep" : "redact"
    const as = this._labels.said(said)
    const kind = one.identity !== null && this.leaving.has(one.identity) ? BY_HAND : one.kind
    return { path: one.path, start: points(one.start), end: points(one.end), kind, decision, ...(as ? { as } : {}) }
  }

  /** @param {Path} path @param {string} text @returns {string} */
  _redact(path, text) {
    const where = pathText(path)
    if (this.texts.has(where)) return this._apply(text, this.findings.filter((one) => one.path === where && this.hides(one)))
    // A name or a code: only what belongs to a known person goes.
    // Nobody is asked there, so that half a name that may be somebody else's goes too.
    const sure = (/** @type {Mark} */ mark) => mark.certain || mark.reason === TABLE.reasons.namesake
    const ofPeople = this._analyse(where, text).marks.filter((mark) => sure(mark) && (mark.label === "PERSON" || mark.identity !== null))
    return this._apply(text, ofPeople.map((mark) => finding(where, mark, { open: false, mark: true, label: mark.label, identity: mark.identity })))
  }

  /** @param {string} text @param {Finding[]} hidden @returns {string} the text with each stretch replaced once */
  _apply(text, hidden) {
    const pieces = []
    let position = 0
    for (const one of disjoint(hidden)) {
      pieces.push(this._clean(text.slice(position, one.start)), this.labelOf(one))
      position = one.end
    }
    return [...pieces, this._clean(text.slice(position))].join("")
  }

  /** @param {string} text @returns {string} */
  _clean(text) {
    const known = this._cleaned.get(text) ?? this._engine.clean(text)
    this._cleaned.set(text, known)
    return known
  }

  /** @param {any} record */
  _lookAgain(record) {
    const shown = freeTextsOf(record)
    const hits = this._engine.check(shown)
    if (hits.length) throw new ReviewError("guard", hits[0].path, hits[0].kind)
    for (const [path, text] of Object.entries(shown)) {
      const kept = this._keptHalves(path)
      const left = this._analyse(path, text).marks.find((mark) => mark.certain && !(mark.label === "PERSON" && kept.has(text.slice(mark.start, mark.end).toLowerCase())))
      if (left) throw new ReviewError("left", path, left.kind)
    }
    for (const { path, kind } of leftovers(record, this.people, this._engine.fold)) throw new ReviewError("left", path, kind)
  }

  /** @param {string} path @returns {Set<string>} halves of names that a person left readable in a text */
  _keptHalves(path) {
    const kept = this.findings.filter((one) => one.path === path && this.decisions.get(one.id) === "keep").map((one) => this.quote(one))
    return new Set(kept.filter((quote) => this._isHalf(quote)).map((quote) => quote.toLowerCase()))
  }

  /** @param {string} path @param {string} text @returns {Analysis} */
  _analyse(path, text) {
    return this._analyserOf(path)(text)
  }

  /** @param {string} path @param {string} text @returns {Promise<Analysis>} */
  async _analyseInSteps(path, text) {
    await rest()
    const steps = this._analyserOf(path).steps(text)
    for (let since = performance.now(); ; ) {
      const step = steps.next()
      if (step.done) return step.value
      if (performance.now() - since < AT_A_TIME) continue
      await rest()
      since = performance.now()
    }
  }

  /** @param {string} path @returns {Analyser} for the language in which a text is written */
  _analyserOf(path) {
    const steps = parsePath(path)
    const wanted = steps[0] === "translations" ? String(steps[1]) : this.language
    const language = TABLE.languages.includes(wanted) ? wanted : TABLE.defaultLanguage
    let analyser = this._analysers.get(language)
    if (!analyser) {
      analyser = this._engine.analyser(this.people, this._keep, language)
      this._analysers.set(language, analyser)
    }
    return analyser
  }
}

/** Which label stands for what: the engine's for witnesses, `[PETICIONARIA-1]` for persons who petition. */
class Labels {
  /** @param {any} petition @param {import("./people.js").KnownIdentity[]} people @param {string} language @param {TextEngine} engine @param {(size: number) => Uint8Array} random @param {Record<string, string>} [known] */
  constructor(petition, people, language, engine, random, known) {
    const numbers = [...personNumbers(petition)]
    this._petitioners = new Map(numbers.map(([place, number]) => [pathText(["petitioners", place]), petitionerLabel(number, language)]))
    this._people = people.map((person) => person.id)
    this._names = new Map(people.map((person) => [wholeName(person), person.id]))
    this._other = engine.surrogates([], language, random).label("PERSON")
    this._engine = engine.surrogates(this._people.filter((id) => !this._petitioners.has(id)), language, random, known)
  }

  /** @param {{ label: string, identity: string | null }} mark @returns {string} */
  of({ label, identity }) {
    return label === "PERSON" && identity !== null ? this._person(identity) : this._engine.label(label)
  }

  /** @param {Decision | undefined} decision @returns {string | undefined} the label that it names, if it names one */
  said(decision) {
    if (decision?.startsWith("as:")) return decision.slice(3)
    if (decision === "detail") return this._engine.label("DETAIL")
    const number = otherOf(decision)
    if (number) return this._other.replace("]", `-${String(number).padStart(2, "0")}]`)
    const id = decision?.startsWith("is:") ? this._names.get(decision.slice(3)) : undefined
    return id === undefined ? undefined : this._person(id)
  }

  /** @param {string} said @returns {Decision | null} what was said before, where it still means something */
  decisionOf(said) {
    if (said.startsWith("as:")) return this._again(said.slice(3))
    const known = ["hide", "keep", "detail"].includes(said) || otherOf(said) > 0 || this._names.has(said.slice(3))
    return known ? /** @type {Decision} */ (said) : null
  }

  /** @param {string} label of an earlier version @returns {Decision | null} */
  _again(label) {
    if (label === this.said("detail")) return "detail"
    const number = Number(label.startsWith(`${this._other.slice(0, -1)}-`) && label.slice(this._other.length, -1))
    if (number) return `other:${number}`
    for (const [name, id] of this._names) if (this._person(id) === label) return `is:${name}`
    return null
  }

  /** @param {string} id @returns {string} */
  _person(id) {
    return this._petitioners.get(id) ?? this._engine.identity(id)
  }

  /** @returns {Record<string, string>} */
  byPerson() {
    return Object.fromEntries(this._people.map((id) => [id, this._person(id)]))
  }
}

/** @param {string | undefined} decision @returns {number} which of the others it names, or 0 */
export const otherOf = (decision) => (decision?.startsWith("other:") ? Number(decision.slice(6)) : 0)

/** @param {import("./people.js").KnownIdentity} person @returns {string} */
export const wholeName = (person) => person.name || [person.given, person.surname1, person.surname2].filter(Boolean).join(" ")

/**
 * @param {string} path @param {{ start: number, end: number, kind: string, reason: string }} found
 * @param {{ open: boolean, mark: boolean, label: string, identity: string | null }} how @returns {Finding}
 */
function finding(path, { start, end, kind, reason }, how) {
  return { id: `${path}:${start}-${end}:${kind}`, path, start, end, kind, reason, byHand: false, ...how }
}

/** @param {string} path @param {Analysis} analysis @returns {Finding[]} */
function findingsOf(path, { marks, suggestions }) {
  return [
    ...marks.map((mark) => finding(path, mark, { open: !mark.certain, mark: true, label: mark.label, identity: mark.identity })),
    ...suggestions.map((item) => finding(path, item, { open: true, mark: false, label: LABELS[item.kind] ?? "IDENTIFIER", identity: null })),
  ].sort((a, b) => a.start - b.start)
}

/** @param {string} text @param {string} words @returns {Generator<number>} where the words stand, whatever their case */
function* occurrences(text, words) {
  const [inside, wanted] = [text.toLowerCase(), words.toLowerCase()]
  // Where lower case has another length the places would be wrong: then only the same spelling is found.
  const [where, what] = inside.length === text.length && wanted.length === words.length ? [inside, wanted] : [text, words]
  for (let at = where.indexOf(what); what && at >= 0; at = where.indexOf(what, at + what.length)) yield at
}

/**
 * Return stretches that do not overlap: the engine's marks whole, of the rest what no other covers.
 * @param {Finding[]} hidden @returns {Finding[]}
 */
function disjoint(hidden) {
  const rank = (/** @type {Finding} */ one) => (one.byHand ? 2 : one.kind in LABELS ? 1 : 0)
  /** @type {Finding[]} */ let taken = []
  for (const one of [...hidden].sort((a, b) => rank(a) - rank(b) || a.start - b.start)) taken = [...taken, ...uncovered(one, taken)]
  return taken.sort((a, b) => a.start - b.start)
}

/** @param {Finding} one @param {Finding[]} taken @returns {Finding[]} */
function uncovered(one, taken) {
  const pieces = []
  let start = one.start
  const inside = taken.filter((mark) => mark.start < one.end && mark.end > one.start).sort((a, b) => a.start - b.start)
  for (const mark of inside) {
    if (mark.start > start) pieces.push({ ...one, start, end: mark.start })
    start = Math.max(start, mark.end)
  }
  return start < one.end ? [...pieces, { ...one, start }] : pieces
}

/** @param {any} record @returns {Record<string, string>} the free texts of a record by path: what the guard reads */
function freeTextsOf(record) {
  const found = [...leaves(record)].filter(([path, value]) => typeof value === "string" && ruleOf(path)?.wording === "free")
  return Object.fromEntries(found.map(([path, value]) => [pathText(path), value]))
}
