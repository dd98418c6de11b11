// @ts-check
/**
 * Less exact words for what tells too much, in the language of the text that they stand in: each fits the sentence in the
 * place of exactly the stretch asked about, with a verb where the stretch has one, in number and gender.
 */

/** @typedef {[RegExp, string | ((...groups: string[]) => string)]} Form a stretch without its accents, and what may stand there */

const NUMBER = "(?:mas de |casi |more than |over |nearly )?[a-z0-9]+(?:[ -](?:y[ -])?[a-z]+)?"
/** @param {string} source */
const form = (source) => new RegExp(`^${source}$`, "ds")
/** @param {string} ending of a word @param {string} woman @param {string} man */
const ofGender = (ending, woman, man) => (/a$/.test(ending) ? woman : man)
/** @param {string} noun */
const article = (noun) => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`)

/** @param {string} _ @param {string} since @param {string} month @param {string} [year] */
const inMonth = (_, since, month, year) => `${/^s/i.test(since) ? "since" : "in"} ${month}${year ? ` ${year}` : ""}`

/** By the key of the reason; the first form that fits all of the stretch. @type {Record<string, Form[]>} */
const FORMS = {
  only_one: [
    [form("(?:los|las) unic[oa]s .+"), "unas personas"],
    [form("(es|era|fue|como) unic[oa] .+"), (_, verb) => `${verb} parte del grupo`],
    [form("(?:(?:el|la) unic[oa]|(?:el|la) mas) .+"), "una persona del grupo"],
    [form("the .+"), "one person of the group"],
    [form("(?:l[ea] seule?|l'unique|l[ea] unique) .+"), "une personne du groupe"],
    [form("un[oa] de l[oa]s .+"), "una persona del grupo"],
    [form("one of the .+"), "one person of the group"],
    [form("une? des .+"), "une personne du groupe"],
  ],
  position: [
    [form("(?:el|la|su|mi) [a-z]*(o|a|r) (de la .+|en la .+)"), (_, ending, rest) => `${ofGender(ending, "una", "uno")} ${rest}`],
    [form("(?:el|la|su|mi) [a-z]+ ((nombre|lugar|renglon|puesto|asiento|locker|casillero|apellido|companero|empleado|.*dor)( .+)?)"), (_, rest) => `un ${rest}`],
    [form("(?:el|la|su|mi) [a-z]+ (.+)"), (_, rest) => `una ${rest}`],
    [form("(?:the|her|his) [a-z]+ (one to sign|on the list|in the row)(.*)"), (_, rest, more) => `${rest.replace(/^(?!one)/, "one ")}${more}`],
    [form("(?:the|her|his) [a-z]+ (.+)"), (_, rest) => article(rest)],
    [form("(?:le|la|son) [a-z]+ ((?:nom|signataire)(?: .+)?)"), (_, rest) => `un ${rest}`],
    [form("(?:le|son) [a-z]+ ((?:de|sur) la liste)"), (_, rest) => `une personne ${rest}`],
    [form("(?:le|la|son) [a-z]+ ((?:personne|signature|place|rangee).*)"), (_, rest) => `une ${rest.replace("rangee", "rangée")}`],
    [form("la [a-z]+ ((?:de|sur) la liste)"), (_, rest) => `une personne ${rest}`],
  ],
  seniority: [
    [form(`${NUMBER} anos (?:y medio )?de edad`), "cierta edad"],
    [form(`${NUMBER} anos .*?(trabajando|laborando|de trabajar|de laborar)`), (_, rest) => `varios años ${rest}`],
    [form(`${NUMBER} anos (?:y medio )?(de (?:antiguedad|servicio|trabajo|experiencia))`), (_, rest) => `varios años ${rest}`],
    [form(`${NUMBER} anos .+`), "varios años"],
    [form(`${NUMBER}[ -]years? old`), "of a certain age"],
    [form(`${NUMBER}[ -]years?[ -]old [a-z]+`), "worker"],
    [form(`${NUMBER}[ -]years?'? (?:of )?(seniority|service|experience|employment)`), (_, rest) => `some years of ${rest}`],
    [form(`${NUMBER}[ -]years?'? .+`), "some years"],
    [form("(agee?) de .+"), "d’un certain âge"],
    [form(`${NUMBER} ans ((?:d'anciennete|de service|d'experience))`), (_, rest) => `des années ${rest}`],
    [form(`${NUMBER} ans .+`), "des années"],
  ],
  task: [
    [form("(como|es|era|fue) .+"), (_, verb) => `${verb} parte del grupo`],
    [form("(?:el|la|nuestr[oa]|un|una) (?:(?:antigu[oa]|unic[oa]|nuev[oa]|principal) )?(?:coordinador|encargad|responsable|lider|delegad|secretari|tesorer|vocer|portavoz|enlace|comisionad|promotor|organizador|vocal|suplente|representante|president[ea]).*"), "una persona del grupo"],
    [form("(quien|la que|el que|que) [a-z]+(?:aba|ia) .+"), (_, who) => `${who} ayudaba`],
    [form("(quien|la que|el que|que) [a-z]+o (?:a |l[oa]s?|el|al|nuestr).*"), (_, who) => `${who} ayudó`],
    [form("(quien|la que|el que|que) .+"), (_, who) => `${who} ayuda`],
    [form("who (?:keeps|handles|runs|leads|manages|coordinates|collects|organi[sz]es|chairs|represents|audits|holds) .+"), "who helps"],
    [form("who .+"), "who helped"],
    [form("(?:elected|appointed|named|chosen) .+"), "chosen for a task"],
    [form("qui [a-z']+ait .+"), "qui aidait"],
    [form("qui .+"), "qui aide"],
    [form("comme .+"), "comme membre du groupe"],
    [form("(soy|somos|fui|fuimos) .+"), (_, verb) => `${verb} parte del grupo`],
    [form("(?:(me)|la|lo) [a-z]+ron .+"), (_, me) => `${me ? "me" : "le"} dieron una tarea`],
    [form("(qued[eo]) .+"), (_, verb) => `${verb} con una tarea`],
    [form("(suis|etais|(?:a|ai) ete) .+"), (_, verb) => `${verb} membre du groupe`],
    [form("(?:elue?|nommee?) .+"), "membre du groupe"],
    [form("(?:le|notre|une?|la) (?:deleguee?|secretaire|tresori|responsable|representante?|porte-parole|president|coordonnat).*"), "une personne du groupe"],
    [form("(?:the|our|an?) .+"), "a person of the group"],
    [form("[a-z'-]+(?: .+)?"), "part of the group"],
  ],
  family: [
    [form("(tiene|tienen|tengo|tenia|con) .+"), (_, verb) => `${verb.replace("tenia", "tenía")} personas cercanas`],
    [form("(has|have|had|with) .+"), (_, verb) => `${verb} people to care for`],
    [form("(?:my|her|his|their) [a-z]+-in-law( .+)?"), (_, rest = "") => `a relative${rest}`],
    [form("(a|ai|avait|avec) .+"), (_, verb) => `${verb} des proches`],
    [form("(es|soy|era) .+"), (_, verb) => `${verb} familiar de otra persona`],
    [form("(?:su|sus|mi|mis|tu|tus|dos|tres|un|una|nuestr[oa]) (?:[a-z]+as)( .+)?"), (_, rest = "") => `unas personas de la familia${rest}`],
    [form("(?:su|sus|mi|mis|tu|tus|dos|tres|un|una|nuestr[oa]) (?:[a-z]+os|padres)( .+)?"), (_, rest = "") => `unos familiares${rest}`],
    [form("(?:su|mi|tu|una|nuestra) (?:mujer embarazada|mama|madre|[a-z]*[a-z]a)(?<!papa)( .+)?"), (_, rest = "") => `una persona de la familia${rest}`],
    [form("(?:su|mi|tu|un|nuestro) (?:papa|padre|marido|bebe|[a-z]+o)( .+)?"), (_, rest = "") => `un familiar${rest}`],
    [form("(?:sa|ma|son|mon|une|votre|ta|ton|leur) (?:fille|femme|mere|soeur|conjointe)( .+)?"), (_, rest = "") => `une personne de la famille${rest}`],
    [form("(?:son|mon|votre|ton|leur) (?:fils|mari|pere|frere|enfant|bebe|conjoint)( .+)?"), (_, rest = "") => `un proche${rest}`],
    [form("(?:ses|mes|votre|leur) [a-z]+s( .+)?"), (_, rest = "") => `des proches${rest}`],
    [form("al (?:la )?[a-z]+|a la [a-z]+"), "a una persona conocida"],
    [form("l[oa]s (?:hij|herman|abuel|niet|suegr|cunad|sobrin|prim|ti)[oa]s"), "unas personas conocidas"],
    [form("(?:le|la|une?) (?:mari|femme|mere|pere|frere|soeur|fils|fille|enfant|tante|cousine?|niece|neveu|copine|copain|conjointe?|veuve|veuf|voisine?|belle-soeur|beau-frere)|l'[a-z]+"), "une personne proche"],
    [form("(?:el|la|una?) [a-z]+"), "una persona conocida"],
    [form("les [a-z-]+"), "des proches"],
    [form("(?:the|an?) (?:[a-z]+ )*?[a-z]+(s?)"), (_, many) => (many ? "relatives" : "a relative")],
    [form("(?:hij|espos|herman|abuel|niet|suegr|cunad|sobrin|novi|prim|ti|viud|ahijad|vecin)[oa]|marido|mujer|mama|papa|madre|padre|pareja|comadre|compadre|yerno|nuera"), "persona conocida"],
    [form("(?:hij|herman|abuel|niet|suegr|cunad|sobrin|prim|ti)[oa]s"), "personas conocidas"],
    [form("(?:(?:older|younger|little|big|eldest|youngest|two|three) )?(?:brothers|sisters|sons|daughters|kids|children|cousins|in-laws)"), "relatives"],
    [form("(?:(?:older|younger|little|big|eldest|youngest) )?(?:neighbou?r|partner|girlfriend|boyfriend)"), "acquaintance"],
    [form("(?:(?:older|younger|little|big|eldest|youngest) )?(?:husband|wife|mother|father|mom|dad|brother|sister|son|daughter|child|uncle|aunt|cousin|niece|nephew|widow|widower|grand[a-z]+)"), "relative"],
    [form("(?:mari|femme|mere|pere|frere|soeur|fils|fille|enfant|oncle|tante|cousine?|niece|neveu|copine|copain|conjointe?|veuve|veuf|voisine?)"), "proche"],
    [form("whose .*?(?:daughters|sons|brothers|sisters|children|kids|parents|cousins|grandchildren)( .+)?"), (_, rest = "") => `whose relatives${rest}`],
    [form("whose (?:[a-z]+ )*?(?:daughter|son|wife|husband|mother|father|brother|sister|child|baby|uncle|aunt|cousin|niece|nephew|grand[a-z]+|spouse|girlfriend|boyfriend)( .+)?"), (_, rest = "") => `whose relative${rest}`],
    [form("(?:his|her|my|their|your|two|three|a) (?:[a-z]+ )*?(?:daughters|sons|brothers|sisters|children|kids|parents|cousins|grandchildren)( .+)?"), (_, rest = "") => `some relatives${rest}`],
    [form("(?:his|her|my|their|your|a) (?:[a-z]+ )*?(?:daughter|son|wife|husband|mother|father|brother|sister|child|baby|uncle|aunt|cousin|niece|nephew|grand[a-z]+|spouse|girlfriend|boyfriend)( .+)?"), (_, rest = "") => `a relative${rest}`],
  ],
  the_one: [
    [form("(soy|fui|era|es|fue) (?:la|el) que .+"), (_, verb) => `${verb} parte del grupo`],
    [form("(?:la|el) que .+ soy yo"), "soy parte del grupo"],
    [form("yo fui .+"), "yo fui parte del grupo"],
    [form("fui yo .+"), "fui parte del grupo"],
    [form("(?:la|el) (?:companer|muchach|chav|senor|joven|trabajador|operador|obrer)[a-z]* que .+"), "una persona del grupo"],
    [form("[a-z]+ yo .+"), "hay quien hace eso"],
    [form("[a-z]+ a mi .+"), "a alguien le pasó algo"],
    [form("((?:i|he|she)(?:'m|'s| am| is| was)) the .+"), (_, who) => `${who} one of the workers`],
    [form("the .+"), "one of the workers"],
    [form("(c'est) .+"), (_, is) => `${is} une personne du groupe`],
    [form("je suis .+"), "je fais partie du groupe"],
    [form("(?:le|la|l')? ?[a-z]+ .+"), "une personne du groupe"],
  ],
  day: [
    [form(`(el|desde el) (?:dia )?(?:[a-z]+ )?(?:[0-9]{1,2}|primero) de ([a-z]+)( del? [0-9]+)?`), (_, since, month, year = "") => `${/^d/i.test(since) ? "desde" : "en"} ${month}${year}`],
    [form("(on|since) (?:[a-z]+day,? )?(?:the )?([a-z]+\\.?) [0-9]+(?:st|nd|rd|th)?(?:,? (20[0-9]{2}))?"), inMonth],
    [form("(on|since) (?:[a-z]+day,? )?(?:the )?[0-9]+(?:st|nd|rd|th)? (?:of )?([a-z]+\\.?)(?:,? (20[0-9]{2}))?"), inMonth],
    [form("le (?:[a-z]+ )?(?:[0-9]{1,2}|1er) ([a-z]+)( 20[0-9]{2})?"), (_, month, year = "") => `en ${month}${year}`],
  ],
  targeted: [
    [form("(?:(?:ya|siempre) )?me .+"), "hay presión"],
    [form("(?:je|on|ils?|elles?) .+"), "il y a des pressions"],
    [form("(?:they|he|she|i).+"), "there is pressure"],
  ],
  shift: [
    [form("(salgo|entro|checo) (?:a trabajar )?(?:de|en la|por la) (?:noche|madrugada)"), "trabajo en la planta"],
    [form("(salia|entraba|checaba) (?:a trabajar )?(?:de|en la|por la) (?:noche|madrugada)"), "trabajaba en la planta"],
    [form("(ando|andaba) .+"), (_, verb) => `${verb} en la planta`],
    [form("(?:(?:de|en la|por la) (?:noche|madrugada)|en el turno .+)"), "en la planta"],
    [form("(?:(?:at |on )?nights?|on .+)"), "in the plant"],
    [form("(?:(?:de|la) nuit|dans .+)"), "à l’usine"],
    [form("(trabaja|labora|laboro|laboraba|trabaje) en .+"), (_, verb) => `${verb} en la planta`],
    [form("((?:yo|ella|el|que) (?:estoy|esta|estaba)) en .+"), (_, who) => `${who} en la planta`],
    [form("(soy|somos) .+"), (_, verb) => `${verb} de la planta`],
    [form("(estoy|estamos|estaba|estabamos|trabajo|trabajamos|trabajaba) .+"), (_, verb) => `${verb.replace("abamos", "ábamos")} en la planta`],
    [form("(entro|entramos) .+"), (_, verb) => `${verb} a trabajar`],
    [form("(i|we)( [a-z]+|'m|'re) .+"), (_, who, verb) => `${who.replace("i", "I")}${verb} in the plant`],
    [form("(je suis|je travaille|je travaillais|j'etais|nous sommes|nous travaillons) .+"), (_, verb) => `${verb.replace("etais", "étais")} à l’usine`],
    [form("(?:me|(lo|la|le)) (?:mueven|cambian) .+"), (_, other) => `${other ? "le" : "me"} hacen un cambio`],
    [form("(?:me|(lo|la|le)) (?:cambiaron|movieron|pasaron|mandaron) .+"), (_, other) => `${other ? "le" : "me"} hicieron un cambio`],
    [form("(?:moved|transferred) (me|him|her) .+"), (_, who) => `changed things for ${who}`],
    [form("m'ont .+"), "m’ont imposé un changement"],
    [form("l'ont .+"), "lui ont imposé un changement"],
    [form("(works|worked) .+"), (_, verb) => `${verb} in the plant`],
    [form("(?:de|a la|a otr[oa]|al?) (?:linea|area|turno|puesto|celda|departamento|almacen|estacion|nave)(?: [0-9].*| nocturno| matutino| vespertino)?"), "de lugar"],
    [form("(?:to|off) (?:the |another |a )?.*(?:line|shift|area|station|cell|department).*"), "elsewhere"],
    [form("(?:a|vers) (?:la |une autre |l')(?:ligne|equipe|poste|quart).*"), "ailleurs"],
    [form("((?:el|la|l[oa]s) )?(?:de|del|en)(?: .+)"), (_, article = "") => `${article}de la planta`],
    [form("(in|from|of) .+"), (_, where) => `${where} the plant`],
    [form("(?:du|de la|de l'|a la|a l'|au) ?.+"), "de l’usine"],
    [form("(?:.* )?(?:test bench|bench|press)"), "job"],
    [form("(el|la|un|una) .+"), (_, one) => `${one} integrante del equipo`],
    [form("(an?|the) .+"), (_, one) => `${one.replace(/n$/iu, "")} worker`],
    [form("(?:le|une?) .+"), "un membre de l’équipe"],
    [form("(?:operat|inspect|electricien|infirmi|emballeu|assembleu)[a-z]*(?:rice|ere|euse|ienne) .+"), "employée"],
    [form("(?:operateur|inspecteur|electricien|infirmier|emballeur|assembleur) .+"), "employé"],
    [form("(?:soudeu|technicien|cariste|mecanicien|peintre|couturi|machiniste).+"), "membre de l’équipe"],
    [form("(?:operador|soldador|montacarg|tecnic|costurer|ensamblador|inspectora? de|almacenista|mecanic[oa]|electricista|enfermer|chofer|intendente|ayudante|auxiliar|pintor|torner|troquelador|empacador|maquinista|cociner|vigilante|medic|doctora|capturista|recepcionista|calderer|laboratorista|instructora? de|checador|coordinador|encargad|responsable|lider|delegad[oa]|secretari[oa]|representante|tesorer|vocer|portavoz|enlace|comisionad|promotor|organizador).*"), "integrante del equipo"],
    [form("(?:evening|operator|inspector|electrician|assembler|instructor).*"), "employee"],
    [form("[a-z].*"), "worker"],
  ],
  body: [
    [form("(esta|estaba|quedo|se encuentra) embarazada.*"), (_, verb) => `${verb.replace("esta", "está").replace("estába", "estaba").replace("quedo", "quedó")} en una situación personal`],
    [form("embarazada"), "en una situación personal"],
    [form("(tiene|tengo|tenia) .*anos.*"), (_, verb) => `${verb} cierta edad`],
    [form("(cumpl[a-z]+) .*anos.*"), (_, verb) => `${verb} años`],
    [form("de .*anos.*"), "de cierta edad"],
    [form("(le|me) faltan? .+"), (_, who) => (who === "me" ? "sufrí un daño" : "sufrió un daño")],
    [form("perdi (?!al?).+"), "sufrí un daño"],
    [form("(?:el|la) lesionad[oa]"), "la persona afectada"],
    [form("(hablo|hablamos) .+"), (_, verb) => `${verb} otra lengua`],
    [form("burns? on .+"), "injuries"],
    [form("the .+ with (?:the|a) .+"), "a worker"],
    [form("turned .+"), "had a birthday"],
    [form("aged .+"), "of a certain age"],
    [form("agee? de .+ ans|de .+ ans"), "d’un certain âge"],
    [form("(a|ai|avait|avais) .+ ans"), (_, verb) => `${verb} un certain âge`],
    [form("me desmaye|me dio .+"), "tuve un problema de salud"],
    [form("se desmayo|le dio .+"), "tuvo un problema de salud"],
    [form("(tuvo|tuve) .+"), (_, verb) => `${verb} un problema de salud`],
    [form("sufri(o?) .+|perdi(o?) (?:al? (?:su |mi )?bebe)"), (_, he, other) => (he || other ? "tuvo un problema de salud" : "tuve un problema de salud")],
    [form("(?:(me)|la|lo|le) (?:operaron|internaron).*"), (_, me) => `${me ? "me" : "le"} dieron atención`],
    [form("(me|le|te|se) [a-z]+aron .+"), (_, who) => (who === "se" ? "sufrieron un daño" : `${who} hicieron daño`)],
    [form("me [a-z]+[ei](?: .+)?"), "sufrí un daño"],
    [form("se [a-z]+[oe](?: .+)?"), "sufrió un daño"],
    [form("(me|le|te) [a-z]+o .+"), (_, who) => `${who} hizo daño`],
    [form("(i|he|she) (?:fainted|collapsed)"), (_, who) => `${who.replace("i", "I")} felt ill`],
    [form("(?:hurt|broke|cut|burned|burnt|crushed|smashed) their .+"), "were hurt"],
    [form("(?:hurt|broke|cut|burned|burnt|crushed|smashed) .+"), "was hurt"],
    [form("(?:had|suffered) .+"), "had a health problem"],
    [form("(was|were) hospitali.+"), (_, verb) => `${verb} ill`],
    [form("(s'est|me suis|m'etais|s'etait) evanoui(e?)"), (_, verb, ending) => `${verb} senti${ending} mal`],
    [form("(s'est|me suis|m'etais|s'etait) .+"), (_, verb) => `${verb} fait mal`],
    [form("(a|ai|avait) (?:ete|fait|eu) .+"), (_, verb) => `${verb} eu un problème de santé`],
    [form("al (?:de|del) .+"), "a una persona"],
    [form("(?:el|la|una?) (?:de|del) .+"), "una persona"],
    [form("the (?:one|girl|guy|woman|man|lady|kid) .+"), "a person"],
    [form("(?:celui|celle|la femme|l'homme|la fille|le gars) .+"), "une personne"],
    [form("perdio .+|le amputaron .+"), "sufrió un daño"],
    [form("amputaron .+"), "causaron un daño"],
    [form("usa muletas|tiene (?:cancer|diabetes|epilepsia)|tartamudea|cojea"), "tiene un problema de salud"],
    [form("(?:en silla de ruedas|con discapacidad).*"), "con un problema de salud"],
    [form("se lesiono .+"), "se lesionó"],
    [form("originari([oa]) de .+"), (_, ending) => `originari${ending} de otra parte`],
    [form("habla .+"), "habla otra lengua"],
    [form("(?:un|con) tatuaje(.*)"), (whole, rest) => `${whole.startsWith("con") ? "con " : ""}una seña${rest}`],
    [form("(?:una|la) (?:protesis|quemadura).*"), "una seña"],
    [form("(was|is) pregnant"), (_, verb) => `${verb} in a personal situation`],
    [form("[a-z]+ months pregnant"), "in a personal situation"],
    [form("lost .+|injured .+"), "was hurt"],
    [form("on crutches|in a wheelchair|with a disability|with (?:the|a) .+"), "with a health problem"],
    [form("has .+"), "has a health problem"],
    [form("originally from .+"), "originally from elsewhere"],
    [form("enceinte.*"), "dans une situation personnelle"],
    [form("perdu .+"), "subi une blessure"],
    [form("(?:en fauteuil roulant|avec des bequilles)"), "avec un problème de santé"],
    [form("originaire .+"), "originaire d’ailleurs"],
    [form("une (?:brulure|prothese).*"), "une marque"],
    [form("ampute(e?) .+"), (_, ending) => `blessé${ending}`],
  ],
  quasi_identifier: [],
  together: [
    [form("y yo"), "y varias personas más"],
    [form("yo y"), "varias personas y"],
    [form("and i"), "and several others"],
    [form("me and"), "several people and"],
    [form("et moi"), "et plusieurs d’entre nous"],
    [form("moi et"), "plusieurs personnes et"],
  ],
  dismissed: [
    [form("(?:corrieron|despidieron|liquidaron|cesaron|suspendieron)"), "perjudicaron"],
    [form("(?:corrio|despidio|suspendio)"), "perjudicó"],
    [form("(?:corren|despiden)"), "perjudican"],
    [form("(?:despedid|corrid|cesad|suspendid)([oa])"), (_, ending) => `perjudicad${ending}`],
    [form("(?:fired|laid off|dismissed|sacked|suspended|terminated)"), "punished"],
    [form("(?:congedie|licencie|renvoye|suspendu)(e?)"), (_, ending) => `pénalisé${ending}`],
  ],
}

/**
 * @param {string} reason its key @param {string} stretch as it was written
 * @returns {string | undefined} less exact words; none where nothing fits; undefined where a reason has none
 */
export function wordingFor(reason, stretch) {
  const forms = FORMS[reason]
  if (!forms) return undefined
  const written = stretch.normalize("NFC").replace(/\s+/gu, " ")
  const plain = written.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").replace(/œ/giu, "oe").toLowerCase()
  for (const [pattern, words] of forms) {
    const found = pattern.exec(plain)
    if (found) return asBegun(typeof words === "string" ? words : words(...groups(found, plain.length === written.length ? written : plain)), stretch)
  }
  return ""
}

/** @param {RegExpExecArray} found @param {string} written @returns {string[]} what each group stands for, with its accents; a group without part stays undefined */
function groups(found, written) {
  const places = /** @type {([number, number] | undefined)[]} */ (found.indices)
  return places.map((place) => /** @type {string} */ (place && written.slice(...place)))
}

/** @param {string} words @param {string} stretch @returns {string} with a capital where the stretch begins with one */
function asBegun(words, stretch) {
  return /^\p{Lu}/u.test(stretch) ? words.charAt(0).toUpperCase() + words.slice(1) : words
}
