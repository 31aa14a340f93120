/**
 * Reminders as a calendar file, made on the device. Contract: RFC 5545.
 *
 * Whoever sees the calendar reads one plain word, and no address.
 */

const HOUR_MS = 3_600_000;

/** After how many hours one looks again. Source: the handbooks that the guide follows. */
export const LOOK_AGAIN_HOURS = [24, 48, 72];

/**
 * @param {object} options
 * @param {string} options.title - what the calendar shows
 * @param {Date} options.now
 * @returns {string} a file with one event for each of `LOOK_AGAIN_HOURS`
 */
export function reminders({ title, now }) {
  const events = LOOK_AGAIN_HOURS.flatMap((hours) => [
    "BEGIN:VEVENT",
    `UID:${crypto.randomUUID()}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(new Date(now.getTime() + hours * HOUR_MS))}`,
    "DURATION:PT15M",
    `SUMMARY:${escaped(title)}`,
    "CLASS:PRIVATE",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(title)}`,
    "TRIGGER:PT0S",
    "END:VALARM",
    "END:VEVENT",
  ]);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN", ...events, "END:VCALENDAR"];
  return lines.map((line) => `${line}\r\n`).join("");
}

/**
 * @param {Date} time
 * @returns {string} in UTC, such as "20261124T091500Z"
 */
function stamp(time) {
  return `${time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

/**
 * @param {string} text
 * @returns {string}
 */
function escaped(text) {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r?\n/g, "\\n");
}
