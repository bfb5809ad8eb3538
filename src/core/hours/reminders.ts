import { todayOf } from '../kernel/dates.ts';
import type { Remindable } from '../kernel/reminders.ts';
import { remindersOf } from '../kernel/reminders.ts';
import type { Overrun } from './overrun-schema.ts';
import type { Period } from './period-schema.ts';

/** When the client is reminded of a month that waits for its signature, in days after it was sent. */
const TO_SIGN: readonly number[] = [3, 7, 14];
/** The same of more hours, before which nobody goes on working. */
const TO_APPROVE: readonly number[] = [1, 3, 7];

type DueMonth = Pick<Period, 'state' | 'timezone' | 'remindedAt'>;
type DueOverrun = Pick<Overrun, 'status' | 'isClosed' | 'askedAt' | 'timezone' | 'remindedAt'>;

export const { due: monthReminderDue, next: monthLookAtOf } = remindersOf<DueMonth>((it) =>
  it.state.status === 'sent' ? since(it.state.sent.at, TO_SIGN, it) : null,
);

export const { due: overrunReminderDue, next: overrunLookAtOf } = remindersOf<DueOverrun>((it) =>
  it.status === 'asked' && !it.isClosed ? since(it.askedAt, TO_APPROVE, it) : null,
);

function since(at: Date, days: readonly number[], it: Pick<DueMonth, 'timezone' | 'remindedAt'>): Remindable {
  return { ...it, day: todayOf(at, it.timezone), days, quietUntil: at.getTime() };
}
