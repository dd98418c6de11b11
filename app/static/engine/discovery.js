// @ts-check
/** Identifiers of anybody in a folded text: codes, numbers and contacts by form, cue and check digit. */

import { CASE_NUMBER, codes, digitBlocks, identifier, numbers, zones } from "./identifiers.js";
import { isUpper, stripEnd } from "./text.js";
import { near, united } from "./windows.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./pattern.js").Match} Match */
/** @typedef {import("./identifiers.js").Identifier} Identifier */

/** @param {Folded} folded @returns {Identifier[]} every identifier and number to ask about, unmerged */
export function discover(folded) {
  const { rules, text } = folded;
  const blocks = digitBlocks(text);
  const reach = rules.data.identifiers.digit_reach;
  const digits = united(blocks.map(([start, end]) => [start - reach, end + reach]), text.length);
  const areas = zones(rules, text, blocks);
  const found = codes(rules, text, areas).concat(numbers(rules, text, areas));
  for (const [rule, pattern, spans] of near(rules, "identifiers", "patterns").windows(text, folded.words, digits)) {
    for (const [start, end] of spans) {
      for (const match of pattern.finditer(text, start, end)) {
        const one = ofRule(folded, rule, match);
        if (one) found.push(one);
      }
    }
  }
  for (const source of rules.data.identifiers.case_numbers) {
    for (const [start, end] of digits) {
      for (const match of rules.compiled(source).finditer(text, start, end)) {
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
  const [start, last] = group ? match.span(group) : [match.start, match.end];
  const value = start < 0 ? text.slice(-1, -1) : text.slice(start, last);
  if (rule.has && !rules.compiled(rule.has).search(value)) return null;
  if (rule.capital_group && !capital(folded, match, rule.capital_group)) return null;
  let end = start + stripEnd(value, " \n,.;:-)'\"").length;
  if (rule.extend_places) end = withPlaces(rules, text, end);
  if (end <= start) return null;
  return identifier(start, end, rule.label, "certain", group ? "cue" : "pattern", Boolean(rule.guard));
}

/** @param {Folded} folded @param {Match} match @param {number} group @returns {boolean} */
function capital(folded, match, group) {
  if (folded.rules.data.identifiers.unambiguous.includes(match.groups[group])) return true;
  return isUpper(folded.original.at(folded.start(match.span(group)[0])));
}

/** @param {Rules} rules @param {string} text @param {number} end @returns {number} after town, state and postcode */
function withPlaces(rules, text, end) {
  let last = end;
  for (let turn = 0; turn < 4; turn++) {
    const code = rules.compiled(rules.data.identifiers.postcode).match(text, last);
    if (code) {
      last = code.end;
      continue;
    }
    const size = placeLength(rules, text, last);
    if (!size) return last;
    last += size;
  }
  return last;
}

/** @param {Rules} rules @param {string} text @param {number} end @returns {number} */
function placeLength(rules, text, end) {
  const match = rules.compiled(rules.data.identifiers.place).match(text, end);
  if (!match || match.whole[0] !== ",") return 0;
  const words = /** @type {string} */ (match.groups[1]).split(" ");
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).join(" ");
    const plain = stripEnd(name, ".");
    if (rules.places.has(plain) || rules.places.has(name)) return match.span(1)[0] - end + plain.length;
  }
  return 0;
}
