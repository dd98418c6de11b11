// @ts-check
/**
 * Patterns with the meaning that Python's `re` gives them: where a search begins and ends does not change what stands
 * before it, and the end of the search is the end of the text.
 */

/** A match: where it stands, and the groups. */
export class Match {
  /** @param {Pattern} pattern @param {RegExpExecArray} found @param {string} text as far as it was searched */
  constructor(pattern, found, text) {
    this.start = found.index;
    this.end = found.index + found[0].length;
    /** @type {(string | undefined)[]} */
    this.groups = found;
    this.whole = found[0];
    this.pattern = pattern;
    this.text = text;
    /** @type {([number, number] | undefined)[] | undefined} */
    this.spans = undefined;
  }

  /** @param {number} group @returns {[number, number]} where a group that took part stands */
  span(group) {
    if (!this.spans) this.spans = this.pattern.indices(this.text, this.start);
    return this.spans[group] ?? [-1, -1];
  }
}

/** A compiled pattern. */
export class Pattern {
  /** @param {string} source with its classes written out */
  constructor(source) {
    this.source = source;
    this.forward = new RegExp(source, "gu");
    this.here = new RegExp(source, "yu");
    /** @type {RegExp | undefined} */
    this.withIndices = undefined;
    /** @type {RegExp | undefined} */
    this.entire = undefined;
  }

  /** @param {string} text @param {number} [start] @param {number} [end] @returns {Match | null} the first match */
  search(text, start = 0, end = text.length) {
    return this.#run(this.forward, text, start, end);
  }

  /** @param {string} text @param {number} [start] @param {number} [end] @returns {Match | null} a match at `start` */
  match(text, start = 0, end = text.length) {
    return this.#run(this.here, text, start, end);
  }

  /** @param {string} text @returns {boolean} whether the pattern matches all of it */
  fullmatch(text) {
    this.entire ??= new RegExp(`^(?:${this.source})$`, "u");
    return this.entire.test(text);
  }

  /** @param {string} text @param {number} [start] @param {number} [end] @returns {Generator<Match, void, void>} */
  *finditer(text, start = 0, end = text.length) {
    const searched = end < text.length ? text.slice(0, end) : text;
    let position = start;
    while (position <= searched.length) {
      this.forward.lastIndex = position;
      const found = this.forward.exec(searched);
      if (!found) return;
      const match = new Match(this, found, searched);
      position = match.end > match.start ? match.end : match.end + 1;
      yield match;
    }
  }

  /** @param {string} text @param {number} [start] @param {number} [end] @returns {Match[]} all at once: for short stretches */
  matches(text, start = 0, end = text.length) {
    const searched = end < text.length ? text.slice(0, end) : text;
    /** @type {Match[]} */ const found = [];
    for (let match = this.search(searched, start); match; ) {
      found.push(match);
      match = this.search(searched, match.end > match.start ? match.end : match.end + 1);
    }
    return found;
  }

  /** @param {string} text @returns {string[]} what matches, one after another */
  findall(text) {
    return text.match(this.forward) ?? [];
  }

  /** @param {string} text @param {number} start where it is known to match @returns {([number, number] | undefined)[]} */
  indices(text, start) {
    this.withIndices ??= new RegExp(this.source, "dyu");
    this.withIndices.lastIndex = start;
    return this.withIndices.exec(text)?.indices ?? [];
  }

  /** @param {RegExp} expression @param {string} text @param {number} start @param {number} end @returns {Match | null} */
  #run(expression, text, start, end) {
    const searched = end < text.length ? text.slice(0, end) : text;
    if (start > searched.length) return null;
    expression.lastIndex = start;
    const found = expression.exec(searched);
    return found && new Match(this, found, searched);
  }
}

/** @param {string} text @returns {string} the text as a pattern that matches it and nothing else */
export function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => (sign === "-" ? "\\x2d" : `\\${sign}`));
}
