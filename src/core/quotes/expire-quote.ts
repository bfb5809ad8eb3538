import { isSystem } from '../kernel/actor.ts';
import { expire } from './offer.ts';
import { expired, quote } from './quote.ts';
import { isSent } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** Notes that the last day of an offer is over. It could not be accepted before somebody noted it either. */
export const expireQuote = quote.command({
  name: 'quote.expire',
  version: 'optional',
  button: [],
  who: isSystem,
  when: isSent,
  decide: (it, _input, { actor, now }) => expire(it, byOf(actor), now),
  event: expired,
  say: (after) => `${called(after)} expired.`,
});
