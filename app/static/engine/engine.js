// @ts-check
/**
 * The engine: from a text and the known identities to marks and questions. The portal has the same in Python, with the
 * same rules; both give the same answer.
 *
 * The way of a text
 *   1. Fold it; note the surrogates that stand in it already and the declared names that must stay.
 *   2. Find known names, listed identifiers, identifiers of anybody.
 *   3. Merge: where two meet, one mark covers both, and the more telling label stays.
 *   4. Ask about what is left: other persons, quasi-identifiers, numbers.
 */

import { discover } from "./discovery.js";
import { fold, foldCharacters } from "./fold.js";
import { CASE_NUMBER, DECOY_NUMBER } from "./identifiers.js";
import { Kept } from "./keep.js";
import { KnownIndex } from "./index.js";
import { KnownMatcher } from "./known.js";
import { ListedIdentifiers } from "./listed.js";
import { otherPersons } from "./persons.js";
import { afterNames, besideNames, quasiIdentifiers } from "./questions.js";
import { apply, surrogatePattern } from "./surrogates.js";
import { Original, after, drained, isAlnum, notBefore } from "./text.js";
import { wordsOf } from "./variants.js";
import { inOrder, united } from "./windows.js";
import { digitBlocks } from "./words.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */
/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./known.js").Mark} Mark */
/** @typedef {import("./known.js").Suggestion} Suggestion */
/** @typedef {import("./identifiers.js").Identifier} Identifier */
/** @typedef {{marks: Mark[], suggestions: Suggestion[]}} Analysis marks in order, apart; no question inside a mark */

const CAPITALISED = "capitalised";
const POSSIBLE_NAME = "possible_name";

/** @param {Identifier} one @returns {boolean} whether it is a question rather than a mark */
const isAsked = (one) => one.label === DECOY_NUMBER || one.label === CASE_NUMBER;

/** Analyses the texts of one case; built once, then asked for each text. */
export class Engine {
  /**
   * @param {Rules} rules @param {import("./index.js").KnownIdentity[]} identities @param {string[]} [keep] names that stay
   * @param {KnownIndex} [index] of the identities, where it is built already
   */
  constructor(rules, identities, keep = [], index = new KnownIndex(rules, identities)) {
    this.rules = rules;
    this.identities = identities;
    this.known = new KnownMatcher(rules, identities, index);
    this.listed = new ListedIdentifiers(rules, identities, this.known.index);
    this.kept = new Kept(rules, keep, this.known.index);
    this.settling = rules.data.patterns.settling;
    /** @type {Map<string, number>} */
    this.rank = new Map(rules.data.kinds.order.map((/** @type {string} */ label, /** @type {number} */ place) => [label, place]));
  }

  /**
   * The same as the constructor with halts, where a page may do something else.
   * @param {Rules} rules @param {import("./index.js").KnownIdentity[]} identities @param {string[]} keep
   * @returns {Generator<undefined, Engine>}
   */
  static *building(rules, identities, keep) {
    return new Engine(rules, identities, keep, yield* KnownIndex.building(rules, identities));
  }

  /** @param {string} text @returns {Analysis} every mark and question, in code points */
  analyse(text) {
    return drained(this.steps(text));
  }

