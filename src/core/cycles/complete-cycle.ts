import { completed, cycle } from './cycle.ts';
import { complete } from './review.ts';
import { canComplete, mayReview } from './rules.ts';
import { scopeOf } from './schema.ts';

/** The client's approver takes what was delivered. Final. */
export const completeCycle = cycle.command({
  name: 'cycle.complete',
  button: { label: 'Looks good, complete', word: 'COMPLETE', style: 'primary' },
  rank: 1,
  who: mayReview,
  when: canComplete,
  decide: (it, _input, { now }) => complete(it, it, now),
  event: completed,
  say: (after) => `${scopeOf(after).content.name} is completed. Thank you!`,
});
