import { cycle, reviewReminded } from './cycle.ts';
import { remind } from './review.ts';
import { isOverdue, runsCycles } from './rules.ts';
import { writeCycle } from './write.ts';

/** Reminds the client of an open review. A review is never completed by silence. */
export const remindReview = cycle.command({
  name: 'cycle.remind',
  version: 'optional',
  button: { label: 'Remind client' },
  rank: 2,
  who: runsCycles,
  when: ({ status }) => status === 'in_review' || 'there is no open review to remind of',
  // It changes nothing about the cycle, not even its version: presses on older cards stay good.
  handle: async (context, _input, it) => {
    const after = remind(it, context.actor.kind !== 'system', context.now);
    await writeCycle(context, it, after);
    const { closesAt } = after.review;
    return {
      events: [reviewReminded.of(it, after, { closesAt, overdue: isOverdue(after) })],
      after,
      say: `${after.clientName} is reminded of the review.`,
    };
  },
});
