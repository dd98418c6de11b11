// @ts-check
/** Who is looked for on pages: everybody whom the petition knows as it is written now. */
import { keptNames, knownPeople } from "../file/people.js"
import { TABLE } from "../file/table.js"

/** @typedef {{key: string, analyse: import("./finding.js").Analyse}} Looks `key` is another when somebody else is looked for */
/** @typedef {{petition: () => any, engine: () => Promise<import("../file/review.js").TextEngine>}} Asked */

/** @type {Looks | null} */ let last = null

/** @param {Asked} app @returns {Promise<Looks>} */
export async function looksOf(app) {
  const [engine, petition] = [await app.engine(), app.petition()]
  const [people, keep] = [knownPeople(petition, engine.fold), keptNames(petition)]
  const language = TABLE.languages.includes(petition.language) ? petition.language : TABLE.defaultLanguage
  const said = new TextEncoder().encode(JSON.stringify([people, keep, language]))
  const key = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", said)), (byte) => byte.toString(16).padStart(2, "0")).join("")
  if (last?.key !== key) last = { key, analyse: engine.analyser(people, keep, language) }
  return last
}
