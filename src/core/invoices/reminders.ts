import { endOfDay } from '../kernel/dates.ts';
import type { Reminder } from '../kernel/reminders.ts';
import { comingReminders, dueOf, firstOf, REST } from '../kernel/reminders.ts';
import { isOpen } from './rules.ts';
import type { Invoice } from './schema.ts';

/** When the client is reminded, in days after the last day to pay. */
export const REMINDER_DAYS: readonly number[] = [-3, 0, 7, 14];

type Due = Pick<Invoice, 'state' | 'dueOn' | 'timezone' | 'remindedAt' | 'overdueAt'>;

function coming(it: Due): Reminder[] {
  const { state, dueOn } = it;
  if (!isOpen(it) || dueOn === null || !('issued' in state) || !state.issued) return [];
  return comingReminders({ ...it, day: dueOn, days: REMINDER_DAYS, quietUntil: state.issued.at.getTime() + REST });
}

/** The reminder that is due now. */
export function reminderDue(it: Due, now: Date): Reminder | null {
  return dueOf(coming(it), now);
}

/** It became overdue, and nobody noted that yet. */
export function isOverdueNew(it: Due, now: Date): boolean {
  const { dueOn, timezone, overdueAt } = it;
  return isOpen(it) && dueOn !== null && overdueAt === null && endOfDay(dueOn, timezone) <= now;
}

/** When there is something to do about it by itself; null where there is nothing, like once it is settled. */
export function lookAtOf(it: Due): Date | null {
  const { dueOn, timezone, overdueAt } = it;
  const becomesOverdue = isOpen(it) && dueOn !== null && overdueAt === null ? [endOfDay(dueOn, timezone)] : [];
  return firstOf([...coming(it).map(({ at }) => at), ...becomesOverdue]);
}
