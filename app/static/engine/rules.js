// @ts-check
/**
 * The shared data of redaction, as `resguardo` serves it in one JSON object: folding, names, places, words, patterns.
 * Whoever calls the engine loads it; nothing in this folder fetches anything or knows a page.
 */

import { Pattern } from "./pattern.js";

/** @typedef {[number, number]} Span a stretch: first offset, offset after the last */

/** @param {Iterable<string>[]} lists @returns {Set<string>} */
const union = (...lists) => new Set(lists.flatMap((list) => [...list]));

/** The rules of all parts, with the sets and patterns that are made from them once. */
export class Rules {
  /** @param {Record<string, any>} data the bundle: one entry per data file */
  constructor(data) {
    /** @type {Record<string, any>} */
    this.data = data;
    /** @type {Map<string, Pattern>} */
    this.patterns = new Map();
    /** @type {Record<string, Record<string, Pattern>>} the same by group and name */
    this.groups = {};
    /** @type {Map<string, any>} what a part keeps between texts, by its name */
    this.kept = new Map();
    const { gazetteer, nicknames, words } = data;
    this.commonWords = new Set(words.words.split(/\s+/));
    this.alsoNames = new Set(words.also_names.split(/\s+/));
    this.grammar = new Set(words.grammar.split(/\s+/));
    this.states = new Set(gazetteer.states);
    this.places = union(gazetteer.states, gazetteer.municipalities, gazetteer.places_abroad);
    this.statesAndAbroad = union(gazetteer.states, gazetteer.places_abroad);
    this.titles = union(...Object.values(nicknames.titles));
    this.particles = new Set(nicknames.particles);
    /** @type {Record<string, Set<string>>} */
    this.cues = {};
    for (const name of Object.keys(gazetteer)) {
      if (Array.isArray(gazetteer[name])) this.cues[name] = new Set(gazetteer[name]);
    }
    this.declared = union(this.places, gazetteer.heroes, gazetteer.idioms);
    this.leadingWords = union(gazetteer.organization_words, gazetteer.place_words);
  }

  /** @param {string} source a pattern of the data files @returns {Pattern} */
  compiled(source) {
    let pattern = this.patterns.get(source);
    if (!pattern) {
      let written = source;
      for (const [name, forms] of Object.entries(this.data.patterns.classes)) {
        written = written.replaceAll(name, forms.javascript);
      }
      pattern = new Pattern(written);
      this.patterns.set(source, pattern);
    }
    return pattern;
  }

  /** @param {string} group @param {string} name a pattern of `patterns.json` @returns {Pattern} */
  shared(group, name) {
    const patterns = (this.groups[group] ??= {});
    return (patterns[name] ??= this.compiled(this.data.patterns[group][name]));
  }

  /** @template T @param {string} name @param {() => T} make @returns {T} what is made once and kept */
  once(name, make) {
    if (!this.kept.has(name)) this.kept.set(name, make());
    return this.kept.get(name);
  }

  /** @param {string} word folded @returns {boolean} whether it is a common word, also if it is a name as well */
  isWord(word) {
    return this.commonWords.has(word) || this.alsoNames.has(word) || this.grammar.has(word);
  }

  /** @param {string} word folded @returns {boolean} whether it is a frequent given name or surname */
  isOtherName(word) {
    return this.cues.given_names.has(word) || this.cues.surnames.has(word);
  }
}
