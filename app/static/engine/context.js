// @ts-check
/**
 * What surrounds a name: does it stand for a person here, or for a town, a street, a union, a feast?
 *
 * Rules of this module
 *   1. A title before it (Sr., Mr., compañera) makes it a person, whatever else.
 *   2. A whole name is a person, unless it stands inside a name that the petition itself declares.
 *   3. A name without its other half is kept only on a clear sign: a street, venue or settlement word before it, a
 *      state after it, a place preposition before a place of the gazetteer, an organization's name around it, a saint,
 *      a feast, a month's day.
 *   4. A doubtful sign makes it a question: a capitalised stranger beside it (`Rosa Luxemburgo`), a plural article, a
 *      town's name after `de`, `of`, `from` and no word of what a person has (`firma de León` is a person's).
 *   5. An office or title of somebody else beside half a name (`el supervisor Ramírez`, Juana's boss) makes it a
 *      question as well, though it goes where nobody answers.
 *   6. In doubt it is a witness.
 */

import { escaped } from "./pattern.js";
import { count, isAlpha, isDecimal, isUpper, stripEnd } from "./text.js";
import { nicknamesOf, wordsOf } from "./variants.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./fold.js").Folded} Folded */

const OFFICE_REACH = 60; // characters before a name in which its office is looked for
const OFFICE_WORDS = 6; // words that may lead from an office to a name: `la jefa de la nave de corte Ramírez`

/** @param {Folded} folded @param {number} start @returns {boolean} whether a form of address stands directly before */
export function titled(folded, start) {
  const { rules, text, words } = folded;
  const place = words.before(start);
  if (place < 0) return false;
  const word = words.words[place];
  const end = words.starts[place] + word.length;
  if (!rules.titles.has(word) || end > start || start - end > 8) return false;
  if (place > 0 && rules.data.patterns.context.ours.includes(words.words[place - 1])) return false; // Nuestra Señora, Notre-Dame
  const gap = text.slice(Math.max(end, start - 3), start);
  if (gap.includes(",") || gap.includes("\n")) return false;
  return word.length > 1 || text.slice(Math.max(0, start - 2), start) === ". ";
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} whether a title is a hero's: `Don Bosco` */
function heroic({ rules, text, words }, start, end) {
  return rules.cues.heroes.has(text.slice(words.starts[words.before(start)], end));
}

/** @typedef {"person" | "other" | "doubtful"} Reading what a name of a witness stands for here */

/**
 * @param {Folded} folded @param {number} start @param {number} end @param {boolean} lone false for a whole name
 * @param {Set<string>} own the small words of the witness's name: `san`, `de la`
 * @param {(word: string) => boolean} known whether a folded word may be a witness's @returns {Reading}
 */
export function reading(folded, start, end, lone, own, known) {
  if (titled(folded, start) && !heroic(folded, start, end)) {
    const title = folded.words.starts[folded.words.before(start)];
    return lone && titledVenue(folded, title) ? "other" : "person";
  }
  if (inQuotedOrganization(folded, start)) return "other";
  if (!lone) {
    const more = inOrganization(folded, start, end) && strangerAfter(folded, start, end, known);
    const longer = inPhrase(folded, start, end, true) || saintly(folded, start, own);
    if (more || longer) return "other";
    // "en avenida Álvaro Obregón": a street, or whoever is called as it is
    return afterStreetWord(folded, start) || afterPrize(folded, start) ? "doubtful" : "person";
  }
  if (holy(folded, start, own) || standsForOther(folded, start, end) || inNamedVenue(folded, start, known)) return "other";
  // "en la calle Heriberto": a street of that name, or the fired man himself; never settled without being asked
  const unsure = oneOfMany(folded, start, end) || besideStranger(folded, start, end, known) || afterPlaceWord(folded, start, end);
  const thing = partnered(folded, end, known) || aModel(folded, start, end) || ofSomewhere(folded, start, end) || saidToBe(folded, start, end);
  return unsure || thing || aThing(folded, start, end, own, known) ? "doubtful" : "person";
}

/** @param {Folded} folded @param {number} end @param {(word: string) => boolean} known @returns {boolean} whether a firm's partner follows: `Harper & Dunn` */
function partnered(folded, end, known) {
  const more = folded.rules.shared("context", "partner").match(folded.text, end);
  return more !== null && capital(folded, more.span(1)[0]) && !known(/** @type {string} */ (more.groups[1]));
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} `el jefe de turno Ramírez`, `Ramírez, el gerente` */
export function ofAnOffice(folded, start, end) {
  const { rules, text } = folded;
  const after = rules.shared("context", "office_after").match(text, end);
  if (after && rules.cues.offices.has(/** @type {string} */ (after.groups[1]))) return true;
  if (!officeNear(folded, start)) return false;
  const before = rules.shared("context", "office_before").search(text.slice(Math.max(0, start - OFFICE_REACH), start));
  if (!before || !rules.cues.offices.has(/** @type {string} */ (before.groups[1]))) return false;
  const last = before.groups[2]?.split(" ").at(-1);
  return !last || !rules.grammar.has(last);
}

/** @param {Folded} folded @param {number} start @returns {boolean} an office among the words before, or a word that the reach cuts */
function officeNear({ rules, words }, start) {
  const last = words.before(start);
  const first = Math.max(0, last - OFFICE_WORDS + 1);
  if (first <= last && words.starts[first] < start - OFFICE_REACH) return true;
  for (let place = first; place <= last; place++) if (rules.cues.offices.has(words.words[place])) return true;
  return false;
}

