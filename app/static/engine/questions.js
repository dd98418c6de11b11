// @ts-check
/** Quasi-identifiers: what is no name and no number, and still tells the employer who it is. */

import { OTHER_PERSON } from "./persons.js";
import { isUpper, stripStart } from "./text.js";
import { near } from "./windows.js";

/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./pattern.js").Pattern} Pattern */
/** @typedef {import("./known.js").Suggestion} Suggestion */

const QUASI_IDENTIFIER = "quasi_identifier";
const BESIDE = 48; // characters before and after a name in which it is looked for what was done with or to the person
const AFTER_NAME = 160; // characters after a name in which work and office are looked for

/** @param {Folded} folded @returns {Suggestion[]} the only one, an office, a place in a list, years, family, nicknames */
export function quasiIdentifiers(folded) {
  /** @type {Suggestion[]} */ const asked = [];
  for (const [rule, pattern, spans] of near(folded.rules, "questions", "rules").windows(folded.text, folded.words, [])) {
    for (const match of matches(folded.text, pattern, spans)) {
      if (rule.reason === "nickname_cue") nickname(folded, match, asked);
      else asked.push(question(folded, ...(match.groups.length > 1 ? match.span(1) : whole(match)), rule.reason));
      if (rule.once) break;
    }
  }
  return asked;
}

/** @param {import("./pattern.js").Match} match @returns {[number, number]} */
const whole = ({ start, end }) => [start, end];

/** @param {string} text @param {import("./pattern.js").Pattern} pattern @param {readonly (readonly [number, number])[]} spans @returns {Generator<import("./pattern.js").Match, void, void>} */
function* matches(text, pattern, spans) {
  for (const [start, end] of spans) yield* pattern.finditer(text, start, end);
}

/** @param {Folded} folded @param {number} start @param {number} end @param {string} reason @returns {Suggestion} */
function question(folded, start, end, reason) {
  let stop = start + folded.text.slice(start, end).trimEnd().length;
  // A number is not cut where the stretch ended in which it was looked for.
  while (/^[0-9]{2}/.test(folded.text.slice(stop - 1, stop + 1))) stop += 1;
  const [first, last] = folded.span(start, stop);
  return { start: first, end: last, kind: QUASI_IDENTIFIER, reason };
}

/** @param {Folded} folded @param {number[]} ends of names, folded @returns {Suggestion[]} `[name], montacarguista,` */
export function afterNames(folded, ends) {
  const pattern = folded.rules.compiled(folded.rules.data.questions.after_name);
  /** @type {Suggestion[]} */ const asked = [];
  for (const end of ends) {
    const match = pattern.match(folded.text, end, Math.min(end + AFTER_NAME, folded.text.length));
    if (!match) continue;
    const lead = match.whole.length - stripStart(match.whole, " ,").length;
    asked.push(question(folded, match.start + lead, match.end, "shift"));
  }
  return asked;
}

/** @param {Folded} folded @param {import("./known.js").Mark[]} names @returns {Suggestion[]} what was done with or to a witness, and their kin, once for each and kind: `[name] y yo`, `fired [name]` */
export function besideNames(folded, names) {
  /** @type {Suggestion[]} */ const asked = [];
  /** @type {Set<string>} */ const done = new Set();
  const rules = besideRules(folded.rules);
  for (const name of names) {
    const [start, end] = [folded.foldedOffset(name.start), folded.foldedOffset(name.end)];
    for (const rule of rules) {
      const kind = `${rule.reason} ${name.identity}`;
      const match = done.has(kind) ? null : beside(folded.text, start, end, rule);
      const key = match && rule.each ? `${kind} ${match.groups[1]}` : kind;
      if (!match || done.has(key)) continue;
      done.add(key);
      asked.push(question(folded, ...match.span(1), rule.reason));
    }
  }
  return asked;
}

/** @typedef {{side: string, reason: string, each?: boolean, pattern: Pattern, given: Pattern | null}} Beside */

/** @param {import("./rules.js").Rules} rules @returns {Beside[]} */
function besideRules(rules) {
  return rules.once("beside", () => rules.data.questions.beside.map((/** @type {any} */ rule) => ({
    ...rule, pattern: rules.compiled(rule.pattern), given: rule.given ? rules.compiled(rule.given) : null,
  })));
}

/** @param {string} text @param {number} start @param {number} end @param {Beside} rule @returns {import("./pattern.js").Match | null} */
function beside(text, start, end, { side, pattern, given }) {
  const from = Math.max(0, start - BESIDE);
  const match = side === "before" ? pattern.search(text, from, start) : pattern.match(text, end, Math.min(end + BESIDE, text.length));
  return match && (!given || given.search(text, from, start)) ? match : null;
}

/** @param {Folded} folded @param {import("./pattern.js").Match} match @param {Suggestion[]} asked */
function nickname(folded, match, asked) {
  const [first, last] = match.span(2);
  if (!isUpper(folded.original.at(folded.start(first)))) return;
  if (folded.rules.grammar.has(/** @type {string} */ (match.groups[2]))) return;
  const [start, end] = folded.span(match.groups[1] ? match.span(1)[0] : first, last);
  asked.push({ start, end, kind: OTHER_PERSON, reason: "nickname_cue" });
}
