// @ts-check
/** The identifiers of the list, in every spacing, also without their punctuation and with misread digits. */

import { discover } from "./discovery.js";
import { fold, foldCharacters } from "./fold.js";
import { identifier, inDigits } from "./identifiers.js";
import { Original, after, isAlnum, isAlpha, isUpper } from "./text.js";
import { wordsOf } from "./variants.js";
import { digitBlocks } from "./words.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {{start: number, end: number, label: string, owner: number}} Listed in offsets of the folded text */
/** @typedef {{characters: string, digits: string, label: string, owner: number, needsCue: boolean}} Key */

const ALL_DIGITS = /^[0-9]+$/;

/** @param {string} text @returns {string} */
const digitsOf = (text) => text.replace(/[^0-9]/g, "");

/** Finds the identifiers of the identities; phrases and words go into the index of names. */
export class ListedIdentifiers {
  /** @param {Rules} rules @param {import("./index.js").KnownIdentity[]} identities @param {import("./index.js").KnownIndex} index */
  constructor(rules, identities, index) {
    this.rules = rules;
    this.kinds = rules.data.kinds;
    /** @type {Key[]} */
    this.keys = [];
    /** @type {Map<number, Set<string>>} size of the digits → what stands before them, as `pn` or nothing */
    this.formats = new Map();
    identities.forEach((identity, owner) => {
      for (const [kind, value] of identity.identifiers ?? []) {
        if (value.trim()) this.#add(index, owner, labelOf(rules, kind, value), value);
      }
    });
  }

