// @ts-check
/**
 * What the form of a phrase says about a name that stands alone: is it a thing that is called as a witness is?
 *
 * No list of names decides here but what leads to a name, follows it or stands beside it. What looks like a thing
 * becomes a question, never nothing.
 *
 * Rules of this module
 *   1. The noun of a house or thing before a name, also with an adjective or `de` and a noun: `la cordonnerie Rivas`,
 *      `el jardín de niños Rivas`; where that noun phrase opens the sentence, whoever acts: `La papelería Rivas cobra`.
 *   2. An article written as part of the name: `in El Prado`, `tacos de La Aurora`.
 *   3. A list of places around it: `Toluca, Rivas y Silao`.
 *   4. A common word with a capital after it, inside a sentence: `at Rivas Memorial`.
 *   5. A state, a street's crossing, a score or a lawsuit's other side after it: `through Rivas, Texas`.
 *   6. An article of things before a word in small letters: `une rosaire`.
 */

import { capital, contextPlaces, inAState, opens, touches } from "./context.js";
import { isAlpha, isUpper } from "./text.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {(word: string) => boolean} Known whether a folded word may be a witness's */

const SMALL = 3; // letters of a word that is no noun
const UNTOLD = ["role_nouns", "title_nouns", "person_nouns", "calendar", "offices"]; // what follows a person's name too

/** @param {Rules} rules @returns {Record<string, Set<string>>} the lists of words among the rules of things */
function listsOf(rules) {
  return rules.once("things", () => {
    const lists = Object.entries(rules.data.patterns.things).filter(([, value]) => Array.isArray(value));
    return Object.fromEntries(lists.map(([name, value]) => [name, new Set(value)]));
  });
}

/**
 * Whether half a name, or a nickname, looks like what something else is called.
 * @param {Folded} folded @param {number} start @param {number} end @param {Set<string>} own the small words of the witness's name
 * @param {Known} known @param {boolean} exact the name is written as it is listed @returns {boolean}
 */
export function likeAThing(folded, start, end, own, known, exact) {
  const place = folded.words.before(start);
  if (!capital(folded, start)) return exact && place >= 0 && counted(folded, place, start);
  const around = listedAmongPlaces(folded, start, end, known) || goesOn(folded, start, end, known) || followed(folded, end);
  return around || (place >= 0 && led(folded, place, start, end, own));
}

/** @param {Folded} folded @param {number} end @returns {boolean} a score or a lawsuit's other side: `Rivas v. Texas` */
function followed(folded, end) {
  const { rules, text } = folded;
  if (rules.shared("things", "result").match(text, end)) return true;
  const suit = rules.shared("things", "suit").match(text, end);
  return suit !== null && capital(folded, suit.span(1)[0]);
}

/** @param {Folded} folded @param {number} last the word before @param {number} from @param {number} end @param {Set<string>} own @returns {boolean} */
function led(folded, last, from, end, own) {
  const { rules, text, words } = folded;
  const lists = listsOf(rules);
  let [place, start] = [last, from];
  if (!touches(folded, place, start) || own.has(words.words[place])) return false;
  const acting = somebodyActs(folded, end);
  if (!acting && (ownArticle(folded, place) || stated(folded, place, end) || one(folded, place, end))) return true;
  if (lists.ways.has(words.words[place]) && rules.shared("things", "crossing").match(text, end)) return true;
  if (lists.articles.has(words.words[place])) {
    start = words.starts[place];
    place -= 1;
    if (place < 0 || !touches(folded, place, start)) return false;
  }
  return calledAfter(folded, place, acting);
}

/** @param {Folded} folded @param {number} end @returns {boolean} */
function somebodyActs({ rules, text }, end) {
  const more = rules.shared("context", "name_more").match(text, end);
  if (!more) return false;
  const word = /** @type {string} */ (more.groups[1]);
  return rules.cues.person_acts.has(word) && !rules.cues.copulas.has(word);
}