  /**
   * The same with halts, after each part of the work and at each place, where a page may do something else: a text may have forty pages.
   * @param {string} text @returns {Generator<undefined, Analysis>}
   */
  *steps(text) {
    const original = new Original(text);
    const found = surrogatePattern(this.rules).finditer(text);
    const protectedSpans = [...found].map((match) => /** @type {Span} */ ([original.point(match.start), original.point(match.end)]));
    const { block } = this.settling;
    const folded = fold(this.rules, masked(original, protectedSpans, (size) => block.repeat(size)));
    yield;
    const kept = this.kept.spans(folded);
    const numbers = discover(folded);
    yield;
    const { marks, asked, hits } = yield* this.#marks(folded, kept, numbers);
    yield;
    /** @param {Mark[]} each @returns {Mark[]} without surrogates: a form such as "who speaks in a chat" fits them too */
    const free = (each) => each.filter((mark) => !inside(mark.start, mark.end, protectedSpans));
    const settled = free(this.#settle(folded, free(this.#merged(marks)), hits));
    yield;
    const declared = kept.map(([start, end]) => folded.span(start, end));
    const questions = [...asked, ...this.#questions(folded, numbers, settled, [...protectedSpans, ...declared])];
    return { marks: settled, suggestions: unasked(folded, questions, settled, protectedSpans) };
  }

  /** @param {Folded} folded @param {Span[]} kept @param {Identifier[]} numbers */
  *#marks(folded, kept, numbers) {
    const { marks, asked, hits } = yield* this.known.find(folded, kept);
    for (const one of this.listed.find(folded)) {
      const [start, end] = folded.span(one.start, one.end);
      const identity = this.identities[one.owner].id;
      marks.push({ start, end, label: one.label, identity, kind: "listed", certainty: "certain", reason: "listed" });
    }
    const declared = kept.map(([start, end]) => folded.span(start, end));
    for (const one of [...numbers, ...this.listed.alike(folded)]) {
      if (isAsked(one)) continue;
      const [start, end] = folded.span(one.start, one.end);
      if (inside(start, end, declared)) continue;
      marks.push({ start, end, label: one.label, identity: null, kind: "pattern", certainty: one.certainty, reason: one.by });
    }
    return { marks, asked, hits };
  }

  /**
   * Looks again at what stands near a mark and is none, with the marks taken out, until nothing new shows: what stood
   * beside a mark may have hidden something, and redacting twice must be redacting once.
   * @param {Folded} folded @param {Mark[]} marks @param {number[]} hits @returns {Mark[]}
   */
  #settle(folded, marks, hits) {
    if (!marks.length) return marks;
    const doubtful = this.#doubtful(folded.text);
    const places = new Set([...hits, ...doubtful].map((place) => folded.start(place)));
    let doubts = [...places];
    let added = marks;
    for (let turn = 0; turn < this.settling.rounds; turn++) {
      const all = new Set([...doubts, ...torn(folded, added)]);
      doubts = outside([...all].sort((one, other) => one - other), marks);
      const near = this.#beside(doubts, added);
      added = this.#stretches(folded.original, near).flatMap((stretch) => this.#again(folded.original, marks, near, stretch));
      if (!added.length) break;
      marks = this.#merged([...marks, ...added]);
    }
    return marks;
  }

