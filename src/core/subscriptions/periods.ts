import { DateTime } from 'luxon';
import { daysAfter, endOfDay } from '../kernel/dates.ts';
import type { Every, Subscription } from './schema.ts';

/*
 * When what comes again and again is billed, as pure functions. Every period is counted from the first day and not from the one before:
 * what began on 31 January is billed on 28 February and on 31 March.
 */

const MONTHS: Readonly<Record<Every, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

type Running = Pick<Subscription, 'startsOn' | 'every' | 'billed' | 'state' | 'timezone'>;

/** Its first and its last day, on the client's calendar. */
export interface Span {
  from: string;
  to: string;
}

/** The period of that number; the first one is 0. */
export function periodOf({ startsOn, every }: Pick<Running, 'startsOn' | 'every'>, number: number): Span {
  const first = DateTime.fromISO(startsOn, { zone: 'utc' });
  const begin = (one: number) => first.plus({ months: MONTHS[every] * one }).toFormat('yyyy-MM-dd');
  return { from: begin(number), to: daysAfter(begin(number + 1), -1) };
}

/** Periods that have begun by that day and were not billed, the oldest first: after an outage these are several. */
export function duePeriods(it: Running, today: string, most: number): Span[] {
  const due: Span[] = [];
  if (it.state.status === 'ended') return due;
  for (let number = it.billed; due.length < most; number += 1) {
    const period = periodOf(it, number);
    if (period.from > today) break;
    due.push(period);
  }
  return due;
}

/** The first day of the period that is billed next; null where none is. */
export function nextOn(it: Running): string | null {
  return it.state.status === 'ended' ? null : periodOf(it, it.billed).from;
}

/** The moment at which that day begins where the client is. */
export function lookAtOf(it: Running): Date | null {
  const next = nextOn(it);
  return next === null ? null : endOfDay(daysAfter(next, -1), it.timezone);
}
