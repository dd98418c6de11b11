// @ts-check
/**
 * Identifiers by form and check digit: codes of letters and digits, and numbers with their cues.
 *
 * Rules of this module
 *   1. A failed check digit lowers the certainty; with a cue, or with a form that nothing else has, it stays a mark.
 *   2. A bare number without a cue whose check digit fails is a question, never a mark.
 *   3. A code may be in lower case, written apart, or broken over a line; its letters are then apart all or none.
 */

import { passes } from "./checks.js";
import { isAlnum } from "./text.js";
import { united } from "./windows.js";
import { digitBlocks } from "./words.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */
/** @typedef {import("./pattern.js").Pattern} Pattern */
/** @typedef {import("./pattern.js").Match} Match */

/**
 * A found identifier, in offsets of the folded text; `label` is `decoy_number` for a question.
 * @typedef {object} Identifier
 * @property {number} start
 * @property {number} end
 * @property {string} label
 * @property {"certain" | "likely"} certainty
 * @property {string} by pattern, cue or check
 * @property {boolean} guard
 */

export const DECOY_NUMBER = "decoy_number";
export const CASE_NUMBER = "case_number";

/**
 * @param {number} start @param {number} end @param {string} label @param {"certain" | "likely"} certainty
 * @param {string} by @param {boolean} [guard] @returns {Identifier}
 */
export function identifier(start, end, label, certainty, by, guard = true) {
  return { start, end, label, certainty, by, guard };
}

/** @param {Rules} rules @param {string} text @param {Span[]} blocks @returns {Span[]} where identifiers can stand */
export function zones(rules, text, blocks) {
  const { zone_gap: gap, zone_digits: least, zone_margin: margin } = rules.data.identifiers.numbers;
  /** @type {Span[]} */ const found = [];
  let [first, last, count] = [0, -gap - 1, 0];
  for (const [start, end] of [...blocks, [text.length + gap + 1, 0]]) {
    if (start - last > gap) {
      if (count >= least) found.push([first - margin, last + margin]);
      first = start;
      count = 0;
    }
    count += end - start;
    last = end;
  }
  return united(found, text.length);
}

/**
 * Letters inside numbers read as the digits that they look like: `735O`, `8l 1733`.
 * @param {Rules} rules @param {string} text @param {Span[]} blocks the digits of the text @returns {string}
 */
export function inDigits(rules, text, blocks) {
  const { misread, numbers: { misread: digits } } = rules.data.identifiers;
  if (!blocks.some(([start, end]) => text[start - 1] in digits || text[end] in digits)) return text;
  return text.replace(rules.compiled(misread).forward, (letter) => digits[letter] ?? letter);
}

// codes

/** @param {Rules} rules @returns {[any, Pattern][]} */
function codeRules(rules) {
  return rules.once("codes", () => {
    const data = rules.data.identifiers;
    return data.codes.map((/** @type {any} */ rule) => {
      const body = [...rule.cells].map((cell) => `(${data.classes[cell]})`).join(data.separators);
      return [rule, rules.compiled(`(?<![a-z0-9])${body}(?![a-z0-9])`)];
    });
  });
}

/** @param {Rules} rules @param {string} text @param {Span[]} areas @returns {Identifier[]} CURP, voter key, RFC, VIN */
export function codes(rules, text, areas) {
  /** @type {Identifier[]} */ const found = [];
  const dated = rules.compiled(rules.data.identifiers.dated);
  const likely = areas.filter(([start, end]) => dated.search(text, start, end));
  for (const [rule, pattern] of codeRules(rules)) {
    for (const [start, end] of rule.mixed ? within(rules, text, rule.within, areas) : likely) {
      let position = start;
      for (let match = pattern.search(text, position, end); match; match = pattern.search(text, position, end)) {
        const one = code(rules, text, rule, match);
        if (one) found.push(one);
        // the letters of an ordinary word before a code may have looked like its beginning
        position = one || rule.mixed ? match.end : match.start + 1;
      }
    }
  }
  return found;
}

/**
 * The stretches of nothing but a code's characters, and one more: what follows tells whether it ends.
 * @param {Rules} rules @param {string} text @param {string} characters @param {Span[]} areas @returns {Span[]}
 */