  /** @param {string} text @returns {number[]} numbers, each group of one, and signs of contacts */
  #doubtful(text) {
    /** @type {number[]} */ const places = [];
    for (const match of this.rules.compiled(this.settling.doubt).finditer(text)) {
      places.push(match.start);
      for (const [start] of digitBlocks(match.whole)) if (start > 0) places.push(match.start + start);
    }
    return places;
  }

  /** @param {Original} original @param {Mark[]} marks @param {number[]} near @param {Span} stretch @returns {Mark[]} */
  #again(original, marks, near, [start, end]) {
    const inner = marks.slice(after(marks, start, (mark) => mark.end), notBefore(marks, end, (mark) => mark.start));
    const spans = inner.map((mark) => /** @type {Span} */ ([Math.max(start, mark.start) - start, Math.min(end, mark.end) - start]));
    const { block, width } = this.settling;
    const folded = fold(this.rules, masked(new Original(original.slice(start, end)), spans, () => block.repeat(width)));
    const back = new Back(spans, width);
    return drained(this.#marks(folded, this.kept.spans(folded), discover(folded))).marks
      .map((mark) => back.mark(mark, start))
      .filter((mark) => {
        const first = notBefore(near, mark.start, (place) => place);
        return first < near.length && near[first] < mark.end;
      });
  }

  /** @param {number[]} places @param {Mark[]} marks @returns {number[]} the places near one of the marks */
  #beside(places, marks) {
    const { near } = this.settling;
    const wide = marks.map((mark) => /** @type {Span} */ ([mark.start - near, mark.end + near])).sort(inOrder);
    return united(wide, Number.MAX_SAFE_INTEGER).flatMap(([start, end]) =>
      places.slice(notBefore(places, start, (place) => place), notBefore(places, end, (place) => place)));
  }

  /** @param {Original} original @param {number[]} places @returns {Span[]} their surroundings, from space to space */
  #stretches(original, places) {
    const { reach } = this.settling;
    const wide = places.map((place) => /** @type {Span} */ ([spaceBefore(original, place - reach), spaceAfter(original, place + reach)]));
    return united(wide, original.length);
  }

  /** @param {Folded} folded @param {Identifier[]} numbers @param {Mark[]} marks @param {Span[]} free @returns {Suggestion[]} */
  #questions(folded, numbers, marks, free) {
    /** @type {Suggestion[]} */ const asked = [];
    for (const one of numbers.filter(isAsked)) {
      const [start, end] = folded.span(one.start, one.end);
      asked.push({ start, end, kind: one.label, reason: one.label });
    }
    const persons = marks.filter((mark) => mark.label === "PERSON");
    const beside = besideNames(folded, persons);
    const taken = [...free, ...[...marks, ...beside].map((mark) => /** @type {Span} */ ([mark.start, mark.end]))].sort(inOrder);
    return [
      ...asked,
      ...quasiIdentifiers(folded),
      ...afterNames(folded, persons.map((mark) => folded.foldedOffset(mark.end))),
      ...beside,
      ...otherPersons(folded, this.kept, taken).map((item) => this.#sharper(folded.original.slice(item.start, item.end), item)),
    ];
  }

  /**
   * A question about a capital as one about a witness if a word begins as their given name does.
   * @param {string} written @param {Suggestion} item @returns {Suggestion}
   */
  #sharper(written, item) {
    if (item.kind !== CAPITALISED) return item;
    const near = wordsOf(foldCharacters(this.rules, written)).some((word) => this.known.index.resembles(word));
    return near ? { ...item, kind: POSSIBLE_NAME, reason: POSSIBLE_NAME } : item;
  }

  /** @param {Mark[]} marks @returns {Mark[]} in order without overlaps; where two meet, one mark covers both */
  #merged(marks) {
    /** @type {Mark[]} */ const out = [];
    const sorted = [...marks].sort((a, b) => a.start - b.start || b.end - a.end || this.#rank(a) - this.#rank(b));
    for (const mark of sorted) {
      const last = out[out.length - 1];
      if (last && mark.start < last.end) out[out.length - 1] = this.#union(last, mark);
      else out.push(mark);
    }
    return out;
  }

  /** @param {Mark} mark @returns {number} */
  #rank(mark) {
    return this.rank.get(mark.label) ?? this.rank.size;
  }

  /** @param {Mark} left @param {Mark} right @returns {Mark} */
  #union(left, right) {
    const order = this.#rank(right) - this.#rank(left) ||
      Number(right.identity === null) - Number(left.identity === null) || right.start - left.start;
    const telling = order < 0 ? right : left;
    const owners = new Set([left, right].map((mark) => mark.identity).filter((identity) => identity !== null));
    return {
      ...telling,
      start: Math.min(left.start, right.start),
      end: Math.max(left.end, right.end),
      identity: owners.size < 2 || telling.label !== "PERSON" ? telling.identity : null,
      certainty: left.certainty === "certain" || right.certainty === "certain" ? "certain" : "likely",
    };
  }

  /** @param {string} text @param {import("./surrogates.js").Surrogates} surrogates @returns {string} no question settled */
  redact(text, surrogates) {
    return apply(this.rules, text, this.analyse(text).marks, surrogates);
  }
}

/** @param {number} start @param {number} end @param {Span[]} declared @returns {boolean} in a declared name */
function inside(start, end, declared) {
  const place = after(declared, start, (span) => span[0]);
  return declared.slice(Math.max(0, place - 4), place).some(([first, last]) => first <= start && end <= last);
}

/** @param {Original} original @param {Span[]} spans @param {(size: number) => string} block @returns {Original} */
function masked(original, spans, block) {
  if (!spans.length) return original;
  let text = "";
  let position = 0;
  for (const [start, end] of spans) {
    text += original.slice(position, start) + block(end - start);
    position = end;
  }
  return new Original(text + original.slice(position));
}

/** The way back from a text whose marks were replaced by blocks of one length. */
class Back {
  /** @param {Span[]} spans @param {number} width */
  constructor(spans, width) {
    this.width = width;
    /** @type {number[]} where each block begins in the masked text */
    this.starts = [];
    /** @type {number[]} where its mark ends in the text */
    this.ends = [];
    let gone = 0;
    for (const [start, end] of spans) {
      this.starts.push(start - gone);
      this.ends.push(end);
      gone += end - start - width;
    }
  }

