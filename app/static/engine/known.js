// @ts-check
/**
 * Finding the known identities in a folded text.
 *
 * The way of a name
 *   1. Every distinct word of the text is judged once (`KnownIndex.judge`).
 *   2. The places of the words that stand for somebody are collected; so are phrases, letters written apart, and
 *      names broken by a space or a line's end.
 *   3. Neighbours that share an identity become one run: `LARA ALMANZA, Uriel Cecilia`, `Zárate de Olmedo`.
 *   4. A run takes in initials and particles at its sides, and the rest of a handle.
 *   5. A run is a mark, a question, or, by its context, nothing.
 *   6. Half a name that may be somebody else's (`el supervisor Ramírez`) is likely only, and so is each place where it
 *      stands alone in the same text: a person says whom it means.
 */

import {
  acting, besideStranger, companyFollows, givenBefore, isDeclared, namedAfter, namedBefore, nicknameReading, ofAnOffice, reading, strangeInitials, titled, titledOtherwise,
} from "./context.js";
import { foldCharacters } from "./fold.js";
import { isPlace, KnownIndex, letterOf } from "./index.js";
import { likeAThing } from "./things.js";
import { count, isAlnum, isAlpha, isUpper, stripEnd } from "./text.js";
import { editDistance, nicknamesOf, unmisread, wordsOf } from "./variants.js";

/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./rules.js").Span} Span */
/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./index.js").Found} Found */
/** @typedef {import("./index.js").Phrase} Phrase */
/** @typedef {import("./index.js").KnownIdentity} KnownIdentity */

/**
 * A stretch of text that will be replaced; `identity` only where it points to exactly one witness. The reason is the
 * name of one of the engine's reasons.
 * @typedef {{start: number, end: number, label: string, identity: string | null, kind: string,
 *   certainty: "certain" | "likely", reason: string}} Mark
 */
/** @typedef {{start: number, end: number, kind: string, reason: string}} Suggestion a stretch that a person is asked about */
/** @typedef {{start: number, end: number, found: Found, label: string, kind: string}} Hit */
/** @typedef {{hits: Hit[], owners: Set<number>, start: number, end: number, extended: boolean}} Run */

