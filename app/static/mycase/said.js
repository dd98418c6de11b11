// @ts-check
/** Sentences: what an entry of the log says, what is wrong with a history, what went wrong on the way. */
import { SealError } from "../seal/errors.js"
import { N_, say } from "../file/words.js"

/** @type {Record<string, string>} */
const WHO = {
  reviewer: N_("A reviewer"),
  coordinator: N_("A coordinator of the office"),
  panel: N_("A member of the panel"),
  auditor: N_("An auditor"),
  operator: N_("The portal's operator"),
  holder: N_("Someone who holds this case"),
  petitioner: N_("The petitioner"),
  portal: N_("The portal"),
}
/** @type {Record<string, string>} */
const SENTENCES = {
  petition_received: N_("The portal received the petition and signed the receipt"),
  petition_revised: N_("{who} changed the petition: version {version}"),
  record_read: N_("{who} read the redacted record{purpose}"),
  record_refused: N_("{who} asked for the redacted record and was refused"),
  evidence_read: N_("{who} looked at a piece of evidence{purpose}"),
  case_opened: N_("{who} opened the case with its key"),
  record_read_by_holder: N_("{who} read the redacted record"),
  openings_read: N_("{who} fetched what the access log says"),
  acknowledged: N_("{who} entered that the official office received the petition: the clock runs"),
  stage_changed: N_("The review by the official office began"),
  decision_drafted: N_("{who} drafted an answer, which a second person must approve"),
  decision_approved: N_("{who} approved the answer: it is given"),
  correction: N_("{who} put a day right, or added a note, and said why"),
  place_flagged: N_("{who} said that a person may be seen in what the office reads"),
  question_asked: N_("{who} asked you a question"),
  question_withdrawn: N_("{who} took a question back"),
  question_answered: N_("{who} answered a question of the office"),
  answer_read: N_("{who} read an answer{purpose}"),
  messages_read: N_("{who} fetched the questions of the office"),
  petition_withdrawn: N_("{who} withdrew the petition"),
  access_suspended: N_("{who} suspended the office's access"),
  access_restored: N_("{who} let the office back in"),
  step_refused: N_("{who} tried a step that was not theirs, and was refused"),
  public_released: N_("{who} gave out a public version of the petition"),
  public_withdrawn: N_("{who} called the public version back"),
  public_read: N_("{who} read the public version{purpose}"),
  public_handed_on: N_("{who} wrote that the public version was handed on"),
  notice_set: N_("{who} gave an address to be told by e-mail that something waits"),
  notice_cleared: N_("{who} took the address for e-mail back"),
  case_assigned: N_("{who} gave the case to somebody in the office to read"),
  case_unassigned: N_("{who} took the case from somebody in the office"),
  case_handed_over: N_("{who} handed the case from one person in the office to another"),
  note_written: N_("{who} wrote a note for the office"),
  notes_read: N_("{who} read the notes of the office"),
}
/** @type {Record<string, string>} */
const PURPOSES = {
  REVIEW: N_(", to review it"),
  CLARIFICATION: N_(", to ask about it"),
  EXPORT: N_(", to export it"),
  REPRISAL_RESPONSE: N_(", to answer a reprisal"),
  LEGAL_ORDER: N_(", because of a legal order"),
  AUDIT: N_(", to audit it"),
  KEY_RECOVERY: N_(", to recover keys"),
  CORRECTION: N_(", to correct it"),
}
/** @type {Record<string, string>} */
const FINDINGS = {
  unproved: N_("Entry {place} came without a valid proof."),
  gap: N_("Entry number {place} of this case is missing: something was done with it and is not shown."),
  doubled: N_("Entry number {place} of this case is there twice."),
  foreign: N_("Entry {place} of the log does not belong to this case."),
  order: N_("Entry {place} of the log is not in order."),
  withheld: N_("Entry {place} of the log was shown before and is missing now."),
  lost: N_("Entry {place} of the log was proved on this device and is lost: the portal says that it lost data."),
  changed: N_("Entry {place} of the log is another than was shown before."),
  older: N_("The portal shows a log of {place} entries, smaller than when the petition was received."),
  fork: N_("The portal shows two different logs of {place} entries."),
  other_history: N_("Something was proved here under a log of {place} entries that is no earlier state of this one: the portal shows two histories."),
  contradicted: N_("The portal says itself that its log contradicts the one of {place} entries that this device knows."),
  skipped: N_("Number {place} of this case is nowhere in the log: something was counted and never logged."),
  late: N_("Number {place} of this case stands in the log behind later ones: it was logged too late."),
  not_shown: N_("Entry {place} of the log is about this case, and the portal did not show it: withheld."),
  not_in_log: N_("Entry {place} was shown as part of this case, and this copy of the log does not have it."),
  unpublished: N_("Entry {place} of the log was proved here, and the portal's public log still does not have it: it shows an old state, or publishes no more."),
  signature: N_("Entry {place} of the log says that a reader's device signed for it, and what is shown of that is withheld or false."),
  unsigned: N_("Entry {place} of the log is a look by the office without a signature, where the office says that none opens without."),
  signing_rule: N_("Line {place} of what the portal says about since when devices must sign is not in its log."),
  receipt: N_("Your receipt does not verify."),
  version: N_("Entry {place} of the log names a version of your case that the portal does not serve."),
  unlogged: N_("Version {place} of your case stands nowhere in the log."),
}
/** @type {Record<string, string>} */
const TROUBLE = {
  case_file: N_("This is not the file of a case."),
  other_portal: N_("This case is at another portal: {url}"),
  number_malformed: N_("A case number has 26 small letters and digits from 2 to 7."),
  code_malformed: N_("This is not a status code: it has six groups of four letters and digits."),
  case_not_found: N_("The portal knows no case with this number and code."),
  no_key_given: N_("Give your key: the file with its phrase, or the twelve words."),
  keys_differ: N_("The file and the words are not the same key."),
  words_count: N_("There must be twelve words."),
  words_word: N_("Word {position} is not in any of the lists. Is it one of these: {suggestions}?"),
  words_unknown: N_("Word {position} is not in any of the lists. Look at it again."),
  words_checksum: N_("Each word exists, but together they are not a key: one is wrong or two are swapped."),
  words_ambiguous: N_("These words mean different keys in different languages. Write them out in full."),
  words_wrong: N_("These words do not open this case. Are they the words of another case or person?"),
  passphrase_wrong: N_("The passphrase does not open this key file."),
  key_unreadable: N_("The key file is damaged or is not one of ours."),
  unreachable: N_("The portal was not reached. Look at your connection and try again."),
  timeout: N_("The portal did not answer in time. Try again in a while."),
  busy: N_("The portal is busy or under repair. Try again in a while."),
  sign_in: N_("The portal did not accept the sign-in. Check the clock of this device and try again."),
  key_unannounced: N_("The portal shows another key for its log than the one in the file of your case, and nothing in the log announces it. Nothing was opened. Ask your organization and the auditors."),
  genesis: N_("The portal serves another founding text than this case has. Nothing was opened."),
  manifest: N_("The portal serves a list of contents that your case's key did not sign. Nothing was opened."),
  manifest_older: N_("The portal serves an older list of contents: something filed later is being held back. Nothing was opened."),
  manifest_other: N_("The portal serves another list of contents than the one you filed. Nothing was opened."),
  chain: N_("The versions of your case do not follow from each other: the portal, or somebody who was a holder, put another one among them. Nothing was opened."),
  access_unproved: N_("The portal does not prove that this opening of the case is in the log. Nothing was opened."),
  recipient: N_("The portal swapped the key to which this case is sealed. Nothing was opened."),
  case_key: N_("The portal serves another case key than the one that was filed. Nothing was opened."),
  roster: N_("The list of this case's holders was changed. Nothing was opened."),
  object: N_("The portal serves a sealed piece ({kind}) that is not the one that was filed. Nothing was opened."),
  log_entries: N_("The entries of this log do not make the root that was signed. Keep what you have, and tell the auditors."),
  no_copy: N_("In this folder is no whole copy of the log, with the file “checkpoint” in it."),
  status: N_("The portal's statement about the case is not signed by its key. Do not trust it."),
  record_other: N_("The portal serves another record than the one you signed. Tell your organization."),
  message: N_("The portal serves a question that its log does not have, or not in these words. Nothing of it is shown."),
  receipt: N_("The portal's receipt does not prove what it should. Do not count on it: keep this page open, look at the history, and tell your organization."),
  behind: N_("Somebody else who holds this case changed it meanwhile. Close the case and open it again."),
  file_changed: N_("A file was changed or taken away while it was sealed. Choose it again."),
  identity_too_large: N_("What is said of one witness is too long: it must fit into {limit} kB."),
  too_many_files: N_("There are too many files: at most {limit}."),
  confidential: N_("Parts of this case are marked as business confidential. What may go out is asked by the program: resguardo export."),
  too_large: N_("This case has more than {limit} MB of files. Sealing all of it anew needs the program on a computer."),
  too_many_holders: N_("Eight persons hold this case already: that is the most."),
  words_same: N_("This is the key that you have already."),
  unproved: N_("The portal took this, and what it shows of its log does not prove it. Look at the history and tell your organization."),
}