/**
 * Where given names begin that no witness has, directly before a surname: `Pedro Ramírez`; else `start`.
 * @param {Folded} folded @param {number} start @param {(word: string) => boolean} known @returns {number}
 */
export function givenBefore(folded, start, known) {
  const { rules, words } = folded;
  for (let place = words.before(start); place >= 0; place--) {
    const word = words.words[place];
    if (!touches(folded, place, start) || !capital(folded, words.starts[place]) || known(word)) break;
    if (!rules.cues.given_names.has(word) && !nicknamesOf(rules, [word]).size) break;
    start = words.starts[place];
  }
  return start;
}

/**
 * Whether a title before a surname is one that none of these given names has: `el Sr. Ramírez` for Juana.
 * @param {Folded} folded @param {number} start @param {string[]} given @returns {boolean}
 */
export function titledOtherwise(folded, start, given) {
  if (!titled(folded, start)) return false;
  const { rules, words } = folded;
  const title = words.words[words.before(start)];
  const ending = rules.cues.sir_titles.has(title) ? "a" : rules.cues.madam_titles.has(title) ? "o" : " ";
  return given.length > 0 && given.every((name) => name.endsWith(ending));
}

/** @param {Rules} rules @param {string} text folded @returns {boolean} a place's or a feast's name as a whole: `santa cruz` */
export function isDeclared(rules, text) {
  return text.includes(" ") && (contextPlaces(rules).has(text) || rules.cues.idioms.has(text));
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} a hero's name that a school has */
export function namedAfter(folded, start, end) {
  const { rules, text } = folded;
  const name = text.slice(start, end);
  if (!name.includes(" ") || !(rules.cues.heroes.has(name) || contextPlaces(rules).has(name)) || titled(folded, start)) return false;
  return (
    afterVenue(folded, start, end) ||
    afterPlaceWord(folded, start, end) ||
    companyFollows(folded, end) ||
    (contextPlaces(rules).has(name) && (placed(folded, start) || inAState(folded, end)))
  );
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} `la cantina El Norteño` */
function ofAPlace(folded, start, end) {
  if (titled(folded, start)) return false;
  return inPhrase(folded, start, end, true) || afterVenue(folded, start, end) || isPlace(folded, start, end);
}

/**
 * What an alias or nickname stands for: `la cantina El Norteño`, `Pepe Jeans`, the star sign Leo.
 * @param {Folded} folded @param {number} start @param {number} end @param {Set<string>} own
 * @param {(word: string) => boolean} known @returns {"person" | "other" | "doubtful"}
 */
export function nicknameReading(folded, start, end, own, known) {
  if (titled(folded, start)) {
    return titledVenue(folded, folded.words.starts[folded.words.before(start)]) ? "other" : "person";
  }
  if (ofAPlace(folded, start, end)) return "other";
  const unsure = holy(folded, start, own) || saidToBe(folded, start, end) || englishArticle(folded, start);
  return unsure || strangerAfter(folded, start, end, known) ? "doubtful" : "person";
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} `patrulla Ángel 4`, `todo Juárez` */
function saidToBe(folded, start, end) {
  const { rules, text, words } = folded;
  const name = text.slice(start, end);
  const before = text.slice(Math.max(0, start - 56), start);
  const last = words.before(start) + 1;
  const lead = words.words.slice(Math.max(0, last - 6), last);
  const { thing_heads: heads, calling, signs } = rules.once("said", () => saidSets(rules));
  if (lead.some((word) => heads.has(word)) && rules.shared("context", "thing_before").search(before)) return true;
  const around = text.slice(Math.max(0, start - 56), end + 30);
  if (signs.has(name) && rules.shared("context", "zodiac").search(around)) return true;
  if (contextPlaces(rules).has(name) && rules.shared("context", "whole_place").search(before.slice(-24))) return true;
  const named = lead.slice(-2).some((word) => calling.has(word)) ? rules.shared("context", "named_thing").search(before) : null;
  return (named !== null && aKind(rules, /** @type {string} */ (named.groups[1]))) || saidAfter(folded, start, end);
}

/** @param {Rules} rules @returns {Record<string, Set<string>>} words without which a pattern need not be tried */
function saidSets(rules) {
  const { thing_heads, calling, signs } = rules.data.patterns.context;
  return { thing_heads: new Set(thing_heads), calling: new Set(calling), signs: new Set(signs) };
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} `Mendoza, the wine`, `Bravo brand` */
function saidAfter(folded, start, end) {
  const { rules, text } = folded;
  const gloss = rules.shared("context", "gloss_after").match(text, end);
  if (gloss && aKind(rules, /** @type {string} */ (gloss.groups[1]))) return true;
  const place = rules.shared("context", "gloss_place").match(text, end);
  if (place && beginnings(/** @type {string} */ (place.groups[1])).some((name) => contextPlaces(rules).has(name))) return true;
  if (!capital(folded, start)) return false;
  if (rules.commonWords.has(text.slice(start, end)) && rules.shared("context", "numbered").match(text, end)) return true; // `Memo No. 58`
  const owned = rules.shared("context", "owner_after").match(text, end);
  if (owned && capital(folded, owned.span(1)[0]) && aKind(rules, /** @type {string} */ (owned.groups[1]))) return true;
  const match = rules.shared("context", "match_after").match(text, end);
  if (match && contextPlaces(rules).has(text.slice(start, end)) && capital(folded, match.span(1)[0])) return true; // `León contra Tigres`
  const more = rules.shared("context", "name_more").match(text, end);
  return more !== null && rules.cues.attributive_endings.has(/** @type {string} */ (more.groups[1]));
}

