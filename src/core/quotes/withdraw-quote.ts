import { withdraw } from './offer.ts';
import { quote, withdrawn } from './quote.ts';
import { isSent, maySend } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** The firm takes back what it offered: it cannot be accepted any more. */
export const withdrawQuote = quote.command({
  name: 'quote.withdraw',
  button: { label: 'Withdraw', style: 'danger', place: 'more' },
  who: maySend,
  when: isSent,
  decide: (it, _input, { actor, now }) => withdraw(it, byOf(actor), now),
  event: withdrawn,
  say: (after) => `${called(after)} is withdrawn. Copy it to offer something else.`,
});
