// @ts-check
/**
 * What the story tells of is asked about first, and the rest is one press away. Only the order follows from words of the
 * story: nothing is ticked by itself, and nothing is left out.
 */
import { byId, element } from "./dom.js"
import { onEnter } from "./steps.js"
import { number, say } from "./words.js"

/** What was done, the words that tell of it in plain Spanish, English or French without accents, and what is asked for then. @type {[string, RegExp, string[]][]} */
const SIGNS = [
  ["UNION_DISMISSAL", /\b(?:despid|despedi|corrieron|corrio|corrid[oa]s? de|liquidaron|fired|dismiss|laid off|sacked|congedi|licenci[ea]|renvoy)/u, ["reinstatement", "back_pay"]],
  ["THREATS_COERCION", /\b(?:amena[zc]|encerr|presion|oblig|intimid|hostig|threat|pressur|forced|locked|menac|contrain|oblige)/u, ["neutrality"]],
  ["BLACKLISTING", /\b(?:lista negra|lista de (?:nombres|simpatizantes)|no (?:vas? a )?(?:encontr|encuentr|hall)\w* (?:otro )?(?:trabajo|empleo|chamba)|black ?list|list of names|(?:never|not|no) (?:\w+ ){0,2}(?:find|get) (?:\w+ )?(?:work|job)|liste noire|liste de noms|trouver\w* (?:plus |pas |jamais )?(?:de travail|d.emploi|du travail))/u, ["blacklist_end"]],
  ["BALLOT_IRREGULARITY", /\b(?:votaci|votar|votamos|votos?\b|urnas?\b|ballot|vot(?:e|es|ed|ing)\b|scrutin|voter\b)/u, ["new_vote", "vote_safeguards"]],
  ["CBA_IMPOSED", /\bcontrato[^.!?\n]{0,40}(?:impu|sin (?:votar|votaci|nosotros|pregunta|avisa))|\b(?:contract|agreement)[^.!?\n]{0,40}(?:imposed|without (?:us|a vote|asking))|\b(?:contrat|convention)[^.!?\n]{0,40}(?:impos|sans (?:nous|vote))/u, ["new_vote"]],
  ["CBA_NOT_PROVIDED", /\b(?:copia|ensen|mostr|dieron|dio|dan\b|entreg)[^.!?\n]{0,40}contrato|\bcontrato[^.!?\n]{0,40}(?:copia|nunca|no nos)|\b(?:copy|show|give|gave|given)[^.!?\n]{0,40}(?:contract|agreement)|\b(?:copie|montr|donn|remis)[^.!?\n]{0,40}(?:contrat|convention)/u, ["cba_copy"]],
  ["EMPLOYER_INTERFERENCE", /\b(?:sindicato (?:blanco|charro|patronal|de la empresa|fantasma)|(?:company|yellow|ghost) union|syndicat (?:jaune|maison|de l.entreprise))/u, ["neutrality"]],
  ["ACCESS_REFUSED", /\b(?:dejan?|dejaron|permiten?|permitieron) (?:entrar|pasar)|\bneg\w+ la entrada|\blet \w+ in\b|\b(?:refused|denied) \w*\s?(?:entry|access)|\b(?:laiss\w+ (?:pas )?entrer|refus\w+ l.(?:entree|acces))/u, ["access"]],
  ["DUES_WITHHELD", /\bcuotas? sindical|\bunion dues|\bcotisations? syndical/u, ["dues"]],
  ["STRIKE_INTERFERENCE", /\b(?:huelga|strike|greve)/u, []],
]

/** @param {string} text @returns {{ denials: string[], remedies: string[] }} codes of what it tells of, and of what is asked for then */
export function toldOf(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  const found = SIGNS.filter(([, sign]) => sign.test(plain))
  return { denials: found.map(([code]) => code), remedies: [...new Set(found.flatMap(([, , wishes]) => wishes))] }
}

/** @param {import("./page.js").App} app */
export function setUpSuggested(app) {
  onEnter("what", () => {
    for (const [list, codes] of Object.entries(toldOf(app.answers.story.narrative))) putFirst(list, codes)
  })
}

/** The choices as the page brought them: those in view, and those in the fold. @type {Map<string, [HTMLElement[], HTMLElement[]]>} */ const asBrought = new Map()

/** @param {string} list @param {string[]} codes what stands in view, beside what is ticked; where there are none all is as the page brought it */
function putFirst(list, codes) {
  const frame = /** @type {HTMLElement} */ (byId("what").querySelector(`[data-list="${list}"]`)?.closest("fieldset"))
  const [view, fold] = /** @type {NodeListOf<HTMLElement>} */ (frame.querySelectorAll(".options"))
  const brought = asBrought.get(list) ?? /** @type {[HTMLElement[], HTMLElement[]]} */ ([view, fold].map(({ children }) => [...children]))
  asBrought.set(list, brought)
  const told = (/** @type {HTMLElement} */ one) => codes.includes(boxOf(one).value)
  const inView = codes.length ? brought.flat().filter((one) => told(one) || boxOf(one).checked) : brought[0]
  view.replaceChildren(...inView)
  fold.replaceChildren(...brought.flat().filter((one) => !inView.includes(one)))
  frame.querySelector("[data-all]")?.remove()
  offerAll(view, inView.filter(told).map(boxOf))
}

/** @param {HTMLElement} option */
const boxOf = (option) => /** @type {HTMLInputElement} */ (option.querySelector("input"))

/** Where all of them are right, one press says so. @param {HTMLElement} view @param {HTMLInputElement[]} boxes */
function offerAll(view, boxes) {
  if (boxes.length < 2 || boxes.every(({ checked }) => checked)) return
  const all = element("button", { type: "button", class: "button button-quiet" }, say("Tick all {count}", { count: number(boxes.length) }))
  all.addEventListener("click", () => {
    for (const box of boxes) box.checked = true
    boxes[0].dispatchEvent(new Event("input", { bubbles: true }))
    boxes[0].focus()
    all.parentElement?.remove()
  })
  view.after(element("p", { "data-all": "" }, all))
}
