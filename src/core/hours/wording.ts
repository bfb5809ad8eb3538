import { DateTime } from 'luxon';
import { DomainError } from '../kernel/errors.ts';
import type { Overrun } from './overrun-schema.ts';
import type { Period, Status } from './period-schema.ts';

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  open: 'Open',
  sent: 'Waiting for a signature',
  disputed: 'Disputed',
  signed: 'Signed',
};

/** A status inside a sentence: "November 2026 of Acme website is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  open: 'not sent yet',
  sent: 'sent',
  disputed: 'disputed',
  signed: 'signed',
};

/** "November 2026" */
export function monthText(month: string): string {
  return DateTime.fromISO(`${month}-01`, { zone: 'utc' }).setLocale('en-US').toFormat('LLLL yyyy');
}

export function called({ month, projectName }: Pick<Period | Overrun, 'month' | 'projectName'>): string {
  return `${monthText(month)} of ${projectName}`;
}

export function shown({ id }: Pick<Period, 'id'>) {
  return { target: 'period.show', input: { period: id } };
}

/** A refusal because of how a month stands; answered together with its card. */
export function refusal(period: Pick<Period, 'id'>, say: string): DomainError {
  return new DomainError('conflict', say, { show: shown(period) });
}

/** What was typed cannot be: said beside each field. */
export function wrong(fields: Readonly<Record<string, string>>): DomainError {
  const words = Object.entries(fields).map(([field, fault]) => `${field}: ${fault}`);
  return new DomainError('invalid', `Please check: ${words.join('; ')}`, { fields });
}

/** The day that it is where somebody is: they log by their own calendar. */
export function todayOf(now: Date, timezone: string): string {
  return DateTime.fromJSDate(now, { zone: timezone }).toFormat('yyyy-MM-dd');
}
