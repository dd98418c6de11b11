// @ts-check
/**
 * What stands in the place of what was taken out: `[TESTIGO-03]`, `[CURP]`, `[DATO TESTADO]`.
 *
 * Rules of this module
 *   1. The numbers of the witnesses are a random permutation per case: their order says nothing.
 *   2. All witnesses' surrogates have one width.
 *   3. A surrogate is never marked again, so that redacting twice is redacting once.
 */

import { clean } from "./clean.js";
import { escaped } from "./pattern.js";
import { Original } from "./text.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./known.js").Mark} Mark */

/** @param {Rules} rules @returns {import("./pattern.js").Pattern} of everything that may have been written, in any language */
export function surrogatePattern(rules) {
  return rules.once("surrogates", () => {
    const data = rules.data.surrogates;
    const numbered = [...Object.values(data.witness), ...data.witness_also].map(escaped).join("|");
    const words = Object.values(data.labels).flatMap((label) => Object.values(label));
    const fixed = [...new Set(words)].sort((one, other) => other.length - one.length).map(escaped).join("|");
    return rules.compiled(`\\[(?:(?:${numbered})-[0-9]{2,4}|${fixed})\\]`);
  });
}

/** The surrogates of one case in one language. */
export class Surrogates {
  /**
   * Number the witnesses; `known` are surrogates of an earlier version, by id, which stay and are not reused.
   * @param {Rules} rules @param {string[]} identityIds @param {string} language @param {(size: number) => Uint8Array} random
   * @param {Record<string, string>} [known]
   */
  constructor(rules, identityIds, language, random, known = {}) {
    const data = rules.data.surrogates;
    this.language = Object.hasOwn(data.witness, language) ? language : "en";
    this.labels = data.labels;
    const word = data.witness[this.language];
    const kept = Object.entries(known).filter(([, label]) => label.startsWith(`[${word}-`));
    const named = new Set(kept.map(([one]) => one));
    const ids = [...new Set(identityIds)].filter((one) => !named.has(one));
    const taken = new Set(kept.map(([, label]) => Number(label.slice(word.length + 2, -1))));
    const most = Math.max(0, ...taken);
    const free = Array.from({ length: ids.length + taken.size + most }, (_, place) => place + 1).filter((one) => !taken.has(one));
    const numbers = permutation(ids.length, random).map((place) => free[place - 1]);
    const width = Math.max(2, String(Math.max(ids.length, ...numbers)).length);
    this.witness = new Map([...kept, ...ids.map((one, place) => /** @type {[string, string]} */ ([one, `[${word}-${String(numbers[place]).padStart(width, "0")}]`]))]);
  }

  /** @param {Mark} mark @returns {string} of the witness for a name, of the kind for everything else */
  forMark(mark) {
    const own = mark.label === "PERSON" && mark.identity !== null ? this.witness.get(mark.identity) : undefined;
    return own ?? this.forLabel(mark.label);
  }

  /** @param {string} label a kind, or `PERSON` for another person, or `DETAIL` @returns {string} */
  forLabel(label) {
    const words = this.labels[label] ?? this.labels.IDENTIFIER;
    return `[${words[this.language]}]`;
  }
}

/**
 * @param {Rules} rules @param {string} text @param {Mark[]} marks in order, not overlapping @param {Surrogates} surrogates
 * @returns {string} the text with every mark replaced, and without characters that could hide something
 */
export function apply(rules, text, marks, surrogates) {
  const original = new Original(text);
  let out = "";
  let position = 0;
  for (const mark of marks) {
    out += clean(rules, original.slice(position, mark.start)) + surrogates.forMark(mark);
    position = mark.end;
  }
  return out + clean(rules, original.slice(position));
}

/** @param {number} size @param {(size: number) => Uint8Array} random @returns {number[]} 1…size in random order */
function permutation(size, random) {
  const numbers = Array.from({ length: size }, (_, place) => place + 1);
  for (let place = size - 1; place > 0; place--) {
    const other = below(place + 1, random);
    [numbers[place], numbers[other]] = [numbers[other], numbers[place]];
  }
  return numbers;
}

/** @param {number} limit @param {(size: number) => Uint8Array} random @returns {number} without a remainder's bias */
function below(limit, random) {
  const ceiling = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const [a, b, c, d] = random(4);
    const value = ((a * 256 + b) * 256 + c) * 256 + d;
    if (value < ceiling) return value % limit;
  }
}
