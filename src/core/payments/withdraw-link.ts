import { payment, withdrawn } from './payment.ts';
import { isWaiting, maySettle } from './rules.ts';
import { called } from './wording.ts';

/** Nobody shall pay by the link any more. */
export const withdrawLink = payment.command({
  name: 'payment.withdraw',
  button: { label: 'Withdraw the link', word: 'WITHDRAW', place: 'more' },
  who: maySettle,
  when: (it) => isWaiting(it) || 'its link is of no use already',
  decide: (it) => ({ ...it, status: 'withdrawn' as const }),
  event: withdrawn,
  say: (it) => `The link of ${called(it)} is withdrawn.`,
});