/** @param {Folded} folded @param {number} place @returns {boolean} an article with a capital of its own: `in El Prado`, `Chez Noël` */
function ownArticle(folded, place) {
  const { rules, text, words, original } = folded;
  const word = words.words[place];
  const first = words.starts[place];
  const lists = listsOf(rules);
  if (!lists.own_articles.has(word) || !capital(folded, first) || opens(text, first)) return false;
  if (isUpper(original.at(folded.start(first + word.length - 1)))) return false;
  return place === 0 || !lists.of.has(words.words[place - 1]) || !capital(folded, words.starts[place - 1]);
}

/** @param {Folded} folded @param {number} place @param {number} end @returns {boolean} `through Rivas, Texas` */
function stated(folded, place, end) {
  return listsOf(folded.rules).ways.has(folded.words.words[place]) && inAState(folded, end);
}

/** @param {Folded} folded @param {number} place @param {number} end @returns {boolean} one of its kind, with its number: `una Rivas 300` */
function one({ rules, text, words }, place, end) {
  return listsOf(rules).single.has(words.words[place]) && rules.shared("things", "number_after").match(text, end) !== null;
}

/** @param {Folded} folded @param {number} place @param {boolean} acting @returns {boolean} the noun of a house or thing ends there */
function calledAfter(folded, place, acting) {
  const { rules, words } = folded;
  const lists = listsOf(rules);
  if (thingNoun(rules, words.words[place])) return !acting || openingNoun(folded, place);
  if (lists.copulas.has(words.words[place])) return isCalled(folded, place - 1);
  const first = qualified(folded, place);
  if (first < 0 || !determined(folded, first)) return false;
  return acting || lists.workplaces.has(words.words[first]) ? openingNoun(folded, first) : true;
}

/** @param {Folded} folded @param {number} place @returns {boolean} `La parada es Rivas`; not `la jefa de la planta es Rivas` */
function isCalled(folded, place) {
  const { rules, words } = folded;
  if (place < 1 || !thingNoun(rules, words.words[place]) || !determined(folded, place)) return false;
  return place < 2 || !listsOf(rules).of.has(words.words[place - 2]);
}

/** @param {Rules} rules @param {string} word @returns {boolean} the noun of a house or thing, by list or by its ending (`-ería`, `-erie`) */
function thingNoun(rules, word) {
  const { cues } = rules;
  const lists = listsOf(rules);
  if (cues.role_nouns.has(word) || cues.person_nouns.has(word)) return false;
  if (cues.venue_words.has(word) || cues.things_called.has(word)) return true;
  return word.length > 6 && [...lists.endings].some((ending) => word.endsWith(ending)) && !lists.ending_not.has(word);
}

/** @param {Folded} folded @param {number} place @returns {number} a thing's noun that an adjective or `de` and a noun follow up to a word, or -1 */
function qualified(folded, place) {
  const { rules, words } = folded;
  const lists = listsOf(rules);
  let first = place - 1;
  if (!lists.adjectives.has(words.words[place])) {
    if (place < 2 || !lists.of.has(words.words[place - 1]) || words.words[place].length <= SMALL) return -1;
    first = place - 2;
  }
  if (first < 0 || !thingNoun(rules, words.words[first]) || capital(folded, words.starts[place])) return -1;
  for (let one = first + 1; one <= place; one++) if (words.gap(one) !== " ") return -1;
  return first;
}

/** @param {Folded} folded @param {number} place @returns {boolean} */
function determined({ rules, words }, place) {
  return place > 0 && listsOf(rules).determiners.has(words.words[place - 1]);
}

/** @param {Folded} folded @param {number} place @returns {boolean} an article and a noun open a sentence: `La tienda Rivas` */
function openingNoun(folded, place) {
  const { text, words } = folded;
  return determined(folded, place) && (words.gap(place) === " " || words.gap(place) === "'") && opens(text, words.starts[place - 1]);
}

