import type { Reminder } from '../kernel/reminders.ts';
import { comingReminders, dueOf, firstOf, REST } from '../kernel/reminders.ts';
import type { Quote } from './schema.ts';

/** When the client is reminded of an offer, in days before its last day. */
const DAYS: readonly number[] = [-7, -2, 0];

type Due = Pick<Quote, 'state' | 'content' | 'timezone' | 'remindedAt'>;

function coming(it: Due): Reminder[] {
  const { state, content } = it;
  if (state.status !== 'sent') return [];
  return comingReminders({ ...it, day: content.expiresOn, days: DAYS, quietUntil: state.sent.at.getTime() + REST });
}

/** The reminder that is due now. */
export function reminderDue(it: Due, now: Date): Reminder | null {
  return dueOf(coming(it), now);
}

/** When there is something to remind of; null where there is nothing, like once it is answered. */
export function lookAtOf(it: Due): Date | null {
  return firstOf(coming(it).map(({ at }) => at));
}
