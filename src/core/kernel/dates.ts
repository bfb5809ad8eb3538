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

/** The day that it is where somebody is: what is due is due by their calendar, whatever the clock is set to there. */
export function todayOf(now: Date, timezone: string): string {
  return DateTime.fromJSDate(now, { zone: timezone }).toFormat('yyyy-MM-dd');
}

/** So many days after a calendar day, or (negative) before it. */
export function daysAfter(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');
}

/** An hour of a calendar day in a time zone. */
export function hourOfDay(day: string, hour: number, timezone: string): Date {
  return DateTime.fromISO(day, { zone: timezone }).set({ hour }).toJSDate();
}
