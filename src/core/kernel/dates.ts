import { DateTime } from 'luxon';

/** "4 Dec 2026" for a calendar day, which has no time zone. In English on every machine: posted cards are compared. */
export function dayText(day: string): string {
  return DateTime.fromISO(day, { zone: 'utc' }).setLocale('en-US').toFormat('d LLL yyyy');
}