/** @param {Rules} rules @param {string} word @returns {boolean} whether it says what kind of place, house or thing something is */
function aKind({ cues }, word) {
  return [cues.venue_words, cues.organization_words, cues.place_words, cues.kinds_of_things].some((set) => set.has(word));
}

/** @param {string} words @returns {string[]} */
function beginnings(words) {
  const parts = words.split(" ");
  return parts.map((_, size) => parts.slice(0, size + 1).join(" "));
}

/** @param {Folded} folded @param {number} start @returns {boolean} `around a memo`, not `dije a memo` */
function englishArticle(folded, start) {
  const { rules, words } = folded;
  const place = words.before(start);
  if (place < 1 || words.words[place] !== "a" || !touches(folded, place, start)) return false;
  return rules.cues.article_before.has(words.words[place - 1]);
}

/** @param {Folded} folded @param {number} start @returns {boolean} `avenida Álvaro Obregón` */
function afterStreetWord(folded, start) {
  const found = placeWord(folded, start);
  return found !== null && folded.rules.cues.street_words.has(found[0]);
}

/** @param {Folded} folded @param {number} start @returns {boolean} `le prix Pierre Lafontaine` */
function afterPrize(folded, start) {
  const [, place] = venueBefore(folded, start);
  return place >= 0 && folded.rules.cues.sure_venues.has(folded.words.words[place]);
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} */
function standsForOther(folded, start, end) {
  const core = coreOf(folded, start, end);
  return (
    inPhrase(folded, core, end, folded.text.slice(core, end).includes(" "), start) ||
    writtenAsAPlace(folded, start, end) ||
    afterVenue(folded, start, end) ||
    (core > start && afterVenue(folded, core, end)) ||
    beforePlaceWord(folded, start, end) ||
    inOrganization(folded, start, end) ||
    isPlace(folded, start, end) ||
    (core > start && isPlace(folded, core, end)) ||
    isDate(folded, start, end) ||
    honoured(folded, start) ||
    betweenPlaces(folded, start, end) ||
    glossed(folded, end)
  );
}

/**
 * Where a name begins without the particles before it: `hospital de León` where `de León` is a witness.
 * @param {Folded} folded @param {number} start @param {number} end @returns {number}
 */
function coreOf({ rules, text }, start, end) {
  const lead = rules.shared("context", "lead").match(text, start, end);
  return lead && lead.end < end ? lead.end : start;
}

/**
 * Whether a school's or union's word leads to a title: `Sindicato Lic. Garza`.
 * @param {Folded} folded @param {number} title where it begins @returns {boolean}
 */
function titledVenue(folded, title) {
  const { rules } = folded;
  for (const [word, offset] of pathBefore(folded, title)) {
    if (rules.cues.titled_venues.has(word) && touches(folded, folded.words.before(offset + 1), title)) return true;
    if (rules.particles.has(word) || rules.titles.has(word) || !capital(folded, offset)) return false;
    if (rules.cues.titled_venues.has(word)) return true;
  }
  return false;
}

/**
 * Whether a venue's own name in capitals leads to a name: `the bakery La Espiga de García`.
 * @param {Folded} folded @param {number} start @param {(word: string) => boolean} known @returns {boolean}
 */
function inNamedVenue(folded, start, known) {
  const { rules } = folded;
  const path = pathBefore(folded, start);
  if (path.length < 2 || rules.data.patterns.context.joining.includes(path[0][0])) return false;
  const [word, offset] = path[path.length - 1];
  const venue = rules.cues.organization_words.has(word) || rules.cues.venue_words.has(word);
  if (capital(folded, offset) || !venue) return false;
  const named = path.slice(0, -1).filter(([one, place]) => !rules.particles.has(one) && capital(folded, place));
  return named.length > 0 && !named.some(([one]) => rules.titles.has(one) || known(one));
}

/** @param {Folded} folded @param {number} start @returns {boolean} `natalicio de Juárez`, `feast of Santiago` */
function honoured(folded, start) {
  const { rules, words } = folded;
  const place = words.before(start);
  if (place < 0 || !touches(folded, place, start)) return false;
  const { popes, honouring } = rules.data.patterns.context;
  if (popes.includes(words.words[place])) return true;
  return place > 0 && honouring.includes(words.words[place]) && rules.cues.honours.has(words.words[place - 1]);
}

/**
 * Whether a town's name follows `de`, `of` or `from`, and nothing that a person has stands before these.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function ofSomewhere(folded, start, end) {
  const { rules, text, words } = folded;
  if (!contextPlaces(rules).has(text.slice(start, end))) return false;
  const place = words.before(start);
  if (place < 0 || !rules.cues.from_words.has(words.words[place]) || !touches(folded, place, start)) return false;
  return place === 0 || !rules.cues.person_nouns.has(words.words[place - 1]);
}

/**
 * Whether words stand before that a name follows, also one in small letters: `hola soy eva`, `att ana`.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
export function namedBefore({ rules, text }, start, end) {
  if (!rules.shared("context", "naming").search(text.slice(Math.max(0, start - 24), start))) return false;
  return rules.shared("context", "naming_not").match(text, end) === null;
}

/** @param {Folded} folded @param {number} start @param {Set<string>} own @returns {boolean} San Ignacio, fiesta de la … */
function holy(folded, start, own) {
  const { rules, text, words } = folded;
  const place = words.before(start);
  if (place < 0 || !rules.cues.holy_last.has(words.words[place]) || newLine(folded, start - 1)) return false;
  const match = rules.shared("context", "holy").search(text.slice(Math.max(0, start - 40), start));
  return match !== null && !own.has(wordsOf(match.whole)[0]);
}

