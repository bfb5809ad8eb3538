import { endOfDay } from '../kernel/dates.ts';
import { earlier, REST, remindersOf } from '../kernel/reminders.ts';
import { isOpen } from './rules.ts';
import type { Invoice } from './schema.ts';

/** When the client is reminded, in days after the last day to pay. */
export const REMINDER_DAYS: readonly number[] = [-3, 0, 7, 14];

type Due = Pick<Invoice, 'state' | 'dueOn' | 'timezone' | 'remindedAt' | 'overdueAt'>;

const waiting = remindersOf<Due>((it) => {
  const { state, dueOn } = it;
  if (!isOpen(it) || dueOn === null || !('issued' in state) || !state.issued) return null;
  return { ...it, day: dueOn, days: REMINDER_DAYS, quietUntil: state.issued.at.getTime() + REST };
});
export const reminderDue = waiting.due;

/** It became overdue, and nobody noted that yet. */
export function isOverdueNew(it: Due, now: Date): boolean {
  const { dueOn, timezone, overdueAt } = it;
  return isOpen(it) && dueOn !== null && overdueAt === null && endOfDay(dueOn, timezone) <= now;
}

/** When there is something to do about it by itself; null where there is nothing, like once it is settled. */
export function lookAtOf(it: Due): Date | null {
  const { dueOn, timezone, overdueAt } = it;
  const becomesOverdue = isOpen(it) && dueOn !== null && overdueAt === null ? endOfDay(dueOn, timezone) : null;
  return earlier(waiting.next(it), becomesOverdue);
}