const MARKUP = /[<*_~`]/; // a name without these is whole
const LONGEST_LEAD = 3; // letters of what initials may end with: one, two together, `del`
const APART = 3; // characters that may stand between two letters, or two halves, of a name written apart
const POSSIBLE_NAME = "possible_name";
const NAMESAKE = "namesake"; // the reason of half a name that may be somebody else's
const TAGS = "#@_"; // what stands beside a handle, a hashtag or a file's name

/** @template T @param {Set<T>} one @param {Set<T>} other @returns {Set<T>} */
const common = (one, other) => new Set([...one].filter((value) => other.has(value)));

/** Finds the identities of one case in texts. */
export class KnownMatcher {
  /** @param {Rules} rules @param {KnownIdentity[]} identities @param {KnownIndex} [index] of these, where it is built already */
  constructor(rules, identities, index = new KnownIndex(rules, identities)) {
    this.rules = rules;
    this.names = rules.data.patterns.names;
    this.identities = identities;
    this.index = index;
    this.small = identities.map((identity) => smallWords(rules, identity));
    this.lead = identities.map((identity) => leadingWords(rules, identity));
    /** @type {Map<string, boolean>} words beside a name */
    this.near = new Map();
    this.letter = rules.compiled("{L}");
    /** @type {Set<string>} all that `left_particles` may end with */
    this.leads = new Set(this.names.leads);
  }

  /** @param {string} name @returns {import("./pattern.js").Pattern} */
  pattern(name) {
    return this.rules.shared("names", name);
  }

  /**
   * @param {Folded} folded @param {Span[]} kept folded stretches that must stay
   * @returns {Generator<undefined, {marks: Mark[], asked: Suggestion[], hits: number[]}>} with a halt at each word and
   *   each run; offsets of the original; hits of the folded text
   */
  *find(folded, kept) {
    /** @type {Mark[]} */ const marks = [];
    /** @type {Suggestion[]} */ const asked = [];
    if (!this.identities.length) return { marks, asked, hits: [] };
    const hits = (yield* this.#hits(folded)).sort((one, other) => one.start - other.start || other.end - one.end);
    for (const run of this.#runs(folded.text, hits)) {
      yield;
      if (kept.some(([start, end]) => start <= run.start && run.end <= end)) continue;
      shortenClips(run);
      this.#extend(folded, run);
      this.#verdict(folded, run, marks, asked);
    }
    this.#literals(folded, marks);
    this.#tagged(folded, asked);
    withDoubt(folded, marks, asked);
    const alone = hits.filter((hit) => hit.found.strength !== "short");
    return { marks, asked, hits: alone.map((hit) => hit.start) };
  }

  // 1 and 2: words, phrases, letters apart

  /** @param {import("./words.js").Entry} entry @returns {Found | null} */
  #judge(entry) {
    if (entry.matcher !== this) {
      const { word } = entry;
      const { phrases, rows, prefixes, cutWords } = this.index;
      entry.found = this.index.judge(word);
      entry.telling = entry.found !== null || phrases.has(word) || rows.has(word) || prefixes.has(word) || cutWords.has(word);
      entry.matcher = this;
    }
    return entry.found;
  }

  /** @param {Folded} folded @returns {Generator<undefined, Hit[]>} */
  *#hits(folded) {
    const { text, words } = folded;
    /** @type {Hit[]} */ const hits = [];
    for (let place = 0; place < words.words.length; place++) {
      const entry = words.entries[place];
      const found = this.#judge(entry);
      if (!entry.telling) continue;
      yield;
      const { word } = entry;
      const phrases = this.index.phrases.get(word);
      const start = words.starts[place];
      const cut = this.index.cutWords.get(word);
      if (found) hits.push({ start, end: start + word.length, found, label: "PERSON", kind: "name" });
      else if (cut && text.startsWith(".", start + word.length)) {
        const short = /** @type {Found} */ ({ owners: new Set(cut), strength: "short", role: "short", alone: false });
        hits.push({ start, end: start + word.length, found: short, label: "PERSON", kind: "name" });
      }
      if (phrases) this.#phrases(folded, start, start + word.length, phrases, words.words[place + 1], hits);
      if (this.index.rows.has(word)) this.#capitalRow(folded, start, word, hits);
      if (this.index.prefixes.has(word) && place + 1 < words.words.length) this.#broken(words, place, found, hits);
    }
    for (const [start, end] of words.apart(APART)) {
      this.#spaced(text, start, end, hits);
      this.#rowsOfInitials(folded, start, end, hits);
    }
    for (const [start, end] of words.linked(this.rules.particles)) this.#rowsOfInitials(folded, start, end, hits);
    return hits;
  }

  /**
   * @param {Folded} folded @param {number} start @param {number} end @param {Map<string, Phrase[]>} phrases
   * @param {string | undefined} second the word that follows @param {Hit[]} hits
   */
  #phrases(folded, start, end, phrases, second, hits) {
    const { text } = folded;
    for (const phrase of [...(phrases.get("") ?? []), ...((second && phrases.get(second)) || [])]) {
      const last = this.#phraseEnd(text, end, phrase.words.slice(1));
      if (!last) continue;
      const letter = [...phrase.words[phrase.words.length - 1]].length === 1 && isAlpha(text[last - 1]);
      if (letter && !isUpper(folded.original.at(folded.start(last - 1)))) continue; // `de la O` is a name, `de la o el` is none
      const found = /** @type {Found} */ ({ owners: new Set([phrase.owner]), strength: "exact", role: "alias", alone: true });
      hits.push({ start, end: last, found, label: phrase.label, kind: phrase.kind });
    }
  }

  /** @param {string} text @param {number} from @param {string[]} words @returns {number} their end, or 0 */
  #phraseEnd(text, from, words) {
    let position = from;
    for (const word of words) {
      const gap = this.pattern("phrase_gap").match(text, position);
      if (!gap || !text.startsWith(word, gap.end)) return 0;
      position = gap.end + word.length;
    }
    return isAlpha(text.slice(position, position + 1)) ? 0 : position;
  }

  /** @param {import("./words.js").Words} words @param {number} place @param {Found | null} found @param {Hit[]} hits */
  #broken(words, place, found, hits) {
    const [word, following] = [words.words[place], words.words[place + 1]];
    const whole = this.index.words.get(word + following);
    if (!whole) return;
    if (this.index.elided.has(word) && this.pattern("elision").fullmatch(words.gap(place + 1))) {
      const end = words.starts[place + 1] + following.length;
      hits.push({ start: words.starts[place], end, found: this.index.exact(word + following), label: "PERSON", kind: "name" });
      return;
    }
    const gap = words.gap(place + 1);
    const other = this.rules.isWord(following) || this.rules.particles.has(following) || this.index.words.has(following);
    if (found && (found.strength === "exact" || found.strength === "nickname") && (other || gap !== " ")) return;
    if (this.rules.particles.has(word) && this.index.words.has(following)) return;
    if (gap.length > APART || stripEnd(gap, " \t\n-") || word.length + following.length < 5) return;
    const small = this.rules.particles.has(word) || this.rules.isWord(word);
    if (small && this.rules.isWord(following) && !gap.includes("\n")) return;
    const end = words.starts[place + 1] + following.length;
    hits.push({ start: words.starts[place], end, found: variant(new Set(whole.keys())), label: "PERSON", kind: "name" });
  }

  /** @param {Folded} folded @param {number} start @param {string} row @param {Hit[]} hits `MGHR`; three letters are a question */
  #capitalRow(folded, start, row, hits) {
    const end = start + row.length;
    if (!isUpper(folded.original.slice(...folded.span(start, end)))) return;
    const owners = new Set(this.index.initials.get(row));
    const alone = [...row].length > 3 && !this.rules.isWord(row);
    const found = /** @type {Found} */ ({ owners, strength: "variant", role: "alias", alone });
    hits.push({ start, end, found, label: "PERSON", kind: "name" });
  }

  /** @param {string} text @param {number} start @param {number} end @param {Hit[]} hits */
  #spaced(text, start, end, hits) {
    for (const match of this.pattern("spaced").matches(text, start, end)) {
      const places = this.letter.matches(match.whole).map((letter) => letter.start + match.start);
      const letters = places.map((place) => text[place]).join("");
      for (const [first, last, owners] of this.index.namesApart(letters)) {
        const found = variant(owners);
        hits.push({ start: places[first], end: places[last - 1] + 1, found, label: "PERSON", kind: "spaced" });
      }
    }
  }

  /** @param {Folded} folded @param {number} start @param {number} until @param {Hit[]} hits `E. L. G.`, `M. v. d. M.`; not `S. A.` */
  #rowsOfInitials(folded, start, until, hits) {
    const { text, original } = folded;
    const lead = this.pattern("initial_before").search(text.slice(Math.max(0, start - 16), start));
    const from = start - (lead ? lead.whole.length : 0);
    const end = this.pattern("initials_after").match(text, until)?.end ?? until;
    for (const match of this.pattern("initials_alone").matches(text, from, Math.min(text.length, end + 1))) {
      const places = this.pattern("single").matches(text, match.start, match.end).map((letter) => letter.start);
      const capitals = places.filter((place) => isUpper(original.at(folded.start(place))));
      let row = capitals.map((place) => text[place]).join("");
      let first = match.start;
      if (!this.index.initials.has(row) && this.rules.titles.has(row.slice(0, 1)) && capitals.length > 2) {
        row = row.slice(1); // `la C. A. R.`: the citizen's letter is none of hers
        first = capitals[1];
      }
      const whole = this.index.initials.get(row);
      const other = this.names.other_initials.includes(row);
      const owners = whole ?? (other ? undefined : this.index.halfInitials.get(row)); // `H.L.`: two surnames
      const small = places.filter((place) => !capitals.includes(place)).map((place) => text[place]);
      const own = owners && [...owners].every((owner) => small.every((letter) => this.index.people[owner].small.has(letter)));
      if (!owners || !own) continue;
      const alone = whole !== undefined && !other;
      const found = /** @type {Found} */ ({ owners, strength: "variant", role: "alias", alone });
      hits.push({ start: first, end: match.end, found, label: "PERSON", kind: "name" });
    }
  }

  // 3: runs

  /** @param {string} text @param {Hit[]} hits @returns {Run[]} */
  #runs(text, hits) {
    /** @type {Run[]} */ const runs = [];
    for (const hit of hits) {
      const run = runs[runs.length - 1];
      if (run && this.#joins(text, run, hit)) {
        run.hits.push(hit);
        run.owners = common(run.owners, hit.found.owners);
        run.end = Math.max(run.end, hit.end);
      } else runs.push({ hits: [hit], owners: hit.found.owners, start: hit.start, end: hit.end, extended: false });
    }
    return runs;
  }

  /** @param {string} text @param {Run} run @param {Hit} hit @returns {boolean} */
  #joins(text, run, hit) {
    if (hit.start - run.end > this.names.gap_limit) return false;
    const owners = common(run.owners, hit.found.owners);
    if (!owners.size) return false;
    const gap = text.slice(run.end, Math.max(run.end, hit.start));
    if (gap.includes("\n") && this.pattern("speaks").match(text, hit.end)) return false; // who speaks next in a chat
    if (this.#givenBetween(text, gap, run, hit)) return true;
    if (!this.pattern("gap").fullmatch(unmisread(this.rules, gap))) {
      if (gap.trim() !== "y" || !this.#and(run, hit, owners)) return false;
    }
    if (gap.includes(",") && !this.#surnameFirst(text, run, hit)) return false;
    const last = run.hits[run.hits.length - 1];
    return !(gap.startsWith(". ") && run.end - last.start > 4 && last.found.strength !== "short");
  }

  /** @param {string} text @param {string} gap @param {Run} run @param {Hit} hit @returns {boolean} a given name not on the list: `Soledad Guadalupe Zubizarreta` */
  #givenBetween(text, gap, run, hit) {
    const first = run.hits[run.hits.length - 1];
    if (hit.found.role !== "surname" || first.found.role !== "given") return false;
    if (!this.pattern("between").fullmatch(gap)) return false;
    const { given_names: given, heroes } = this.rules.cues;
    const word = gap.slice(1, -1);
    if (!given.has(word) && !nicknamesOf(this.rules, [word]).size) return false;
    return !heroes.has(text.slice(first.start, hit.end));
  }

  /** @param {Run} run @param {Hit} hit @param {Set<number>} owners @returns {boolean} `y` inside a name: `Ortega y Gasset` */
  #and(run, hit, owners) {
    const surnames = run.hits[run.hits.length - 1].found.role === "surname" && hit.found.role === "surname";
    return surnames || [...owners].some((owner) => this.small[owner].has("y"));
  }

  /** @param {string} text @param {Run} run @param {Hit} hit @returns {boolean} a comma inside one name, not between two */
  #surnameFirst(text, run, hit) {
    const role = hit.found.role;
    if (text.slice(run.start, run.end).includes(",") || (role === "surname" && run.hits[0].found.role !== "surname")) {
      return false;
    }
    if ([...run.owners].some((owner) => this.index.people[owner].unsplit)) return true;
    return run.hits[run.hits.length - 1].found.role === "surname" || role === "surname";
  }

  // 4: initials, particles, handles

  /** @param {Folded} folded @param {Run} run */
  #extend(folded, run) {
    const { text } = folded;
    const { start, end } = run;
    [run.start, run.end] = [this.#left(folded, run), this.#right(folded, run)];
    const married = this.pattern("right_married").match(text, run.end);
    if (married && isUpper(folded.original.at(folded.start(married.span(1)[0])))) run.end = married.end;
    else run.end = this.#husband(folded, run);
    run.end = this.#rightParticles(text, run);
    run.end = this.#cutAfter(text, run);
    this.#besideAlike(text, run);
    const first = run.start;
    [run.start, run.end] = this.#wholeFile(text, ...wholeHandle(text, run.start, run.end));
    const number = this.pattern("file_number").match(text, run.start);
    run.extended = run.start !== start || run.end !== end;
    if (number && number.end <= first && this.#aFile(text, run)) run.start = number.end; // `01_statement_[…].pdf`
    [run.start, run.end] = this.#wholeEmphasis(text, run.start, run.end);
    run.extended = run.start !== start || run.end !== end;
  }

  /** @param {Folded} folded @param {Run} run @returns {number} after a husband's surname: `Rosa Saldívar de Oyervides` */
  #husband(folded, { start, end, hits, owners }) {
    if (!folded.text.startsWith(" de ", end) || (hits.length < 2 && !titled(folded, start))) return end;
    const [first] = this.index.people[Math.min(...owners)].given;
    const more = this.pattern("right_husband").match(folded.text, end);
    if (!more || !first || (first.endsWith("o") && !this.names.women.includes(first)) || hits[hits.length - 1].found.role !== "surname") return end;
    const name = /** @type {string} */ (more.groups[1]);
    if (!isUpper(folded.original.at(folded.start(more.span(1)[0])))) return end;
    if (this.rules.isWord(name) && !this.rules.isOtherName(name)) return end;
    if (isPlace(this.rules, name) || this.rules.titles.has(name)) return end;
    return companyFollows(folded, more.end) ? end : more.end;
  }

  /** @param {string} text @param {Run} run @returns {number} after the beginning of another part of the name: `TOUSSAINT ROSE-MER` */
  #cutAfter(text, { end, hits, owners }) {
    const more = hits.length > 1 ? this.pattern("cut_after").match(text, end) : null;
    if (!more) return end;
    const part = /** @type {string} */ (more.groups[1]);
    return [...owners].some((owner) => [...this.index.people[owner].words].some((word) => word.startsWith(part))) ? more.end : end;
  }

  /** @param {Run} run @param {string} letters @returns {boolean} whether all are initials of the run's identities */
  #initials(run, letters) {
    return [...letters].every((letter) => [...run.owners].some((owner) => this.index.people[owner].initials.has(letter)));
  }

  /**
   * After the particles of a surname that a list puts last: `Linde Maciel, Ma. C. van der`.
   * @param {string} text @param {Run} run @returns {number}
   */
  #rightParticles(text, { end, hits, owners }) {
    if (hits.length < 2) return end;
    const more = this.pattern("right_particles").match(text, end);
    if (!more) return end;
    const own = wordsOf(more.whole).every((word) => [...owners].some((owner) => this.small[owner].has(word)));
    return own ? more.end : end;
  }

  /** @param {string} text @param {Run} run takes in what is no word and resembles another part of the name: `rosa mae chee` */
  #besideAlike(text, run) {
    if (run.hits.some((hit) => hit.found.strength === "short") || run.owners.size > 1) return;
    const said = new Set(run.hits.map((hit) => text.slice(hit.start, hit.end)));
    const names = [...run.owners].flatMap((owner) => [...this.index.people[owner].words]).filter((word) => !said.has(word));
    const before = this.pattern("left_alike").search(text.slice(Math.max(0, run.start - 12), run.start));
    if (before && this.#alike(/** @type {string} */ (before.groups[1]), names)) run.start -= before.whole.length;
    for (let turn = 0; turn < 2; turn++) {
      const after = this.pattern("right_alike").match(text, run.end);
      if (!after || !this.#alike(/** @type {string} */ (after.groups[1]), names)) return;
      run.end = after.end;
    }
  }

  /** @param {string} word @param {string[]} names @returns {boolean} whether it is on no list and one of the names misspelt */
  #alike(word, names) {
    if (this.rules.isWord(word) || isPlace(this.rules, word) || this.rules.particles.has(word) || this.rules.titles.has(word)) return false;
    return names.some((name) => word[0] === name[0] && name.length > 2 && editDistance(word, name, 2) <= 2);
  }

  /** @param {string} text @param {number} start @param {number} end @returns {Span} what else a file is called: `decl_[…]_v3.docx`, not `IMG_4471_` */
  #wholeFile(text, start, end) {
    const more = "_-.".includes(text[end] ?? " ") ? this.pattern("file_name").match(text, end) : null;
    if (!more) return [start, end];
    while (start > 1 && "-.".includes(text[start - 1]) && isAlpha(text[start - 2])) {
      start--;
      while (start > 0 && isAlpha(text[start - 1])) start--;
    }
    return [start, more.end];
  }

  /** @param {Folded} folded @param {Run} run @param {number} start @returns {number} before `María del` of Socorro, `Anne-` of Marie, `jm.` of a handle */
  #leftCompound(folded, run, start) {
    const { text, original } = folded;
    const before = text[start - 1];
    const [first] = run.hits;
    if ("._-".includes(before)) {
      const more = this.pattern(before === "-" ? "left_hyphen" : "left_dotted").search(text.slice(Math.max(0, start - 16), start));
      if (!more) return start;
      const word = /** @type {string} */ (more.groups[1]);
      if (before === "-") {
        const named = isUpper(original.at(folded.start(start - more.whole.length)));
        const given = this.rules.cues.given_names.has(word) || nicknamesOf(this.rules, [word]).size > 0;
        const compound = named && given && first.found.role === "given";
        return compound || this.index.ofOne(run.owners, word) ? start - more.whole.length : start;
      }
      const letters = run.hits.length > 1 && this.#initials(run, word);
      const handle = (letters || (word.length > 1 && this.index.ofOne(run.owners, word))) && /[._]/.test(text.slice(run.start, run.end));
      return handle ? start - more.whole.length : start;
    }
    if (run.hits.length < 2 || first.found.role !== "given") return start;
    const more = this.pattern("left_given").search(text.slice(Math.max(0, start - 20), start));
    return more && isUpper(original.at(folded.start(start - more.whole.length))) ? start - more.whole.length : start;
  }

  /** @param {Folded} folded @param {Run} run @returns {number} */
  #left(folded, run) {
    const { text } = folded;
    let start = this.#leftParticles(folded, run);
    if (start > 1) start = this.#leftCompound(folded, run, start);
    const word = wordBefore(folded, start);
    if (!word || (word.length > LONGEST_LEAD && isAlpha(word))) return start;
    const window = text.slice(Math.max(0, start - 16), start);
    const match = this.pattern("left_initials").search(window);
    const own = match ? this.#ownInitials(run, match.whole) : "";
    if (own && this.#initialsLike(own)) return start - own.length;
    const together = this.pattern("left_together").search(window);
    if (together) {
      const letters = /** @type {string} */ (together.groups[1]);
      if (this.#initials(run, letters) && !this.rules.isWord(letters)) return start - together.whole.length;
    }
    return start;
  }

  /** @param {Run} run @param {string} written @returns {string} the end that is all initials: `J. C. ` of `y J. C. ` */
  #ownInitials(run, written) {
    let own = "";
    for (const piece of this.pattern("initial").findall(written).reverse()) {
      const small = [...run.owners].some((owner) => this.index.people[owner].small.has(piece[0]));
      if (!small && !this.#initials(run, piece[0])) break;
      own = piece + own;
    }
    return own;
  }

  /** @param {string} text @returns {boolean} */
  #initialsLike(text) {
    const letters = this.letter.findall(text).join("");
    return text.includes(".") || letters.length > 1 || (letters.length === 1 && !this.names.small_letters.includes(letters));
  }

  /** @param {Folded} folded @param {Run} run @returns {number} before the particles of this part of the name */
  #leftParticles(folded, { start, owners, hits }) {
    const { text } = folded;
    const before = wordBefore(folded, start);
    if (!before || (isAlpha(before) && !this.leads.has(before))) return start;
    const match = this.pattern("left_particles").search(unmisread(this.rules, text.slice(Math.max(0, start - 20), start)));
    if (!match) return start;
    const word = text.slice(hits[0].start, hits[0].end);
    const own = new Set([...owners].flatMap((owner) => [...this.#leading(owner, word)]));
    let first = match.whole.length;
    for (const small of this.rules.compiled("{W}+").matches(match.whole).reverse()) {
      if (!own.has(small.whole)) break;
      first = small.start;
    }
    return start - match.whole.length + first;
  }

  /** @param {number} owner @param {string} word @returns {Iterable<string>} the particles that lead to a word, or to its like */
  #leading(owner, word) {
    const lead = this.lead[owner];
    const own = lead.get(word);
    if (own) return own;
    const alike = [...lead].filter(([name]) => [...name][0] === [...word][0]);
    return alike.length ? alike.flatMap(([, small]) => [...small]) : this.small[owner];
  }

  /** @param {Folded} folded @param {Run} run @returns {number} after initials: `Centeno, E. G.`, `Villalobos de la O` */
  #right(folded, run) {
    let { end } = run;
    if (!this.#rightInitial(folded, run, end) || companyFollows(folded, end)) return end;
    for (let turn = 0; turn < 4; turn++) {
      const match = this.#rightInitial(folded, run, end);
      if (!match) return end;
      const small = /** @type {string} */ (match.groups[1]).split(" ").filter(Boolean);
      const letter = /** @type {string} */ (match.groups[2]);
      if (match.whole.includes(",") && end !== run.end && !this.#givenLast(folded, run, match)) return end;
      const ofParticle = Boolean(match.groups[3]) && [...run.owners].some((owner) => this.index.people[owner].small.has(letter));
      if (!this.#initials(run, letter) && !ofParticle) return end;
      if (!small.every((word) => [...run.owners].some((owner) => this.small[owner].has(word)))) return end;
      const smallLetter = this.names.small_letters.includes(letter);
      if (!match.groups[3] && !small.length && smallLetter && !this.#inAList(folded, run, match)) return end;
      end = match.end;
    }
    return end;
  }

  /**
   * Whether a comma stands between surnames and the initials of given names: `Celaya Y., A.`
   * @param {Folded} folded @param {Run} run @param {import("./pattern.js").Match} initial @returns {boolean}
   */
  #givenLast(folded, run, initial) {
    const { text, original } = folded;
    const letter = initial.groups[2];
    const own = [...run.owners].some((owner) => this.index.people[owner].given.some((name) => letterOf(name) === letter));
    if (!initial.groups[3] || !own || text.slice(run.start, initial.start).includes(",")) return false;
    if (run.hits.some((hit) => hit.found.role !== "surname")) return false;
    const more = this.pattern("stranger_next").match(text, initial.end);
    return !more || !isUpper(original.at(folded.start(more.span(1)[0])));
  }

  /** @param {Folded} folded @param {Run} run @param {number} end @returns {import("./pattern.js").Match | null} */
  #rightInitial({ text }, run, end) {
    const short = end === run.end && run.hits[run.hits.length - 1].found.strength === "short";
    return this.pattern("right_initial").match(text, short && text.startsWith(". ", end) ? end + 1 : end);
  }

  /** @param {Folded} folded @param {Run} run @param {import("./pattern.js").Match} initial @returns {boolean} `RAMOS VALDES MIGUEL A   P-4471` */
  #inAList(folded, run, initial) {
    const { end } = initial;
    if ((run.hits.length < 2 && initial.start === run.end) || !this.pattern("list_ends").match(folded.text, end)) return false;
    if (this.pattern("cell_ends").match(folded.text, end)) return isUpper(folded.original.at(folded.start(initial.span(2)[0])));
    return isUpper(folded.original.slice(folded.start(run.start), folded.end(end)));
  }

  /** @param {string} text @param {number} start @param {number} end @returns {Span} `**Marcel** Martel`, `<b>Ana</b> Ruiz` */
  #wholeEmphasis(text, start, end) {
    if (!MARKUP.test(text.slice(start, end))) return [start, end];
    const opened = this.pattern("tag_before").search(text.slice(Math.max(0, start - 40), start));
    const closed = this.pattern("tag_after").match(text, end);
    if (opened || closed) {
      const tags = this.pattern("tag").findall(text.slice(start, end));
      const balance = tags.reduce((sum, tag) => sum + (tag.startsWith("</") ? 1 : -1), 0);
      if (opened && balance > 0) start -= opened.whole.length;
      else if (closed && balance < 0) end = closed.end;
    }
    for (const sign of this.names.emphasis) {
      if (count(text.slice(start, end), sign) % 2 === 0) continue;
      if (text.slice(0, start).endsWith(sign)) return [start - sign.length, end];
      if (text.startsWith(sign, end)) return [start, end + sign.length];
    }
    return [start, end];
  }

  // 5: the verdict

  /** @param {Folded} folded @param {Run} run @param {Mark[]} marks @param {Suggestion[]} asked */
  #verdict(folded, run, marks, asked) {
    const owned = folded.text.startsWith("'s", run.end) && this.pattern("owner").match(folded.text, run.end) !== null;
    const [start, end] = folded.span(run.start, run.end + (owned ? 2 : 0));
    const telling = run.hits.filter((hit) => hit.found.strength !== "short");
    const distinct = new Set(telling.map((hit) => folded.text.slice(hit.start, hit.end)));
    const whole = distinct.size > 1 || run.hits.some((hit) => hit.kind === "alias");
    const label = run.hits.find((hit) => hit.label !== "PERSON")?.label ?? "PERSON";
    if (label === "PERSON") {
      const read = this.#reading(folded, run, whole);
      if (read === "other") return;
      if (read === "doubtful") {
        const stranger = besideStranger(folded, run.start, run.end, (word) => this.#isKnown(word));
        asked.push({ start, end, kind: POSSIBLE_NAME, reason: stranger ? NAMESAKE : POSSIBLE_NAME });
        return;
      }
    }
    const sure = whole ? this.#moreThanWords(folded, run) : this.#standsAlone(folded, run);
    if (!(distinct.size ? sure : this.#shortenedSurname(folded, run))) {
      if (this.#worthAsking(folded.text, run)) asked.push({ start, end, kind: POSSIBLE_NAME, reason: POSSIBLE_NAME });
      return;
    }
    const kind = kindOf(run);
    const identity = run.owners.size === 1 ? this.identities[[...run.owners][0]].id : null;
    /** @type {Mark} */ const mark = { start, end, label, identity, kind, certainty: certaintyOf(run), reason: kind };
    const roles = new Set(run.hits.map((hit) => hit.found.role));
    const halved = !whole && label === "PERSON" && [...roles].every((role) => role === "given" || role === "surname");
    if (halved) this.#unlessANamesake(folded, run, mark, roles);
    marks.push(mark);
  }

  /**
   * Put half a name in doubt that has somebody else's given name, title or office beside it.
   * @param {Folded} folded @param {Run} run @param {Mark} mark @param {Set<string>} roles
   */
  #unlessANamesake(folded, { owners, start, end }, mark, roles) {
    const given = [...owners].flatMap((owner) => this.index.people[owner].given.slice(0, 1));
    const first = roles.has("given") ? start : givenBefore(folded, start, (word) => this.#isKnown(word));
    if (first < start) mark.start = folded.start(first);
    const otherwise = first < start || (!roles.has("given") && titledOtherwise(folded, start, given));
    if (otherwise || ofAnOffice(folded, start, end)) doubt(mark);
  }

  /**
   * What the context says; a given name with a surname is whole, an alias is only a venue's.
   * @param {Folded} folded @param {Run} run @param {boolean} whole @returns {import("./context.js").Reading}
   */
  #reading(folded, run, whole) {
    const { start, end } = run;
    const roles = new Set(run.hits.map((hit) => hit.found.role));
    if (!roles.has("given") && !roles.has("surname")) {
      if (![...roles].every((role) => role === "alias" || role === "nickname")) return "person";
      // `P. D. M.`: a sentence ends there
      if (folded.text[end - 1] === "." && this.pattern("single").findall(folded.text.slice(start, end)).length > 2) return "person";
      const small = new Set([...run.owners].flatMap((owner) => [...this.small[owner]]));
      const read = nicknameReading(folded, start, end, small, (word) => this.#isKnown(word));
      return this.#unlessAThing(folded, run, read, small);
    }
    const exact = run.hits.every((hit) => hit.found.strength === "exact");
    if (!exact && isDeclared(this.rules, folded.text.slice(start, end))) return "other";
    if (namedAfter(folded, start, end)) return "other";
    const known = (/** @type {string} */ word) => this.#isKnown(word);
    if (whole && ((roles.has("given") && roles.has("surname")) || roles.has("alias") || roles.has("nickname"))) {
      return reading(folded, start, end, false, new Set(), known);
    }
    const own = new Set([...run.owners].flatMap((owner) => [...this.small[owner]]));
    const read = reading(folded, start, end, true, own, known);
    const initials = (/** @type {string} */ letter) => this.#initials(run, letter);
    if (read === "person" && strangeInitials(folded, start, initials)) return "doubtful";
    return this.#unlessAThing(folded, run, read, own);
  }

  /**
   * A reading, or doubt where a person is read and the phrase is one of things: `Toluca, Rosa y Silao`.
   * @param {Folded} folded @param {Run} run @param {import("./context.js").Reading} read @param {Set<string>} own
   * @returns {import("./context.js").Reading}
   */
  #unlessAThing(folded, run, read, own) {
    if (read !== "person" || titled(folded, run.start)) return read;
    const exact = run.hits.length === 1 && run.hits[0].found.strength === "exact";
    const thing = likeAThing(folded, run.start, run.end, own, (word) => this.#isKnown(word), exact);
    return thing ? "doubtful" : "person";
  }

  /** @param {string} word @returns {boolean} whether it may be a witness's */
  #isKnown(word) {
    let known = this.near.get(word);
    if (known === undefined) {
      if (this.near.size > 65536) this.near.clear();
      this.near.set(word, (known = this.index.judge(word) !== null));
    }
    return known;
  }

  /** @param {Folded} folded @param {Run} run @returns {boolean} a shortened surname in capitals or with one: `Hdz. no firmó` */
  #shortenedSurname(folded, run) {
    const { text, original } = folded;
    const dotted = run.hits.filter((hit) => text.startsWith(".", hit.end) && isUpper(original.at(folded.start(hit.start))));
    if (new Set(dotted.map((hit) => text.slice(hit.start, hit.end))).size > 1) return true; // `Fco. Jav.`
    return run.hits.some(({ start, end, found }) => {
      const word = text.slice(start, end);
      if (found.role !== "surname" || word.length < 3 || this.rules.isWord(word) || this.rules.isOtherName(word)) return false;
      return isUpper(original.at(folded.start(start)));
    });
  }

  /** @param {Folded} folded @param {Run} run @returns {boolean} more than words that resemble names: `diez días` */
  #moreThanWords(folded, run) {
    const { text, original } = folded;
    if (this.#plainPhrase(folded, run)) return namedBefore(folded, run.start, run.end) || acting(folded, run.start, run.end);
    return (
      run.hits.every((hit) => hit.found.strength === "exact") ||
      ["given", "surname"].every((role) => run.hits.some((hit) => hit.found.strength === "exact" && hit.found.role === role)) ||
      run.hits.some((hit) => isUpper(original.at(folded.start(hit.start)))) ||
      !run.hits.every((hit) => this.rules.isWord(text.slice(hit.start, hit.end)))
    );
  }

  /** @param {Folded} folded @param {Run} run @returns {boolean} an alias of common words alone, in small letters after a partitive: `du pain` */
  #plainPhrase({ text, original, start }, run) {
    if (run.extended || !this.pattern("partitive").match(text, run.start)) return false;
    if (run.hits.some((hit) => hit.found.role !== "alias")) return false;
    const words = this.rules.compiled("{W}+").matches(text, run.start, run.end);
    if (words.length < 2 || words.some((word) => isUpper(original.at(start(word.start))))) return false;
    return words.every((word) => this.#plain(word.whole) || this.rules.particles.has(word.whole));
  }

  /** @param {string} word @returns {boolean} a common word, also one that people are called */
  #plain(word) {
    return this.rules.isWord(word) || this.rules.cues.common_nouns.has(word);
  }

  /** @param {string} text @param {Run} run @returns {boolean} whether it ends as files' names do: `.docx` */
  #aFile(text, run) {
    return run.extended && this.pattern("file_ends").search(text, Math.max(run.start, run.end - 6), run.end) !== null;
  }

  /**
   * Whether a common word stands among others in a file's name: `chain_broken_line.jpg`, not `letter_rosa.pdf`.
   * @param {string} text @param {Run} run @param {string} word @returns {boolean}
   */
  #aFileOfThings(text, run, word) {
    if (!this.#aFile(text, run)) return false;
    const parts = this.rules.compiled("{W}+").matches(text, run.start, run.end).map((part) => part.whole);
    const others = parts.slice(0, -1).filter((part) => part !== word);
    if (others.some((part) => this.names.person_files.includes(part))) return false;
    return others.some((part) => part.length > LONGEST_LEAD && this.rules.isWord(part));
  }

  /** @param {Folded} folded @param {Run} run @returns {boolean} */
  #standsAlone(folded, run) {
    const alone = run.hits.filter((one) => one.found.alone);
    const hit = (alone.length ? alone : run.hits).reduce((best, one) => (one.start < best.start ? one : best));
    const word = folded.text.slice(hit.start, hit.end);
    const written = folded.original.at(folded.start(hit.start));
    const small = hit.label === "PERSON" && !isUpper(written);
    if (small && this.#plain(word) && this.#aFileOfThings(folded.text, run, word)) return false; // `photo_chain_broken.jpg`
    const dotted = run.extended && folded.text.slice(run.start, run.end).includes(".");
    if (hit.label !== "PERSON" || titled(folded, run.start) || dotted) return true;
    if (!hit.found.alone) return false;
    const capital = isUpper(folded.original.at(folded.start(hit.start)));
    const { strength, role } = hit.found;
    const plain = ["exact", "nickname", "clip"].includes(strength) && !this.rules.grammar.has(word);
    const likely = plain && (role !== "surname" || !this.rules.isWord(word)) && !this.rules.cues.calendar.has(word);
    if (likely && namedBefore(folded, run.start, run.end)) return true;
    if (likely && role !== "surname" && acting(folded, run.start, run.end)) return true;
    if (strength === "clip") return this.#clippedAsAName(folded, run, hit);
    if ((strength === "typo" || strength === "far_typo") && !capital) {
      return strength === "typo" && !(word.endsWith("s") && this.index.words.has(word.slice(0, -1)));
    }
    if (wholeLine(folded.text, run, this.pattern("speaker"), this.pattern("signs_after"))) return true;
    if (!capital && this.rules.cues.common_nouns.has(word)) return false;
    if (word.length === 3 && (role === "given" || role === "alias") && strength === "exact" && !this.rules.isWord(word)) return true;
    if (this.rules.isWord(word) && this.#accented(folded, hit, capital)) return true;
    if (word.length <= 3 || (role === "nickname" && this.rules.isWord(word))) {
      return capital && !(this.rules.isWord(word) && startsSentence(folded.text, hit.start));
    }
    if (!this.rules.isWord(word)) return true;
    return capital && !(this.rules.grammar.has(word) && startsSentence(folded.text, hit.start));
  }

  /** @param {Folded} folded @param {Hit} hit @param {boolean} capital @returns {boolean} written with an alias's signs: `Memé`, `toño` */
  #accented(folded, hit, capital) {
    const written = folded.original.slice(...folded.span(hit.start, hit.end)).normalize("NFC");
    if (capital) return this.index.accented.has(written);
    return written.includes("ñ") && this.index.accented.has(written[0].toUpperCase() + written.slice(1).toLowerCase());
  }

  /** @param {Folded} folded @param {Run} run @param {Hit} hit @returns {boolean} a name cut short, written as names are: not `IME`, `Mat. 5`, `cleme` */
  #clippedAsAName(folded, run, hit) {
    const written = [...folded.original.slice(...folded.span(hit.start, hit.end))];
    const rest = written.slice(1).join("");
    const named = isUpper(written[0]) && /\p{Lowercase}/u.test(rest) && !/\p{Uppercase}|\p{Lt}/u.test(rest);
    if (!named && !(written.length > 4 && isUpper(written.join("")))) return false;
    const follows = this.pattern("abbreviated").match(folded.text, run.end);
    return written.length > 4 || !follows || isUpper(folded.original.at(folded.start(follows.end - 1)));
  }

  /** @param {string} text @param {Run} run @returns {boolean} a name that is a word too, or an unsure misspelling */
  #worthAsking(text, run) {
    return run.hits.some(({ start, end, found: { strength } }) => {
      if (end - start <= 2) return false;
      if (strength === "exact" || strength === "nickname" || strength === "clip") return true;
      if (strength === "short") return text.startsWith(".", end) && !this.rules.isWord(text.slice(start, end));
      return (strength === "typo" || strength === "far_typo" || strength === "variant") && !this.rules.isWord(text.slice(start, end));
    });
  }

  /** @param {Folded} folded @param {Suggestion[]} asked handles, hashtags and files' names that hold a known name: `#FuerzaMartha` */
  #tagged(folded, asked) {
    const { text, words } = folded;
    /** @type {Set<number>} */ const places = new Set();
    for (const sign of TAGS) {
      for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
        places.add(words.before(at + 2));
        if (sign === "_") places.add(words.before(at));
      }
    }
    for (const match of this.pattern("file_ends").matches(text)) places.add(words.before(match.start));
    for (const place of [...places].sort((one, other) => one - other)) {
      if (place < 0 || !this.index.holdsAName(words.words[place])) continue;
      const [start, end] = folded.span(words.starts[place], words.starts[place] + words.words[place].length);
      asked.push({ start, end, kind: POSSIBLE_NAME, reason: POSSIBLE_NAME });
    }
  }

  /** @param {Folded} folded @param {Mark[]} marks */
  #literals({ original }, marks) {
    for (const [literal, owner] of this.index.literals) {
      const size = [...literal].length;
      for (let start = original.find(literal); start >= 0; start = original.find(literal, start + size)) {
        const identity = this.identities[owner].id;
        marks.push({ start, end: start + size, label: "PERSON", identity, kind: "alias", certainty: "certain", reason: "alias" });
      }
    }
  }
}