/**
 * Whether somebody acts or is acted on: a name in small letters, as in `le dije a memo`, `lola dijo que`.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
export function acting(folded, start, end) {
  const { rules, text, words } = folded;
  const { cues } = rules;
  const place = words.before(start);
  if (place > 0 && words.words[place] === "a" && words.gap(place + 1) === " " && words.gap(place) === " ") {
    const earlier = words.words[place - 1];
    const name = text.slice(start, end);
    if (contextPlaces(rules).has(name) || cues.feasts.has(name)) return false;
    return isAlpha(earlier) && !cues.smells.has(earlier) && !cues.calendar.has(earlier);
  }
  if (place >= 0 && cues.person_objects.has(words.words[place]) && words.gap(place + 1) === " ") {
    return !contextPlaces(rules).has(text.slice(start, end));
  }
  const more = rules.shared("context", "name_more").match(text, end);
  if (!more || !cues.person_acts.has(/** @type {string} */ (more.groups[1]))) return false;
  if (opens(text, start) || text.slice(Math.max(0, start - 2), start) === ", ") return true;
  return place >= 0 && cues.person_before.has(words.words[place]) && words.gap(place + 1) === " ";
}

/**
 * Where a name with its article begins, and the place of the venue's word before it, or -1.
 * @param {Folded} folded @param {number} from @returns {[number, number]}
 */
function venueBefore(folded, from) {
  const { rules, words } = folded;
  let start = from;
  let place = words.before(start);
  if (place >= 0 && rules.data.patterns.context.articles.includes(words.words[place]) && touches(folded, place, start)) {
    start = words.starts[place];
    place--;
  }
  const venue = place >= 0 && rules.cues.venue_words.has(words.words[place]) && touches(folded, place, start);
  return [start, venue ? place : -1];
}

/**
 * Whether a venue's word stands before, and no verb of a person follows: `la clínica Esperanza nos ayudó`.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function unsureVenue(folded, start, end) {
  if (venueBefore(folded, start)[1] < 0) return false;
  const more = folded.rules.shared("context", "name_more").match(folded.text, end);
  if (!more) return true;
  const word = /** @type {string} */ (more.groups[1]);
  return !folded.rules.cues.person_acts.has(word) || folded.rules.cues.copulas.has(word);
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} `hotel Rivas,`; not `mercado Rosa dijo` */
function afterVenue(folded, start, end) {
  const { rules, text, words } = folded;
  const [begin, place] = venueBefore(folded, start);
  if (place < 0) return false;
  const first = words.starts[place];
  if (capital(folded, first) && !opens(text, first)) return true;
  if ((begin < start && capital(folded, begin)) || rules.cues.sure_venues.has(words.words[place])) return true;
  if (rules.shared("context", "venue_end").match(text, end)) return true;
  const more = rules.shared("context", "after_name").match(text, end);
  return more !== null && capital(folded, more.span(1)[0]);
}

/** @param {Folded} folded @param {number} place of a word @param {number} start @returns {boolean} only a space or quote */
export function touches(folded, place, start) {
  const { text, words } = folded;
  const gap = text.slice(words.starts[place] + words.words[place].length, start);
  if (gap === " ") return !newLine(folded, start - 1);
  if (!gap.length || gap.length > 3 || !/^[ "'«]*$/.test(gap)) return false;
  return ![...gap].some((_, place) => newLine(folded, start - gap.length + place));
}

/** @param {Folded} folded @param {number} offset @returns {boolean} a carriage return: a new line once it is cleaned */
function newLine(folded, offset) {
  return folded.original.at(folded.start(offset)) === "\r";
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} `in April`, `April 6` */
function isDate(folded, start, end) {
  const { rules, text, words } = folded;
  if (!rules.cues.calendar.has(text.slice(start, end))) return false;
  if (rules.shared("context", "calendar_after").match(text, end)) return true;
  const place = words.before(start);
  if (place >= 0 && /^\p{Nd}+$/u.test(words.words[place]) && touches(folded, place, start)) return true;
  if (besideMonth(folded, end)) return true;
  if (place < 0 || !touches(folded, place, start) || !rules.cues.calendar_before.has(words.words[place])) return false;
  if (words.words[place] === "of" || words.words[place] === "de") {
    return place > 0 && (/^\p{Nd}+$/u.test(words.words[place - 1]) || rules.cues.calendar.has(words.words[place - 1]) || rules.data.patterns.context.days.includes(words.words[place - 1]));
  }
  return place === 0 || !rules.cues.person_verbs.has(words.words[place - 1]);
}

/** @param {Folded} folded @param {number} end @returns {boolean} `May and June`, `abril a junio` */
function besideMonth({ rules, words }, end) {
  const place = words.before(end);
  for (const step of [1, -1]) {
    const other = place + 2 * step;
    if (other < 0 || other >= words.words.length || !rules.cues.calendar_and.has(words.words[place + step])) continue;
    const first = Math.min(place, other) + 1;
    const apart = /[^ ]/.test(words.gap(first) + words.gap(first + 1));
    if (rules.cues.calendar.has(words.words[other]) && !apart) return true;
  }
  return false;
}

/**
 * Whether a way leads from one place to another: `de Morelos a Durango`, `from Laredo to Austin`.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function betweenPlaces({ rules, text }, start, end) {
  const places = contextPlaces(rules);
  if (!places.has(text.slice(start, end))) return false;
  const match = rules.shared("context", "way_before").search(text.slice(Math.max(0, start - 48), start));
  if (match && places.has(/** @type {string} */ (match.groups[1]))) return true;
  if (!rules.shared("context", "way_from").search(text.slice(Math.max(0, start - 8), start))) return false;
  const more = rules.shared("context", "way_after").match(text, end);
  return more !== null && places.has(/** @type {string} */ (more.groups[1]));
}

