// @ts-check
/** Connects the text engine to the review: loads its rules, counts in UTF-16 units, says reasons in the page's words. */
import { namesOf } from "../copies/apart.js"
import { clean } from "../engine/clean.js"
import { Engine } from "../engine/engine.js"
import { foldText } from "../engine/fold.js"
import { check } from "../engine/guard.js"
import { Rules } from "../engine/rules.js"
import { Surrogates } from "../engine/surrogates.js"
import { Original } from "../engine/text.js"
import { dataAt } from "./data.js"
import { unpackedRules } from "./rules.js"
import { TABLE } from "./table.js"

/** @typedef {import("./review.js").TextEngine} TextEngine */
/** @typedef {import("./review.js").Analysis} Analysis */

/** @param {string} address of the rules @returns {Promise<TextEngine>} */
export async function textEngine(address) {
  return engineOf(unpackedRules(await dataAt(address)))
}

/** @param {Record<string, any>} data the rules, one entry for each of their files @returns {TextEngine} */
export function engineOf(data) {
  const rules = new Rules(data)
  return {
    analyser: (people, keep) => {
      /** @type {Engine | undefined} */ let engine
      const whole = (/** @type {string} */ text) => inUnits(text, (engine ??= new Engine(rules, people, keep)).analyse(text))
      const folding = (/** @type {string} */ text) => foldText(rules, text)
      return Object.assign(whole, {
        names: namesOf(people, folding),
        fold: folding,
        steps: function* (/** @type {string} */ text) {
          engine ??= yield* Engine.building(rules, people, keep)
          return inUnits(text, yield* engine.steps(text))
        },
      })
    },
    surrogates: (ids, language, random, known) => {
      const made = new Surrogates(rules, ids, language, random, known)
      return { identity: (id) => made.witness.get(id) ?? made.forLabel("PERSON"), label: (label) => made.forLabel(label) }
    },
    clean: (text) => clean(rules, text),
    fold: (text) => foldText(rules, text),
    check: (fields) => check(rules, fields),
  }
}

/** @param {string} text @param {{ marks: any[], suggestions: any[] }} found in code points @returns {Analysis} */
function inUnits(text, { marks, suggestions }) {
  const original = new Original(text)
  const place = (/** @type {any} */ one) => ({ ...one, start: original.unit(one.start), end: original.unit(one.end), reason: reasonOf(one.reason) })
  return { marks: marks.map((mark) => ({ ...place(mark), certain: mark.certainty === "certain" })), suggestions: suggestions.map(place) }
}

/** @param {string} code @returns {string} the message that says why */
function reasonOf(code) {
  return /** @type {Record<string, string>} */ (TABLE.reasons)[code] ?? code
}
