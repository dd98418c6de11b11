// @ts-check
/** Why there is no copy of a file, and what to do. The file stays sealed all the same; the petition goes on. */
import { N_, say } from "../file/words.js"
import { CopyError } from "./page.js"

/** @type {Record<string, string>} */
const WHY = {
  broken: N_("It is damaged or incomplete. Open it, and save it again as PDF, or photograph the screen."),
  elsewhere: N_("This file without network shows photos only. For a PDF, use the page with network, or photograph it."),
  empty: N_("Nothing in it can be seen."),
  kind: N_("A copy can be made of photos and PDF here. Save it as PDF, or photograph it."),
  loading: N_("The reader for PDF could not be loaded whole. Try again when the line is better."),
  locked: N_("It is locked with a password. Save it without one."),
  pages: N_("It has more than 200 pages. Give the pages that matter as a PDF of their own."),
  pixels: N_("The picture is larger than 80 million pixels. Save it smaller."),
  sound: N_("Sound and film stay sealed: a voice is a name. Write what is said into your text."),
  time: N_("It takes too long to read. Save what matters of it as PDF."),
  too_large: N_("It is larger than a copy may be. Give the part that matters."),
  undrawn: N_("This browser cannot draw it. Save it as JPEG or PDF, or photograph it."),
}

/** @param {unknown} error @returns {string} */
export function whyNot(error) {
  const code = error instanceof CopyError ? error.code : "broken"
  const stays = say("No copy of it can be made. It stays sealed.")
  return `${stays} ${say(WHY[code] ?? WHY.broken)}`
}
