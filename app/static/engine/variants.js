// @ts-check
/** How one name may be written: nicknames, diminutives, abbreviations, phonetic spelling, misread letters. */

import { foldCharacters } from "./fold.js";

/** @typedef {import("./rules.js").Rules} Rules */

/** @param {string} text @returns {string[]} */
export const wordsOf = (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** @param {Rules} rules @param {string} text @returns {string[]} the words of a name without small words and titles */
export function nameTokens(rules, text) {
  const joined = foldCharacters(rules, text).replace(rules.shared("names", "apostrophe").forward, "");
  const words = wordsOf(joined);
  const kept = words.filter((word) => !rules.particles.has(word) && !rules.titles.has(word));
  return kept.length ? kept : words.slice(-1);
}

/** @param {Rules} rules @param {string} text @returns {string[]} what stands before an apostrophe: `mo` of Mo'o */
export function elided(rules, text) {
  const found = rules.shared("names", "elided").finditer(foldCharacters(rules, text));
  return [...found].map((match) => /** @type {string} */ (match.groups[1]));
}

/** @param {Rules} rules @param {string} text @returns {string[]} words after particles, as one word: vandermeer, delagarza */
export function joined(rules, text) {
  /** @type {string[]} */ const found = [];
  let lead = "";
  for (const word of wordsOf(foldCharacters(rules, text))) {
    if (rules.particles.has(word)) lead += word;
    else {
      if (lead && (lead + word).length > 4) found.push(lead + word);
      lead = "";
    }
  }
  return found;
}

/** @param {Rules} rules @returns {{forward: Map<string, Set<string>>, backward: Map<string, Set<string>>}} */
function nicknameTables(rules) {
  return rules.once("nicknames", () => {
    /** @type {Map<string, Set<string>>} */ const forward = new Map();
    /** @type {Map<string, Set<string>>} */ const backward = new Map();
    /** @param {Map<string, Set<string>>} table @param {string} key @param {string} value */
    const add = (table, key, value) => table.set(key, (table.get(key) ?? new Set()).add(value));
    for (const names of Object.values(rules.data.nicknames.hypocoristics)) {
      for (const [formal, nicknames] of Object.entries(names)) {
        const key = nameTokens(rules, formal).join(" ");
        for (const nickname of /** @type {string[]} */ (nicknames)) {
          const folded = wordsOf(foldCharacters(rules, nickname)).join(" ");
          add(forward, key, folded);
          add(backward, folded, key);
        }
      }
    }
    return { forward, backward };
  });
}

/** @param {Rules} rules @param {string[]} given @returns {Set<string>} the nicknames of given names */
export function nicknamesOf(rules, given) {
  const { forward, backward } = nicknameTables(rules);
  /** @type {Set<string>} */ const found = new Set();
  for (let first = 0; first < given.length; first++) {
    for (let last = first + 1; last <= given.length; last++) {
      for (const one of forward.get(given.slice(first, last).join(" ")) ?? []) found.add(one);
    }
  }
  for (const word of given) {
    // a witness who is listed as Lupe is Guadalupe in the payroll
    for (const formal of backward.get(word) ?? []) {
      found.add(formal);
      for (const one of forward.get(formal) ?? []) found.add(one);
    }
  }
  for (const word of given) found.delete(word);
  return found;
}

/** @param {Rules} rules @returns {Map<string, Set<string>>} folded nickname → how it is written, of those with more than plain letters */
function writtenNicknames(rules) {
  return rules.once("written nicknames", () => {
    /** @type {Map<string, Set<string>>} */ const found = new Map();
    for (const names of Object.values(rules.data.nicknames.hypocoristics)) {
      for (const nickname of /** @type {string[]} */ (Object.values(names).flat())) {
        if (!/[^\0-\x7f]/.test(nickname)) continue;
        const folded = wordsOf(foldCharacters(rules, nickname)).join(" ");
        found.set(folded, (found.get(folded) ?? new Set()).add(nickname.normalize("NFC")));
      }
    }
    return found;
  });
}

/** @param {Rules} rules @param {string[]} given @returns {string[]} nicknames that are written with more than plain letters: `Toño` */
export function accentedNicknames(rules, given) {
  const table = writtenNicknames(rules);
  return [...nicknamesOf(rules, given)].flatMap((nickname) => [...(table.get(nickname) ?? [])]);
}

/** @param {Rules} rules @param {string[]} given @returns {Set<string>} what given names are cut to: Cleme, Vani, Tavo, Memé, Mafer */
export function clips(rules, given) {
  const { vowels, pet_endings: longer, short_pet_endings: shorter } = rules.data.patterns.names;
  /** @type {Set<string>} */ const found = new Set();
  for (const word of given) {
    if (!/^[a-z]+$/.test(word)) continue;
    for (let size = 3; size < word.length - 1; size++) found.add(word.slice(0, size));
    for (let place = 0; place < word.length - 1; place++) {
      if (vowels.includes(word[place]) || !vowels.includes(word[place + 1])) continue;
      found.add(word.slice(place, place + 2).repeat(2));
      if (place > 0 && place < word.length - 3) found.add(word.slice(place));
    }
    for (let size = 2; size < Math.min(6, word.length); size++) {
      if (vowels.includes(word[size - 1])) continue;
      for (const ending of size > 2 ? longer : shorter) found.add(word.slice(0, size) + ending);
    }
  }
  for (let place = 0; place + 1 < given.length; place++) {
    const [first, second] = [given[place], given[place + 1]];
    if (!/^[a-z]+$/.test(first + second)) continue;
    for (const size of [2, 3, 4]) {
      for (const more of [2, 3, 4]) if (size + more > 4) found.add(first.slice(0, size) + second.slice(0, more));
    }
  }
  for (const word of given) found.delete(word);
  return found;
}

/** @param {Rules} rules @param {string} word @returns {Set<string>} rarer regular pet forms of a given name: Martucha, Susannette */
export function petForms(rules, word) {
  if (word.length < 4) return new Set();
  const stem = "aeo".includes(word.slice(-1)) ? word.slice(0, -1) : word;
  const soft = stem.slice(0, -1) + (rules.data.patterns.names.soft[stem.slice(-1)] ?? stem.slice(-1));
  const { rare_endings: rare } = rules.data.patterns.names;
  return new Set((rare[word.slice(-1)] ?? rare.other).map((/** @type {string} */ ending) => soft + ending));
}

const STRETCHED = /([a-z])\1\1+/g;

/** @param {string} word @returns {string[]} with each letter that stands three times or more in a row once, and twice; nothing if none does */
export function unstretched(word) {
  const plain = word.replace(STRETCHED, "$1");
  return plain === word ? [] : [plain, word.replace(STRETCHED, "$1$1")];
}

/** @param {Rules} rules @param {string} word @returns {Set<string>} the regular Spanish diminutives of a given name */
export function diminutives(rules, word) {
  if (word.length < 4 && !/^..[aeo]$/u.test(word)) return new Set();
  /** @param {string} stem */
  const soft = (stem) => stem.slice(0, -1) + (rules.data.patterns.names.soft[stem.slice(-1)] ?? stem.slice(-1));
  const stem = word.slice(0, -1);
  const last = word.slice(-1);
  if (/(?:os|as|es)$/.test(word)) {
    const plural = `${soft(word.slice(0, -2))}it`;
    return new Set([plural + word.slice(-2), ...(word.endsWith("es") ? [`${plural}as`] : [])]); // Merceditas
  }
  if ("ao".includes(last)) {
    return new Set([`${soft(stem)}it${last}`, `${soft(stem)}ill${last}`, `${soft(stem)}in${last === "o" ? "" : "a"}`]);
  }
  if ("enr".includes(last)) {
    return new Set([`${word}cito`, `${word}cita`, `${soft(last === "e" ? stem : word)}ito`, `${soft(word)}ita`]);
  }
  return new Set([`${soft(word)}ito`, `${soft(word)}ita`]);
}

/** @param {Rules} rules @param {string} word @returns {string[]} the written short forms of a name: Ma., Gpe., Fco. */
export function abbreviations(rules, word) {
  /** @type {Map<string, string[]>} */
  const table = rules.once("abbreviations", () => {
    /** @type {Map<string, string[]>} */ const made = new Map();
    for (const [short, longs] of Object.entries(rules.data.nicknames.abbreviations)) {
      for (const name of longs) made.set(name, [...(made.get(name) ?? []), short]);
    }
    return made;
  });
  return table.get(word) ?? [];
}

/** @param {Rules} rules @param {string[]} words @returns {string[]} with abbreviations of one meaning written out */
export function writtenOut(rules, words) {
  const table = rules.data.nicknames.abbreviations;
  return words.map((word) => (Object.hasOwn(table, word) && table[word].length === 1 ? table[word][0] : word));
}

/** @param {Rules} rules @param {string} word @returns {string} one key for spellings that sound alike in Spanish */
export function soundKey(rules, word) {
  let key = word;
  for (const [source, sound] of rules.data.patterns.names.sounds) {
    key = key.replace(rules.compiled(source).forward, sound === "=" ? "$1" : sound);
  }
  return key;
}

/** @param {Rules} rules @param {string} word @returns {string} one key for what a scanner or a keyboard confuses */
export function shapeKey(rules, word) {
  const { misread, misread_pairs: pairs } = rules.data.patterns.names;
  let key = "";
  for (const letter of word) key += misread[letter] ?? letter;
  for (const [pair, single] of pairs) key = key.replaceAll(pair, single);
  return key;
}

/** @param {Rules} rules @param {string} text @returns {string} digits that touch letters as letters: `de1` is `del` */
export function unmisread(rules, text) {
  return text.replace(rules.shared("names", "misread_gap").forward, (digit) => rules.data.patterns.names.misread_small[digit]);
}

/** @param {string} word @param {number} depth @returns {Set<string>} the word without any one letter, or any two */
export function deletions(word, depth) {
  /** @type {Set<string>} */ const found = new Set();
  /** @param {string} from */
  const without = (from) => Array.from(from, (_, place) => from.slice(0, place) + from.slice(place + 1));
  for (const once of without(word)) {
    found.add(once);
    if (depth > 1) for (const twice of without(once)) found.add(twice);
  }
  return found;
}

/** @param {string} left @param {string} right @param {number} limit @returns {number} edits, or `limit` + 1 */
export function editDistance(left, right, limit) {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  /** @type {number[]} */ let before = [];
  let row = Array.from({ length: right.length + 1 }, (_, place) => place);
  for (let i = 1; i <= left.length; i++) {
    const last = before;
    before = row;
    row = [i];
    for (let j = 1; j <= right.length; j++) {
      const differs = left[i - 1] !== right[j - 1];
      let cost = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + Number(differs));
      if (last.length && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, last[j - 2] + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
  }
  return row[right.length];
}
