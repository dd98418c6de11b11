// @ts-check
/** Where a pattern is tried: around its triggers, so that no pattern walks a whole text. */

import { Triggers } from "./words.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */
/** @typedef {import("./pattern.js").Pattern} Pattern */

const SLOTS = ["identifiers", "questions"]; // the files whose rules have triggers

/** Rules of one file, each with the texts around which it is tried; all texts are looked for at once. */
export class Near {
  /** @param {Rules} rules @param {any[]} list @param {number} slot */
  constructor(rules, list, slot) {
    const texts = list.flatMap((rule) => (Array.isArray(rule.near) ? rule.near : []));
    this.texts = [...new Set(texts)];
    this.triggers = new Triggers(this.texts, slot);
    /** @type {[any, Pattern][]} */
    this.list = list.map((rule) => [rule, rules.compiled(rule.pattern)]);
    this.nearDigits = [...list.keys()].filter((number) => list[number].near === "digit");
    const numbers = new Map(this.texts.map((text, number) => [text, number]));
    /** @type {number[][]} */
    this.usedBy = this.texts.map(() => []);
    list.forEach((rule, number) => {
      if (rule.near !== "digit") for (const text of rule.near) this.usedBy[numbers.get(text) ?? 0].push(number);
    });
  }

  /**
   * @param {string} text @param {import("./words.js").Words} words @param {Span[]} digits
   * @returns {Generator<[any, Pattern, Span[]], void, void>} each rule that can match at all, and the stretches where
   */
  *windows(text, words, digits) {
    /** @type {Map<number, Span[]>} */ const found = new Map();
    for (const [trigger, places] of this.triggers.places(text, words)) {
      const size = this.texts[trigger].length;
      for (const number of this.usedBy[trigger]) {
        const [rule] = this.list[number];
        const spans = found.get(number) ?? [];
        for (const place of places) spans.push([place - rule.before, place + size + rule.after]);
        found.set(number, spans);
      }
    }
    const numbers = digits.length ? [...found.keys(), ...this.nearDigits] : [...found.keys()];
    for (const number of numbers.sort((one, other) => one - other)) {
      const [rule, pattern] = this.list[number];
      const spans = found.get(number);
      yield [rule, pattern, spans ? united(spans.sort(inOrder), text.length) : digits];
    }
  }
}

/** @param {Rules} rules @param {string} name @param {string} key @returns {Near} made once */
export function near(rules, name, key) {
  return rules.once(`near ${name}`, () => new Near(rules, rules.data[name][key], SLOTS.indexOf(name)));
}

/** @param {Span} one @param {Span} other @returns {number} */
export function inOrder(one, other) {
  return one[0] - other[0] || one[1] - other[1];
}

/** @param {Iterable<Span>} places in order @param {number} size @returns {Span[]} joined where they meet, cut to the text */
export function united(places, size) {
  /** @type {Span[]} */ const joined = [];
  let first = -1;
  let last = -1;
  for (const [start, end] of places) {
    if (first < 0 || start > last) {
      if (first >= 0) joined.push([first, Math.min(last, size)]);
      first = Math.max(0, start);
      last = end;
    } else if (end > last) last = end;
  }
  if (first >= 0) joined.push([first, Math.min(last, size)]);
  return joined;
}
