import { REST, remindersOf } from '../kernel/reminders.ts';
import type { Quote } from './schema.ts';

/** When the client is reminded of an offer, in days before its last day. */
const DAYS: readonly number[] = [-7, -2, 0];

type Due = Pick<Quote, 'state' | 'content' | 'timezone' | 'remindedAt'>;

export const { due: reminderDue, next: lookAtOf } = remindersOf<Due>(({ state, content, ...it }) => {
  if (state.status !== 'sent') return null;
  return { ...it, day: content.expiresOn, days: DAYS, quietUntil: state.sent.at.getTime() + REST };
});
