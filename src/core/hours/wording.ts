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
