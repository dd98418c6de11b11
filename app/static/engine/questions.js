// @ts-check
/** Quasi-identifiers: what is no name and no number, and still tells the employer who it is. */

import { OTHER_PERSON } from "./persons.js";
import { isUpper, stripStart } from "./text.js";
import { near } from "./windows.js";

/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./known.js").Suggestion} Suggestion */

const QUASI_IDENTIFIER = "quasi_identifier";
const AFTER_NAME = 160; // characters after a name in which work and office are looked for

/** @param {Folded} folded @returns {Suggestion[]} the only one, an office, a place in a list, years, family, nicknames */
export function quasiIdentifiers(folded) {
  /** @type {Suggestion[]} */ const asked = [];
  for (const [rule, pattern, spans] of near(folded.rules, "questions", "rules").windows(folded.text, folded.words, [])) {
    for (const [start, end] of spans) {
      for (const match of pattern.finditer(folded.text, start, end)) {
        if (rule.reason === "nickname_cue") nickname(folded, match, asked);
        else asked.push(question(folded, match.start, match.end, rule.reason));
      }
    }
  }
  return asked;
}

/** @param {Folded} folded @param {number} start @param {number} end @param {string} reason @returns {Suggestion} */
function question(folded, start, end, reason) {
  const size = folded.text.slice(start, end).trimEnd().length;
  const [first, last] = folded.span(start, start + size);
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

/** @param {Folded} folded @param {import("./pattern.js").Match} match @param {Suggestion[]} asked */
function nickname(folded, match, asked) {
  const [first, last] = match.span(2);
  if (!isUpper(folded.original.at(folded.start(first)))) return;
  if (folded.rules.grammar.has(/** @type {string} */ (match.groups[2]))) return;
  const [start, end] = folded.span(match.groups[1] ? match.span(1)[0] : first, last);
  asked.push({ start, end, kind: OTHER_PERSON, reason: "nickname_cue" });
}
