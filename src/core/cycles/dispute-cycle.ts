import { words } from './content.ts';
import { cycle, disputed } from './cycle.ts';
import { dispute } from './review.ts';
import { mayReview, personBy } from './rules.ts';
import { partyName, scopeOf } from './schema.ts';

/** The client's approver says what is wrong with what was delivered. The review stays open until that is resolved. */
export const disputeCycle = cycle.command({
  name: 'cycle.dispute',
  formerly: ['cycle.dispute-form'],
  fields: { reason: words('What is not as agreed?') },
  button: { label: 'Dispute', style: 'danger' },
  rank: 2,
  form: (it) => ({
    lead: `${partyName(it, 'firm')} is told at once. The review stays open until the dispute is resolved.`,
  }),
  who: mayReview,
  when: ({ status }) => status === 'in_review',
  decide: (it, { reason }, { actor, now, newId }) =>
    dispute(it, { version: it.version, id: newId(), reason }, personBy(actor, 'dispute'), now),
  event: (before, after, { reason }) =>
    disputed.of(before, after, { dispute: after.status === 'disputed' ? after.dispute.id : '', reason }),
  say: (after) => `${scopeOf(after).content.name} is disputed. ${after.firmName} is told at once.`,
});
