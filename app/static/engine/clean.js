// @ts-check
/** Characters that could hide something, which the guard refuses: taken out on the petitioner's device, before sending. */

import { foldCharacters } from "./fold.js";

/** @typedef {import("./rules.js").Rules} Rules */

const ASCII = /^[\0-\x7f]*$/;

/** @param {string} text @returns {string} */
const oneNewline = (text) => text.replaceAll("\r\n", "\n");

/** @param {Rules} rules @param {string} text @returns {string} composed, without hidden characters and mixed words */
export function clean(rules, text) {
  const control = rules.compiled(rules.data.folding.control);
  if (ASCII.test(text) && !control.search(text)) return text;
  const kept = [...oneNewline(text).replaceAll("\r", "\n")].filter((character) => !isHidden(rules, character));
  const composed = kept.join("").normalize("NFC");
  return composed.replace(rules.compiled(rules.data.folding.foreign_word).forward, (word) => oneScript(rules, word));
}

/** @param {Rules} rules @param {string} text @returns {boolean} format, control, private or half characters */
export function hiddenCharacters(rules, text) {
  if (ASCII.test(text)) return rules.compiled(rules.data.folding.control).search(oneNewline(text)) !== null;
  for (const character of oneNewline(text)) if (isHidden(rules, character)) return true;
  return false;
}

/** @param {Rules} rules @param {string} character @returns {boolean} */
function isHidden(rules, character) {
  if (character === "\t" || character === "\n") return false;
  if (/^[\p{Cf}\p{Cs}\p{Co}\p{Cc}]$/u.test(character)) return true;
  /** @type {Set<string>} */
  const ignorable = rules.once("ignorable", () => {
    const codes = /** @type {string[]} */ (rules.data.folding.ignorable);
    return new Set(codes.map((code) => String.fromCodePoint(parseInt(code, 16))));
  });
  return ignorable.has(character);
}

/** @param {Rules} rules @param {string} text @returns {boolean} a word of Latin letters and look-alikes of another script */
export function mixedScripts(rules, text) {
  if (ASCII.test(text) || !rules.compiled(rules.data.folding.foreign).search(text)) return false;
  const words = rules.compiled(rules.data.folding.foreign_word).findall(text);
  return words.some((word) => isMixed(rules, word));
}

/** @param {Rules} rules @param {string} word @returns {boolean} */
function isMixed(rules, word) {
  const latin = /[\0-\x7f\u00c0-\u024f]/.test(word);
  return latin && [...word].some((character) => rules.data.folding.look_alikes.includes(character));
}

/** @param {Rules} rules @param {string} word @returns {string} */
function oneScript(rules, word) {
  if (!isMixed(rules, word)) return word;
  return [...word].map((character) => {
    if (!rules.data.folding.look_alikes.includes(character)) return character;
    const latin = foldCharacters(rules, character);
    return /^\p{Uppercase}$/u.test(character) ? latin.toUpperCase() : latin;
  }).join("");
}