/** @param {Folded} folded @param {number} end @returns {boolean} a bracket says so: `La Mercedes (la pastelería)` */
function glossed({ rules, text }, end) {
  if (rules.shared("context", "index_entry").match(text, end)) return true; // `Noël (trêve de)`
  if (rules.shared("context", "hyphen_place").match(text, end)) return true; // `Beaulieu-sur-Mer`
  const more = rules.shared("context", "gloss").match(text, end);
  if (!more) return false;
  const word = /** @type {string} */ (more.groups[1]);
  return rules.cues.venue_words.has(word) || rules.cues.organization_words.has(word);
}

/** @param {Folded} folded @param {number} start @param {Set<string>} own @returns {boolean} `24 de junio, San Juan Bautista` */
function saintly(folded, start, own) {
  const { rules, words } = folded;
  const place = words.before(start);
  if (place < 0 || own.has(words.words[place])) return false;
  return rules.data.patterns.context.saints.includes(words.words[place]) && touches(folded, place, start);
}

/**
 * Whether an article of things stands before a name that is a word too: `los Reyes`, `una Mercedes`. A family
 * (`los Valenzuela`) tells who the witness is.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function oneOfMany(folded, start, end) {
  const { rules, text, words } = folded;
  const place = words.before(start);
  const name = text.slice(start, end);
  if (place < 0 || !touches(folded, place, start)) return false;
  if (rules.cues.feasts.has(name) && rules.cues.feast_before.has(words.words[place])) return true;
  if (!rules.cues.families.has(words.words[place])) return false;
  return rules.alsoNames.has(name) || rules.commonWords.has(name);
}

/**
 * Whether several initials stand before a name, none of which is the witness's: `T. S. Elizondo`.
 * @param {Folded} folded @param {number} start @param {(letter: string) => boolean} own @returns {boolean}
 */
export function strangeInitials(folded, start, own) {
  const { rules, text, original } = folded;
  const match = rules.shared("context", "strange_initials").search(text.slice(Math.max(0, start - 16), start));
  if (!match) return false;
  const from = start - match.whole.length;
  const places = rules.compiled("{L}").matches(text, from, start).map((letter) => letter.start);
  return places.every((place) => {
    const letter = text[place];
    return isUpper(original.at(folded.start(place))) && !own(letter) && !rules.titles.has(letter);
  });
}

/**
 * Whether a capitalised word that is no witness's stands beside a name: `Carlos Santana`, `Torres Landa`.
 * @param {Folded} folded @param {number} start @param {number} end @param {(word: string) => boolean} known @returns {boolean}
 */
export function besideStranger(folded, start, end, known) {
  if (strangerAfter(folded, start, end, known)) return true;
  const { rules, text, words, original } = folded;
  const shouted = isUpper(original.at(folded.start(end - 1)));
  const place = words.before(start);
  if (place < 0) return false;
  const first = words.starts[place];
  const gap = text.slice(first + words.words[place].length, start);
  if ((gap !== " " && gap !== "-") || newLine(folded, start - 1)) return false;
  return capital(folded, first) && strange(rules, words.words[place], known, shouted || opens(text, first), false, false);
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} a machine's: `la prensa UC-40` */
function aModel(folded, start, end) {
  const { rules, text, original } = folded;
  if (end - start > 3 || !rules.shared("context", "model").match(text, end)) return false;
  return isUpper(original.slice(...folded.span(start, end)));
}

/**
 * Whether a name looks like that of a thing: `the Victor brand`, `Port of Hugo`, `Hope you are well`.
 * @param {Folded} folded @param {number} start @param {number} end @param {Set<string>} own
 * @param {(word: string) => boolean} known @returns {boolean}
 */
function aThing(folded, start, end, own, known) {
  const { rules, text, words } = folded;
  const place = words.before(start);
  if (plainWord(folded, start, end) || unsureVenue(folded, start, end)) return true;
  if (place < 0 || !touches(folded, place, start) || own.has(words.words[place])) return false;
  if (englishArticle(folded, start) || rules.cues.thing_articles.has(words.words[place])) {
    const less = text.slice(start, end - 1).split(" ").at(-1) ?? "";
    const plural = words.words[place] === "the" && text[end - 1] === "s";
    if (plural && !rules.commonWords.has(less) && known(less)) return false; // `the Harpers`: a family tells
    const more = rules.shared("context", "name_more").match(text, end);
    return !more || !rules.cues.person_endings.has(/** @type {string} */ (more.groups[1]));
  }
  return ofATitle(folded, place, known);
}

