import { todayOf } from '../kernel/dates.ts';
import type { Reminder } from '../kernel/reminders.ts';
import { comingReminders, dueOf, firstOf } from '../kernel/reminders.ts';
import type { Deliverable } from './schema.ts';
import { lastShare } from './schema.ts';

/** When the client is reminded of what it is to look at, in days after it was shared. Then it is the firm's turn to ask. */
const DAYS: readonly number[] = [2, 5, 10];

type Due = Pick<Deliverable, 'state' | 'closed' | 'shares' | 'timezone' | 'remindedAt'>;

function coming(it: Due): Reminder[] {
  const share = lastShare(it);
  if (it.state.status !== 'in_review' || it.closed || !share) return [];
  return comingReminders({ ...it, day: todayOf(share.at, it.timezone), days: DAYS, quietUntil: share.at.getTime() });
}

/** The reminder that is due now. */
export function reminderDue(it: Due, now: Date): Reminder | null {
  return dueOf(coming(it), now);
}

/** When there is something to remind of; null where there is nothing, like once it is decided. */
export function lookAtOf(it: Due): Date | null {
  return firstOf(coming(it).map(({ at }) => at));
}
