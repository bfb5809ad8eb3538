import { timeText } from './calendar.ts';
import { cycle, reviewOpened } from './cycle.ts';
import { openReview as decide } from './review.ts';
import { runsCycles } from './rules.ts';
import { scopeOf } from './schema.ts';

/** Opens the review week: the schedule does so after the cycle's end, staff may do so at any time. */
export const openReview = cycle.command({
  name: 'cycle.open-review',
  version: 'optional',
  button: { label: 'Open review', word: 'REVIEW' },
  rank: 2,
  who: runsCycles,
  when: ({ status }) => status === 'in_progress',
  decide: (it, _input, { actor, now }) => decide(it, actor.kind === 'system', now),
  event: (before, after) => reviewOpened.of(before, after, after.review),
  say: (after, _before, { timezone }) =>
    `${scopeOf(after).content.name} is in review until ${timeText(after.review.closesAt, timezone)}.`,
});
