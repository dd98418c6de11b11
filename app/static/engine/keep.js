// @ts-check
/** What the petition itself declares and must stay readable: facility, unions, organizations, places. */

import { foldCharacters } from "./fold.js";
import { isAlnum } from "./text.js";
import { wordsOf } from "./variants.js";
import { inOrder } from "./windows.js";

/** @typedef {import("./rules.js").Span} Span */

/**
 * Finds declared names in a folded text. A declared name whose every word is also a word of one witness (the town of
 * Guadalupe, and José Guadalupe) does not protect anything by itself: there the context decides.
 */
export class Kept {
  /** @param {import("./rules.js").Rules} rules @param {string[]} names @param {import("./index.js").KnownIndex} index */
  constructor(rules, names, index) {
    /** @type {Map<string, string[][]>} */
    this.phrases = new Map();
    /** @type {Set<string>} */
    this.words = new Set();
    for (const words of names.flatMap((name) => forms(rules, name))) {
      const telling = words.filter((word) => !rules.particles.has(word));
      if (!telling.length || index.people.some((who) => telling.every((word) => who.words.has(word)))) continue;
      this.phrases.set(words[0], [...(this.phrases.get(words[0]) ?? []), words]);
      for (const word of telling) this.words.add(word);
    }
  }

  /** @param {import("./fold.js").Folded} folded @returns {Span[]} the folded stretches that must stay, in order */
  spans({ text }) {
    /** @type {Span[]} */ const found = [];
    for (const [first, phrases] of this.phrases) {
      for (let place = text.indexOf(first); place >= 0; place = text.indexOf(first, place + 1)) {
        found.push(...ends(text, place, phrases));
      }
    }
    return found.sort(inOrder);
  }
}

/** @param {import("./rules.js").Rules} rules @param {string} name @returns {string[][]} as declared, and without a remark */
function forms(rules, name) {
  const whole = wordsOf(foldCharacters(rules, name));
  const plain = wordsOf(foldCharacters(rules, name.split("(")[0]));
  const both = whole.join(" ") === plain.join(" ") ? [whole] : [whole, plain];
  return both.filter((words) => words.length);
}

/** @param {string} text @param {number} place @param {string[][]} phrases @returns {Span[]} */
function ends(text, place, phrases) {
  if (place && isAlnum(text[place - 1])) return [];
  /** @type {Span[]} */ const found = [];
  for (const words of phrases) {
    let position = place;
    for (const word of words) {
      position = after(text, position, word);
      if (position < 0) break;
    }
    if (position >= 0 && !isAlnum(text.slice(position, position + 1))) found.push([place, position]);
  }
  return found;
}

/** @param {string} text @param {number} position @param {string} word @returns {number} its end, or -1 */
function after(text, position, word) {
  let start = position;
  while (start < text.length && start - position < 6 && !isAlnum(text[start])) start++;
  return text.startsWith(word, start) ? start + word.length : -1;
}
