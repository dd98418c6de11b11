// @ts-check
/**
 * The text of a file that is nothing but text, a table in text or a chat, as its copy has it. Pure.
 *
 * The twin of app/client/cleaning/plain.py, for files that it took.
 */

const UTF16 = [["utf-16le", 0xff, 0xfe], ["utf-16be", 0xfe, 0xff]]
const MARKED = /^\s*(?:<|\{\\rtf|%PDF-)/ // what says more in letters than a reader sees
const NOTHING = /[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]/gu // drawn as nothing

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {string | null} null where it is another kind of file */
export function textOf(bytes) {
  const marked = UTF16.find(([, first, second]) => bytes[0] === first && bytes[1] === second)
  if (!marked && bytes.includes(0)) return null
  const text = marked ? new TextDecoder(String(marked[0])).decode(bytes) : decoded(bytes)
  return MARKED.test(text) ? null : reflowed(text)
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder("windows-1252").decode(bytes)
  }
}

/** @param {string} text */
function reflowed(text) {
  const seen = text.replace(/\r\n?|\f/g, "\n").normalize("NFC").replace(NOTHING, "").replaceAll("\u2800", " ").replace(/[^\P{C}\n\t]/gu, "")
  const lines = seen.split("\n").map((line) => line.trim().split(/\s+/u).join(" "))
  return lines.filter((line, at) => line || lines[at - 1]).join("\n").replace(/^\n+|\n+$/g, "")
}
