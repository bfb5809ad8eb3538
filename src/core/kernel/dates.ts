import { DateTime } from 'luxon';

/** "4 Dec 2026" for a calendar day, which has no time zone. In English on every machine: posted cards are compared. */
export function dayText(day: string): string {
  return DateTime.fromISO(day, { zone: 'utc' }).setLocale('en-US').toFormat('d LLL yyyy');
}

/** "25 Nov 2026, 14:32 (Europe/Berlin)" */
export function momentText(at: Date, timezone: string): string {
  return `${DateTime.fromJSDate(at, { zone: timezone }).setLocale('en-US').toFormat('d LLL yyyy, HH:mm')} (${timezone})`;
}

/** When a calendar day is over in a time zone. */
export function endOfDay(day: string, timezone: string): Date {
  return DateTime.fromISO(day, { zone: timezone }).plus({ days: 1 }).startOf('day').toJSDate();
}