  /** @param {import("./index.js").KnownIndex} index @param {number} owner @param {string} label @param {string} value */
  #add(index, owner, label, value) {
    const folded = foldCharacters(this.rules, value);
    const words = wordsOf(folded);
    for (const phrase of phrases(this.rules, label, folded, words)) {
      index.addPhrase({ words: phrase, owner, label, kind: "listed" });
    }
    if (label === "EMPLOYEE_NO") this.#learn(folded.trim());
    let characters = words.join("");
    if (label === "PHONE") characters = digitsOf(characters).slice(-10);
    const plain = ALL_DIGITS.test(characters) ? characters.replace(/^0+/, "") : characters;
    for (const key of new Set([characters, plain])) {
      const digits = digitsOf(key);
      if (digits.length < 2 || ["EMAIL", "ADDRESS", "BIRTH_DATE", "URL"].includes(label)) continue;
      const short = digits.length < this.kinds.shortest && digits === key;
      const year = this.rules.compiled(this.kinds.year).fullmatch(key);
      if (digits.length >= this.kinds.shortest || short) {
        this.keys.push({ characters: key, digits, label, owner, needsCue: short || year });
      }
    }
  }

  /** @param {string} number one of the list, whose form the factory's numbers have: `PN-1416`, `88-1260`, `40771` */
  #learn(number) {
    const pattern = this.rules.compiled(this.kinds.format);
    const form = pattern.fullmatch(number) ? pattern.match(number) : null;
    if (!form) return;
    const [, before = "", digits = ""] = form.groups;
    if (!before && digits.length < this.kinds.format_row_digits) return;
    const known = this.formats.get(digits.length);
    if (known) known.add(before);
    else this.formats.set(digits.length, new Set([before]));
  }

  /** @param {import("./fold.js").Folded} folded @returns {import("./identifiers.js").Identifier[]} numbers of colleagues */
  alike(folded) {
    /** @type {import("./identifiers.js").Identifier[]} */ const found = [];
    if (!this.formats.size) return found;
    for (const [start, end] of folded.blocks) {
      for (const before of this.formats.get(end - start) ?? []) {
        const first = formed(folded, before, start, end);
        if (first >= 0) found.push(identifier(first, end, "EMPLOYEE_NO", "likely", "pattern", false));
      }
    }
    return found;
  }

  /** @param {import("./fold.js").Folded} folded @returns {Listed[]} every place of a listed identifier */
  find(folded) {
    /** @type {Listed[]} */ const found = [];
    if (!this.keys.length) return found;
    const { blocks } = folded;
    const text = inDigits(this.rules, folded.text, blocks);
    const spans = text === folded.text ? blocks : digitBlocks(text);
    const skeleton = spans.map(([start, end]) => text.slice(start, end)).join("");
    const before = [0];
    for (const [start, end] of spans) before.push(before[before.length - 1] + end - start);
    this.#mistyped(text, spans, found);
    for (const key of this.keys) {
      for (let place = skeleton.indexOf(key.digits); place >= 0; place = skeleton.indexOf(key.digits, place + 1)) {
        const block = after(before, place, (sum) => sum) - 1;
        const one = this.#aligned(text, folded, key, spans[block][0] + place - before[block]);
        if (one) found.push(one);
      }
    }
    return found;
  }

  /** @param {string} text @param {import("./rules.js").Span[]} spans @param {Listed[]} out long numbers with one wrong digit */
  #mistyped(text, spans, out) {
    for (const [start, end] of spans) {
      if (end - start < this.kinds.mistyped_digits) continue;
      for (const { digits, characters, label, owner } of this.keys) {
        if (digits.length !== end - start || digits !== characters) continue;
        if (oneWrong(text.slice(start, end), digits)) out.push({ start, end, label, owner });
      }
    }
  }

  /**
   * @param {string} text @param {import("./fold.js").Folded} folded @param {Key} key @param {number} position of its first digit
   * @returns {Listed | null}
   */
  #aligned(text, folded, key, position) {
    const { characters } = key;
    const lead = /^[a-z]*/.exec(characters)?.[0].length ?? 0;
    const start = this.#backwards(text, characters.slice(0, lead), position);
    const end = this.#forwards(text, characters.slice(lead), position);
    if (start < 0 || end < 0) return null;
    if (continues(text, start - 1, characters[0]) || continues(text, end, characters[characters.length - 1])) return null;
    if (key.needsCue && !this.#cued(text, start) && !opensRow(folded, start, end)) return null;
    return { start, end, label: key.label, owner: key.owner };
  }

  /** @param {string} text @param {number} start @returns {boolean} */
  #cued(text, start) {
    const before = text.slice(Math.max(0, start - this.kinds.cue_reach), start);
    return this.rules.compiled(this.kinds.number_cue).search(before) !== null;
  }

  /** @param {string} text @param {string} characters @param {number} from @returns {number} the end, or -1 */
  #forwards(text, characters, from) {
    let position = from;
    for (const char of characters) {
      const limit = Math.min(text.length, position + this.kinds.gap);
      while (position < limit && text[position] !== char && this.kinds.separators.includes(text[position])) position++;
      if (position >= text.length || text[position] !== char) return -1;
      position++;
    }
    return position;
  }

  /** @param {string} text @param {string} characters @param {number} from @returns {number} the start, or -1 */
  #backwards(text, characters, from) {
    let position = from;
    for (let place = characters.length - 1; place >= 0; place--) {
      const char = characters[place];
      const limit = Math.max(0, position - this.kinds.gap);
      while (position > limit && text[position - 1] !== char && this.kinds.separators.includes(text[position - 1])) position--;
      if (position <= 0 || text[position - 1] !== char) return -1;
      position--;
    }
    return position;
  }
}

/** @param {string} written @param {string} digits of the same length @returns {boolean} whether one digit differs */
function oneWrong(written, digits) {
  return [...written].filter((digit, place) => digit !== digits[place]).length === 1;
}

/** @param {string} text @param {number} position @param {string} edge @returns {boolean} whether a longer one stands there */
function continues(text, position, edge) {
  if (position < 0 || position >= text.length) return false;
  return ALL_DIGITS.test(edge) ? ALL_DIGITS.test(text[position]) : isAlpha(text[position]);
}

/**
 * Whether digits open a row of a list, at most after a time or a row's number, and a name follows.
 * @param {import("./fold.js").Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function opensRow(folded, start, end) {
  const { rules, text, original } = folded;
  const row = rules.compiled(rules.data.kinds.format_row).match(text, end);
  if (!row || !isUpper(original.at(folded.start(row.span(1)[0])))) return false;
  if (rules.compiled(rules.data.kinds.row_opens).search(text.slice(Math.max(0, start - 16), start))) return true;
  return start < 4 && !text.slice(0, start).trim();
}

/**
 * Whether a name in capitals stands before digits in a row of a list: `MATA ORONA GILBERTO   119977`.
 * @param {import("./fold.js").Folded} folded @param {number} start @param {number} end @returns {boolean}
 */
