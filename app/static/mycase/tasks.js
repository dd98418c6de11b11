// @ts-check
/** What can be done with an open case beyond looking at it; loaded once a case is open. */
import { beginAnswer, forgetWriting, setUpAnswering } from "./answering.js"
import { beginExport, forgetExport, setUpExport } from "./export.js"
import { setUpFiles } from "./files.js"
import { beginHolder, beginRemoval, beginWords, forgetHolders, saveCase, setUpHolders, showHolders } from "./holders.js"
import { closeKept, setUpKeeping } from "./kept.js"
import { setUpKeymaking } from "./keymaking.js"
import { beginPublic, forgetPublic, setUpPublishing, showReleased } from "./publishing.js"
import { forgetReview, setUpReview } from "./reviewing.js"
import { forgetSealed, setUpSending } from "./sending.js"
import { beginSupplement, forgetChanges, setUpSupplement } from "./supplement.js"

export { beginAnswer, beginExport, beginHolder, beginPublic, beginRemoval, beginSupplement, beginWords, saveCase, showHolders, showReleased }

/** @param {() => Promise<void>} refresh shows the case anew @param {() => import("./held.js").Held | null} heldOf the case that is open */
export function setUpTasks(refresh, heldOf) {
  setUpKeeping(heldOf)
  setUpReview()
  setUpSending()
  setUpFiles()
  setUpAnswering(refresh)
  setUpSupplement(refresh)
  setUpKeymaking()
  setUpHolders(refresh)
  setUpExport()
  setUpPublishing(refresh)
}

/** Nothing of what was written or sealed stays. */
export function forgetTasks() {
  for (const forget of [forgetWriting, forgetChanges, forgetExport, forgetHolders, forgetPublic, forgetReview, forgetSealed, closeKept]) forget()
}
