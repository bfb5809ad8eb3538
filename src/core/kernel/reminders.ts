import { daysAfter, hourOfDay } from './dates.ts';

/*
 * When somebody is reminded of what waits for them, as pure decisions. Each area says from which day its days are counted, and until
 * when nobody is reminded.
 */

/** The hour at which people are reminded, where they are. */
const HOUR = 9;
/** Whoever was told just now needs no reminder of it. */
export const REST = 24 * 60 * 60_000;

/** A moment at which somebody is reminded: so many days after the day of the thing, or (negative) before it. */
export interface Reminder {
  days: number;
  at: Date;
}

export interface Remindable {
  /** The calendar day from which days are counted. */
  day: string;
  /** On which days, in their order. */
  days: readonly number[];
  timezone: string;
  /** Milliseconds, as of Date.getTime(): up to here nobody is reminded. */
  quietUntil: number;
  remindedAt: Date | null;
}

/** The reminders that were not sent yet: those that have passed while a later one was sent are not sent any more. */
export function comingReminders({ day, days, timezone, quietUntil, remindedAt }: Remindable): Reminder[] {
  const from = Math.max(quietUntil, remindedAt?.getTime() ?? 0);
  return days
    .map((many) => ({ days: many, at: hourOfDay(daysAfter(day, many), HOUR, timezone) }))
    .filter(({ at }) => at.getTime() > from);
}

/** The reminder that is due now: of several the last one, so that a hub that was off reminds once. */
export function dueOf(coming: readonly Reminder[], now: Date): Reminder | null {
  return coming.findLast(({ at }) => at <= now) ?? null;
}

/**
 * When things of a kind are reminded of.
 * @param waits what a thing is reminded by; null where it waits for nobody, like once it is answered
 */
export function remindersOf<It>(waits: (it: It) => Remindable | null) {
  const coming = (it: It): Reminder[] => {
    const found = waits(it);
    return found ? comingReminders(found) : [];
  };
  return {
    /** The reminder that is due now. */
    due: (it: It, now: Date): Reminder | null => dueOf(coming(it), now),
    /** When there is something to remind of next; null where there is nothing. */
    next: (it: It): Date | null => coming(it)[0]?.at ?? null,
  };
}

/** The first of two moments, of which each may not be. */
export function earlier(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}