/**
 * The word before a name, or nothing if more stands between than what joins initials and particles. Within a word it is
 * a space: what stands before is then no word.
 * @param {Folded} folded @param {number} start @returns {string}
 */
function wordBefore({ text, words }, start) {
  const place = words.before(start);
  if (place < 0) return "";
  const end = words.starts[place] + words.words[place].length;
  if (end > start) return " ";
  return stripEnd(text.slice(end, start), " \n.-'") ? "" : words.words[place];
}

/** @param {Run} run lets what may be a clipped name count beside another name as a shortened one does: `Fern. Paz` */
function shortenClips(run) {
  if (run.hits.length < 2) return;
  for (const hit of run.hits) {
    if (hit.found.strength === "clip") hit.found = { ...hit.found, strength: "short", role: "short", alone: false };
  }
}

/** @param {Mark} mark */
const doubt = (mark) => void Object.assign(mark, { certainty: "likely", reason: NAMESAKE });

/**
 * Where half a name is somebody else's once, it is in doubt wherever it stands alone.
 * @param {Folded} folded @param {Mark[]} marks @param {Suggestion[]} asked
 */
function withDoubt(folded, marks, asked) {
  const words = (/** @type {{start: number, end: number}} */ one) => folded.text.slice(folded.foldedOffset(one.start), folded.foldedOffset(one.end));
  const written = [...marks, ...asked].filter((one) => one.reason === NAMESAKE).map(words);
  const doubted = new Set(written.flatMap((one) => [one, one.split(" ").at(-1)]));
  if (doubted.size) for (const mark of marks) if (mark.kind === "name" && doubted.has(words(mark))) doubt(mark);
}