/** @param {Folded} folded @param {number} start @param {number} end @param {Known} known @returns {boolean} `Toluca, Silao y Rivas` */
function listedAmongPlaces(folded, start, end, known) {
  const { rules, text } = folded;
  if (firstOfPlaces(folded, start, end, known)) return true;
  const before = rules.shared("things", "listed_before").search(text.slice(Math.max(0, start - 40), start));
  if (!before) return false;
  const [, said, joining] = /** @type {string[]} */ (before.groups);
  const sure = surePlace(rules, said, known);
  if (joining.trim() !== ",") return sure && rules.shared("context", "venue_end").match(text, end) !== null;
  const after = rules.shared("things", "listed_after").match(text, end);
  if (!after) return false;
  const next = /** @type {string} */ (after.groups[1]);
  return sure ? aPlace(rules, next, known) : surePlace(rules, next, known);
}

/** @param {Folded} folded @param {number} start @param {number} end @param {Known} known @returns {boolean} `camiones a Rivas, Saltillo y Monclova` */
function firstOfPlaces(folded, start, end, known) {
  const { rules, text, words } = folded;
  const place = words.before(start);
  if (place < 0 || !listsOf(rules).ways.has(words.words[place]) || !touches(folded, place, start)) return false;
  const more = rules.shared("things", "listed_first").match(text, end);
  if (!more) return false;
  const [, second, third] = /** @type {string[]} */ (more.groups);
  return surePlace(rules, second, known) && aPlace(rules, third, known);
}

/** @param {string} said @returns {string[]} the words that it begins with */
function beginnings(said) {
  const parts = said.split(" ");
  return parts.map((_, place) => parts.slice(0, place + 1).join(" "));
}

/** @param {Rules} rules @param {string} said @param {Known} known @returns {boolean} it begins with the name of a place that is no witness's */
function aPlace(rules, said, known) {
  return beginnings(said).some((name) => contextPlaces(rules).has(name) && !known(name));
}

/** @param {Rules} rules @param {string} said @param {Known} known @returns {boolean} its first or last words are a place and nobody's name */
function surePlace(rules, said, known) {
  const parts = said.split(" ");
  const names = [...beginnings(said), ...parts.map((_, place) => parts.slice(place).join(" "))];
  return names.some((name) => contextPlaces(rules).has(name) && !rules.isOtherName(name) && !known(name));
}

/** @param {Folded} folded @param {number} start @param {number} end @param {Known} known @returns {boolean} `at Rivas Memorial` */
function goesOn(folded, start, end, known) {
  const { rules, text, original } = folded;
  if (text[end] !== " " || isUpper(original.at(folded.start(end - 1)))) return false;
  const more = rules.shared("things", "goes_on").match(text, end);
  if (!more || !capital(folded, more.span(1)[0])) return false;
  const word = /** @type {string} */ (more.groups[1]);
  if (known(word)) return false;
  if (listsOf(rules).name_ends.has(word) && (opens(text, start) || inASentence(folded, start))) return true;
  const shouted = isUpper(original.at(folded.start(more.span(1)[1] - 1))) && word.length > 3;
  return !shouted && ofNoPerson(rules, word) && inASentence(folded, start);
}

/** @param {Rules} rules @param {string} word @returns {boolean} a common word and none that follows a person's name too: an office, a month, a title */
function ofNoPerson(rules, word) {
  if (rules.grammar.has(word) || rules.particles.has(word) || rules.titles.has(word)) return false;
  return rules.commonWords.has(word) && !UNTOLD.some((name) => rules.cues[name].has(word));
}

/** @param {Folded} folded @param {number} start @returns {boolean} a word in small letters stands directly before */
function inASentence(folded, start) {
  const { words } = folded;
  const place = words.before(start);
  return place >= 0 && isAlpha(words.words[place]) && touches(folded, place, start) && !capital(folded, words.starts[place]);
}

/** @param {Folded} folded @param {number} place @param {number} start @returns {boolean} an article of things before small letters: `une rosaire` */
function counted(folded, place, start) {
  return listsOf(folded.rules).counting.has(folded.words.words[place]) && touches(folded, place, start);
}
