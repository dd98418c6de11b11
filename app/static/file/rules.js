// @ts-check
/**
 * The rules as they travel: what only people read is left out, and of each word in the sorted lists stands what is
 * other than in the word before. The twin of app/web/packed_rules.py, which packs them.
 */

/** @param {Record<string, any>} packed @returns {Record<string, any>} the rules as the engine takes them */
export function unpackedRules(packed) {
  const words = Object.fromEntries(Object.entries(packed.words).map(([name, list]) => [name, unpackedList(list).join(" ")]))
  const gazetteer = Object.fromEntries(Object.entries(packed.gazetteer).map(([name, entry]) => [name, typeof entry === "string" ? unpackedList(entry) : entry]))
  return { ...packed, words, gazetteer }
}

/** @param {string} packed for each word, a capital (how many letters of the one before go) and what comes instead @returns {string[]} */
function unpackedList(packed) {
  let word = ""
  const words = packed.match(/[A-Z][^A-Z]*/g) ?? []
  return words.map((step) => (word = word.slice(0, word.length - step.charCodeAt(0) + 65) + step.slice(1)))
}