function within(rules, text, characters, areas) {
  const pattern = rules.compiled(characters);
  return areas.flatMap(([start, end]) =>
    pattern.matches(text, start, end).map((match) => /** @type {Span} */ ([match.start, Math.min(match.end + 1, end)])));
}

/** @param {Rules} rules @param {string} text @param {any} rule @param {Match} match @returns {Identifier | null} */
function code(rules, text, rule, match) {
  const letters = /** @type {string[]} */ (match.groups.slice(1));
  const gaps = letters.slice(1).map((_, place) => match.span(place + 2)[0] - match.span(place + 1)[1]);
  const { misread_letters: letterOf, numbers: { misread } } = rules.data.identifiers;
  const value = letters.map((letter, place) => {
    if (rule.cells[place] === "D") return misread[letter] ?? letter;
    return "LU".includes(rule.cells[place]) ? (letterOf[letter] ?? letter) : letter;
  }).join("");
  const checked = passes(rules, rule.check, value);
  if (!plausible(rules, text, rule, match, value, gaps, checked)) return null;
  if (rule.need_check && !checked && !cued(rules, text, rule, match.start)) {
    return identifier(match.start, match.end, DECOY_NUMBER, "likely", "pattern");
  }
  const [certainty, by] = checked ? /** @type {const} */ (["certain", "check"]) : /** @type {const} */ (["likely", "pattern"]);
  return identifier(match.start, match.end, rule.label, certainty, by);
}

/** @param {Rules} rules @param {string} text @param {any} rule @param {number} start @returns {boolean} */
function cued(rules, text, rule, start) {
  const reach = rules.data.identifiers.numbers.cue_reach;
  return rules.compiled(rule.cue).search(text.slice(Math.max(0, start - reach), start)) !== null;
}

/** @param {string} text @returns {number} */
const digitsIn = (text) => text.match(/[0-9]/g)?.length ?? 0;

/**
 * @param {Rules} rules @param {string} text @param {any} rule @param {Match} match @param {string} value
 * @param {number[]} gaps @param {boolean} checked @returns {boolean}
 */
function plausible(rules, text, rule, match, value, gaps, checked) {
  if (rule.mixed) {
    const digits = digitsIn(value);
    const broken = match.whole.includes("\n") && gaps.filter((gap) => gap).length === 1;
    const even = gaps.every((gap) => !gap) || gaps.every((gap) => gap) || broken;
    return digits >= 3 && digits <= 16 && (even || cued(rules, text, rule, match.start));
  }
  const at = rule.date;
  const least = gaps.some((gap) => gap) ? 5 : 4; // written in one, two of the date's digits may be letters: `83O7O7`
  if (!dated(value.slice(at, at + 6)) || digitsIn(match.whole) < least) return false;
  if (!rule.words || checked) return true;
  return evenLetters(rules, match.whole, value.slice(0, at), gaps.slice(0, at), Boolean(rule.tight));
}

/**
 * Tells whether the letters of an RFC belong together, and are not the end of a sentence before a number.
 * @param {Rules} rules @param {string} written @param {string} letters @param {number[]} gaps @param {boolean} tight
 * @returns {boolean}
 */
function evenLetters(rules, written, letters, gaps, tight) {
  const inner = gaps.slice(0, -1);
  if (tight && gaps.some((gap) => gap)) return false;
  const apart = inner.some((gap) => gap);
  if (apart && !inner.every((gap) => gap)) return written.includes("\n") || written.includes("-");
  return !(gaps[gaps.length - 1] && !apart && rules.isWord(letters));
}

