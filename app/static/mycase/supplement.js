// @ts-check
/**
 * The petition, added to or corrected: new witnesses, another text, new files; settled anew as a whole, since whoever is
 * new is looked for in everything. With "a name slipped" the older versions are destroyed at once.
 */
import { byId, element, tell } from "../file/dom.js"
import { parsePath, pathText } from "../file/paths.js"
import { noWitness, witnessOf } from "../file/petition.js"
import { drawWitnesses, takeWitnesses } from "../file/witnesses.js"
import { N_, number, say } from "../file/words.js"
import { utf8 } from "../seal/bytes.js"
import { canonical } from "../seal/canonical.js"
import { sha256Hex } from "../seal/digest.js"
import { identityOf, knownOf, labelsIn, petitionIn } from "../seal/known.js"
import { sealSupplement } from "../seal/revising.js"
import { copiesAfter, copiesShown, drawShown, elsewhereOf, enterShown, sealedOf, takenBack, unsaid, withChoices } from "./copies.js"
import { entriesOf, filesReady, lendFiles, newCopies, newShown, noFiles, sourcesOf, titleOf, unlooked, withoutFile } from "./files.js"
import { goTo } from "./flow.js"
import { contentsOf, openAgain } from "./held.js"
import { changed as keepChanges, dropKept, isKept, openKept, setUpKept, takeKept } from "./kept.js"
import { nameOf } from "./inside.js"
import { showRecord } from "./record.js"
import { beginReview, struckBefore, toldAbout, toldOf } from "./reviewing.js"
import { trouble } from "./said.js"
import { isPending, offer, part, tellMore } from "./sending.js"
import { readersOf } from "./timeline.js"

/** The texts that can be written anew here, with what they are called. @type {[string, string][]} */
const TEXTS = [["facts.narrative", N_("What happened")], ["facts.summary", N_("Summary")]]
const LONGEST = 1_000_000 // characters

/** @typedef {import("./held.js").Held} Held */
/** @typedef {import("../seal/known.js").Known} Known */
/**
 * What somebody is changing. `texts`: what was written anew, by its path.
 * @typedef {object} Changing
 * @property {string} page
 * @property {Held} held
 * @property {null} own the petition itself
 * @property {import("./copies.js").Showing["sealed"]} sealed
 * @property {Map<string, string>} texts
 * @property {{answers: {witnesses: import("../file/petition.js").WitnessAnswers[]}, changed: () => void}} people
 * @property {import("./files.js").Files} files
 * @property {Set<string>} leaving the marks of the sealed identities that are taken out
 * @property {import("./copies.js").Shown[]} shown what becomes of the copies of files that the case has
 * @property {[string, string][] | null} decided at a review before, as a draft has it
 */

/** @type {Changing | null} */ let changing = null
/** @type {() => Promise<void>} */ let refresh = async () => undefined

/** @param {() => Promise<void>} refreshed shows the case anew after it was changed */
export function setUpSupplement(refreshed) {
  refresh = refreshed
  takeWitnesses(() => /** @type {Changing} */ (changing).people)
  byId("supplement-review").addEventListener("click", () => void read())
  addEventListener("beforeunload", (event) => {
    if (changing && !isKept() && document.getElementById("case") && isChanged(changing)) event.preventDefault()
  })
  setUpKept("supplement", () => (changing && isChanged(changing) ? [{ task: "supplement", files: changing.files, value: told(changing) }] : []))
}

/** What a draft keeps of it. @param {Changing} now */
function told({ held, texts, people, files, leaving, shown, decided }) {
  const { witnesses } = people.answers
  return { slip: byId("supplement-slip").checked, texts: [...texts], witnesses, evidence: files.answers.evidence, leaving: [...leaving], shown, decided: toldAbout(keyOf(held)) ?? decided }
}

/** @param {Held} held */
const keyOf = ({ opened }) => `petition ${opened.manifest.version}`

/** Go on with what a draft has. @param {Changing} now @param {ReturnType<typeof told>} before */
function goOnWith(now, before) {
  now.texts = new Map(before.texts)
  now.people.answers.witnesses = before.witnesses
  now.leaving = new Set(before.leaving)
  now.shown = before.shown
  now.decided = before.decided
}

