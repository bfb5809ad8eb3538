import { daysAfter, endOfDay, hourOfDay } from '../kernel/dates.ts';
import { isOpen } from './rules.ts';
import type { Invoice } from './schema.ts';

/** When the client is reminded, in days after the last day to pay. */
export const REMINDER_DAYS: readonly number[] = [-3, 0, 7, 14];
/** The hour at which they are, where the client is. */
const HOUR = 9;
/** Whoever has just got the invoice needs no reminder of it. */
const REST = 24 * 60 * 60_000;

type Due = Pick<Invoice, 'state' | 'dueOn' | 'timezone' | 'remindedAt' | 'overdueAt'>;

/** A moment at which the client is reminded. */
export interface Reminder {
  days: number;
  at: Date;
}

/** The reminders that were not sent yet: those that have passed while a later one was sent are not sent any more. */
function comingReminders(it: Due): Reminder[] {
  const { state, dueOn, timezone, remindedAt } = it;
  if (!isOpen(it) || dueOn === null || !('issued' in state) || !state.issued) return [];
  const from = Math.max(state.issued.at.getTime() + REST, remindedAt?.getTime() ?? 0);
  return REMINDER_DAYS.map((days) => ({ days, at: hourOfDay(daysAfter(dueOn, days), HOUR, timezone) })).filter(
    ({ at }) => at.getTime() > from,
  );
}

/** The reminder that is due now: of several the last one, so that a hub that was off reminds once. */
export function reminderDue(it: Due, now: Date): Reminder | null {
  return comingReminders(it).findLast(({ at }) => at <= now) ?? null;
}

/** It became overdue, and nobody noted that yet. */
export function isOverdueNew(it: Due, now: Date): boolean {
  const { dueOn, timezone, overdueAt } = it;
  return isOpen(it) && dueOn !== null && overdueAt === null && endOfDay(dueOn, timezone) <= now;
}

/** When there is something to do about it by itself; null where there is nothing, like once it is settled. */
export function lookAtOf(it: Due): Date | null {
  const { dueOn, timezone, overdueAt } = it;
  const moments = comingReminders(it).map(({ at }) => at);
  if (isOpen(it) && dueOn !== null && overdueAt === null) moments.push(endOfDay(dueOn, timezone));
  return moments.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
}
