import { text } from '../kernel/field.ts';
import { decline } from './offer.ts';
import { declined, quote } from './quote.ts';
import { isSent, mayAnswer } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** The client's approver does not want it, and says why. */
export const declineQuote = quote.command({
  name: 'quote.decline',
  fields: { reason: text({ label: 'Why not?', least: 3 }) },
  button: { label: 'Decline', style: 'danger' },
  rank: 2,
  form: (it) => ({ lead: `${it.firmName} sees the reason, and can offer something else.` }),
  who: mayAnswer,
  when: isSent,
  decide: (it, { reason }, { actor, now }) => decline(it, reason, byOf(actor), now),
  event: (before, after, { reason }) => declined.of(before, after, { reason }),
  say: (after) => `${called(after)} is declined. ${after.firmName} sees the reason.`,
});
