// @ts-check
/** What is looked for: every word and phrase that stands for a known identity, and how a word of a text is judged. */

import { foldCharacters } from "./fold.js";
import { drained, isAlpha } from "./text.js";
import {
  accentedNicknames, abbreviations, clips, deletions, diminutives, editDistance, elided, joined, nameTokens, nicknamesOf, petForms, shapeKey, soundKey, unstretched, wordsOf, writtenOut,
} from "./variants.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {"exact" | "nickname" | "variant" | "typo" | "far_typo" | "short" | "clip" | "inside"} Strength */
/** @typedef {"given" | "surname" | "alias" | "nickname" | "short"} Role */

/**
 * A witness as the petitioner's device knows them; `name` when the parts are not known apart.
 * @typedef {object} KnownIdentity
 * @property {string} id
 * @property {string} [given]
 * @property {string} [surname1]
 * @property {string} [surname2]
 * @property {string} [name]
 * @property {string[]} [aliases]
 * @property {[string, string][]} [identifiers] kind and value; the kind is empty if unknown
 */

/**
 * A word of the text that may stand for identities; `alone` is false if it needs a neighbour of the same.
 * @typedef {object} Found
 * @property {Set<number>} owners
 * @property {Strength} strength
 * @property {Role} role
 * @property {boolean} alone
 */

/**
 * Several words in a row: an alias, a compound nickname, a handle in parts, a birth date in words.
 * @typedef {object} Phrase
 * @property {string[]} words
 * @property {number} owner
 * @property {string} label
 * @property {string} kind
 */

/**
 * `small` are the initials of its particles: v, d of `van der Meer`.
 * @typedef {{given: string[], surnames: string[], unsplit: boolean, initials: Set<string>, small: Set<string>,
 *   words: Set<string>}} Person
 */

const DAMAGED = "\ufffd";
const DIGITS_AROUND = /^[0-9]+|[0-9]+$/g;

/** @param {Rules} rules @param {KnownIdentity} identity @returns {Person} its words by their part of the name */
function person(rules, identity) {
  /** @param {string | undefined} part */
  const tokens = (part) => (part ? nameTokens(rules, part) : []);
  const given = writtenOut(rules, tokens(identity.given));
  const surnames = [...tokens(identity.surname1), ...tokens(identity.surname2)];
  const whole = writtenOut(rules, tokens(identity.name));
  const none = () => new Set(/** @type {string[]} */ ([]));
  const made = { initials: none(), small: none(), words: none() };
  if (whole.length && !given.length && !surnames.length) {
    const [first, rest] = guessed(rules, whole);
    return { given: first, surnames: rest, unsplit: true, ...made };
  }
  const extra = whole.filter((word) => !given.includes(word) && !surnames.includes(word));
  return { given, surnames: [...surnames, ...extra], unsplit: false, ...made };
}

/** @param {Rules} rules @param {string[]} words @returns {[string[], string[]]} given names and surnames */
function guessed(rules, words) {
  if (words.length < 3) return [words.slice(0, 1), words.slice(1)];
  if (words.length === 3) {
    const middle = rules.cues.given_names.has(words[1]) || nicknamesOf(rules, words.slice(1, 2)).size > 0;
    return middle ? [words.slice(0, 2), words.slice(2)] : [words.slice(0, 1), words.slice(1)];
  }
  return [words.slice(0, -2), words.slice(-2)];
}

