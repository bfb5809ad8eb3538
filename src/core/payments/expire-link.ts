import { expired, payment } from './payment.ts';
import { isTool, isWaiting } from './rules.ts';
import { called } from './wording.ts';

/** Nobody paid by the link, and it has ended. */
export const expireLink = payment.command({
  name: 'payment.expire',
  version: 'optional',
  button: [],
  who: isTool,
  when: (it) => isWaiting(it) || 'its link is of no use already',
  decide: (it) => ({ ...it, status: 'expired' as const }),
  event: expired,
  say: (it) => `The link of ${called(it)} has ended.`,
});
