// @ts-check
/** The words of a folded text, found once for everything that looks at words. */

import { notBefore } from "./text.js";

/** @typedef {import("./rules.js").Span} Span */

/**
 * A word and what is known of it whatever the text: the triggers that it may hold, per set of triggers, and what the
 * last case's matcher made of it, and whether it is anything to that matcher.
 * @typedef {{word: string, triggers: ([number, number][] | undefined)[], matcher: unknown, found: any, telling: boolean}} Entry
 */

const MANY = 200_000; // distinct words that are remembered
const [IN_WORD, BETWEEN] = [1, 2]; // a letter or digit; anything else
const SPACE = 0x20;

/** Every word met, looked up once. */
class Lexicon {
  constructor() {
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    this.ofWord = new Uint8Array(0x10000); // of each unit what it is, once it was met
  }

  /** @param {string} word @returns {Entry} */
  entry(word) {
    let entry = this.entries.get(word);
    if (!entry) {
      if (this.entries.size > MANY) this.entries.clear();
      entry = { word, triggers: [], matcher: undefined, found: null, telling: false };
      this.entries.set(word, entry);
    }
    return entry;
  }

  /** @param {number} unit of a folded text that is met for the first time @returns {number} what it is */
  kind(unit) {
    return (this.ofWord[unit] = /[\p{L}\p{N}]/u.test(String.fromCharCode(unit)) ? IN_WORD : BETWEEN);
  }
}

/** Words in order: `words[i]` stands at `starts[i]`, and `gap(i)` before it. */
export class Words {
  /** @param {import("./rules.js").Rules} rules @param {string} text */
  constructor(rules, text) {
    this.text = text;
    /** @type {string[]} */
    this.words = [];
    /** @type {number[]} */
    this.starts = [];
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {number[]} the places of the words of one letter */
    this.single = [];
    this.asked = 0; // the offset asked about last
    this.place = -1; // and its answer
    /** @type {Lexicon} */
    const lexicon = rules.once("lexicon", () => new Lexicon());
    const { ofWord } = lexicon;
    for (let place = 0, start = -1; place <= text.length; place++) {
      const unit = place < text.length ? text.charCodeAt(place) : SPACE;
      if ((ofWord[unit] || lexicon.kind(unit)) === IN_WORD) {
        if (start < 0) start = place;
      } else if (start >= 0) {
        if (place - start === 1) this.single.push(this.words.length);
        const entry = lexicon.entry(text.slice(start, place));
        this.words.push(entry.word);
        this.entries.push(entry);
        this.starts.push(start);
        start = -1;
      }
    }
  }

  /** @param {number} place @returns {string} what stands between a word and the one before it */
  gap(place) {
    const start = place > 0 ? this.starts[place - 1] + this.words[place - 1].length : 0;
    return this.text.slice(start, this.starts[place]);
  }

  /** @param {number} offset @returns {number} the place of the last word that begins before an offset, or -1 */
  before(offset) {
    if (offset !== this.asked) {
      this.asked = offset;
      this.place = notBefore(this.starts, offset, (start) => start) - 1;
    }
    return this.place;
  }

  /** @param {number} reach @returns {Span[]} stretches of two words of one letter or more, at most `reach` apart */
  apart(reach) {
    /** @type {Span[]} */ const found = [];
    let first = -1;
    let last = -1;
    const close = () => {
      if (first >= 0 && last > first) found.push([this.starts[first], this.starts[last] + 1]);
    };
    for (const place of this.single) {
      if (first < 0 || place !== last + 1 || this.starts[place] - this.starts[last] - 1 > reach) {
        close();
        first = place;
      }
      last = place;
    }
    close();
    return found;
  }

  /** @param {Set<string>} small @returns {Span[]} stretches of a letter, one or two of the small words, and a letter */
  linked(small) {
    /** @type {Span[]} */ const found = [];
    for (const place of this.single) {
      if (place + 2 >= this.words.length || !small.has(this.words[place + 1])) continue;
      if (place > 0 && this.words[place - 1].length === 1) continue; // `S. A. de C. V.`: a row of its own
      for (const other of [place + 2, place + 3]) {
        if (other === place + 3 && !small.has(this.words[place + 2])) continue;
        if (this.words[other]?.length === 1) found.push([this.starts[place], this.starts[other] + 1]);
      }
    }
    return found;
  }
}

/** @param {string} text @returns {Span[]} its blocks of digits */
export function digitBlocks(text) {
  /** @type {Span[]} */ const found = [];
  const pattern = /[0-9]+/g;
  for (let one = pattern.exec(text); one; one = pattern.exec(text)) found.push([one.index, pattern.lastIndex]);
  return found;
}

/** Texts that are looked for all at once: by the word that each of them holds, else one by one. */
export class Triggers {
  /** @param {string[]} texts @param {number} slot the number of this set among all sets */
  constructor(texts, slot) {
    this.texts = texts;
    this.slot = slot;
    /** @type {number[]} those without a word */
    this.plain = [];
    /** @type {Map<string, {number: number, piece: string, lead: number, left: boolean, right: boolean}[]>} */
    this.byPair = new Map();
    texts.forEach((text, number) => this.#add(text, number));
  }

  /** @param {string} text @param {number} number */
  #add(text, number) {
    const pieces = [...text.matchAll(/[a-z0-9]+/g)];
    const longest = pieces.reduce((best, one) => Math.max(best, one[0].length), 0);
    const found = pieces.find((one) => one[0].length === longest);
    if (!found || longest < 2) {
      this.plain.push(number);
      return;
    }
    const [piece] = found;
    const end = found.index + piece.length;
    const one = { number, piece, lead: found.index, left: found.index > 0, right: end < text.length };
    const pair = piece.slice(0, 2);
    this.byPair.set(pair, [...(this.byPair.get(pair) ?? []), one]);
  }

  /** @param {string} text @param {Words} words @returns {Map<number, number[]>} where each text stands */
  places(text, words) {
    /** @type {Map<number, number[]>} */ const found = new Map();
    /** @param {number} number @param {number} place */
    const add = (number, place) => {
      const list = found.get(number);
      if (list) list.push(place);
      else found.set(number, [place]);
    };
    for (let place = 0; place < words.words.length; place++) {
      const entry = words.entries[place];
      const inside = (entry.triggers[this.slot] ??= this.#inside(entry.word));
      for (let one = 0; one < inside.length; one++) {
        const [number, offset] = inside[one];
        const start = words.starts[place] + offset;
        if (text.startsWith(this.texts[number], start) && start >= 0) add(number, start);
      }
    }
    for (const number of this.plain) {
      const trigger = this.texts[number];
      for (let at = text.indexOf(trigger); at >= 0; at = text.indexOf(trigger, at + trigger.length)) add(number, at);
    }
    return found;
  }

  /** @param {string} word @returns {[number, number][]} the texts that a word may belong to, and where they begin */
  #inside(word) {
    /** @type {[number, number][]} */ const found = [];
    for (let place = 0; place + 1 < word.length; place++) {
      for (const { number, piece, lead, left, right } of this.byPair.get(word.slice(place, place + 2)) ?? []) {
        const bounds = (!left || place === 0) && (!right || place + piece.length === word.length);
        if (bounds && word.startsWith(piece, place)) found.push([number, place - lead]);
      }
    }
    return found;
  }
}
