// @ts-check
/**
 * What the story tells of is asked about first, and the rest is one press away. Only the order follows from words of the
 * story: nothing is ticked by itself, and nothing is left out.
 */
import { byId } from "./dom.js"
import { onEnter } from "./steps.js"

const WITHIN = "[^.!?\\n]" // one sentence
const NOT_WANTED = "(?<!sin |contra |contra el |without |no |against |sans |contre la )"
/** @param {...string} ways in which it is told, in plain Spanish, English or French, without accents */
const told = (...ways) => new RegExp(`\\b(?:${ways.map((way) => way.replaceAll("…", WITHIN).replaceAll("≠", NOT_WANTED)).join("|")})`, "u")

/** That somebody votes, wants to, or is hindered. */
const VOTE = told("votaci", "vot(?:ar|amos|aron|emos|os?\\b)", "ballot", "vot(?:e|es|ed|ing)\\b", "scrutin", "voter\\b")
/** That a vote was held, or what was done with its boxes and papers; whoever only wants to vote tells of none. */
const VOTE_HELD = told(
  "votaron\\b", "(?:hubo|hicieron|hizo|tuvimos|perdi\\w*|gan(?:aron|o)|durante|despues de|se hizo)\\b…{0,20}\\bvotaci",
  "en (?:la|las|esa|esas|aquella) votaci", "a mano alzada", "oblig(?:aron|o)\\b…{0,20}\\ba votar",
  "(?:abr|rellen|llen|rob|falsific|cambi|compr|alter|marc|quem|escond|desaparec|cont|anul|manipul)(?:aron|ieron|io|o)\\b…{0,25}\\b(?:urnas?|boletas?|papeletas?|votos?|votaci\\w+)\\b",
  "(?:urnas?|boletas?|papeletas?|votos?)\\b…{0,25}\\b(?:venian?|estaban?|faltaban?|sobraban?|aparecieron|desaparecieron|abiertas?|rellen\\w+|marcad\\w+)\\b",
  "≠(?:trampas?|fraude)…{0,40}\\bvot", "vot\\w+\\b(?! sin)…{0,25}\\b≠(?:trampas?|fraude)",
  "(?<!never |not |nobody |no one )voted\\b", "(?:during|after|in) th(?:e|at) (?:vote|ballot|election)\\b", "show of hands",
  "(?:opened|stuffed|stole|bought|changed|burned|hid|counted|rigged|forged|marked)\\b…{0,25}\\b(?:ballots?|votes?|voting)\\b",
  "(?:ballots?|votes?)\\b…{0,25}\\b(?:were|was|had been) (?:\\w+ )?(?:opened|stuffed|stolen|missing|marked|changed|rigged)\\b",
  "≠(?:cheat\\w*|fraud)…{0,40}\\b(?:vote|ballot|election)",
  "(?:ont|a|avons|avez) vote\\b", "(?:pendant|lors du|apres) (?:le |ce )?(?:vote|scrutin)\\b", "a main levee",
  "(?:ouvert|bourre|vole|rempli|truque|achete|brule)\\w*\\b…{0,25}\\b(?:urnes?|bulletins?(?! de)|votes?|scrutin)\\b",
  "(?:urnes?|bulletins?(?: de vote)?)\\b(?! de)…{0,25}\\b(?:etaient|etait|manquaient|ouvertes?|bourrees?|marques)\\b",
  "≠(?:triche\\w*|fraude)…{0,40}\\b(?:vote|scrutin|urne)",
)
/** A word against whoever signs, votes or speaks; that the plant will close. */
const THREAT = told(
  "amena[zc]", "encerr", "presion", "oblig", "intimid", "hostig",
  "(?:(?:el|la|los|las|al|a quien) que|quien(?:es)?|si) (?:\\w+ ){0,2}(?:firm|vot|afili|habl|apoy|particip|denunci|segu|sigu|quej|junt)\\w*\\b…{0,40}\\b(?:no (?:vuelv|regres|trabaj|va)\\w*|se van?\\b|a la calle|sin trabajo|l[oae]s? (?:corr|despid|van? a|voy a|vamos a)\\w*|pierden?|cierr\\w+)",
  "(?:va|van|voy|vamos|iban?) a (?:cerrar|correr(?:nos|l[oae]s?|me|te)?\\b|despedir)", "cerrar(?:an?|ian?) (?:la|esta) (?:planta|fabrica|empresa)",
  "threat", "pressur", "forced", "locked",
  "(?:whoever|anyone who|anybody who|those who|everyone who|if (?:you|we|they|anyone|somebody)) (?:\\w+ ){0,2}(?:sign|vote|join|speak|talk|complain)\\w*\\b…{0,50}\\b(?:never work|not work|won.t work|be fired|los(?:e|es) |be out|out of (?:a )?(?:job|work))",
  "(?:will|would|going to|gonna) (?:close|shut)\\b", "they.ll (?:close|shut)\\b",
  "menac", "contrain", "(?:celui|celle|ceux|celles) qui (?:\\w+ )?(?:sign|vot|adher|parl)\\w*\\b…{0,50}\\b(?:ne (?:re)?travaill|perd|dehors|a la rue|ser(?:a|ont) (?:vire|renvoy|congedi))",
  "(?:va|vont|allait|allaient) (?:\\w+ )?fermer", "fermer(?:a|ait|ont|aient) (?:l.usine|la boite|l.entreprise)",
)
/** A list with names, and that somebody finds no work any more. */
const LIST = told(
  "lista negra", "lista (?:de|con) (?:(?:los|nuestros|sus|todos los) )?(?:nombres|simpatizantes)", "no (?:vas? a )?(?:encontr|encuentr|hall)\\w* (?:otro )?(?:trabajo|empleo|chamba)",
  "no (?:va\\w* a )?(?:vuelv\\w+|volver\\w*) a trabajar en\\b",
  "black ?list", "list (?:of|with) (?:(?:our|the|all|their) )?names", "(?:never|not|no) (?:\\w+ ){0,2}(?:find|get) (?:\\w+ )?(?:work|job)", "(?:never|not|won.t) (?:\\w+ )?work (?:again )?in\\b",
  "liste noire", "liste (?:de|avec) (?:(?:les|nos|des|tous les) )?noms", "trouver\\w* (?:plus |pas |jamais )?(?:de travail|d.emploi|du travail)", "ne (?:re)?travaill\\w+ (?:plus|pas|jamais)(?: jamais)? (?:a|dans|en)\\b",
)