/** Nothing of what was written stays. */
export function forgetChanges() {
  changing = null
}

/** @param {Changing} now */
const isChanged = ({ texts, people, files, leaving, shown }) =>
  texts.size + people.answers.witnesses.length + files.answers.evidence.length + leaving.size > 0 || shown.some(({ choice }) => choice === "again" || choice === "no")

/** @param {Held} held @param {boolean} slip whether a name slipped */
export async function beginSupplement(held, slip) {
  if (isPending()) return goTo("check")
  const known = knownOf(await contentsOf(held))
  const fresh = !changing
  changing ??= { page: "supplement", held, own: null, sealed: () => sealedOf(knownOf(held.contents)), texts: new Map(), people: { answers: { witnesses: [] }, changed: keepChanges }, files: noFiles(() => petitionLooked(/** @type {Changing} */ (changing))), leaving: new Set(), shown: [], decided: null }
  const now = changing
  if (fresh) await openKept(held)
  const kept = fresh ? await takeKept("supplement", now.files) : null
  if (kept) goOnWith(now, kept)
  byId("supplement-slip").checked = slip || Boolean(kept?.slip)
  byId("supplement-texts").replaceChildren(...TEXTS.flatMap(([path, words]) => textField(now, known, path, words)))
  const names = known.identities.map(({ content }) => nameOf(content.name)).filter(Boolean)
  byId("supplement-known").textContent = names.length ? say("Already in the case: {names}.", { names: names.join(", ") }) : ""
  byId("supplement-leaving").replaceChildren(...known.identities.map((piece) => wayOut(now, piece)))
  drawShown(now)
  drawWitnesses(now.people)
  lendFiles(now.files, "supplement")
  tell(byId("supplement-wrong"), "")
  goTo("supplement")
}

/** @param {any} petition @param {string} path */
const textAt = (petition, path) => parsePath(path).reduce((group, name) => group?.[name], petition)

/** @param {Changing} now @param {Known} known @param {string} path @param {string} words @returns {HTMLElement[]} */
function textField(now, known, path, words) {
  const before = textAt(petitionIn(known), path)
  if (typeof before !== "string" && path !== TEXTS[0][0]) return []
  const id = `supplement-${path.replace(".", "-")}`
  const field = /** @type {HTMLTextAreaElement} */ (element("textarea", { id, rows: "10", maxlength: String(LONGEST), autocomplete: "off" }))
  field.value = now.texts.get(path) ?? before ?? ""
  field.addEventListener("input", () => {
    if (field.value.trim() === String(before ?? "").trim()) now.texts.delete(path)
    else now.texts.set(path, field.value.trim())
  })
  return [element("div", { class: "field" }, element("label", { for: id }, say(words)), field)]
}

async function read() {
  const now = changing
  const button = byId("supplement-review")
  if (!now || button.disabled) return
  button.disabled = true
  tell(byId("supplement-wrong"), "")
  try {
    if (now.people.answers.witnesses.some(({ name }) => !name.trim())) return tell(byId("supplement-wrong"), say("One of the new people has no name. Write it, or remove that person."))
    await filesReady()
    const against = await lacking(now)
    if (against) return tell(byId("supplement-wrong"), against)
    await review(now)
  } catch (error) {
    tell(byId("supplement-wrong"), trouble(error))
  } finally {
    button.disabled = false
  }
}

/** What stands against sending its copies. @param {Changing} now @returns {Promise<string>} */
async function lacking(now) {
  return unsaid(now, byId("supplement-slip").checked) || (await unlooked(now.files, [...now.shown, ...newShown(now.files)]))
}

/** One witness of the case, who can be taken out. @param {Changing} now @param {import("../seal/types.js").Piece} piece */
function wayOut(now, { record, content }) {
  const box = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", autocomplete: "off" }))
  box.checked = now.leaving.has(record)
  box.addEventListener("change", () => void (box.checked ? now.leaving.add(record) : now.leaving.delete(record)))
  return element("li", {}, element("label", { class: "option" }, box, element("span", {}, say("Take {name} out of the case", { name: nameOf(content.name) || String(content.label ?? "") }))))
}