/** @param {string} digits @returns {boolean} whether they are a year, a month and a day */
function dated(digits) {
  if (!/^[0-9]+$/.test(digits)) return false;
  const [month, day] = [Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// numbers

/** @param {Rules} rules @returns {any} */
function numberRules(rules) {
  return rules.once("numbers", () => {
    const data = rules.data.identifiers.numbers;
    const shapes = (/** @type {number[][]} */ list) => new Set(list.map(String));
    return {
      ...data,
      cues: Object.entries(data.cues).map(([kind, source]) => [kind, rules.compiled(/** @type {string} */ (source))]),
      anti: rules.compiled(data.anti),
      date: rules.compiled(data.date),
      run: rules.compiled(data.run),
      amountAfter: rules.compiled(data.amount_after),
      cardShapes: shapes(data.card_shapes),
      phoneShapes: shapes(data.phone_shapes),
      phonePrefix: rules.compiled(data.phone_prefix),
    };
  });
}

/** @param {Rules} rules @param {string} text @param {Span[]} areas @returns {Identifier[]} social security, bank, telephone */
export function numbers(rules, text, areas) {
  const { date, run } = numberRules(rules);
  /** @type {Identifier[]} */ const found = [];
  /** @param {number} start @param {number} end */
  const runs = (start, end) => {
    /** @type {Identifier | null} */ let last = null;
    for (const match of run.matches(text, start, end)) {
      if (match.end - match.start < 7) continue;
      const phone = last !== null && last.label === "PHONE" && orAt(rules, text, last.end, match.start);
      const from = found.length;
      inRun(rules, text, match.start, match.end, found, phone);
      last = found.slice(from).reduce((/** @type {Identifier | null} */ best, one) => (best && best.end >= one.end ? best : one), null);
    }
  };
  for (const [start, end] of areas) {
    let position = start;
    for (const match of date.matches(text, start, end)) {
      runs(position, match.start);
      position = match.end;
    }
    runs(position, end);
  }
  return found;
}

/**
 * @param {Rules} rules @param {string} text @param {number} end @param {number} start
 * @returns {boolean} whether only an `or` stands between two telephone numbers: `al 483-100-62-19 o al 488 12 0 77 34`
 */
function orAt(rules, text, end, start) {
  return start - end < 12 && rules.compiled(rules.data.identifiers.numbers.or_phone).fullmatch(text.slice(end, start));
}

/**
 * @param {Rules} rules @param {string} text @param {number} start @param {number} end @param {Identifier[]} out
 * @param {boolean} phone whether a number without a cue follows a telephone number
 */
function inRun(rules, text, start, end, out, phone) {
  const groups = /** @type {Span[]} */ (
    digitBlocks(text.slice(start, end)).map(([first, last]) => [start + first, start + last])
  );
  /** @type {{score: number, size: number, one: Identifier}[]} */ const found = [];
  const before = cuesBefore(rules, text, start);
  const cues = !before.length && phone ? ["PHONE"] : before;
  for (let first = 0; first < groups.length; first++) {
    const many = groups.length > numberRules(rules).many_groups;
    if (many && first && !text.slice(groups[first - 1][1], groups[first][0]).includes("\n")) continue;
    for (const [last, digits] of longEnough(text, groups, first)) {
      const whole = first === 0 && last === groups.length - 1;
      const one = classified(rules, text, groups.slice(first, last + 1), digits, first === 0 ? cues : [], whole);
      if (!one) continue;
      const score = (one.by === "cue" ? 2 : 0) + (one.certainty === "certain" ? 2 : 0) + 1;
      found.push({ score, size: digits.length, one });
    }
  }
  best(rules, found, text, groups, out);
}

/** @param {string} text @param {Span[]} groups @param {number} first @returns {[number, string][]} */
function longEnough(text, groups, first) {
  /** @type {[number, string][]} */ const found = [];
  let digits = "";
  for (let last = first; last < Math.min(first + 20, groups.length); last++) {
    digits += text.slice(...groups[last]);
    if (digits.length > 19) break;
    if (digits.length >= 7) found.push([last, digits]);
  }
  return found;
}

/**
 * @param {Rules} rules @param {{score: number, size: number, one: Identifier}[]} found @param {string} text
 * @param {Span[]} groups @param {Identifier[]} out
 */
function best(rules, found, text, groups, out) {
  /** @type {Span[]} */ const taken = [];
  /** @param {number} start @param {number} end */
  const free = (start, end) => taken.slice(-40).every(([left, right]) => end <= left || right <= start);
  found.sort((a, b) => b.score - a.score || b.size - a.size || a.one.start - b.one.start);
  for (const { one } of found) {
    if (!free(one.start, one.end)) continue;
    taken.push([one.start, one.end]);
    out.push(one);
  }
  for (const [start, end] of groups) {
    if (end - start >= 7 && free(start, end) && !isAmount(rules, text, start, end)) {
      out.push(identifier(start, end, DECOY_NUMBER, "likely", "pattern", false));
    }
  }
}

/** @param {Rules} rules @param {string} text @param {number} start @param {number} end @returns {boolean} */
function isAmount(rules, text, start, end) {
  return numberRules(rules).amountAfter.match(text, end) !== null || before(rules, text, start).trimEnd().endsWith("$");
}

/** @param {Rules} rules @param {string} text @param {number} start @returns {string} back to the number before it */
function before(rules, text, start) {
  const words = text.slice(Math.max(0, start - numberRules(rules).cue_reach), start);
  const digits = digitBlocks(words);
  return digits.length ? words.slice(digits[digits.length - 1][1]) : words;
}

/** @param {Rules} rules @param {string} text @param {number} start @returns {string[]} kinds of cues, nearest first */
function cuesBefore(rules, text, start) {
  const words = before(rules, text, start);
  const { cues, anti } = numberRules(rules);
  /** @type {[string, number][]} */ const found = [];
  for (const [name, pattern] of [...cues, ["anti", anti]]) {
    let end = -1;
    for (const match of pattern.matches(words)) end = match.end;
    if (end >= 0) found.push([name, name === "NUMBER" ? -1 : end]);
  }
  found.sort((a, b) => b[1] - a[1] || Number(a[0] === "PHONE") - Number(b[0] === "PHONE"));
  // a folio that begins with its day
  const dated = rules.compiled(rules.data.identifiers.numbers.dated).match(text, start) !== null;
  return found.map(([name]) => name).filter((name) => !(dated && name === "NUMBER"));
}

/**
 * @param {Rules} rules @param {string} text @param {Span[]} groups @param {string} digits @param {string[]} cues
 * @param {boolean} whole @returns {Identifier | null}
 */
function classified(rules, text, groups, digits, cues, whole) {
  let [start, end] = [groups[0][0], groups[groups.length - 1][1]];
  let label = byCues(rules, cues, digits);
  const byCue = label !== "";
  if (!label && cues[0] !== "anti") {
    const shape = groups.map(([left, right]) => right - left);
    const broken = groups.length === 2 && text.slice(groups[0][1], groups[1][0]).includes("\n");
    label = byForm(rules, text, digits, shape, start, whole || broken || shape.every((size) => size === 1));
    label ||= inRow(rules, text, digits, start);
  }
  if (!label) return null;
  const full = numberRules(rules).lengths[label]?.includes(digits.length) ?? false; // a digit less may pass by chance
  const checked = full && passes(rules, numberRules(rules).checks[label] ?? "none", digits);
  if (label === "PHONE") start = withPrefix(rules, text, start);
  const by = byCue ? "cue" : checked ? "check" : "pattern";
  return identifier(start, end, label, checked ? "certain" : "likely", by);
}

/** @param {Rules} rules @param {string} text @param {string} digits @param {number} start @returns {string} in a table of persons */
function inRow(rules, text, digits, start) {
  const { person_row: row, row_labels: labels } = rules.data.identifiers.numbers;
  const label = labels[digits.length] ?? "";
  return label && rules.compiled(row).search(text.slice(Math.max(0, start - 70), start)) ? label : "";
}

/** @param {Rules} rules @param {string[]} cues @param {string} digits @returns {string} */
function byCues(rules, cues, digits) {
  for (const cue of cues) {
    if (cue === "anti") return "";
    const label = byCue(rules, cue, digits);
    if (label) return label;
  }
  return "";
}

/** @param {Rules} rules @param {string} cue @param {string} digits @returns {string} */
function byCue(rules, cue, digits) {
  const { lengths } = numberRules(rules);
  const size = digits.length;
  if (cue === "NUMBER" && lengths.LONG.includes(size)) return "CARD";
  if (cue === "PHONE" || cue === "NUMBER") return lengths[cue].includes(size) && !better(rules, digits) ? "PHONE" : "";
  if (lengths[cue].includes(size)) return cue;
  const kin = cue === "SSN" ? "NSS" : cue === "NSS" ? "SSN" : "";
  if (kin && lengths[kin].includes(size)) return kin;
  return lengths[cue].includes(size - 1) || lengths[cue].includes(size + 1) ? cue : ""; // a digit too many or too few
}

/** @param {Rules} rules @param {string} digits @returns {boolean} whether it is rather another kind than a telephone */
function better(rules, digits) {
  return digits.length === 11 && digits[0] !== "1" && passes(rules, "luhn", digits);
}

/**
 * @param {Rules} rules @param {string} text @param {string} digits @param {number[]} shape @param {number} start
 * @param {boolean} whole @returns {string}
 */
function byForm(rules, text, digits, shape, start, whole) {
  const size = digits.length;
  if (new Set(digits).size === 1) return "";
  // What follows `+52 222 690 1405. ` is not of the number.
  const limits = Object.entries(rules.data.identifiers.numbers.country_digits);
  const longest = limits.find(([code]) => digits.startsWith(code))?.[1] ?? 15;
  if (size >= 8 && size <= longest && text.slice(Math.max(0, start - 2), start).includes("+")) return "PHONE";
  if (size >= 13) {
    const banked = rules.data.identifiers.numbers.banks.includes(digits.slice(0, 3));
    if (size === 18) return whole && (banked || passes(rules, "clabe", digits)) ? "CLABE" : "";
    return card(rules, digits, shape, whole);
  }
  if (size >= 10 && telephone(rules, digits, shape)) return "PHONE";
  if (size === 11) return String(shape) === "2,2,2,4,1" || (whole && passes(rules, "luhn", digits)) ? "NSS" : "";
  return size === 9 ? nine(rules, text, digits, shape, start, whole) : "";
}

/** @param {Rules} rules @param {string} digits @param {number[]} shape @param {boolean} whole @returns {string} */
function card(rules, digits, shape, whole) {
  if (digits.length === 13 && telephone(rules, digits, shape)) return "PHONE";
  const { cardShapes, card_first: first } = numberRules(rules);
  if (!(whole || cardShapes.has(String(shape))) || !passes(rules, "luhn", digits)) return "";
  if (digits.length === 15 && !["34", "37"].includes(digits.slice(0, 2))) return "IMEI";
  return first.includes(digits[0]) ? "CARD" : "";
}

/**
 * @param {Rules} rules @param {string} text @param {string} digits @param {number[]} shape @param {number} start
 * @param {boolean} whole @returns {string}
 */
function nine(rules, text, digits, shape, start, whole) {
  if (String(shape) === "3,2,4") {
    if (rules.compiled(rules.data.identifiers.numbers.amounts).match(text, start)) return "";
    return !["000", "666"].includes(digits.slice(0, 3)) && digits.slice(3, 5) !== "00" ? "SSN" : "";
  }
  if ("08".includes(digits[0]) || !passes(rules, "luhn", digits)) return "";
  const amount = text.slice(Math.max(0, start - 2), start).includes("$");
  return (whole || String(shape) === "3,3,3") && !amount ? "SIN" : "";
}

/** @param {Rules} rules @param {string} digits @param {number[]} shape @returns {boolean} */
function telephone(rules, digits, shape) {
  const [national, size] = [digits.slice(-10), digits.length];
  if (size > 10 && !numberRules(rules).phone_prefixes.includes(digits.slice(0, -10))) return false;
  if ("01".includes(national[0])) return false;
  if (size === 10 && shape.length === 1) return assigned(rules, national);
  if (size === 11 && shape.length === 1 && passes(rules, "luhn", digits)) return false;
  return shaped(rules, shape, size);
}

/** @param {Rules} rules @param {number[]} shape @param {number} size @returns {boolean} */
function shaped(rules, shape, size) {
  if (size > 10 && (shape[0] === size || shape.length === 1)) return true;
  const rest = [...shape];
  let total = size;
  while (rest.length && total > 10) total -= /** @type {number} */ (rest.shift());
  if (total !== 10) return false;
  return numberRules(rules).phoneShapes.has(String(rest)) || rest.length === 1 || new Set(rest).size === 1 && rest[0] === 1;
}

/** @param {Rules} rules @param {string} national @returns {boolean} whether ten digits are an assigned number */
function assigned(rules, national) {
  return Object.values(rules.data.identifiers.telephones).some(
    (region) =>
      rules.compiled(region.general).fullmatch(national) &&
      region.kinds.some((/** @type {string} */ kind) => rules.compiled(kind).fullmatch(national)),
  );
}

/** @param {Rules} rules @param {string} text @param {number} start @returns {number} */
function withPrefix(rules, text, start) {
  const match = numberRules(rules).phonePrefix.search(text.slice(Math.max(0, start - 10), start));
  if (!match) return start;
  const first = start - match.whole.length;
  return first > 0 && isAlnum(text[first - 1]) && /^[0-9]/.test(match.whole) ? start : first;
}
