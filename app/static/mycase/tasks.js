// @ts-check
/** What can be done with an open case beyond looking at it; loaded once a case is open. */
import { beginAnswer, forgetWriting, setUpAnswering } from "./answering.js"
import { setUpFiles } from "./files.js"
import { forgetReview, setUpReview } from "./reviewing.js"
import { forgetSealed, setUpSending } from "./sending.js"
import { beginSupplement, forgetChanges, setUpSupplement } from "./supplement.js"

export { beginAnswer, beginSupplement }

/** @param {() => Promise<void>} refresh shows the case anew */
export function setUpTasks(refresh) {
  setUpReview()
  setUpSending()
  setUpFiles()
  setUpAnswering(refresh)
  setUpSupplement(refresh)
}

/** Nothing of what was written or sealed stays. */
export function forgetTasks() {
  for (const forget of [forgetWriting, forgetChanges, forgetReview, forgetSealed]) forget()
}