// The petition as it is now

/** @param {Changing} now @param {any} before @returns {any[]} the witnesses who leave */
function leavers({ held, leaving }, before) {
  const known = knownOf(held.contents)
  return before.witnesses.filter((/** @type {any} */ witness) => leaving.has(identityOf(known, witness)?.record ?? ""))
}

/**
 * As it is looked through: whoever leaves is still looked for, behind everybody else. Their name stays in the texts until
 * somebody writes those anew.
 * @param {Changing} now
 */
function petitionLooked(now) {
  const before = petitionIn(knownOf(now.held.contents))
  const petition = petitionNow(now, before)
  return { ...petition, witnesses: [...petition.witnesses, ...leavers(now, before)] }
}

/** @param {Changing} now @param {any} before */
function petitionNow(now, before) {
  const petition = structuredClone(before)
  for (const [path, text] of now.texts) write(petition, path, text)
  const leaving = leavers(now, before)
  petition.witnesses = [...before.witnesses.filter((/** @type {any} */ witness) => !leaving.includes(witness)), ...added(now, before)]
  const evidence = entriesOf(now.files, "E", (before.evidence ?? []).map(idOf))
  petition.evidence = [...withChoices(now.shown, petition.evidence ?? []), ...evidence.map(withoutFile)]
  const attestation = petition.witness_attestation
  const counted = attestation && attestation.count === before.witnesses.length && !Object.keys(attestation.role_classes ?? {}).length
  if (counted) attestation.count = petition.witnesses.length
  return petition
}

/** @param {{id?: unknown}} entry */
const idOf = ({ id }) => id

/** @param {Changing} now @param {any} before @returns {any[]} the new witnesses, under marks that nobody else has */
function added({ people }, before) {
  const taken = new Set(before.witnesses.map(idOf))
  let last = 0
  return people.answers.witnesses.map((answers) => {
    do last += 1
    while (taken.has(`W${last}`))
    return { ...witnessOf(noWitness(), ""), ...witnessOf(answers, `W${last}`) }
  })
}

/** @param {any} petition @param {string} path @param {string} text */
function write(petition, path, text) {
  const steps = parsePath(path)
  const last = /** @type {string | number} */ (steps.pop())
  const group = steps.reduce((inner, step) => (inner[step] ??= {}), petition)
  group[last] = text
}

// What the office will see

/** @param {Changing} now */
async function review(now) {
  const known = knownOf(await contentsOf(now.held))
  const before = petitionIn(known)
  enterShown(now)
  await beginReview({
    key: keyOf(now.held),
    // A careful choice of a program was nobody's decision: it is asked again.
    told: now.decided ?? toldOf(known.originals.content.review ?? [], before).filter(([, decision]) => decision !== "keep" || !now.held.opened.manifest.body.review.careful),
    petition: () => petitionLooked(now),
    labels: (petition) => labelsIn(known, petition),
    shown: async () => [...(await copiesShown(now)), ...newCopies(now.files, "supplement")],
    struck: now.people.answers.witnesses.map(({ name }) => name),
    before: struckBefore(known),
    against: () => lacking(now),
    copies: () => new Map(copiesIn(now, before).map(({ place, copy }) => [place, copy])),
    leaving: (petition) => leavers(now, before).map((_, at, all) => `witnesses[${petition.witnesses.length - all.length + at}]`),
    nameOf: (path) => (path.startsWith("evidence") ? titleOf(path) : textName(path)),
    reword: (path, text) => reword(now, before, path, text),
    settled: (settled) => check(now, known, before, settled),
  })
}

/** Every copy that the office sees from now on. @param {Changing} now @param {any} before */
function copiesIn(now, before) {
  const entries = entriesOf(now.files, "E", (before.evidence ?? []).map(idOf))
  return copiesAfter(now, before.evidence ?? [], entries)
}

/** @param {string} path */
function textName(path) {
  const words = TEXTS.find(([one]) => one === path)?.[1]
  return words ? say(words) : path
}