/** @param {string} role @returns {string} */
export const who = (role) => say(Object.hasOwn(WHO, role) ? WHO[role] : N_("Somebody"))

/** What an entry says, without its time. @param {Record<string, string>} fields @returns {string} */
export function sentence({ kind, role, purpose, detail = "", record = "" }) {
  const why = Object.hasOwn(PURPOSES, purpose) ? say(PURPOSES[purpose]) : ""
  const [step, made] = detail.split(" ")
  const words = Object.hasOwn(SENTENCES, kind) ? SENTENCES[kind] : N_("{who}: {kind}{purpose}")
  const said = say(words, { who: who(role), purpose: why, kind, version: step === "version" ? made : "" })
  const version = record.split("/")[1]
  return /^\d+$/.test(version ?? "") && version !== "1" ? said + say(" (version {version})", { version }) : said
}

/** @param {import("../seal/types.js").Finding} finding @returns {string} */
export const findingWords = ({ code, place }) => say(FINDINGS[code] ?? code, { place })

/** @param {unknown} error @returns {string} what a person can do with */
export function trouble(error) {
  if (!(error instanceof SealError)) return say("Something went wrong on this page. Load it again.")
  const { code, details } = error
  if (code === "refused" && details.words) return say("The portal says: {words}", { words: details.words })
  if (Object.hasOwn(TROUBLE, code)) return say(TROUBLE[code], { ...details, suggestions: [details.suggestions].flat().join(", ") })
  return say("Something went wrong on this page. Load it again.")
}