/**
 * What was done, the words that tell of it, and what is asked for then; without a code, only what is asked for.
 * @type {[string, RegExp, string[]][]}
 */
const SIGNS = [
  ["UNION_DISMISSAL", /\b(?:despid|despedi|corrieron|corrio|corrid[oa]s? de|liquidaron|fired|dismiss|laid off|sacked|congedi|licenci[ea]|renvoy)/u, ["reinstatement", "back_pay"]],
  ["THREATS_COERCION", THREAT, ["neutrality"]],
  ["BLACKLISTING", LIST, ["blacklist_end"]],
  ["BALLOT_IRREGULARITY", VOTE_HELD, ["new_vote", "vote_safeguards"]],
  ["", VOTE, ["vote_safeguards"]],
  ["CBA_IMPOSED", /\bcontrato[^.!?\n]{0,40}(?:impu|sin (?:votar|votaci|nosotros|pregunta|avisa))|\b(?:contract|agreement)[^.!?\n]{0,40}(?:imposed|without (?:us|a vote|asking))|\b(?:contrat|convention)[^.!?\n]{0,40}(?:impos|sans (?:nous|vote))/u, ["vote_safeguards"]],
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
  return { denials: found.map(([code]) => code).filter(Boolean), remedies: [...new Set(found.flatMap(([, , wishes]) => wishes))] }
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
  const isTold = (/** @type {HTMLElement} */ one) => codes.includes(boxOf(one).value)
  const inView = codes.length ? brought.flat().filter((one) => isTold(one) || boxOf(one).checked) : brought[0]
  view.replaceChildren(...inView)
  fold.replaceChildren(...brought.flat().filter((one) => !inView.includes(one)))
}

/** @param {HTMLElement} option */
const boxOf = (option) => /** @type {HTMLInputElement} */ (option.querySelector("input"))
