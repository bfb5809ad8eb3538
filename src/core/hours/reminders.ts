import { todayOf } from '../kernel/dates.ts';
import type { Reminder } from '../kernel/reminders.ts';
import { comingReminders, dueOf, firstOf } from '../kernel/reminders.ts';
import type { Overrun } from './overrun-schema.ts';
import type { Period } from './period-schema.ts';

/** When the client is reminded of a month that waits for its signature, in days after it was sent. */
const TO_SIGN: readonly number[] = [3, 7, 14];
/** The same of more hours, before which nobody goes on working. */
const TO_APPROVE: readonly number[] = [1, 3, 7];

type DueMonth = Pick<Period, 'state' | 'timezone' | 'remindedAt'>;
type DueOverrun = Pick<Overrun, 'status' | 'isClosed' | 'askedAt' | 'timezone' | 'remindedAt'>;

function ofMonth(it: DueMonth): Reminder[] {
  return it.state.status === 'sent' ? since(it.state.sent.at, TO_SIGN, it) : [];
}

function ofOverrun(it: DueOverrun): Reminder[] {
  return it.status === 'asked' && !it.isClosed ? since(it.askedAt, TO_APPROVE, it) : [];
}

function since(at: Date, days: readonly number[], it: Pick<DueMonth, 'timezone' | 'remindedAt'>): Reminder[] {
  return comingReminders({ ...it, day: todayOf(at, it.timezone), days, quietUntil: at.getTime() });
}

/** The reminder of a month that is due now. */
export function monthReminderDue(it: DueMonth, now: Date): Reminder | null {
  return dueOf(ofMonth(it), now);
}

/** The same of a request for more hours. */
export function overrunReminderDue(it: DueOverrun, now: Date): Reminder | null {
  return dueOf(ofOverrun(it), now);
}

/** When there is something to remind of in a month; null where there is nothing, like once it is signed. */
export function monthLookAtOf(it: DueMonth): Date | null {
  return firstOf(ofMonth(it).map(({ at }) => at));
}

/** The same of a request for more hours. */
export function overrunLookAtOf(it: DueOverrun): Date | null {
  return firstOf(ofOverrun(it).map(({ at }) => at));
}
