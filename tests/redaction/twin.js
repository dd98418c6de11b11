// The browser's engine answers a case of the conformance set; the same in Node.js and in a worker of a browser.
import { Engine } from "./engine/engine.js";
import { fold } from "./engine/fold.js";
import { check } from "./engine/guard.js";
import { Rules } from "./engine/rules.js";
import { Surrogates } from "./engine/surrogates.js";
import { Original } from "./engine/text.js";

/** Returns what answers cases by a bundle of rules. */
export function prepared(bundle) {
  const rules = new Rules(bundle);
  return {
    answer: (one) => answer(rules, one),
    rate: (one) => rate(rules, one),
    folds: () => folds(rules),
  };
}

function answer(rules, { identities, keep, language, text }) {
  const engine = new Engine(rules, identities, keep);
  const { marks, suggestions } = engine.analyse(text);
  const surrogates = new Surrogates(rules, identities.map((one) => one.id), language, (size) => new Uint8Array(size));
  return {
    marks: marks.map((one) => [one.start, one.end, one.label, one.identity, one.kind, one.certainty, one.reason]),
    suggestions: suggestions.map((one) => [one.start, one.end, one.kind, one.reason]),
    redacted: engine.redact(text, surrogates),
    guard: check(rules, { text }).map((hit) => hit.kind),
  };
}

/** Returns megabytes per second, the best of some rounds, and what was found. */
function rate(rules, { identities, text, rounds }) {
  const engine = new Engine(rules, identities);
  const size = new TextEncoder().encode(text).length;
  let [best, marks] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    marks = engine.analyse(text).marks.length;
    best = Math.max(best, size / 1000 / (performance.now() - begun));
  }
  const begun = performance.now();
  check(rules, { text });
  return { best, marks, guard: performance.now() - begun };
}

/** Returns how many characters there are of each folding's length and sum, in blocks of 256 code points. */
function folds(rules) {
  const sums = [];
  for (let first = 0; first < 0x110000; first += 256) {
    let sum = 0;
    for (let code = first; code < first + 256; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const { text } = fold(rules, new Original(String.fromCodePoint(code)));
      for (const one of text) if (one.charCodeAt(0) < 0x80) sum = (sum * 31 + code + one.charCodeAt(0)) % 1000003;
      sum = (sum * 31 + text.length) % 1000003;
    }
    sums.push(sum);
  }
  return sums;
}
