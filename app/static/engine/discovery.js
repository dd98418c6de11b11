// @ts-check
/** Identifiers of anybody in a folded text: codes, numbers and contacts by form, cue and check digit. */

import { CASE_NUMBER, codes, identifier, inDigits, numbers, zones } from "./identifiers.js";
import { isUpper, stripEnd } from "./text.js";
import { near, united } from "./windows.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */
/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./pattern.js").Match} Match */
/** @typedef {import("./identifiers.js").Identifier} Identifier */

const POINTS = [".", ","]; // before the digits of a fraction

/** @param {Folded} folded @returns {Identifier[]} every identifier and number to ask about, unmerged */
export function discover(folded) {
  const { rules, text, blocks } = folded;
  const reach = rules.data.identifiers.digit_reach;
  /** @param {Span[]} spans */
  const around = (spans) => united(spans.map(([start, end]) => [start - reach, end + reach]), text.length);
  const decimals = around(blocks.filter(([start, end]) => end - start > 2 && POINTS.includes(text.charAt(start - 1))));
  const areas = zones(rules, text, blocks);
  const found = codes(rules, text, areas).concat(numbers(rules, inDigits(rules, text, blocks), areas));
  for (const [rule, pattern, spans] of near(rules, "identifiers", "patterns").windows(text, folded.words, decimals)) {
    for (const [start, end] of spans) {
      for (const match of pattern.matches(text, start, end)) {
        const one = ofRule(folded, rule, match);
        if (one) found.push(one);
      }
    }
  }
  for (const source of rules.data.identifiers.case_numbers) {
    for (const [start, end] of around(blocks)) {
      for (const match of rules.compiled(source).matches(text, start, end)) {
        found.push(identifier(match.start, match.span(1)[1], CASE_NUMBER, "likely", "cue", false));
      }
    }
  }
  return found;
}

/** @param {Folded} folded @param {any} rule @param {Match} match @returns {Identifier | null} */
function ofRule(folded, rule, match) {
  const { rules, text } = folded;
  const group = rule.group ?? 0;
  let [start, last] = group ? match.span(group) : [match.start, match.end];
  const value = start < 0 ? text.slice(-1, -1) : text.slice(start, last);
  if (rule.has && !rules.compiled(rule.has).search(value)) return null;
  if (rule.capital_group && !capital(folded, match, rule.capital_group)) return null;
  let end = start + stripEnd(value, " \n,.;:-)'\"").length;
  if (rule.capital_run) start = capitalRun(folded, start, last);
  if (rule.extend_places) end = withPlaces(folded, end);
  if (end <= start) return null;
  return identifier(start, end, rule.label, "certain", group ? "cue" : "pattern", Boolean(rule.guard));
}

/** @param {Folded} folded @param {Match} match @param {number} group @returns {boolean} */
function capital(folded, match, group) {
  if (folded.rules.data.identifiers.unambiguous.includes(match.groups[group])) return true;
  return isUpper(folded.original.at(folded.start(match.span(group)[0])));
}

/** @param {Folded} folded @param {number} start @param {number} end @returns {number} where the capitals begin, or the end */
function capitalRun(folded, start, end) {
  const { rules, text, original } = folded;
  let first = end;
  for (const word of rules.compiled("{W}+").matches(text, start, end).reverse()) {
    const letter = original.at(folded.start(word.start));
    if (isUpper(letter)) first = word.start;
    else if (first < end && rules.cues.street_words.has(word.whole)) return word.start;
    else if (!/^\p{Nd}$/u.test(letter) && !rules.particles.has(word.whole) && !rules.data.kinds.number_words.includes(word.whole)) break;
  }
  return first;
}

/** @param {Folded} folded @param {number} end @returns {number} after flat, settlement, crossing, town, state and postcode */
function withPlaces(folded, end) {
  let last = end;
  for (let turn = 0; turn < folded.rules.data.identifiers.address_parts; turn++) {
    const size = knownPart(folded, last) || unknownPart(folded, last);
    if (!size) break;
    last += size;
  }
  return last;
}

/** @param {Folded} folded @param {number} end @returns {number} */
function knownPart(folded, end) {
  const { rules, text } = folded;
  const { postcode, address_part: known } = rules.data.identifiers;
  const coded = rules.compiled(postcode).match(text, end);
  if (coded) {
    const last = end + coded.whole.length;
    const goesOn = placeLength(rules, text, last) || rules.compiled(known).match(text, last);
    return last - end + (goesOn ? 0 : restOfPlace(folded, last));
  }
  const ends = rules.compiled(rules.data.identifiers.address_ends).search(text.slice(Math.max(0, end - 12), end + 1));
  const part = ends ? null : rules.compiled(known).match(text, end);
  if (part) return stripEnd(part.whole, " \n-").length;
  const place = placeLength(rules, text, end);
  return place ? place + restOfPlace(folded, end + place) : 0;
}

/**
 * The length of what makes a place's name longer than the known one: `Motul de Carrillo Puerto`.
 * @param {Folded} folded @param {number} end @returns {number}
 */
function restOfPlace(folded, end) {
  const { rules, text, original } = folded;
  let last = end;
  for (let turn = 0; turn < 3; turn++) {
    const more = rules.compiled(rules.data.identifiers.place_more).match(text, last);
    if (!more || !isUpper(original.at(folded.start(more.span(1)[0])))) break;
    last = more.end;
  }
  return last - end;
}

/** @param {Folded} folded @param {number} end @returns {number} before a known part, or a name in capitals at the end */
function unknownPart(folded, end) {
  const { rules, text, original } = folded;
  const part = rules.compiled(rules.data.identifiers.address_phrase).match(text, end);
  if (!part) return 0;
  const words = rules.compiled("{W}+").matches(text, ...part.span(1));
  if (words.length > rules.data.identifiers.address_words) return 0;
  const named = words.every((word) => isUpper(original.at(folded.start(word.start))) || rules.particles.has(word.whole));
  return named || knownPart(folded, part.end) ? part.whole.length : 0;
}

/** @param {Rules} rules @param {string} text @param {number} end @returns {number} */
function placeLength(rules, text, end) {
  const match = rules.compiled(rules.data.identifiers.place).match(text, end);
  if (!match || !(match.whole.slice(0, 2).includes(",") || "0123456789".includes(text[end - 1]))) return 0;
  const words = /** @type {string} */ (match.groups[1]).split(" ");
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).join(" ");
    const plain = stripEnd(name, ".");
    if (rules.places.has(plain) || rules.places.has(name)) return match.span(1)[0] - end + plain.length;
  }
  return 0;
}
