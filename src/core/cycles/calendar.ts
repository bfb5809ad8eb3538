import { DateTime } from 'luxon';

/** When people of a client work: in their time zone, Monday to Friday, but not on these days (YYYY-MM-DD). */
export interface Calendar {
  timezone: string;
  holidays: readonly string[];
}

/** The time in which the client answers. */
export interface Window {
  opensAt: Date;
  closesAt: Date;
}

/** The working day of a review, on the client's clock. */
const OPENS = { hour: 9, minute: 0, second: 0, millisecond: 0 };
const CLOSES = { hour: 17, minute: 0, second: 0, millisecond: 0 };

/** Business days between two reminders of an overdue review: weekly is seen again and is not yet noise. */
const REMIND_AGAIN = 5;

/**
 * The review week of a cycle: from 09:00 on the first business day after its end to 17:00 on the last of `days`
 * business days, the first one included, all on the client's clock.
 */
export function windowAfter(endsOn: string, days: number, calendar: Calendar): Window {
  const first = nextBusinessDay(DateTime.fromISO(endsOn, { zone: calendar.timezone }), calendar);
  return { opensAt: first.set(OPENS).toJSDate(), closesAt: closing(first, days, calendar) };
}

/** A review that opens now: the client gets `days` whole business days, so a day that has begun is not counted. */
export function windowFrom(now: Date, days: number, calendar: Calendar): Window {
  const local = localTime(now, calendar.timezone);
  const whole = isBusinessDay(local, calendar) && local.hour < OPENS.hour;
  return { opensAt: now, closesAt: closing(whole ? local : nextBusinessDay(local, calendar), days, calendar) };
}

/** The last of `days` business days after the day of `now`. */
export function businessDaysLater(now: Date, days: number, calendar: Calendar): string {
  return isoDate(shift(localTime(now, calendar.timezone), days, calendar));
}

/** The calendar day it is at that instant in that zone. */
export function dayOf(instant: Date, timezone: string): string {
  return isoDate(localTime(instant, timezone));
}

/**
 * The last moment up to `now` at which the client should be reminded of an open review: one business day before it
 * closes (unless that was before it opened), when it closes, then every fifth business day. Null when there was none.
 */
export function lastReminderMoment(window: Window, now: Date, calendar: Calendar): Date | null {
  const closes = localTime(window.closesAt, calendar.timezone);
  const before = shift(closes, -1, calendar).toJSDate();
  if (now < before) return null;
  if (now < window.closesAt) return before > window.opensAt ? before : null;
  let last = closes;
  for (;;) {
    const next = shift(last, REMIND_AGAIN, calendar);
    if (next.toJSDate() > now) return last.toJSDate();
    last = next;
  }
}

/** "Fri 4 Dec 2026, 17:00 (America/New_York)": an instant on the reader's clock, the zone named. */
export function timeText(instant: Date, timezone: string): string {
  return localTime(instant, timezone).setLocale('en-US').toFormat('ccc d LLL yyyy, HH:mm (z)');
}

function closing(first: DateTime, days: number, calendar: Calendar): Date {
  return shift(first, days - 1, calendar)
    .set(CLOSES)
    .toJSDate();
}

/** The same time of day, so many business days later or (negative) earlier. */
function shift(from: DateTime, days: number, calendar: Calendar): DateTime {
  let day = from;
  for (let left = Math.abs(days); left > 0; left -= 1) day = nextBusinessDay(day, calendar, Math.sign(days));
  return day;
}

function nextBusinessDay(from: DateTime, calendar: Calendar, step = 1): DateTime {
  let day = from.plus({ days: step });
  while (!isBusinessDay(day, calendar)) day = day.plus({ days: step });
  return day;
}

function isBusinessDay(day: DateTime, { holidays }: Calendar): boolean {
  return day.weekday <= 5 && !holidays.includes(isoDate(day));
}

function localTime(instant: Date, timezone: string): DateTime {
  return DateTime.fromJSDate(instant, { zone: timezone });
}

function isoDate(day: DateTime): string {
  return day.toFormat('yyyy-MM-dd');
}
