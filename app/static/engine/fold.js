// @ts-check
/**
 * Folding a text so that every spelling of a name looks the same, with the way back to the original.
 *
 * Rules of this module
 *   1. One character of the folded text knows the stretch of the original it came from, in code points.
 *   2. Most characters fold to exactly one. Only the irregular places (format characters, marks, ligatures,
 *      entities, escapes, hyphens at a line's end) are spliced one by one.
 *   3. Folding never fails: lone surrogates and private characters are dropped like format characters.
 *   4. The folded text has one UTF-16 unit per code point: a character beyond the basic plane that folds to itself is
 *      replaced by one of the basic plane that no folded text can hold otherwise.
 */

import { escaped } from "./pattern.js";
import { Original, after } from "./text.js";
import { Words, digitBlocks } from "./words.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */

const DROPPED = /^[\p{M}\p{Cf}\p{Cs}\p{Co}\p{Cc}]$/u;
const SYLLABLES = [0xac00, 11172]; // Hangul syllables: decomposed by every folding
const CIRCLED = [0x2460, 60]; // circled numbers: likewise
const BLANK_SYMBOL = "\u2b1a";

/** A folded text and the map back; `text[i]` came from the original's `start(i)` to `end(i)`. */
export class Folded {
  /** @param {Rules} rules @param {Original} original @param {string} text @param {number[]} at @param {number[]} from */
  constructor(rules, original, text, at, from) {
    this.rules = rules;
    this.original = original;
    this.text = text;
    this.at = at; // folded offsets where a new stretch begins
    this.from = from; // their original offsets
    /** @type {Words | undefined} */
    this.found = undefined;
    /** @type {Span[] | undefined} */
    this.digits = undefined;
    /** @type {Map<number, [string, number][]>} what leads to a place, once it was asked */
    this.paths = new Map();
  }

  /** @returns {Words} the words of the folded text */
  get words() {
    this.found ??= new Words(this.rules, this.text);
    return this.found;
  }

  /** @returns {Span[]} where digits stand in the folded text */
  get blocks() {
    this.digits ??= digitBlocks(this.text);
    return this.digits;
  }

  /** @param {number} offset @returns {number} the original offset of a folded character */
  start(offset) {
    return this.at.length ? this.#clamped(after(this.at, offset, itself) - 1, offset) : offset;
  }

  /** @param {number} offset @returns {number} the original offset after the folded character before `offset` */
  end(offset) {
    if (!this.at.length) return offset;
    const plain = this.#clamped(after(this.at, offset - 1, itself) - 1, offset - 1) + 1;
    const following = after(this.at, offset, itself) - 1;
    return this.at[following] === offset ? Math.max(plain, this.from[following]) : plain;
  }

  /** @param {number} offset @returns {number} the folded offset of an original one */
  foldedOffset(offset) {
    if (!this.at.length) return offset;
    const place = after(this.from, offset, itself) - 1;
    const limit = place + 1 < this.at.length ? this.at[place + 1] : this.text.length;
    return Math.min(this.at[place] + offset - this.from[place], limit);
  }

  /** @param {number} place @param {number} offset */
  #clamped(place, offset) {
    const first = this.from[place];
    const position = first + offset - this.at[place];
    const limit = place + 1 < this.from.length ? this.from[place + 1] : this.original.length;
    if (position < limit) return position;
    return limit > first ? limit - 1 : first;
  }

  /** @param {number} start @param {number} end @returns {Span} the original stretch of a folded one */
  span(start, end) {
    return [this.start(start), this.end(end)];
  }
}

/** @param {number} value @returns {number} */
const itself = (value) => value;

/** What characters fold to, filled as they are met. */
class Table {
  /** @param {Rules} rules */
  constructor(rules) {
    const data = rules.data.folding;
    this.rules = rules;
    this.data = data;
    /** @type {Map<string, string>} */
    this.confusables = new Map(Object.entries(data.confusables));
    for (const [first, size] of data.letter_ranges) {
      for (let place = 0; place < size; place++) {
        this.confusables.set(String.fromCodePoint(parseInt(first, 16) + place), String.fromCharCode(97 + place));
      }
    }
    this.ignorable = new Set(data.ignorable.map((/** @type {string} */ code) => String.fromCodePoint(parseInt(code, 16))));
    /** @type {[number, number][]} */
    this.newer = data.newer.map((/** @type {string[]} */ pair) => pair.map((code) => parseInt(code, 16)));
    /** @type {Map<string, string>} */
    this.known = new Map();
    /** @type {Map<string, string>} */
    this.proxies = new Map();
    this.syllables = 0;
    this.circled = 0;
    this.single = new Uint16Array(0x10000); // the folded unit of a unit that folds to one, else 0
    this.seen = new Uint32Array(0x10000); // the turn in which a unit was last met
    this.turn = 0;
    this.literals = [...Object.keys(data.mojibake), ...Object.keys(data.literals)].sort(byLengthThenOrder);
    this.plainLiterals = this.literals.filter(isPlain);
    /** @type {Set<string>} of each other literal its last character by code point: most texts have none of these */
    this.telling = new Set(this.literals.filter((item) => !isPlain(item)).map(lastCharacter));
    /** @type {Map<string, import("./pattern.js").Pattern>} */
    this.irregular = new Map();
  }

