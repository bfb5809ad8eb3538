import { todayOf } from '../kernel/dates.ts';
import { remindersOf } from '../kernel/reminders.ts';
import type { Cycle } from './schema.ts';
import { hasAgreed, scopeOf } from './schema.ts';

/** When the client is reminded of a scope that it has not approved, in days after that version was written. */
const DAYS: readonly number[] = [2, 5, 10];

/** Before work begins: later the client is asked again with the review. */
export const { due: approvalReminderDue, next: approvalLookAtOf } = remindersOf<Cycle>((cycle) => {
  const scope = scopeOf(cycle);
  if (cycle.status !== 'upcoming' || hasAgreed(scope, 'client')) return null;
  const { remindedAt, calendar } = cycle;
  const { timezone } = calendar;
  const day = todayOf(scope.at, timezone);
  return { day, days: DAYS, timezone, quietUntil: scope.at.getTime(), remindedAt };
});
