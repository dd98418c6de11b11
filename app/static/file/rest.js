// @ts-check
/** All steps behind the first questions; loaded when somebody begins. */
import { setUpEvidence } from "./evidence.js"
import { setUpHelps } from "./helps.js"
import { setUpKeys } from "./keys.js"
import { setUpPacking } from "./packing.js"
import { setUpReading, setUpStoryCheck } from "./reading.js"
import { setUpReceipt } from "./receipt.js"
import { setUpSending } from "./sending.js"
import { setUpSince } from "./since.js"
import { setUpSuggested } from "./suggested.js"
import { setUpWitnesses } from "./witnesses.js"

/** @param {import("./page.js").App} app */
export function setUpRest(app) {
  const setUpEnd = app.offline ? setUpPacking : setUpReceipt
  for (const setUp of [setUpHelps, setUpSince, setUpSuggested, setUpWitnesses, setUpEvidence, setUpReading, setUpStoryCheck, setUpKeys, setUpSending, setUpEnd]) setUp(app)
}