  /** @param {string} character @returns {string} */
  of(character) {
    let folded = this.known.get(character);
    if (folded === undefined) {
      folded = this.#folded(character);
      this.known.set(character, folded);
      if (character.length === 1 && folded.length === 1) this.single[character.charCodeAt(0)] = folded.charCodeAt(0);
    }
    return folded;
  }

  /** @param {string} character */
  #folded(character) {
    const alike = this.confusables.get(character);
    if (alike !== undefined) return alike;
    if (character === "\t" || character === "\n") return character;
    if (character === "\r") return " ";
    if (this.isNewer(character)) return "";
    return [...character.normalize("NFKD")].map((part) => this.#part(part)).join("");
  }

  /** @param {string} part @returns {string} */
  #part(part) {
    if (DROPPED.test(part) || this.ignorable.has(part) || this.isNewer(part)) return "";
    const alike = this.confusables.get(part);
    if (alike !== undefined) return alike;
    if (/^\p{Z}$/u.test(part)) return /^\p{Zs}$/u.test(part) ? " " : "\n";
    if (/^\p{Nd}$/u.test(part)) return decimal(part);
    const lowered = this.data.casefold[part] ?? part.toLowerCase();
    return [...lowered].map((one) => this.#proxied(this.confusables.get(one) ?? one)).join("");
  }

  /** @param {string} part @returns {boolean} whether a character is younger than the oldest Unicode that counts */
  isNewer(part) {
    const code = /** @type {number} */ (part.codePointAt(0));
    const place = after(this.newer, code, (range) => range[0]) - 1;
    return place >= 0 && code <= this.newer[place][1];
  }

  /** @param {string} folded @returns {string} one unit that stands for a character beyond the basic plane */
  #proxied(folded) {
    if (folded.length < 2 || /** @type {number} */ (folded.codePointAt(0)) <= 0xffff) return folded;
    let proxy = this.proxies.get(folded);
    if (proxy === undefined) {
      if (/^\p{L}$/u.test(folded)) proxy = String.fromCharCode(SYLLABLES[0] + (this.syllables++ % SYLLABLES[1]));
      else if (/^\p{N}$/u.test(folded)) proxy = String.fromCharCode(CIRCLED[0] + (this.circled++ % CIRCLED[1]));
      else proxy = BLANK_SYMBOL;
      this.proxies.set(folded, proxy);
    }
    return proxy;
  }
}

/** @param {string} text @returns {boolean} */
const isPlain = (text) => /^[\x00-\x7f]*$/.test(text);

/** @param {string} text @returns {string} */
const lastCharacter = (text) => String.fromCodePoint(Math.max(...[...text].map((one) => /** @type {number} */ (one.codePointAt(0)))));

/** @param {string} one @param {string} other */
function byLengthThenOrder(one, other) {
  return [...other].length - [...one].length || (one < other ? -1 : 1);
}

/** @param {string} digit a decimal digit of any script @returns {string} */
function decimal(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  let first = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}

/** @param {Rules} rules @returns {Table} */
const table = (rules) => rules.once("folding table", () => new Table(rules));

/** @param {Rules} rules @param {Original} original @returns {Folded} */
export function fold(rules, original) {
  const { raw } = original;
  const signs = table(rules);
  const pattern = irregularPattern(signs, raw);
  if (!pattern) return new Folded(rules, original, translated(signs, raw), [], []);
  /** @type {string[]} */ const pieces = [];
  /** @type {number[]} */ const at = [];
  /** @type {number[]} */ const from = [];
  let length = 0;
  let position = 0;
  /** @param {string} piece @param {number} unit */
  const add = (piece, unit) => {
    at.push(length);
    from.push(original.point(unit));
    pieces.push(piece);
    length += piece.length;
  };
  for (const match of pattern.finditer(raw)) {
    add(translated(signs, raw.slice(position, match.start)), position);
    add(foldCharacters(rules, plain(signs.data, match.whole)), match.start);
    position = match.end;
  }
  if (!at.length) return new Folded(rules, original, translated(signs, raw), [], []);
  add(translated(signs, raw.slice(position)), position);
  at.push(length);
  from.push(original.length);
  return new Folded(rules, original, pieces.join(""), at, from);
}

