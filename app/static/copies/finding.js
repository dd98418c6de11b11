// @ts-check
/**
 * Where on a page something must be covered: the engine of the texts, on the words of a page and their places. Pure.
 *
 * The twin of app/client/cleaning/finding.py.
 */

import { onOneLine, parted } from "./apart.js"

/** Suggestions that are covered too: on a page nobody can write something less exact. */
const CAREFUL = ["other_person", "quasi_identifier", "possible_name"]

/** @typedef {import("./sheets.js").Edges} Edges */
/** @typedef {Edges & {text: string}} Word */
/** @typedef {((text: string) => import("../file/review.js").Analysis) & Partial<Pick<import("../file/review.js").Analyser, "names" | "fold">>} Analyse */

/** @param {Analyse} analyse @param {Word[]} words @returns {Edges[]} what must be covered of the words of a page */
export function needsOf(analyse, words) {
  if (!words.length) return []
  const { text, places } = joined(words)
  const { marks, suggestions } = analyse(text)
  const spans = [...marks, ...suggestions.filter(({ kind }) => CAREFUL.includes(kind))]
  const touched = spans.map(({ start, end }) => words.filter((word, at) => places[at] < end && places[at] + word.text.length > start))
  const { names, fold } = analyse
  const apart = names && fold ? parted(words, (word) => names.has(word), fold) : []
  const needs = [...touched, ...apart.map((two) => two.places.map((place) => words[place]))].flatMap(around)
  return [...new Map(needs.map((need) => [Object.values(need).join(), need])).values()]
}

/** @param {Word[]} words @returns {{text: string, places: number[]}} a line where the next word stands lower; where each begins */
export function joined(words) {
  let text = ""
  const places = words.map((word, at) => {
    const place = text.length
    const after = words[at + 1]
    text += word.text + (after ? (onOneLine(word, after) ? " " : "\n") : "")
    return place
  })
  return { text, places }
}

/** @param {Word[]} words @returns {Edges[]} one for each line; whole words, never parts of one */
function around(words) {
  /** @type {Word[][]} */ const lines = []
  for (const word of words) {
    const line = lines.at(-1)
    if (line && onOneLine(line[line.length - 1], word)) line.push(word)
    else lines.push([word])
  }
  return lines.map((line) => ({
    left: Math.min(...line.map(({ left }) => left)),
    top: Math.min(...line.map(({ top }) => top)),
    right: Math.max(...line.map(({ right }) => right)),
    bottom: Math.max(...line.map(({ bottom }) => bottom)),
  }))
}
