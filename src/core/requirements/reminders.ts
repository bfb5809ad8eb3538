import { endOfDay } from '../kernel/dates.ts';
import { earlier, REST, remindersOf } from '../kernel/reminders.ts';
import { isOpen } from './rules.ts';
import type { Requirement } from './schema.ts';

/** When the client is reminded, in days after the day by which it is needed. */
const DAYS: readonly number[] = [-3, 0, 3, 10];

type Due = Pick<Requirement, 'state' | 'dueOn' | 'timezone' | 'createdAt' | 'remindedAt' | 'overdueAt'>;

const waiting = remindersOf<Due>((it) => {
  const { state, dueOn, createdAt } = it;
  if (!isOpen(it) || dueOn === null) return null;
  // Whoever was just asked, or told what is wrong, needs no reminder of it.
  const told = state.status === 'returned' ? state.settled.at : createdAt;
  return { ...it, day: dueOn, days: DAYS, quietUntil: told.getTime() + REST };
});
export const reminderDue = waiting.due;

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
  const becomesOverdue = isOpen(it) && dueOn !== null && overdueAt === null ? endOfDay(dueOn, timezone) : null;
  return earlier(waiting.next(it), becomesOverdue);
}
