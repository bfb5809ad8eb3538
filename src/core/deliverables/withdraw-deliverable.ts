import { deliverable, withdrawn } from './deliverable.ts';
import { withdraw } from './review.ts';
import { runsDeliverables, whileStanding } from './rules.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** It is not delivered after all. It counts for nobody's progress, and stays on record. */
export const withdrawDeliverable = deliverable.command({
  name: 'deliverable.withdraw',
  button: { label: 'Withdraw', style: 'danger', place: 'more' },
  who: runsDeliverables,
  when: whileStanding('planned', 'in_review', 'changes_wanted', 'approved'),
  decide: (it, _input, { actor, now }) => withdraw(it, byOf(actor), now),
  event: withdrawn,
  say: (after) => `${called(after)} is withdrawn.`,
});
