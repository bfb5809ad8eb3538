import { endOfDay } from '../kernel/dates.ts';
import type { Reminder } from '../kernel/reminders.ts';
import { comingReminders, dueOf, firstOf, REST } from '../kernel/reminders.ts';
import { isOpen } from './rules.ts';
import type { Requirement } from './schema.ts';

/** When the client is reminded, in days after the day by which it is needed. */
const DAYS: readonly number[] = [-3, 0, 3, 10];

type Due = Pick<Requirement, 'state' | 'dueOn' | 'timezone' | 'createdAt' | 'remindedAt' | 'overdueAt'>;

function coming(it: Due): Reminder[] {
  const { state, dueOn, createdAt } = it;
  if (!isOpen(it) || dueOn === null) return [];
  // Whoever was just asked, or told what is wrong, needs no reminder of it.
  const told = state.status === 'returned' ? state.settled.at : createdAt;
  return comingReminders({ ...it, day: dueOn, days: DAYS, quietUntil: told.getTime() + REST });
}

/** The reminder that is due now. */
export function reminderDue(it: Due, now: Date): Reminder | null {
  return dueOf(coming(it), now);
}

/** Its day is over where the client is, and it was not provided. */
function isLate(it: Pick<Due, 'state' | 'dueOn' | 'timezone'>, now: Date): boolean {
  return isOpen(it) && it.dueOn !== null && endOfDay(it.dueOn, it.timezone) <= now;
}

/** It became overdue, and nobody noted that yet. */
export function isOverdueNew(it: Due, now: Date): boolean {
  return it.overdueAt === null && isLate(it, now);
}

/** When there is something to do about it by itself; null where there is nothing, like once it is provided. */
export function lookAtOf(it: Due): Date | null {
  const { dueOn, timezone, overdueAt } = it;
  const becomesOverdue = isOpen(it) && dueOn !== null && overdueAt === null ? [endOfDay(dueOn, timezone)] : [];
  return firstOf([...coming(it).map(({ at }) => at), ...becomesOverdue]);
}