/** @param {Changing} now @param {any} before @param {string} path @param {string} text @returns {boolean} */
function reword(now, before, path, text) {
  const [list, place, name] = parsePath(path)
  const fresh = list === "evidence" && name === "title" ? now.files.answers.evidence[Number(place) - (before.evidence ?? []).length] : undefined
  if (fresh) fresh.title = text
  else now.texts.set(pathText(parsePath(path)), text)
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(`supplement-${path.replace(".", "-")}`))
  if (field) field.value = text
  return true
}

/** @param {Changing} now @param {Known} known @param {any} before @param {import("../file/review.js").Settled} settled */
function check(now, known, before, settled) {
  const petition = petitionNow(now, before)
  const destroys = byId("supplement-slip").checked
  const same = sha256Hex(utf8(canonical({ ...settled.record, salt: known.originals.content.salt ?? null }))) === now.held.opened.manifest.record
  const lines = changesOf(now, same, destroys)
  if (same && !isChanged(now) && !destroys) return tell(byId("review-wrong"), say("Nothing would change. Nothing was sent."))
  const record = element("div", { class: "facts" })
  showRecord(record, settled.record, String(settled.record.language))
  offer({
    held: now.held,
    title: say("What changes"),
    shown: [element("ul", {}, ...lines.map((line) => element("li", {}, line))), part(say("What the office will see"), record)],
    button: say("Seal it and send it"),
    seal: (onProgress) => sealed(now, known, { petition, settled, destroys }, onProgress),
    done: () => arrived(now, destroys),
    again: async () => {
      await openAgain(now.held)
      await review(now)
    },
  })
}

/** @param {Changing} now @param {boolean} same whether the office reads the same @param {boolean} destroys @returns {string[]} */
function changesOf({ texts, people, files, leaving, shown }, same, destroys) {
  const [witnesses, papers] = [people.answers.witnesses.length, files.answers.evidence.length]
  return [
    ...(witnesses ? [say("New witnesses, sealed: {count}", { count: number(witnesses) })] : []),
    ...(leaving.size ? [say("Witnesses taken out: {count}. Their sealed data is deleted here; the office still reads their label in texts that you do not change.", { count: number(leaving.size) })] : []),
    ...(papers ? [say("New files, sealed: {count}", { count: number(papers) })] : []),
    ...takenBack(shown, files),
    ...(texts.size ? [say("Texts that you changed: {count}", { count: number(texts.size) })] : []),
    same ? say("What the office reads stays the same.") : say("What the office reads is another text from now on."),
    ...(destroys ? [say("Older versions of what the office reads are destroyed at once. What somebody has read does not come back.")] : []),
  ]
}

/** @param {Changing} now @param {Known} known @param {{petition: any, settled: import("../file/review.js").Settled, destroys: boolean}} what @param {import("../seal/types.js").OnProgress} onProgress */
async function sealed(now, known, { petition, settled, destroys }, onProgress) {
  const before = petitionIn(known).evidence ?? []
  const files = sourcesOf(now.files, entriesOf(now.files, "E", before.map(idOf)), before.length)
  const { record, summary, decisions } = settled
  // Who leaves has no place any more.
  const surrogates = Object.fromEntries(Object.entries(settled.surrogates).filter(([path]) => !/^witnesses\[(\d+)\]$/.test(path) || Number(path.slice(10, -1)) < petition.witnesses.length))
  const copies = copiesIn(now, petitionIn(known)).map(({ place: _, ...copy }) => copy)
  return await sealSupplement({ opened: now.held.opened, supplement: { known, petition, settled: { record, summary, surrogates, decisions }, files, copies, destroys, elsewhere: elsewhereOf(now) }, onProgress })
}

/** @param {Changing} now @param {boolean} destroyed */
async function arrived({ held }, destroyed) {
  changing = null
  await dropKept("supplement")
  tellMore(element("p", {}, say("Your case has a new version. The log has it: proved on this device.")))
  await refresh()
  if (destroyed) tellMore(...readersOf(held.before, (record) => !record.startsWith("answer-")))
}
