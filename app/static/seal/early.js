// @ts-check
/** Begins the self-test as soon as the sealing code has come, while a slow line still brings the rest of the page. */
import { selfTest } from "./crew.js"

// Whoever needs it asks again, and hears then what was wrong.
selfTest().catch(() => undefined)