/** @param {Set<number>} owners @returns {Found} */
const variant = (owners) => ({ owners, strength: "variant", role: "surname", alone: true });

/** @param {Rules} rules @param {KnownIdentity} who @returns {Set<string>} the particles of a name: `de la Torre` */
function smallWords(rules, who) {
  const text = [who.given, who.surname1, who.surname2, who.name, ...(who.aliases ?? [])].map((part) => part ?? "").join(" ");
  const found = wordsOf(foldCharacters(rules, text)).filter((word) => rules.particles.has(word));
  return new Set(found.flatMap((word) => shortened(rules, word)));
}

/** @param {Rules} rules @param {string} word @returns {string[]} a particle, and how it is shortened: `saint`, `st` */
function shortened(rules, word) {
  return [word, ...(rules.data.patterns.names.saints[word] ?? [])];
}

/** @param {Rules} rules @param {KnownIdentity} who @returns {Map<string, Set<string>>} `meer` → `van`, `der` */
function leadingWords(rules, who) {
  /** @type {Map<string, Set<string>>} */ const found = new Map();
  for (const part of [who.given, who.surname1, who.surname2, who.name, ...(who.aliases ?? [])]) {
    /** @type {string[]} */ let lead = [];
    for (const word of wordsOf(foldCharacters(rules, part ?? ""))) {
      if (rules.particles.has(word)) {
        lead.push(...shortened(rules, word));
        continue;
      }
      found.set(word, new Set([...(found.get(word) ?? []), ...lead]));
      lead = [];
    }
  }
  return found;
}

