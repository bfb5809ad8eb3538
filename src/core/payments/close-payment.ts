import { text } from '../kernel/field.ts';
import { closed as decide } from './decide.ts';
import { closed, payment } from './payment.ts';
import { isUnplaced, maySettle } from './rules.ts';
import { called } from './wording.ts';

/** Somebody of the firm saw to it elsewhere: the money was used for another invoice, or paid back by hand. */
export const closePayment = payment.command({
  name: 'payment.close',
  fields: { reason: text({ label: 'What became of it?', least: 3, most: 500 }) },
  button: { label: 'Close', place: 'more' },
  who: maySettle,
  when: (it) => isUnplaced(it) || 'nobody waits for that',
  decide: (it, { reason }) => decide(it, reason),
  event: (before, after, { reason }) => closed.of(before, after, { reason }),
  say: (it) => `${called(it).replace('the', 'The')} is closed.`,
});
