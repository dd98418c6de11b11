// @ts-check
/** What this page runs in: other apps' windows, and what is missing for sealing. */

// The windows inside WhatsApp, Facebook, Instagram and the like name themselves; those of Android also say "wv".
const INSIDE = /\b(FBAN|FBAV|FB_IAB|Instagram|WhatsApp|Line\/|Twitter|TikTok|musical_ly|Snapchat|Telegram|GSA)\b|; wv\)/

/** @returns {boolean} whether another app shows this page in a window of its own */
export const insideAnotherApp = () => INSIDE.test(navigator.userAgent)

/** @returns {"http" | "old" | null} why nothing can be sealed here */
export function whyNot() {
  if (!isSecureContext || !crypto.subtle) return "http"
  return typeof indexedDB === "undefined" || typeof Worker === "undefined" || !Object.hasOwn ? "old" : null
}

/**
 * Hold the one place for an open petition in this browser.
 * @returns {Promise<boolean>} false when another tab has it
 */
export function takePlace() {
  if (!navigator.locks) return Promise.resolve(true)
  return new Promise((resolve) => {
    void navigator.locks.request("resguardo-filing", { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      // Held until the tab goes.
      return lock ? new Promise(() => undefined) : undefined
    })
  })
}
