import { todayOf } from '../kernel/dates.ts';
import type { Reminder } from '../kernel/reminders.ts';
import { comingReminders, dueOf, firstOf } from '../kernel/reminders.ts';
import type { Cycle } from './schema.ts';
import { hasAgreed, scopeOf } from './schema.ts';

/** When the client is reminded of a scope that it has not approved, in days after that version was written. */
const DAYS: readonly number[] = [2, 5, 10];

/** Before work begins: later the client is asked again with the review. */
function coming(cycle: Cycle): Reminder[] {
  const scope = scopeOf(cycle);
  if (cycle.status !== 'upcoming' || hasAgreed(scope, 'client')) return [];
  const { remindedAt, calendar } = cycle;
  const { timezone } = calendar;
  const day = todayOf(scope.at, timezone);
  return comingReminders({ day, days: DAYS, timezone, quietUntil: scope.at.getTime(), remindedAt });
}

/** The reminder that is due now. */
export function approvalReminderDue(cycle: Cycle, now: Date): Reminder | null {
  return dueOf(coming(cycle), now);
}

/** When there is something to remind of; null where there is nothing, like once the client has agreed. */
export function approvalLookAtOf(cycle: Cycle): Date | null {
  return firstOf(coming(cycle).map(({ at }) => at));
}
