// @ts-check
/** The words of a key, by which people compare it on two screens; the twin of `fingerprint` in app/domain/devices.py. */
import { utf8 } from "../seal/bytes.js"
import { sha256 } from "../seal/digest.js"
import { ROOT_SIZE, words } from "../seal/phrase.js"

const FINGERPRINT_WORDS = 4

/** @param {string} key as text @param {"es" | "en" | "fr"} language */
export const fingerprint = (key, language) => words(sha256(utf8(key)).subarray(0, ROOT_SIZE), language).slice(0, FINGERPRINT_WORDS).join(" ")
