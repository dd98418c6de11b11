// @ts-check
/** What is sealed, as it is shown once it is open here: witnesses, the own text, the original files. */
import { fetchFile } from "../seal/case.js"
import { byId, element, save, showFacts } from "../file/dom.js"
import { N_, say, sizeWords } from "../file/words.js"
import { label } from "./labels.js"
import { trouble } from "./said.js"

/** @typedef {import("../seal/types.js").Contents} Contents */
/** @typedef {import("../seal/case.js").OpenedCase} OpenedCase */

const APART = ["v", "slip_key", "label", "name", "statement", "id"]
const NAME = ["full", "given", "surname1", "surname2"]
/** @type {Record<string, string>} */
const TERMS = {
  aliases: N_("Also called"),
  contact: N_("How to reach them"),
  identifiers: N_("Numbers"),
  number: N_("Number"),
  employee_number: N_("Employee number"),
  curp: N_("Population registry code (CURP)"),
  nss: N_("Social security number"),
  birth_date: N_("Date of birth"),
  role: N_("Post"),
  risk: N_("Risk"),
  risks: N_("Risk"),
  relation: N_("Relation"),
  consent: N_("Consent"),
  given: N_("Given"),
  email: N_("E-mail"),
  phone: N_("Telephone"),
  reach: N_("Contact"),
  channel: N_("By which way"),
  safe_hours: N_("When it is safe"),
  scope: N_("For what"),
  public: N_("For everyone"),
  employer: N_("For the employer"),
  withdrawable: N_("Can be taken back"),
  date: N_("Day"),
}
/** What the pages write for a person's answer. @type {Record<string, string>} */
const VALUES = { EMPLOYER_COULD_TELL: N_("The employer could tell who it is") }

/** @param {any} value a name in one text or in parts @returns {string} */
export const nameOf = (value) => (typeof value === "string" ? value : NAME.map((part) => value?.[part]).filter(Boolean).join(" "))

/** @param {string} key @returns {string} */
const term = (key) => (Object.hasOwn(TERMS, key) ? say(TERMS[key]) : label("fact", key).replaceAll("_", " "))

/** @param {string} value @returns {string} a code in words, or with its spaces; anything else as it was written */
function said(value) {
  if (Object.hasOwn(VALUES, value)) return say(VALUES[value])
  return /^\p{L}+(_\p{L}+)+$/u.test(value) ? value.replaceAll("_", " ").toLowerCase() : value
}

/** @param {any} value @returns {string} everything in a value, in a line */
function plain(value) {
  if (typeof value === "boolean") return value ? say("Yes") : say("No")
  if (Array.isArray(value)) return value.map(plain).join(", ")
  if (typeof value !== "object" || value === null) return said(String(value ?? ""))
  return Object.entries(value).map(([key, part]) => `${term(key)}: ${plain(part)}`).join("; ")
}

/** Witnesses in the order of the petition. @param {Contents} contents */
function witnesses({ pieces }) {
  const of = (/** @type {string} */ kind) => pieces.filter((piece) => piece.kind === kind)
  const order = of("originals")[0]?.content.petition?.witnesses ?? []
  const places = new Map(order.map((/** @type {any} */ entry, /** @type {number} */ place) => [entry?.record, place]))
  const statements = new Map(of("statement").map(({ content }) => [content.identity, content.statement]))
  const sorted = of("identity").sort((one, other) => (places.get(one.record) ?? Infinity) - (places.get(other.record) ?? Infinity))
  return sorted.map(({ record, content }) => ({ about: content, statement: String(statements.get(record) ?? "") }))
}

/** @param {{about: Record<string, any>, statement: string}} witness @returns {HTMLElement} */
function card({ about, statement }) {
  const facts = element("dl", { class: "facts" })
  const rest = Object.entries(about).filter(([key]) => !APART.includes(key))
  showFacts(facts, [[say("The office reads"), String(about.label ?? "")], ...rest.map(([key, value]) => /** @type {[string, string]} */ ([term(key), plain(value)]))])
  const made = element("li", { class: "envelope" }, element("h3", {}, nameOf(about.name) || say("Without a name")), facts)
  if (statement) made.append(element("p", { class: "said" }, statement))
  return made
}

/** @param {string} url @param {OpenedCase} opened @param {Contents} contents */
export function showInside(url, opened, contents) {
  const found = witnesses(contents)
  byId("witnesses").replaceChildren(...found.map(card))
  byId("no-witness").hidden = found.length > 0
  const petition = contents.pieces.find(({ kind }) => kind === "originals")?.content.petition ?? {}
  byId("own-text").textContent = petition.facts?.narrative ?? petition.facts?.summary ?? ""
  const lines = contents.pieces.find(({ kind }) => kind === "file-index")?.content.files ?? []
  const rows = contents.files.map((listed) => fileRow(url, opened, listed, lines.find((/** @type {any} */ line) => line.record === listed.record)))
  byId("own-files").replaceChildren(...rows)
  byId("no-file").hidden = rows.length > 0
}

/** @param {string} url @param {OpenedCase} opened @param {import("../seal/types.js").Listed} listed @param {any} line of the sealed index */
function fileRow(url, opened, listed, line) {
  const name = safeName(String(line?.name ?? ""), listed.record)
  const { button, told } = saving(say("Save {name}", { name }), name, () => fetchFile({ url, opened, listed }))
  button.className = "plain-button"
  return element("li", {}, String(line?.title ?? ""), " ", element("span", { class: "soft" }, sizeWords(listed.size)), " ", button, told)
}

/** @param {string} words @param {string} name @param {() => Promise<Blob>} fetched */
function saving(words, name, fetched) {
  const button = element("button", { type: "button", class: "linkish" }, words)
  const told = element("p", { class: "small", role: "status" })
  button.addEventListener("click", async () => {
    told.textContent = say("Fetching and opening. Large files take a while.")
    try {
      save(name, await fetched())
      told.textContent = say("Saved on this device, in clear. Whoever has the device can read it.")
    } catch (error) {
      told.textContent = trouble(error)
    }
  })
  return { button, told }
}

/** A way to look into a file that no page can show: saved, to be opened with what the device has for it. @param {() => Promise<Blob>} fetched @param {string} name of the file @param {string} mark where it has none */
export function waySaved(fetched, name, mark) {
  const { button, told } = saving(say("Save your file and look into it"), safeName(name, mark), fetched)
  return element("div", {}, button, told)
}

/** A name that stays in its folder, whatever the sealed index says. @param {string} name @param {string} record */
function safeName(name, record) {
  const last = name.replaceAll("\\", "/").split("/").at(-1) ?? ""
  return last.replace(/[<>:"|?*\p{C}]/gu, "").replace(/^[. ]+|[. ]+$/g, "").slice(0, 120) || record
}