/**
 * Whether a capitalised thing leads to a name, inside a sentence: `the Port of Hugo`, `Marcha de los Santos`.
 * @param {Folded} folded @param {number} last the word before the name
 * @param {(word: string) => boolean} known @returns {boolean}
 */
function ofATitle(folded, last, known) {
  const { rules, text, words, original } = folded;
  let place = last;
  while (place >= 0 && last - place < 3 && rules.data.patterns.context.leading.includes(words.words[place])) place--;
  if (place <= 0) return false;
  const first = words.starts[place];
  const word = words.words[place];
  if (!capital(folded, first) || !(isAlpha(word) && isAlpha(words.words[place - 1]))) return false;
  for (let one = place; one <= last; one++) if (words.gap(one) !== " ") return false;
  if (text[first + word.length] !== " ") return false;
  if (isUpper(original.at(folded.start(first + word.length - 1))) || word.length < 3) return false;
  const { cues } = rules;
  const titles = [rules.titles, cues.role_nouns, cues.title_nouns, cues.person_nouns, cues.calendar];
  if (known(word) || titles.some((one) => one.has(word))) return false;
  return rules.commonWords.has(word) && !rules.grammar.has(word);
}

/**
 * Whether a name that is a word opens a sentence as that word: `Hope you are well`, `Mark the date`.
 * @param {Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function plainWord(folded, start, end) {
  const { rules, text } = folded;
  const name = text.slice(start, end);
  if (!opens(text, start) || !(rules.commonWords.has(name) || rules.alsoNames.has(name))) return false;
  const more = rules.shared("context", "name_more").match(text, end);
  return more !== null && rules.cues.plain_after.has(/** @type {string} */ (more.groups[1])) && !capital(folded, more.span(1)[0]);
}

/** @param {Folded} folded @param {number} start @param {number} end @param {(word: string) => boolean} known @returns {boolean} */
function strangerAfter(folded, start, end, known) {
  const { rules, text, original } = folded;
  const shouted = isUpper(original.at(folded.start(end - 1)));
  const name = text.slice(start, end);
  const ordinary = rules.commonWords.has(name) || rules.alsoNames.has(name);
  const more = rules.shared("context", ordinary ? "after_word" : "after_name").match(text, end);
  if (!more || text[more.end] === ":" || newLine(folded, end) || !capital(folded, more.span(1)[0])) return false;
  return strange(rules, /** @type {string} */ (more.groups[1]), known, shouted, !shouted, ordinary);
}

/** @param {string} text @param {number} start @returns {boolean} whether a sentence or a line begins there */
export function opens(text, start) {
  const before = stripEnd(text.slice(Math.max(0, start - 8), start), " \"'*_-—¿¡([");
  return !before || ".!?:\n".includes(before[before.length - 1]);
}

/**
 * Whether a capitalised word beside a name is somebody else's.
 * @param {Rules} rules @param {string} word @param {(word: string) => boolean} known
 * @param {boolean} listed only a frequent name is @param {boolean} common also one that is a word as well: `Amador Bueno`
 * @param {boolean} anyWord the name is a word itself, so that any word counts: `Norma Oficial`
 * @returns {boolean}
 */
function strange(rules, word, known, listed, common, anyWord) {
  if (!isAlpha(word) || word.length < 3 || known(word)) return false;
  const { cues, grammar, particles, titles } = rules;
  if (particles.has(word) || titles.has(word) || cues.calendar.has(word) || grammar.has(word)) return false;
  if (cues.role_nouns.has(word)) return false;
  const named = rules.isOtherName(word) || rules.alsoNames.has(word);
  const ordinary = rules.commonWords.has(word) || rules.alsoNames.has(word);
  return (common && (named || anyWord)) || ((named || !listed) && !ordinary);
}

/** @param {Rules} rules @returns {Set<string>} the places that a witness's name may be, the small and the far ones as well */
export function contextPlaces(rules) {
  return rules.once("context places", () => new Set([...rules.places, ...rules.cues.more_places]));
}

/**
 * Whether a stretch stands in a hero's, feast's or town's name; if `longer`, with more words around it.
 * @param {Folded} folded @param {number} start @param {number} end @param {boolean} [longer] @returns {boolean}
 */
function inPhrase({ rules, text }, start, end, longer = false, begin = start) {
  const offset = Math.max(0, start - 40);
  const around = text.slice(offset, end + 40);
  for (const phrase of phrasesWith(rules, text.slice(start, end))) {
    for (let place = around.indexOf(phrase); place >= 0; place = around.indexOf(phrase, place + 1)) {
      const inside = offset + place <= start && end <= offset + place + phrase.length;
      const own = begin < start && begin < offset + place && offset + place + phrase.length <= end;
      if (inside && !own && !(longer && phrase.length === end - start)) return true;
    }
  }
  return false;
}

/** @param {Rules} rules @param {string} word @returns {string[]} */
function phrasesWith(rules, word) {
  /** @type {Map<string, string[]>} */
  const known = rules.once("phrases with", () => new Map());
  let found = known.get(word);
  if (!found) {
    const { idioms, heroes } = rules.data.gazetteer;
    const places = [...contextPlaces(rules)].filter((place) => place.includes(" "));
    found = [...idioms, ...heroes, ...places].filter((phrase) => phrase.includes(word));
    if (known.size > 4096) known.clear();
    known.set(word, found);
  }
  return found;
}