  /** @param {number} offset @returns {number} where it stands; for one of a block, the last of its mark */
  #offset(offset) {
    const place = after(this.starts, offset, (start) => start) - 1;
    if (place < 0) return offset;
    return this.ends[place] + Math.max(-1, offset - this.starts[place] - this.width);
  }

  /** @param {Mark} mark of the masked stretch @param {number} origin where the stretch begins @returns {Mark} */
  mark(mark, origin) {
    return { ...mark, start: origin + this.#offset(mark.start), end: origin + this.#offset(mark.end - 1) + 1 };
  }
}

/** @param {Folded} folded @param {Mark[]} marks @returns {number[]} where a mark ends inside a word: the rest may be a name */
function torn(folded, marks) {
  /** @type {number[]} */ const places = [];
  for (const mark of marks) {
    const [before, next] = [folded.foldedOffset(mark.start) - 1, folded.foldedOffset(mark.end)];
    if (before >= 0 && isAlnum(folded.text[before])) places.push(folded.start(before));
    if (isAlnum(folded.text.slice(next, next + 1))) places.push(folded.start(next));
  }
  return places;
}

/** @param {number[]} places in order @param {Mark[]} marks @returns {number[]} those that no mark covers */
function outside(places, marks) {
  return places.filter((place) => {
    const number = after(marks, place, (mark) => mark.start) - 1;
    return number < 0 || marks[number].end <= place;
  });
}

/** @param {Original} original @param {number} place @returns {number} */
function spaceBefore(original, place) {
  if (place <= 0) return 0;
  return Math.max(0, original.findLast(" ", place), original.findLast("\n", place));
}

/** @param {Original} original @param {number} place @returns {number} */
function spaceAfter(original, place) {
  if (place >= original.length) return original.length;
  const found = [original.find(" ", place), original.find("\n", place)].filter((at) => at >= 0);
  return Math.min(...found, original.length);
}

/** @param {Folded} folded @param {Suggestion[]} asked @param {Mark[]} marks @param {Span[]} protectedSpans @returns {Suggestion[]} each once, cut back to what still says something */
function unasked(folded, asked, marks, protectedSpans) {
  const taken = [...protectedSpans, ...marks.map((mark) => /** @type {Span} */ ([mark.start, mark.end]))].sort(inOrder);
  /** @type {Suggestion[]} */ const out = [];
  const order = (/** @type {Suggestion} */ a, /** @type {Suggestion} */ b) =>
    a.start - b.start || b.end - a.end || (a.kind < b.kind ? -1 : Number(a.kind > b.kind));
  for (const item of named(asked).sort(order)) {
    const from = after(taken, item.start, (span) => span[1]);
    for (const [start, end] of without(item.start, item.end, taken, from)) {
      if (end - start < item.end - item.start && !says(folded, folded.original.slice(start, end))) continue;
      if (!out.slice(-3).some((one) => one.start <= start && end <= one.end)) out.push({ ...item, start, end });
    }
  }
  return out;
}

/** @param {Folded} folded @param {string} rest @returns {boolean} whether it is more than an article or `and`: not `el` before a marked nickname */
function says(folded, rest) {
  return /\p{Nd}/u.test(rest) || wordsOf(foldCharacters(folded.rules, rest)).some((word) => !folded.rules.grammar.has(word));
}

/**
 * Returns questions; a capitalised word around a witness's possible name is that question, which is not let stay.
 * @param {Suggestion[]} asked @returns {Suggestion[]}
 */
function named(asked) {
  const names = asked.filter((one) => one.kind === POSSIBLE_NAME).sort((a, b) => a.start - b.start);
  return asked.map((item) => {
    const name = item.kind === CAPITALISED ? names[notBefore(names, item.end, (one) => one.start) - 1] : undefined;
    return name && item.start < name.end ? { ...item, kind: name.kind, reason: name.reason } : item;
  });
}

/** @param {number} first @param {number} end @param {Span[]} taken @param {number} from @returns {Span[]} between the taken */
function without(first, end, taken, from) {
  /** @type {Span[]} */ const pieces = [];
  let start = first;
  for (let place = from; place < taken.length && taken[place][0] < end; place++) {
    pieces.push([start, taken[place][0]]);
    start = taken[place][1];
  }
  pieces.push([start, end]);
  return pieces.filter(([left, right]) => right - left > 1);
}