function followsName(folded, start, end) {
  const { rules, text, original } = folded;
  const floor = Math.max(0, start - 60);
  if (!rules.compiled(rules.data.kinds.row_goes_on).match(text, end)) return false;
  const row = rules.compiled(rules.data.kinds.row_name).search(text.slice(floor, start));
  if (!row) return false;
  const words = rules.compiled("{W}+").matches(text, floor + row.start, floor + row.end);
  if (!words.every((word) => isUpper(original.at(folded.start(word.start))))) return false;
  return words.filter((word) => !rules.isWord(word.whole) || rules.isOtherName(word.whole)).length * 2 >= words.length;
}

/**
 * Where a number of a learned form begins, if its digits stand at `start`, or -1; bare digits only in a row.
 * @param {import("./fold.js").Folded} folded @param {string} before @param {number} start @param {number} end
 * @returns {number}
 */
function formed(folded, before, start, end) {
  const { rules, text } = folded;
  const { format_hash_digits: least, format_separators: separators } = rules.data.kinds;
  if (!before) {
    if (start > 0 && text[start - 1] === "#" && end - start >= least) return start - 1;
    return opensRow(folded, start, end) || followsName(folded, start, end) ? start : -1;
  }
  const apart = start > 0 && separators.includes(text[start - 1]);
  if (!apart && ALL_DIGITS.test(before)) return -1;
  const first = start - Number(apart) - before.length;
  if (first < 0 || !text.startsWith(before, first)) return -1;
  const bounded = !isAlnum(text.slice(Math.max(0, first - 1), first)) && !isAlnum(text.slice(end, end + 1));
  return bounded ? first : -1;
}

/** @param {Rules} rules @param {string} kind @param {string} value @returns {string} by its kind as people write it */
export function labelOf(rules, kind, value) {
  const name = wordsOf(foldCharacters(rules, kind)).join("_");
  for (const [label, names] of Object.entries(rules.data.kinds.labels)) {
    const starts = names.some((/** @type {string} */ start) => start.length > 3 && name.startsWith(start));
    if (names.includes(name) || starts) return label;
  }
  if (name) return "IDENTIFIER";
  const size = [...value.trim()].length - 1;
  const whole = discover(fold(rules, new Original(value))).filter((one) => one.end - one.start >= size);
  return whole.find((one) => one.label === one.label.toUpperCase())?.label ?? "IDENTIFIER";
}

/** @param {Rules} rules @param {string} label @param {string} folded @param {string[]} words @returns {string[][]} */
function phrases(rules, label, folded, words) {
  if (!words.length) return [];
  if (label === "BIRTH_DATE") return dates(rules, words);
  /** @type {string[][]} */ const found = [];
  if (words.some(isAlpha) && words.join("").length > 3) found.push(words);
  if (label === "EMAIL" && folded.includes("@")) found.push(...emails(rules, folded));
  if (label === "ADDRESS") {
    const street = wordsOf(folded.split(",")[0]);
    if (street.length > 1 && street.some((word) => ALL_DIGITS.test(word))) found.push(street);
  }
  return found;
}

/** @param {Rules} rules @param {string} folded @returns {string[][]} */
function emails(rules, folded) {
  const at = folded.indexOf("@");
  const local = folded.slice(0, at);
  const names = wordsOf(local);
  const hosts = wordsOf(folded.slice(at + 1));
  const found = local.length > 4 && names.length ? [names] : [];
  for (const [sign, dot] of rules.data.kinds.spoken) {
    found.push([...names, sign, ...hosts.flatMap((host) => [dot, host]).slice(1)]);
  }
  return found;
}

/** @param {Rules} rules @param {string[]} words @returns {string[][]} the ways to write a date of birth */
function dates(rules, words) {
  if (words.length !== 3 || !words.every((word) => ALL_DIGITS.test(word))) return [words];
  const [year, month, day] = words[0].length === 4 ? words : [...words].reverse();
  const months = rules.data.kinds.months[Number(month) - 1] ?? [];
  /** @param {string} value */
  const forms = (value) => new Set([value, value.replace(/^0+/, ""), value.padStart(2, "0")]);
  /** @type {string[][]} */ const found = [];
  for (const d of forms(day)) {
    for (const y of [year, year.slice(-2)]) {
      for (const m of forms(month)) found.push([d, m, y], [m, d, y], [y, m, d]);
      for (const name of months) found.push([d, name, y], [d, "de", name, "de", y], [d, "de", name, "del", y], [name, d, y]);
    }
  }
  return found;
}
