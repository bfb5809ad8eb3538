import { daysAfter, hourOfDay, todayOf } from '../kernel/dates.ts';
import type { Deliverable } from './schema.ts';
import { lastShare } from './schema.ts';

/** When the client is reminded of what it is to look at, in days after it was shared. Then it is the firm's turn to ask. */
const REMINDER_DAYS: readonly number[] = [2, 5, 10];
/** The hour at which it is, where the client is. */
const HOUR = 9;

type Due = Pick<Deliverable, 'state' | 'closed' | 'shares' | 'timezone' | 'remindedAt'>;

/** The reminders that were not sent yet: those that have passed while a later one was sent are not sent any more. */
function coming(it: Due): Date[] {
  const share = lastShare(it);
  if (it.state.status !== 'in_review' || it.closed || !share) return [];
  const day = todayOf(share.at, it.timezone);
  const from = it.remindedAt?.getTime() ?? 0;
  return REMINDER_DAYS.map((days) => hourOfDay(daysAfter(day, days), HOUR, it.timezone)).filter(
    (at) => at.getTime() > from,
  );
}

/** The reminder that is due now: of several the last one, so that a hub that was off reminds once. */
export function reminderDue(it: Due, now: Date): Date | null {
  return coming(it).findLast((at) => at <= now) ?? null;
}

/** When there is something to remind of; null where there is nothing, like once it is decided. */
export function lookAtOf(it: Due): Date | null {
  return coming(it)[0] ?? null;
}