/** @param {Folded} folded @param {number} offset @returns {boolean} */
export function capital(folded, offset) {
  const character = folded.original.at(folded.start(offset));
  return isUpper(character) || isDecimal(character);
}

/** @param {Folded} folded @param {number} start @returns {[string, number][]} the words before, nearest first */
export function pathBefore(folded, start) {
  let path = folded.paths.get(start);
  if (!path) folded.paths.set(start, (path = pathTo(folded, start)));
  return path;
}

/** @param {Folded} folded @param {number} start @returns {[string, number][]} as far as capitals and small words lead */
function pathTo(folded, start) {
  const { rules, text, words } = folded;
  /** @type {[string, number][]} */ const path = [];
  let place = words.before(start);
  let following = start;
  while (place >= 0 && path.length < 7) {
    const word = words.words[place];
    const begin = words.starts[place];
    const gap = text.slice(begin + word.length, following);
    if (begin < start - rules.data.patterns.context.reach || breaks(rules, word, gap)) break;
    path.push([word, begin]);
    if (!(capital(folded, begin) || rules.particles.has(word))) break;
    place--;
    following = begin;
  }
  // A carriage return, which the folded text shows as a space, is a new line once it is cleaned.
  const last = folded.start(start);
  if (!path.length || !folded.original.slice(folded.start(path[path.length - 1][1]), last).includes("\r")) return path;
  return path.filter(([, begin]) => !folded.original.slice(folded.start(begin), last).includes("\r"));
}

/** @param {Rules} rules @param {string} word @param {string} gap @returns {boolean} whether the path ends there */
function breaks(rules, word, gap) {
  if (gap === " ") return false;
  if (hasBreak(rules, gap)) return true;
  const space = gap.indexOf(". ");
  const stop = space >= 0 ? space : gap.indexOf(".\t");
  return stop >= 0 && (stop > 0 || !abbreviation(rules, word));
}

/** @param {Rules} rules @param {string} text @returns {boolean} */
function hasBreak(rules, text) {
  const signs = rules.data.patterns.context.breaks;
  for (const sign of text) if (signs.includes(sign)) return true;
  return false;
}

/** @param {Rules} rules @param {string} word @returns {boolean} whether a full stop after it abbreviates it: av. col. */
function abbreviation(rules, word) {
  const found = rules.shared("context", "word_end").search(word);
  return found !== null && rules.data.patterns.context.shortened.includes(found.whole);
}

/** @param {Folded} folded @param {number} start @returns {[string, number] | null} the street's or settlement's word that leads to a name */
function placeWord(folded, start) {
  const { rules, text } = folded;
  for (const [word, offset] of pathBefore(folded, start)) {
    if (rules.titles.has(word) && word.length > 1) return null;
    if (rules.cues.place_words.has(word)) return word.length > 3 || abbreviated(rules, text, offset, word) ? [word, offset] : null;
  }
  return null;
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} Calle Rivas, colonia Guadalupe */
function writtenAsAPlace(folded, start, end) {
  const found = placeWord(folded, start);
  return found !== null && (capital(folded, found[1]) || contextPlaces(folded.rules).has(folded.text.slice(start, end)));
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} also in small letters: calle Hidalgo; of plain nouns only those written as names */
function afterPlaceWord(folded, start, end) {
  const found = placeWord(folded, start);
  return found !== null && (folded.rules.cues.street_words.has(found[0]) || writtenAsAPlace(folded, start, end));
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} Hidalgo Street, `the Marco museum` */
function beforePlaceWord(folded, start, end) {
  const more = folded.rules.shared("context", "name_more").match(folded.text, end);
  if (!more) return false;
  const word = /** @type {string} */ (more.groups[1]);
  const { rules, words } = folded;
  if (rules.cues.street_endings.has(word) && capital(folded, more.span(1)[0])) return true;
  const place = words.before(start);
  const before = rules.data.patterns.context.attributive_before;
  return rules.cues.attributive_endings.has(word) && place >= 0 && before.includes(words.words[place]);
}

/** @param {Rules} rules @param {string} text @param {number} offset @param {string} word @returns {boolean} */
function abbreviated(rules, text, offset, word) {
  return !rules.data.patterns.context.short_place_words.includes(word) || text[offset + word.length] === ".";
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} */
function inOrganization(folded, start, end) {
  if (companyFollows(folded, end)) return true;
  const { rules, text } = folded;
  const path = pathBefore(folded, start);
  for (let place = 0; place < path.length; place++) {
    const [word, offset] = path[place];
    if (rules.titles.has(word) && word.length > 1 && !insideQuotes(text, offset, start)) {
      return titledVenue(folded, offset);
    }
    if (place === 0 && rules.cues.role_nouns.has(word)) return false;
    if (rules.cues.organization_words.has(word) && capital(folded, offset)) {
      const direct = path.slice(0, place).every(([small]) => rules.particles.has(small));
      return !(direct && place > 0);
    }
  }
  return false;
}

/** @param {Folded} folded @param {number} end @returns {boolean} whether a company's ending follows: S.A. de C.V. */
export function companyFollows(folded, end) {
  const next = folded.text[end]; // of most names: every ending stands apart
  if (next !== " " && next !== ",") return false;
  const ending = companyEndings(folded.rules).match(folded.text, end);
  if (!ending || (ending.groups[1] && !capital(folded, ending.span(1)[0]))) return false;
  return folded.rules.cues.sure_endings.has(/** @type {string} */ (ending.groups[2])) || capital(folded, ending.span(2)[0]);
}

