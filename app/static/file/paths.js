// @ts-check
/** How a place inside a petition is written: `facts.timeline[2].what`; the same as app/domain/paths.py. */

/** @typedef {(string | number)[]} Path names of fields and places in lists, from the outside in */

/** @param {Path} path @returns {string} */
export function pathText(path) {
  let text = ""
  for (const step of path) text += typeof step === "number" ? `[${step}]` : text ? `.${step}` : step
  return text
}

/** @param {string} text @returns {Path} the steps of a written path; what is between the steps is not checked */
export function parsePath(text) {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((found) => (found[1] ? Number(found[1]) : found[2]))
}

/**
 * Yield every value that is neither a group nor a list, with its path; absent values are left out.
 * @param {unknown} value @param {Path} path @returns {Generator<[Path, any]>}
 */
export function* leaves(value, path = []) {
  if (Array.isArray(value)) {
    for (const [place, inner] of value.entries()) yield* leaves(inner, [...path, place])
  } else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) yield* leaves(inner, [...path, name])
  } else if (value !== null && value !== undefined) {
    yield [path, value]
  }
}

const SHORT = new Map([["narrative", ["facts", "narrative"]], ["summary", ["facts", "summary"]], ["timeline", ["facts", "timeline"]]])

/**
 * Return the path that a reference inside a petition means (`evidence.E2`, `narrative`), or null if it leads nowhere.
 * @param {any} petition @param {string} reference @returns {Path | null}
 */
export function resolve(petition, reference) {
  const steps = parsePath(reference)
  if (!steps.length) return null
  const head = SHORT.get(String(steps[0])) ?? [steps[0]]
  /** @type {Path} */ const path = []
  let value = petition
  for (const step of [...head, ...steps.slice(1)]) {
    const found = stepInto(value, step)
    if (found === null) return null
    path.push(found)
    value = value[found]
  }
  return path
}

/** @param {any} value @param {string | number} step @returns {string | number | null} */
function stepInto(value, step) {
  if (Array.isArray(value)) {
    if (/^\d+$/.test(String(step))) return Number(step) < value.length ? Number(step) : null
    const place = value.findIndex((entry) => entry !== null && typeof entry === "object" && entry.id === step)
    return place < 0 ? null : place
  }
  return value !== null && typeof value === "object" && Object.hasOwn(value, step) ? step : null
}
