import { deliverable, reopened } from './deliverable.ts';
import { reopen } from './review.ts';
import { runsDeliverables, whileStanding } from './rules.ts';
import { called } from './wording.ts';

/** What was taken out is delivered all the same, and has to be shared anew. */
export const reopenDeliverable = deliverable.command({
  name: 'deliverable.reopen',
  button: { label: 'Reopen' },
  rank: 1,
  who: runsDeliverables,
  when: whileStanding('withdrawn'),
  decide: (it) => reopen(it),
  event: reopened,
  say: (after) => `${called(after)} is planned again.`,
});
