// @ts-check
/** Other persons: sequences of capitalised words that look like a name and stand on no list. Always a question. */

import { companyFollows, inQuotedOrganization, pathBefore, titled } from "./context.js";
import { foldCharacters } from "./fold.js";
import { isAlpha, isUpper, stripEnd } from "./text.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */
/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./known.js").Suggestion} Suggestion */

export const OTHER_PERSON = "other_person";
const CAPITALISED = "capitalised";

/**
 * A word of a sequence; offsets from its beginning, and what can be said without the context. `mayOpen` is true for a
 * common word: a capital at the beginning of a sentence says nothing.
 * @typedef {{start: number, end: number, word: string, written: string, nameLike: boolean, mayOpen: boolean}} Token
 */

/**
 * @param {Folded} folded @param {import("./keep.js").Kept} kept
 * @param {Span[]} taken original stretches, in order, that need no question @returns {Suggestion[]}
 */
export function otherPersons(folded, kept, taken) {
  const { rules, original } = folded;
  /** @type {Suggestion[]} */ const asked = [];
  const covered = new Covered(taken);
  for (const match of rules.shared("capitals", "sequence").finditer(original.raw)) {
    const tokens = tokensOf(rules, match.whole);
    const base = original.point(match.start);
    if (tokens.length === 1 && !tokens[0].nameLike && isAlpha(tokens[0].written)) continue; // most openings of sentences
    for (const part of free(base, tokens, covered)) questions(folded, kept, base, part, asked);
  }
  return asked;
}

/** Answers whether a stretch meets one of some ordered stretches; asked with rising offsets. */
class Covered {
  /** @param {Span[]} spans */
  constructor(spans) {
    this.spans = spans;
    this.next = 0;
  }

  /** @param {number} start @param {number} end @returns {boolean} */
  touches(start, end) {
    while (this.next < this.spans.length && this.spans[this.next][1] <= start) this.next++;
    return this.next < this.spans.length && this.spans[this.next][0] < end;
  }
}

/** @param {number} base @param {Token[]} tokens @param {Covered} covered @returns {Token[][]} between what is taken */
function free(base, tokens, covered) {
  if (!covered.touches(base + tokens[0].start, base + tokens[tokens.length - 1].end)) return [tokens];
  /** @type {Token[][]} */ const parts = [];
  /** @type {Token[]} */ let part = [];
  for (const token of tokens) {
    if (!covered.touches(base + token.start, base + token.end)) {
      if (!part.length) parts.push(part);
      part.push(token);
    } else part = [];
  }
  return parts;
}

/** @param {Rules} rules @param {string} sequence @returns {Token[]} */
function tokensOf(rules, sequence) {
  /** @type {Map<string, Token[]>} */
  const known = rules.once("tokens", () => new Map());
  let tokens = known.get(sequence);
  if (!tokens) {
    const astral = /[\ud800-\udbff][\udc00-\udfff]/.test(sequence);
    /** @param {number} unit */
    const point = (unit) => (astral ? [...sequence.slice(0, unit)].length : unit);
    tokens = rules.shared("capitals", "part").matches(sequence).map((part) => {
      const word = rules.compiled("{W}").findall(foldCharacters(rules, part.whole)).join("");
      const mayOpen = rules.isWord(word) && !rules.cues.given_names.has(word);
      const nameLike = isNameLike(rules, word, part.whole);
      return { start: point(part.start), end: point(part.end), word, written: part.whole, nameLike, mayOpen };
    });
    if (known.size > 65536) known.clear();
    known.set(sequence, tokens);
  }
  return tokens;
}

/** @param {Rules} rules @param {string} word @param {string} written @returns {boolean} */
function isNameLike(rules, word, written) {
  if (rules.particles.has(word) || rules.cues.calendar.has(word) || rules.titles.has(word)) return false;
  if (word.length < 2) return written.endsWith(".");
  return rules.isOtherName(word) || rules.alsoNames.has(word) || !rules.isWord(word);
}