/** @param {Rules} rules @returns {import("./pattern.js").Pattern} */
function companyEndings(rules) {
  return rules.once("company endings", () => {
    const endings = [...rules.data.gazetteer.organization_endings];
    endings.sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
    return rules.compiled(`${rules.data.patterns.context.firm}(${endings.map(escaped).join("|")})(?!{W})`);
  });
}

/** @param {string} text @param {number} start @param {number} end @returns {boolean} */
function insideQuotes(text, start, end) {
  const near = text.slice(Math.max(0, start - 2), start) + text.slice(start, end);
  return near.includes('"') || near.includes("'");
}

/** @param {Folded} folded @param {number} start @returns {boolean} in quotation marks after an organization's word */
export function inQuotedOrganization(folded, start) {
  const { rules, text } = folded;
  const floor = Math.max(0, start - rules.data.patterns.context.reach);
  const window = text.slice(floor, start);
  if (!window.includes('"') && !window.includes("'")) return false;
  const single = window.includes(" '") ? window.lastIndexOf(" '") + 1 : -1;
  const opening = Math.max(window.lastIndexOf('"'), window.lastIndexOf("' "), single);
  if (opening < 0 || pathBreak(rules, window.slice(opening + 1))) return false;
  if (count(window, '"') % 2 === 0 && window[opening] === '"' && window.indexOf('"') !== opening) return false;
  const words = rules.compiled("{W}+").matches(window.slice(0, opening)).slice(-5).reverse();
  for (const match of words) {
    if (rules.cues.organization_words.has(match.whole)) return !pathBreak(rules, window.slice(match.end, opening));
    if (!(capital(folded, floor + match.start) || rules.particles.has(match.whole))) return false;
  }
  return false;
}

/** @param {Rules} rules @param {string} text @returns {boolean} */
function pathBreak(rules, text) {
  return text.includes(". ") || text.includes(".\t") || hasBreak(rules, text);
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} */
function isPlace(folded, start, end) {
  const { rules, text } = folded;
  const name = text.slice(start, end);
  const known = contextPlaces(rules).has(name);
  if (!known && !rules.shared("context", "in_before").search(text.slice(Math.max(0, start - 6), start))) return false;
  if (inAState(folded, end)) return true;
  if (!known) return false;
  if (rules.states.has(name) && afterTown(rules, text, start)) return true;
  const more = rules.shared("context", "name_more").match(text, end);
  if (more && capital(folded, more.span(1)[0])) {
    const word = /** @type {string} */ (more.groups[1]);
    if (!rules.commonWords.has(word) && !rules.grammar.has(word)) return false;
  }
  return placed(folded, start);
}

/** @param {Folded} folded @param {number} end @returns {boolean} a state or country follows: `Guadalupe, Nuevo León` */
export function inAState({ rules, text }, end) {
  const after = rules.shared("context", "state_after").match(text, end);
  return after !== null && isState(rules, /** @type {string} */ (after.groups[1]));
}

/** @param {Rules} rules @param {string} text @param {number} start @returns {boolean} `Pachuca, Hidalgo` */
function afterTown(rules, text, start) {
  const match = rules.shared("context", "town_before").search(text.slice(Math.max(0, start - 40), start));
  if (!match) return false;
  const words = /** @type {string} */ (match.groups[1]).split(" ");
  return words.some((_, place) => rules.places.has(words.slice(place).join(" ")));
}

/** @param {Rules} rules @param {string} text @returns {boolean} */
function isState(rules, text) {
  const words = text.trim().split(" ");
  for (let size = 1; size <= Math.min(3, words.length); size++) {
    const name = stripEnd(words.slice(0, size).join(" "), ".");
    if (rules.statesAndAbroad.has(name) || rules.statesAndAbroad.has(`${name}.`)) return true;
  }
  return false;
}

/** @param {Folded} folded @param {number} start @returns {boolean} after a preposition of place */
function placed(folded, start) {
  const { rules, text, original } = folded;
  const data = rules.data.patterns.context;
  const before = rules.compiled("{W}+").matches(text, Math.max(0, start - 40), start);
  const gap = text.slice(Math.max(0, start - 2), start);
  if (!before.length || /[,;.:]/.test(gap)) return false;
  const last = before[before.length - 1];
  const word = before.length > 1 ? before[before.length - 2] : null;
  const beside = word && !hasBreak(rules, text.slice(word.end, last.start)) ? word : null;
  const earlier = beside?.whole ?? "";
  if (data.in_prepositions.includes(last.whole) || "àÀ".includes(original.at(folded.start(last.start)))) {
    return !rules.cues.person_verbs.has(earlier);
  }
  if (data.to_prepositions.includes(last.whole)) {
    return rules.cues.motion_verbs.has(earlier) || data.sure_prepositions.includes(last.whole);
  }
  if (!data.of_prepositions.includes(last.whole)) return false;
  return rules.data.gazetteer.place_prepositions.nouns.includes(earlier) || (beside !== null && isAcronym(folded, beside));
}

/** @param {Folded} folded @param {import("./pattern.js").Match} word @returns {boolean} an office: `CFCRL de Celaya` */
function isAcronym(folded, word) {
  return word.whole.length > 1 && isUpper(folded.original.slice(...folded.span(word.start, word.end)));
}