/**
 * @param {string} text @param {Run} run @param {import("./pattern.js").Pattern} speaker
 * @param {import("./pattern.js").Pattern} signs
 * @returns {boolean} a signature alone on its line, or who speaks in a chat
 */
function wholeLine(text, { start, end }, speaker, signs) {
  const before = stripEnd(text.slice(Math.max(0, start - 8), start), " -–—");
  const after = signs.match(text, end) ? ":" : text.slice(end, end + 8).replace(/^[ .]+/, ""); // `jaz 🌙:`
  if (after.startsWith(":") && before && !before.endsWith("\n")) return speaker.search(text.slice(Math.max(0, start - 20), start)) !== null;
  return (!before || before.endsWith("\n")) && (!after || after.startsWith("\n") || after.startsWith(":"));
}

/** @param {string} text @param {number} start @param {number} end @returns {Span} with `_88` after, `team_` and `@` before */
function wholeHandle(text, start, end) {
  while (start > 0 && ofHandle(text, start - 1, start - 2)) start--;
  while (end < text.length && ofHandle(text, end, end + 1)) end++;
  if (start > 0 && text[start - 1] === "@") start--;
  return [start, end];
}

/** @param {string} text @param {number} position @param {number} beyond @returns {boolean} */
function ofHandle(text, position, beyond) {
  if (text[position] === "_") return beyond >= 0 && beyond < text.length && isAlnum(text[beyond]);
  return isAlnum(text[position]);
}

/** @param {string} text @param {number} start @returns {boolean} */
function startsSentence(text, start) {
  const before = stripEnd(text.slice(Math.max(0, start - 8), start), " \t\"'*_-—¿¡([");
  return !before || ".!?:\n;".includes(before[before.length - 1]);
}

/** @param {Run} run @returns {string} */
function kindOf(run) {
  if (run.hits.some((hit) => hit.kind === "alias")) return "alias";
  const strengths = run.hits.map((hit) => hit.found.strength);
  if (strengths.every((one) => one === "typo" || one === "far_typo")) return "typo";
  return strengths.every((one) => one === "nickname" || one === "short" || one === "clip") ? "nickname" : "name";
}

/** @param {Run} run @returns {"certain" | "likely"} */
function certaintyOf(run) {
  const sure = run.hits.some(({ found: { strength } }) => ["exact", "variant", "inside"].includes(strength));
  return sure ? "certain" : "likely";
}

