// @ts-check
/**
 * The guard: identifiers and hidden characters in texts that should be redacted; it knows no name. The portal runs the
 * same before it accepts a filing. A hit names the field and the kind, never what stood there.
 */

import { hiddenCharacters, mixedScripts } from "./clean.js";
import { discover } from "./discovery.js";
import { fold } from "./fold.js";
import { CASE_NUMBER, DECOY_NUMBER } from "./identifiers.js";
import { surrogatePattern } from "./surrogates.js";
import { Original } from "./text.js";

/** @typedef {{path: string, kind: string}} Refused */

/** @param {import("./rules.js").Rules} rules @param {Record<string, string>} fields @returns {Refused[]} one per field and kind */
export function check(rules, fields) {
  return Object.entries(fields).flatMap(([path, text]) => [...new Set(kinds(rules, text))].map((kind) => ({ path, kind })));
}

/** @param {import("./rules.js").Rules} rules @param {string} text @returns {string[]} */
function kinds(rules, text) {
  /** @type {string[]} */ const found = [];
  if (hiddenCharacters(rules, text)) found.push("FORMAT_CHARACTER");
  if (mixedScripts(rules, text)) found.push("MIXED_SCRIPT");
  const masked = text.replace(surrogatePattern(rules).forward, (surrogate) => "\u25a0".repeat(surrogate.length));
  for (const one of discover(fold(rules, new Original(masked)))) {
    if (one.guard && one.label !== DECOY_NUMBER && one.label !== CASE_NUMBER) found.push(one.label);
  }
  return found;
}