/** @param {Rules} rules @param {string} text short @returns {string} folded, without offsets: names, aliases, words */
export function foldCharacters(rules, text) {
  const signs = table(rules);
  let folded = "";
  for (const character of text) folded += signs.of(character);
  return folded;
}

/** @param {Rules} rules @param {string} text @returns {string} folded without offsets, entities and all */
export function foldText(rules, text) {
  return fold(rules, new Original(text)).text;
}

/** @param {Table} signs @param {string} text of characters that fold to one each @returns {string} */
function translated(signs, text) {
  const units = new Uint16Array(text.length);
  let size = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    const single = signs.single[code];
    if (single) units[size++] = single;
    else {
      const character = String.fromCodePoint(/** @type {number} */ (text.codePointAt(place)));
      units[size++] = signs.of(character).charCodeAt(0);
      if (character.length === 2) place++;
    }
  }
  return written(units.subarray(0, size));
}

const FEW = 64; // units up to which the decoder is the slower way
const UNITS = new TextDecoder("utf-16le", { ignoreBOM: true });

/** @param {Uint16Array} units no halves of pairs among them @returns {string} */
function written(units) {
  return units.length <= FEW ? String.fromCharCode.apply(null, /** @type {any} */ (units)) : UNITS.decode(units);
}

/** @param {Table} signs @param {string} text @returns {import("./pattern.js").Pattern | null} */
function irregularPattern(signs, text) {
  const { data } = signs;
  const distinct = distinctCharacters(signs, text);
  const irregular = distinct.filter((character) => signs.of(character).length !== 1);
  const literals = distinct.some((character) => signs.telling.has(character)) ? signs.literals : signs.plainLiterals;
  const parts = literals.filter((item) => text.includes(item)).map(escaped);
  if (distinct.includes("\n")) {
    for (const sign of data.hyphens) {
      if (distinct.includes(sign)) parts.push(data.line_hyphen.replaceAll("{h}", escaped(sign)));
    }
  }
  for (const [trigger, construct] of data.constructs) if (text.includes(trigger)) parts.push(construct);
  if (irregular.length) parts.push(`[${irregular.map(byCode).join("")}]`);
  if (!parts.length) return null;
  return signs.rules.compiled(parts.join("|"));
}

/** @param {string} character @returns {string} as a class holds it; halves of pairs must not meet there */
const byCode = (character) => `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`;

/** @param {Table} signs @param {string} text @returns {string[]} its characters, each once */
function distinctCharacters(signs, text) {
  const { seen } = signs;
  const turn = ++signs.turn;
  /** @type {Set<string>} */ const beyond = new Set();
  /** @type {string[]} */ const found = [];
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if ((code & 0xf800) === 0xd800) {
      const character = String.fromCodePoint(/** @type {number} */ (text.codePointAt(place)));
      if (character.length === 2) {
        beyond.add(character);
        place++;
        continue;
      }
    }
    if (seen[code] !== turn) {
      seen[code] = turn;
      found.push(String.fromCharCode(code));
    }
  }
  return [...found, ...beyond];
}

/** @param {any} data @param {string} irregular @returns {string} what an irregular stretch stands for */
function plain(data, irregular) {
  if (Object.hasOwn(data.mojibake, irregular)) return data.mojibake[irregular];
  if (Object.hasOwn(data.literals, irregular)) return data.literals[irregular];
  const last = irregular[irregular.length - 1];
  if (irregular[0] === "&" && last === ";") return entity(data, irregular.replaceAll("amp;", "").slice(1, -1), irregular);
  if ("%=".includes(irregular[0]) && irregular.length >= 6 && !isSpace(last)) {
    const codes = irregular.split(irregular[0]).slice(1).map((code) => parseInt(code, 16));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(codes));
  }
  if (irregular.startsWith("\\u")) return character(irregular.slice(2), 16);
  return isSpace(last) ? "" : irregular;
}

/** @param {string} sign @returns {boolean} */
const isSpace = (sign) => /^[\p{Z}\t-\r\x1c-\x1f\x85]$/u.test(sign);

/** @param {any} data @param {string} name @param {string} whole @returns {string} */
function entity(data, name, whole) {
  if (name[0] !== "#") {
    const lower = name.toLowerCase();
    if (Object.hasOwn(data.entities, name)) return data.entities[name];
    return Object.hasOwn(data.entities, lower) ? data.entities[lower] : whole;
  }
  return name[1] === "x" || name[1] === "X" ? character(name.slice(2), 16) : character(name.slice(1), 10);
}

/** @param {string} digits @param {number} base @returns {string} */
function character(digits, base) {
  const code = parseInt(digits, base);
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : "";
}