/** @param {Folded} folded @param {import("./keep.js").Kept} kept @param {number} base @param {Token[]} part @param {Suggestion[]} out */
function questions(folded, kept, base, part, out) {
  const { rules } = folded;
  if (rules.declared.has(part.map((token) => token.word).join(" "))) return;
  let [first, last] = [0, part.length];
  while (first < last && (!part[first].nameLike || opensSentence(folded, base, part[first]))) first++;
  while (first < last && !part[last - 1].nameLike) last--;
  if (first === last) return;
  const tokens = part.slice(first, last);
  const [plain, withTitle] = kinds(rules, tokens);
  if (!withTitle || knownPlace(rules, tokens)) return;
  const start = folded.foldedOffset(base + tokens[0].start);
  const address = titled(folded, start);
  const kind = address ? withTitle : plain;
  if (!kind || stays(folded, kept, start, base, tokens, address)) return;
  const end = tokens[tokens.length - 1].end;
  const dotted = tokens.length === 1 && tokens[0].written.endsWith(".");
  let lead = first; // `De la Cruz`
  while (lead > 0 && rules.particles.has(part[lead - 1].word)) lead--;
  out.push({ start: base + part[lead].start, end: base + end - Number(dotted), kind, reason: kind });
}

/** @param {Folded} folded @param {number} base @param {Token} token @returns {boolean} a capital of the sentence only */
function opensSentence({ rules, original }, base, token) {
  if (!token.mayOpen) return false;
  const { leading, sentence_ends: ends } = rules.data.patterns.capitals;
  const start = base + token.start;
  const before = stripEnd(original.slice(Math.max(0, start - 6), start), leading);
  return !before || ends.includes(before[before.length - 1]);
}

/** @param {Rules} rules @param {Token[]} tokens @returns {boolean} a place, a hero, a feast or an organization by itself */
function knownPlace(rules, tokens) {
  const words = tokens.map((token) => token.word);
  if (rules.declared.has(words.join(" ")) || rules.cues.place_words.has(words[0]) || madeOfPlaces(rules, words)) return true;
  return words.some((word) => rules.cues.organization_words.has(word));
}

/** @param {Folded} folded @param {import("./keep.js").Kept} kept @param {number} start @param {number} base
 * @param {Token[]} tokens @param {boolean} address @returns {boolean} */
function stays(folded, kept, start, base, tokens, address) {
  const { rules } = folded;
  if (kept.words.size && tokens.every(({ word }) => kept.words.has(word) || rules.particles.has(word))) return true;
  const end = folded.foldedOffset(base + tokens[tokens.length - 1].end);
  if (companyFollows(folded, end) || inQuotedOrganization(folded, start)) return true;
  return !address && pathBefore(folded, start).some(([word]) => rules.leadingWords.has(word));
}

/** @param {Rules} rules @param {string[]} words @returns {boolean} only places: `Guadalupe Nuevo León`, `Ohio y Texas` */
function madeOfPlaces(rules, words) {
  const rest = words.filter((word) => !rules.data.patterns.capitals.and.includes(word));
  for (let cut = 1; cut < rest.length; cut++) {
    if (rules.places.has(rest.slice(0, cut).join(" ")) && rules.places.has(rest.slice(cut).join(" "))) return true;
  }
  return false;
}

/** @param {Rules} rules @param {Token[]} tokens @returns {[string, string]} without and with a form of address before it */
function kinds(rules, tokens) {
  const named = tokens.filter((token) => !rules.particles.has(token.word));
  const telling = named.map((token) => token.word).filter((word) => word.length > 1);
  if (!telling.length) return ["", ""];
  if (named.length === 1) return [single(rules, tokens[0]), OTHER_PERSON];
  if (telling.some((word) => rules.isOtherName(word))) return [OTHER_PERSON, OTHER_PERSON];
  const acronyms = named.every((token) => isUpper(token.written));
  return [acronyms || telling.some((word) => rules.isWord(word)) ? CAPITALISED : OTHER_PERSON, OTHER_PERSON];
}

/** @param {Rules} rules @param {Token} token @returns {string} */
function single(rules, { word, written }) {
  const place = rules.places.has(word);
  if (rules.isOtherName(word) && !place) return OTHER_PERSON;
  const acronym = isUpper(written) && word.length <= 8;
  return acronym || rules.isWord(word) || place ? "" : CAPITALISED;
}
