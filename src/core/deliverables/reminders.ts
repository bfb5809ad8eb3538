import { todayOf } from '../kernel/dates.ts';
import { remindersOf } from '../kernel/reminders.ts';
import type { Deliverable } from './schema.ts';
import { lastShare } from './schema.ts';

/** When the client is reminded of what it is to look at, in days after it was shared. Then it is the firm's turn to ask. */
const DAYS: readonly number[] = [2, 5, 10];

type Due = Pick<Deliverable, 'state' | 'closed' | 'shares' | 'timezone' | 'remindedAt'>;

export const { due: reminderDue, next: lookAtOf } = remindersOf<Due>((it) => {
  const share = lastShare(it);
  if (it.state.status !== 'in_review' || it.closed || !share) return null;
  return { ...it, day: todayOf(share.at, it.timezone), days: DAYS, quietUntil: share.at.getTime() };
});
