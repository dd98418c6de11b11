// @ts-check
/**
 * A calendar file that reminds somebody to look again, and tells whoever sees the calendar nothing: no portal, case or
 * workplace; whole days; a random mark. The same rules as app/domain/reminders.py.
 */
export const LOOK_AGAIN_DAYS = 14
const DAY = 24 * 60 * 60 * 1000

/** @param {Date} today @param {string} wording the same for everybody @returns {string} */
export function reminder(today, wording) {
  const day = (/** @type {number} */ ahead) => new Date(today.getTime() + ahead * DAY).toISOString().slice(0, 10).replaceAll("-", "")
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//-//-//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${crypto.randomUUID()}`,
    `DTSTAMP:${day(0)}T000000Z`,
    `DTSTART;VALUE=DATE:${day(LOOK_AGAIN_DAYS)}`,
    `DTEND;VALUE=DATE:${day(LOOK_AGAIN_DAYS + 1)}`,
    `SUMMARY:${wording}`,
    "CLASS:PRIVATE",
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${wording}`,
    "TRIGGER:-PT15H",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ]
  return `${lines.join("\r\n")}\r\n`
}
