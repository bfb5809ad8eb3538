import { DateTime } from 'luxon';
import type { Actor } from '../kernel/actor.ts';
import type { Kind, Status } from './ticket.ts';

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  new: 'New',
  needs_info: 'Needs information',
  approved: 'Approved',
  in_progress: 'In progress',
  resolved: 'Resolved',
  declined: 'Declined',
  duplicate: 'Duplicate',
};

export const KIND_LABELS: Readonly<Record<Kind, string>> = { bug: 'Bug', change: 'Change' };

/** An instant in the reader's time zone. Never relative to now: a posted card must not grow old by itself. */
export function instant(iso: string, { timezone }: Actor): string {
  return DateTime.fromISO(iso, { zone: timezone }).toFormat('d LLL yyyy, HH:mm');
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A date, which has no time zone. */
export function day(iso: string): string {
  return DateTime.fromISO(iso).toFormat('d LLL yyyy');
}
