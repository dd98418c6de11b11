// @ts-check
/**
 * What surrounds a name: does it stand for a person here, or for a town, a street, a union, a feast?
 *
 * Rules of this module
 *   1. A title before it (Sr., Mr., compañera) makes it a person, whatever else.
 *   2. A whole name is a person, unless it stands inside a name that the petition itself declares.
 *   3. A lone name is kept only on a clear sign: a street or settlement word before it, a state after it, a place
 *      preposition before a place of the gazetteer, an organization's name around it, a feast.
 *   4. In doubt it is a witness.
 */

import { escaped } from "./pattern.js";
import { count, isUpper, stripEnd } from "./text.js";
import { wordsOf } from "./variants.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./fold.js").Folded} Folded */

/** @param {Folded} folded @param {number} start @returns {boolean} whether a form of address stands directly before */
export function titled(folded, start) {
  const { rules, text, words } = folded;
  const place = words.before(start);
  if (place < 0) return false;
  const word = words.words[place];
  const end = words.starts[place] + word.length;
  if (!rules.titles.has(word) || end > start || start - end > 8) return false;
  const gap = text.slice(Math.max(end, start - 3), start);
  if (gap.includes(",") || gap.includes("\n")) return false;
  return word.length > 1 || text.slice(Math.max(0, start - 2), start) === ". ";
}

/** @param {Folded} folded @param {number} start @param {number} end @param {boolean} lone @returns {boolean} */
export function standsForOther(folded, start, end, lone) {
  if (titled(folded, start)) return false;
  if (inQuotedOrganization(folded, start)) return true;
  if (!lone) return false;
  return (
    inPhrase(folded, start, end) ||
    afterPlaceWord(folded, start, end) ||
    beforePlaceWord(folded, end) ||
    inOrganization(folded, start, end) ||
    isPlace(folded, start, end)
  );
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} in a hero's or a feast's name */
function inPhrase({ rules, text }, start, end) {
  const offset = Math.max(0, start - 40);
  const around = text.slice(offset, end + 40);
  for (const phrase of phrasesWith(rules, text.slice(start, end))) {
    for (let place = around.indexOf(phrase); place >= 0; place = around.indexOf(phrase, place + 1)) {
      if (offset + place <= start && end <= offset + place + phrase.length) return true;
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
    const places = [...rules.places].filter((place) => place.includes(" "));
    found = [...idioms, ...heroes, ...places].filter((phrase) => phrase.includes(word));
    if (known.size > 4096) known.clear();
    known.set(word, found);
  }
  return found;
}

/** @param {Folded} folded @param {number} offset @returns {boolean} */
function capital(folded, offset) {
  const character = folded.original.at(folded.start(offset));
  return isUpper(character) || /^\p{Nd}$/u.test(character);
}

/** @param {Folded} folded @param {number} start @returns {[string, number][]} the words before, nearest first */
export function pathBefore(folded, start) {
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
  return path;
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
  if (!found || found.whole.length > 5) return false;
  return rules.cues.place_words.has(found.whole) || rules.titles.has(found.whole);
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {boolean} Calle Hidalgo, colonia Guadalupe */
function afterPlaceWord(folded, start, end) {
  const { rules, text } = folded;
  for (const [word, offset] of pathBefore(folded, start)) {
    if (rules.titles.has(word) && word.length > 1) return false;
    if (!rules.cues.place_words.has(word)) continue;
    if (word.length < 4 && !abbreviated(rules, text, offset, word)) return false;
    // "en el mercado Lupe dijo": a plain noun before a person; only streets, or places written as names, count
    return rules.cues.street_words.has(word) || capital(folded, offset) || rules.places.has(text.slice(start, end));
  }
  return false;
}

/** @param {Folded} folded @param {number} end @returns {boolean} whether a street's word follows: Hidalgo Street */
function beforePlaceWord(folded, end) {
  const more = folded.rules.shared("context", "name_more").match(folded.text, end);
  if (!more) return false;
  const word = /** @type {string} */ (more.groups[1]);
  return folded.rules.cues.street_endings.has(word) && capital(folded, more.span(1)[0]);
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
    if (rules.titles.has(word) && word.length > 1 && !insideQuotes(text, offset, start)) return false;
    if (rules.cues.organization_words.has(word) && capital(folded, offset)) {
      const direct = path.slice(0, place).every(([small]) => rules.particles.has(small));
      return !(direct && place > 0);
    }
  }
  return false;
}

/** @param {Folded} folded @param {number} end @returns {boolean} whether a company's ending follows: S.A. de C.V. */
export function companyFollows(folded, end) {
  const ending = companyEndings(folded.rules).match(folded.text, end);
  if (!ending) return false;
  return folded.rules.cues.sure_endings.has(/** @type {string} */ (ending.groups[1])) || capital(folded, ending.span(1)[0]);
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
  const words = [...rules.compiled("{W}+").finditer(window.slice(0, opening))].slice(-5).reverse();
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
  if (!rules.places.has(name)) return false;
  const after = rules.shared("context", "state_after").match(text, end);
  if (after && isState(rules, /** @type {string} */ (after.groups[1]))) return true;
  if (rules.states.has(name) && afterTown(rules, text, start)) return true;
  const more = rules.shared("context", "name_more").match(text, end);
  if (more && capital(folded, more.span(1)[0])) {
    const word = /** @type {string} */ (more.groups[1]);
    if (!rules.commonWords.has(word) && !rules.grammar.has(word)) return false;
  }
  return placed(rules, text, start);
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

/** @param {Rules} rules @param {string} text @param {number} start @returns {boolean} after a preposition of place */
function placed(rules, text, start) {
  const data = rules.data.patterns.context;
  const before = wordsOf(text.slice(Math.max(0, start - 40), start));
  const gap = text.slice(Math.max(0, start - 2), start);
  if (before.length < 2 || /[,;.:]/.test(gap)) return false;
  const [earlier, last] = before.slice(-2);
  if (data.in_prepositions.includes(last)) return !rules.cues.person_verbs.has(earlier);
  if (data.to_prepositions.includes(last)) {
    return rules.cues.motion_verbs.has(earlier) || data.sure_prepositions.includes(last);
  }
  return data.of_prepositions.includes(last) && rules.data.gazetteer.place_prepositions.nouns.includes(earlier);
}