/** @template K, V @param {Map<K, V[]>} table @param {K} key @param {V} value */
function append(table, key, value) {
  const list = table.get(key);
  if (!list) table.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** All words and phrases of a case's identities, built once and asked for each distinct word of a text. */
export class KnownIndex {
  /** @param {Rules} rules @param {KnownIdentity[]} identities @param {boolean} [whole] whether it is built at once */
  constructor(rules, identities, whole = true) {
    this.rules = rules;
    this.anchor = rules.data.patterns.names.anchor;
    /** @type {Map<Strength, number>} */
    this.rank = new Map(rules.data.patterns.names.ranks.map((/** @type {Strength} */ name, /** @type {number} */ place) => [name, place]));
    /** @type {Person[]} */ this.people = [];
    /** @type {Map<string, Map<number, [Strength, Role]>>} */
    this.words = new Map();
    /** @type {Map<string, Map<string, Phrase[]>>} by the first and the second word */
    this.phrases = new Map();
    /** @type {[string, number][]} aliases without a word */
    this.literals = [];
    /** @type {Map<string, Set<number>>} whole rows of initials: mghr, hrmg, mgh */
    this.initials = new Map();
    /** @type {Map<string, Set<number>>} initials of two surnames alone, which are a question: hr */
    this.halfInitials = new Map();
    /** @type {Map<string, Set<number>>} what given names may be cut to */
    this.clips = new Map();
    /** @type {Set<string>} three letters and four of the given names */
    this.beginnings = new Set();
    /** @type {Set<string>} words of aliases as they are written, those with more than plain letters */
    this.accented = new Set();
    /** @type {Set<string>} what stands before an apostrophe inside a name */
    this.elided = new Set();
    /** @type {Set<string>} */ this.prefixes = new Set();
    /** @type {Set<string>} rows of initials that are looked for without full stops */
    this.rows = new Set();
    /** @type {Map<string, string[]>} */ this.heads = new Map();
    /** @type {Map<string, string[]>} */ this.sounds = new Map();
    /** @type {Map<string, Set<number>>} beginnings of names that are words; they count with a full stop */
    this.cutWords = new Map();
    /** @type {Map<string, string[]>} of names of three letters: they count beside another only */
    this.shortSounds = new Map();
    /** @type {Map<string, string[]>} */ this.shapes = new Map();
    /** @type {Map<string, string[]>} */ this.near = new Map();
    /** @type {Map<string, string[]>} */ this.anchors = new Map();
    /** @type {Map<number, string[]>} */ this.own = new Map();
    /** @type {Map<string, string[]>} */ this.loose = new Map();
    /** @type {Map<string, string[]>} */ this.edges = new Map();
    if (whole) drained(this.#build(identities));
  }

  /** @param {Rules} rules @param {KnownIdentity[]} identities @returns {Generator<undefined, KnownIndex>} the same with halts, for a page */
  static *building(rules, identities) {
    const index = new KnownIndex(rules, identities, false);
    yield* index.#build(identities);
    return index;
  }

  // building

  /** @param {KnownIdentity[]} identities @returns {Generator<undefined, void>} */
  *#build(identities) {
    const { rules } = this;
    nicknamesOf(rules, []); // all tables of nicknames
    yield;
    for (const identity of identities) this.people.push(person(rules, identity));
    for (const [owner, identity] of identities.entries()) {
      yield;
      this.#addPerson(owner);
      this.#addJoined(owner, identity);
      for (const part of [identity.given, identity.surname1, identity.surname2, identity.name]) {
        for (const before of elided(rules, part ?? "")) this.elided.add(before);
      }
      this.#addInitials(owner, identity);
      this.#addAliases(owner, identity.aliases ?? []);
    }
    this.prefixes = new Set(this.elided);
    const others = rules.data.patterns.names.other_rows;
    this.rows = new Set([...this.initials.keys()].filter((row) => [...row].length > 2 && !others.includes(row)));
    yield* this.#buildLookups();
  }

  /** @param {Strength} strength @returns {number} */
  #ranked(strength) {
    return this.rank.get(strength) ?? 99;
  }

  /** @param {string} word @param {number} owner @param {Strength} strength @param {Role} role */
  #add(word, owner, strength, role) {
    if (word.length < 2 && !(word && word.charCodeAt(0) > 127)) return;
    let owners = this.words.get(word);
    if (!owners) this.words.set(word, (owners = new Map()));
    const known = owners.get(owner);
    if (!known || this.#ranked(strength) < this.#ranked(known[0])) owners.set(owner, [strength, role]);
  }

  /** @param {number} owner */
  #addPerson(owner) {
    const who = this.people[owner];
    const both = [...who.given, ...who.surnames];
    who.initials = new Set(both.map((word) => word[0]));
    for (const word of who.given) {
      this.#add(word, owner, "exact", "given");
      for (const small of [...diminutives(this.rules, word)].sort()) this.#add(small, owner, "nickname", "nickname");
      for (const small of [...petForms(this.rules, word)].sort()) {
        if (!this.rules.isWord(small) && !this.rules.isOtherName(small)) this.#add(small, owner, "nickname", "nickname");
      }
    }
    for (const word of who.surnames) {
      this.#add(word, owner, "exact", "surname");
      if (word.length > 2 && !word.endsWith("s") && !this.rules.isOtherName(`${word}s`)) this.#add(`${word}s`, owner, "typo", "surname"); // a family: the Mays
    }
    both.forEach((first, place) => {
      both.forEach((second, other) => {
        const short = Math.max(first.length, second.length) < this.anchor && first.length + second.length > this.anchor;
        if (place !== other && short && !this.rules.isWord(first + second)) this.#add(first + second, owner, "variant", "surname"); // evapaz
      });
    });
    for (const word of both) {
      const role = who.given.includes(word) ? "short" : "surname";
      for (const short of abbreviations(this.rules, word)) this.#add(short, owner, "short", role);
      for (const long of this.rules.data.patterns.names.single_letters[word] ?? []) this.#add(long, owner, "short", "short");
    }
    this.#addNicknames(owner);
    for (const word of who.given.map((given) => [...given])) {
      if (word.length > 3) for (const size of [3, 4]) this.beginnings.add(word.slice(0, size).join(""));
    }
    for (const clip of clips(this.rules, who.given)) {
      const owners = this.clips.get(clip);
      if (owners) owners.add(owner);
      else this.clips.set(clip, new Set([owner]));
    }
    who.words = new Set(both.filter((word) => word.length > 1));
  }

  /** @param {number} owner @param {KnownIdentity} identity names with their particles joined: vandermeer, delagarza */
  #addJoined(owner, identity) {
    for (const part of [identity.given, identity.surname1, identity.surname2, identity.name]) {
      for (const word of joined(this.rules, part ?? "")) this.#add(word, owner, "exact", "surname");
      const words = wordsOf(foldCharacters(this.rules, part ?? ""));
      const letter = words.length > 1 && [...(words.at(-1) ?? "")].length === 1 && words.slice(0, -1).every((word) => this.rules.particles.has(word));
      if (letter) this.addPhrase({ words, owner, label: "PERSON", kind: "name" }); // de la O
    }
  }

  /** @param {number} owner @param {KnownIdentity} identity rows of initials for the whole name: `E. L. G.`, `O. B.` */
  #addInitials(owner, identity) {
    const who = this.people[owner];
    const parts = [identity.given, identity.surname1, identity.surname2, identity.name];
    const words = parts.flatMap((part) => wordsOf(foldCharacters(this.rules, part ?? "")));
    /** @param {string[]} names */
    const letters = (names) => names.map((word) => letterOf(word)).join("");
    who.small = new Set(words.filter((word) => this.rules.particles.has(word)).map(letterOf));
    const [given, surnames] = [letters(who.given), letters(who.surnames)];
    const several = (/** @type {number} */ place) => this.rules.particles.has(words[place]) && this.rules.particles.has(words[place - 1]);
    const rows = new Set([letters(words), letters(words.filter((_, place) => place === 0 || !several(place)))]);
    for (const first of given ? [given, letterOf(given)] : []) {
      for (const last of surnames ? [surnames, letterOf(surnames)] : []) rows.add(first + last).add(last + first);
    }
    const firstSurname = letters(wordsOf(foldCharacters(this.rules, identity.surname1 ?? "")));
    if (given && firstSurname) {
      const first = letterOf(given);
      for (const row of [given + firstSurname, first + firstSurname, first + firstSurname + [...surnames].slice(-1).join("")]) rows.add(row);
    }
    for (const row of rows) if ([...row].length > 1) include(this.initials, row, owner);
    for (const half of [given, surnames]) if ([...half].length > 1) include(this.halfInitials, half, owner);
  }

  /** @param {number} owner */
  #addNicknames(owner) {
    for (const written of accentedNicknames(this.rules, this.people[owner].given)) this.accented.add(written);
    for (const nickname of [...nicknamesOf(this.rules, this.people[owner].given)].sort()) {
      const words = nickname.split(/\s+/).filter(Boolean);
      if (words.length === 1) {
        this.#add(nickname, owner, "nickname", "nickname");
        for (const short of abbreviations(this.rules, nickname)) this.#add(short, owner, "short", "short");
      } else this.addPhrase({ words, owner, label: "PERSON", kind: "nickname" });
    }
  }

  /** @param {number} owner @param {string[]} aliases */
  #addAliases(owner, aliases) {
    for (const alias of aliases) {
      for (const word of alias.split(" ")) if (/[^\0-\x7f]/.test(word)) this.accented.add(word.normalize("NFC"));
      const words = wordsOf(foldCharacters(this.rules, alias));
      if (!words.length) {
        if (alias.trim()) this.literals.push([alias.trim(), owner]);
        continue;
      }
      if (words.length > 1) {
        for (const first of [words[0], ...(this.rules.data.patterns.names.contracted[words[0]] ?? [])]) {
          this.addPhrase({ words: [first, ...words.slice(1)], owner, label: "PERSON", kind: "alias" });
        }
      }
      for (const word of words.length > 1 ? nameTokens(this.rules, alias) : words) {
        const telling = word.length > 2 && !this.rules.grammar.has(word) && !this.rules.particles.has(word);
        if (words.length > 1 && !telling) continue;
        this.#add(word, owner, "exact", "alias");
        this.people[owner].words.add(word);
        for (const small of [...diminutives(this.rules, word)].sort()) this.#add(small, owner, "nickname", "nickname");
      }
    }
  }

  /** @param {Phrase} phrase several words in a row to look for */
  addPhrase(phrase) {
    const [first, second = ""] = phrase.words;
    let bySecond = this.phrases.get(first);
    if (!bySecond) this.phrases.set(first, (bySecond = new Map()));
    const same = bySecond.get(second) ?? [];
    bySecond.set(second, same);
    const key = JSON.stringify(phrase);
    if (!same.some((one) => JSON.stringify(one) === key)) same.push(phrase);
  }

  /** @returns {Generator<undefined, void>} */
  *#buildLookups() {
    for (const [word, owners] of this.words) {
      yield;
      for (const owner of owners.keys()) append(this.own, owner, word);
      const strengths = new Set([...owners.values()].map(([strength]) => strength));
      if ([...strengths].every((strength) => strength === "short" || strength === "typo")) continue;
      append(this.shapes, shapeKey(this.rules, word), word);
      if (word.length === this.anchor - 1 && strengths.has("exact")) append(this.shortSounds, soundKey(this.rules, word), word);
      if (word.length >= this.anchor) {
        append(this.anchors, word.slice(0, this.anchor), word);
        append(this.sounds, soundKey(this.rules, word), word);
      }
      if (word.length > this.anchor && strengths.has("exact")) {
        for (let size = 3; size < word.length - 1; size++) {
          const cut = word.slice(0, size);
          if (!this.rules.isWord(cut) || this.rules.particles.has(cut) || this.rules.titles.has(cut)) continue;
          const all = this.cutWords.get(cut) ?? new Set();
          for (const owner of owners.keys()) all.add(owner);
          this.cutWords.set(cut, all);
        }
      }
      if (word.length >= this.anchor && strengths.has("exact")) {
        append(this.edges, word[0] + word[word.length - 1], word);
        for (let size = 3; size < word.length - 1; size++) {
          if (!this.rules.particles.has(word.slice(0, size))) append(this.heads, word.slice(0, size), word);
        }
        for (const less of [word, ...deletions(word, word.length >= 6 ? 2 : 1)]) append(this.loose, less, word);
      }
      if (word.length < 5 || !strengths.has("exact")) continue;
      for (let size = 2; size < word.length; size++) this.prefixes.add(word.slice(0, size));
      for (const less of [word, ...deletions(word, word.length >= 7 ? 2 : 1)]) append(this.near, less, word);
    }
  }

  // judging a word of a text

  /** @param {string} word folded @returns {Found | null} what it stands for; the strongest way of writing wins */
  judge(word) {
    if (this.words.has(word)) return this.exact(word);
    if (word.length > 64) return null;
    const plain = unstretched(word).find((less) => this.words.has(less));
    if (plain) return this.exact(plain);
    if (word.length < this.anchor) {
      const sounds = word.length === this.anchor - 1 ? this.#soundsLike(word) : null;
      return this.#misread(word) ?? sounds ?? this.#clipped(word) ?? this.#shortSound(word) ?? this.#besideOnly(word);
    }
    const found = this.#misread(word) ?? this.#soundsLike(word) ?? this.#inside(word) ?? this.#misspelt(word);
    return found ?? this.#clipped(word) ?? this.#shortSound(word) ?? this.#besideOnly(word);
  }

  /** @param {string} word @returns {Found | null} a name of three letters as it sounds, beside another name only: `Anna`, `lus` */
  #shortSound(word) {
    if (word.length > this.anchor + 1) return null;
    const same = this.shortSounds.get(soundKey(this.rules, word)) ?? [];
    const owners = new Set(same.flatMap((name) => [...this.#owners(name).keys()]));
    return owners.size ? { owners, strength: "short", role: "short", alone: false } : null;
  }

  /** @param {string} word @returns {boolean} whether a known name stands in a long word, whatever the rest: `fuerzamartha` */
  holdsAName(word) {
    const size = [...word].length;
    if (size <= this.anchor + 1 || size > 64 || this.rules.isWord(word)) return false;
    for (const [place, anchor] of this.#anchorsIn(word)) {
      if (place === 0 || place + anchor.length === word.length || [...anchor].length > this.anchor) return true;
    }
    return false;
  }

  /** @param {string} word @returns {boolean} whether it is no other word and begins as a given name does: a pet name on no list */
  resembles(word) {
    const letters = [...word];
    if (!this.beginnings.has(letters.slice(0, 3).join("")) || this.rules.isWord(word) || isPlace(this.rules, word)) return false;
    return letters.length <= 6 || (letters.length <= 10 && this.beginnings.has(letters.slice(0, 4).join("")));
  }

  /** @param {string} word @returns {Found | null} what a given name may be cut to, and is no word, title or name by itself; a place is a question */
  #clipped(word) {
    const owners = this.clips.get(word);
    if (!owners || this.rules.isWord(word) || this.rules.isOtherName(word) || this.rules.titles.has(word)) return null;
    return { owners: new Set(owners), strength: "clip", role: "nickname", alone: !isPlace(this.rules, word) };
  }

  /** @param {string} word @returns {Map<number, [Strength, Role]>} */
  #owners(word) {
    return this.words.get(word) ?? new Map();
  }

  /** @param {string} word @returns {Found} */
  exact(word) {
    const owners = this.#owners(word);
    const [strength, role] = [...owners.values()].reduce((best, one) => (this.#ranked(one[0]) < this.#ranked(best[0]) ? one : best));
    return { owners: new Set(owners.keys()), strength, role, alone: strength !== "short" };
  }

  /** @param {Iterable<string>} words @param {Strength} strength @param {boolean} alone @returns {Found | null} */
  #merged(words, strength, alone) {
    /** @type {Set<number>} */ const owners = new Set();
    /** @type {Role[]} */ const roles = [];
    for (const word of words) {
      for (const [owner, [how, role]] of this.#owners(word)) {
        if (how === "short") continue;
        owners.add(owner);
        roles.push(role);
      }
    }
    if (!owners.size) return null;
    return { owners, strength, role: roles.includes("surname") ? "surname" : roles.sort()[0], alone };
  }

  /** @param {string} word @returns {Found | null} */
  #misread(word) {
    if (isAlpha(word) && !/l|rn|i|m/.test(word)) return null;
    const size = [...word].length;
    if (/^[0-9]*$/.test(word) || size < 2) return null;
    return this.#merged(this.shapes.get(shapeKey(this.rules, word)) ?? [], "variant", size > 2 && !this.rules.isWord(word));
  }

  /** @param {string} word @returns {Found | null} */
  #soundsLike(word) {
    return this.#merged(this.sounds.get(soundKey(this.rules, word)) ?? [], "variant", !this.rules.isWord(word));
  }

  /** @param {string} word @returns {Found | null} */
  #misspelt(word) {
    if (!isAlpha(word.replaceAll(DAMAGED, ""))) return null;
    const depth = word.length >= 6 && word.length <= 24 ? 2 : 1;
    /** @type {Set<string>} */ const candidates = new Set();
    for (const less of [word, ...deletions(word.slice(0, 24), depth)]) {
      for (const known of this.near.get(less) ?? []) candidates.add(known);
    }
    if (!candidates.size) return null;
    const ordinary = this.rules.isWord(word) || this.rules.isOtherName(word);
    const near = [...candidates].filter((known) => editDistance(word, known, 1) <= 1);
    if (near.length) return this.#merged(near, "typo", !ordinary);
    const far = [...candidates].filter((known) => known.length >= 7 && editDistance(word, known, 2) <= 2);
    return this.#merged(far, "far_typo", !ordinary && far.some((known) => known[0] === word[0]));
  }

  /** @param {string} word @returns {Found | null} what counts only beside another name: `Rosa Pot`, `Fern. Paz` */
  #besideOnly(word) {
    if (word.length < 3 || word.length > 12 || !isAlpha(word)) return null;
    if (this.rules.isWord(word) || this.rules.isOtherName(word)) return null;
    const candidates = new Set(this.loose.get(word) ?? []);
    for (const less of deletions(word, word.length >= this.anchor ? 2 : 1)) {
      for (const name of this.loose.get(less) ?? []) candidates.add(name);
    }
    const close = [...candidates].filter((name) => editDistance(word, name, 2) <= (name.length >= 6 ? 2 : 1));
    const short = (this.edges.get(word[0] + word[word.length - 1]) ?? []).filter((name) => shortens(word, name));
    const owners = new Set([...close, ...short, ...(this.heads.get(word) ?? [])].flatMap((name) => [...this.#owners(name).keys()]));
    return owners.size ? { owners, strength: "short", role: "short", alone: false } : null;
  }

  /** @param {string} word @returns {Found | null} a known name in a longer word: jbarrientos, barbarazedillo, lupita88 */
  #inside(word) {
    const letters = word.replace(DIGITS_AROUND, "");
    if (letters !== word && letters.length >= this.anchor && this.words.has(letters)) return this.exact(letters);
    if (letters.length < this.anchor + 1 || this.rules.isWord(word)) return null;
    /** @type {Set<number>} */ const owners = new Set();
    for (const [place, anchor] of this.#anchorsIn(letters)) {
      const rest = [letters.slice(0, place), letters.slice(place + anchor.length)];
      for (const owner of this.#owners(anchor).keys()) {
        if (this.#explained(owner, anchor, rest) || this.#cutBefore(owner, rest)) owners.add(owner);
      }
    }
    return owners.size ? { owners, strength: "inside", role: "surname", alone: true } : null;
  }

  /** @param {string} letters @returns {Generator<[number, string], void, void>} */
  *#anchorsIn(letters) {
    for (let place = 0; place + this.anchor <= letters.length; place++) {
      for (const anchor of this.anchors.get(letters.slice(place, place + this.anchor)) ?? []) {
        if (letters.startsWith(anchor, place)) yield [place, anchor];
      }
    }
  }

  /** @param {number} owner @param {string[]} rest @returns {boolean} whether a given name's beginning stands before a surname: `keycalix` */
  #cutBefore(owner, [before, after]) {
    return [...before].length > 2 && !after && this.people[owner].given.some((word) => word.startsWith(before));
  }

  /** @param {Iterable<number>} owners @param {string} part @returns {boolean} an initial and a part of one's name: `fmis` of F. Mis */
  ofOne(owners, part) {
    const [first, ...others] = part;
    const rest = others.join("");
    return [...owners].some((owner) => this.people[owner].initials.has(first) && this.people[owner].words.has(rest));
  }

  /** @param {number} owner @param {string} anchor @param {string[]} rest @returns {boolean} */
  #explained(owner, anchor, rest) {
    const unlikelyByChance = anchor.length >= 7 && !this.rules.isWord(anchor);
    if (unlikelyByChance && rest[0].length + rest[1].length <= 12) return true;
    return rest.every((part) => this.#composed(owner, part));
  }

  /** @param {number} owner @param {string} written @returns {boolean} */
  #composed(owner, written) {
    const part = written.replace(DIGITS_AROUND, "");
    if (!part || this.rules.data.patterns.names.affixes.includes(part)) return true;
    if (part.length <= 3 && [...part].every((letter) => this.people[owner].initials.has(letter))) return true;
    if (part.length <= 6 && this.#particles(owner, part)) return true;
    const own = (this.own.get(owner) ?? []).filter((word) => part.startsWith(word));
    return own.some((word) => this.#composed(owner, part.slice(word.length)));
  }

  /** @param {number} owner @param {string} part @returns {boolean} whether it is small words of the name: vander, dela */
  #particles(owner, part) {
    if (!part) return true;
    const { small } = this.people[owner];
    const own = [...this.rules.particles].filter((word) => part.startsWith(word) && small.has(word[0]));
    return own.some((word) => this.#particles(owner, part.slice(word.length)));
  }

  // inside spaced letters

  /** @param {string} letters written apart @returns {[number, number, Set<number>][]} where known names stand */
  namesApart(letters) {
    if (this.words.has(letters)) return [[0, letters.length, new Set(this.#owners(letters).keys())]];
    /** @type {[number, number, Set<number>][]} */ const found = [];
    for (const [place, anchor] of this.#anchorsIn(letters)) {
      const owners = new Set(this.#owners(anchor).keys());
      found.push([...this.#grown(letters, place, place + anchor.length, owners), owners]);
    }
    return found;
  }

  /**
   * Takes in the short names and particles that touch a name written apart: L E E, D E  L E Ó N.
   * @param {string} letters @param {number} start @param {number} end @param {Set<number>} owners
   * @returns {[number, number]}
   */
  #grown(letters, start, end, owners) {
    const own = [...owners].flatMap((owner) => [...(this.own.get(owner) ?? []), ...this.rules.particles]);
    const long = own.filter((word) => word.length > 1);
    /** @param {string[]} words */
    const longest = (words) => words.reduce((most, word) => Math.max(most, word.length), 0);
    for (let turn = 0; turn < 4; turn++) {
      const head = letters.slice(0, start);
      const before = longest(long.filter((word) => head.endsWith(word)));
      const after = longest(long.filter((word) => letters.startsWith(word, end)));
      if (!before && !after) break;
      start -= before;
      end += after;
    }
    const initials = [...owners].flatMap((owner) => [...this.people[owner].initials]);
    return [start, end + (letters.length === end + 1 && initials.includes(letters[end]) ? 1 : 0)];
  }
}

/** @param {string} short @param {string} name @returns {boolean} whether letters of a name are left out, in order: sdval */
function shortens(short, name) {
  if (name.length - short.length < 2) return false;
  let place = 0;
  for (const letter of name) if (letter === short[place]) place++;
  return place === short.length;
}

/** @param {string} word @returns {string} its first letter */
export const letterOf = (word) => [...word][0];

/** @param {Rules} rules @param {string} word folded @returns {boolean} a place's name, or one that leads to a place, a venue or a firm */
export function isPlace(rules, word) {
  const { cues } = rules;
  const lead = cues.place_words.has(word) || cues.venue_words.has(word) || cues.organization_words.has(word);
  return lead || cues.street_words.has(word) || cues.more_places.has(word) || rules.places.has(word);
}

/** @param {Map<string, Set<number>>} map @param {string} key @param {number} owner */
function include(map, key, owner) {
  const owners = map.get(key);
  if (owners) owners.add(owner);
  else map.set(key, new Set([owner]));
}
