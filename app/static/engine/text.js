// @ts-check
/**
 * A text whose places are counted in code points, as Python counts them, while JavaScript counts UTF-16 units.
 * For a text without characters beyond the basic plane both are the same, and nothing is kept.
 */

const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/;

/** A text as it was written. */
export class Original {
  /** @param {string} raw */
  constructor(raw) {
    this.raw = raw;
    this.length = raw.length;
    /** @type {Int32Array | null} the unit where each code point begins */
    this.units = null;
    /** @type {Int32Array | null} the code point that each unit belongs to */
    this.points = null;
    if (ASTRAL.test(raw)) this.#count();
  }

  #count() {
    const units = new Int32Array(this.raw.length + 1);
    const points = new Int32Array(this.raw.length + 1);
    let count = 0;
    for (let unit = 0; unit < this.raw.length; count++) {
      const size = /** @type {number} */ (this.raw.codePointAt(unit)) > 0xffff ? 2 : 1;
      units[count] = unit;
      points.fill(count, unit, unit + size);
      unit += size;
    }
    units[count] = this.raw.length;
    points[this.raw.length] = count;
    this.units = units.slice(0, count + 1);
    this.points = points;
    this.length = count;
  }

  /** @param {number} point @returns {number} */
  unit(point) {
    if (!this.units) return point;
    return this.units[Math.min(Math.max(point, 0), this.length)];
  }

  /** @param {number} unit @returns {number} */
  point(unit) {
    return this.points ? this.points[unit] : unit;
  }

  /** @param {number} start @param {number} [end] both code points @returns {string} */
  slice(start, end = this.length) {
    return this.raw.slice(this.unit(Math.max(start, 0)), this.unit(Math.max(end, 0)));
  }

  /** @param {number} point @returns {string} one character */
  at(point) {
    if (!this.units) return point >= 0 && point < this.length ? this.raw[point] : "";
    return this.slice(point, point + 1);
  }

  /** @param {string} part @param {number} [from] @returns {number} where it stands next, or -1 */
  find(part, from = 0) {
    const unit = this.raw.indexOf(part, this.unit(from));
    return unit < 0 ? -1 : this.point(unit);
  }

  /** @param {string} part @param {number} limit @returns {number} where it last begins and ends before a limit, or -1 */
  findLast(part, limit) {
    const unit = limit <= 0 ? -1 : this.raw.lastIndexOf(part, this.unit(limit) - part.length);
    return unit < 0 ? -1 : this.point(unit);
  }
}

/** @param {string} text @returns {boolean} whether it has letters with case, and all of them are capitals */
export function isUpper(text) {
  if (text.length === 1) {
    const code = text.charCodeAt(0);
    if (code < 128) return code >= 65 && code <= 90;
  }
  return /\p{Uppercase}/u.test(text) && !/\p{Lowercase}|\p{Lt}/u.test(text);
}

/** @param {string} text one character or none @returns {boolean} whether it is a decimal digit of any script */
export function isDecimal(text) {
  const code = text.charCodeAt(0);
  return code < 128 ? code >= 48 && code <= 57 : /^\p{Nd}$/u.test(text);
}

/** @param {string} text @returns {boolean} whether it is one letter or more and nothing else */
export function isAlpha(text) {
  return /^\p{L}+$/u.test(text);
}

/** @param {string} text one character or none @returns {boolean} */
export function isAlnum(text) {
  if (text.length === 1) {
    const code = text.charCodeAt(0);
    if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  }
  return /^[\p{L}\p{N}]+$/u.test(text);
}

/** @param {string} text @param {string} signs @returns {string} the text without such signs at its end */
export function stripEnd(text, signs) {
  let end = text.length;
  while (end > 0 && signs.includes(text[end - 1])) end--;
  return text.slice(0, end);
}

/** @param {string} text @param {string} signs @returns {string} the text without such signs at its beginning */
export function stripStart(text, signs) {
  let start = 0;
  while (start < text.length && signs.includes(text[start])) start++;
  return text.slice(start);
}

/** @param {string} text @param {string} part @returns {number} how often it stands there, one after another */
export function count(text, part) {
  return text.split(part).length - 1;
}

/**
 * @template T @param {ArrayLike<T>} list in order of `key` @param {number} value @param {(one: T) => number} key
 * @returns {number} the first place whose key is above the value
 */
export function after(list, value, key) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * @template T @param {ArrayLike<T>} list in order of `key` @param {number} value @param {(one: T) => number} key
 * @returns {number} the first place whose key is not below the value
 */
export function notBefore(list, value, key) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @template T @param {Generator<undefined, T>} steps @returns {T} what they come to, without halting */
export function drained(steps) {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
