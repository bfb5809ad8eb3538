import { choice } from '../kernel/field.ts';
import { timeText } from './calendar.ts';
import { words } from './content.ts';
import { cycle, disputeResolved } from './cycle.ts';
import { resolve } from './review.ts';
import { byOf, runsCycles } from './rules.ts';
import { OUTCOMES, scopeOf } from './schema.ts';

/** Answers a dispute: back to the client for another look, or back to work. */
export const resolveDispute = cycle.command({
  name: 'cycle.resolve',
  formerly: ['cycle.resolve-form'],
  fields: {
    resolution: words('What was agreed or done?'),
    outcome: choice(OUTCOMES, {
      label: 'What happens next?',
      labels: {
        back_to_review: 'Back to review: the client looks again',
        back_to_work: 'Back to work: something is still to be done',
      },
    }),
  },
  button: { label: 'Resolve', style: 'primary' },
  rank: 1,
  form: (it) => ({
    title: `Resolve the dispute of ${scopeOf(it).content.name}`,
    ...(it.status === 'disputed' ? { lead: `${it.dispute.byName}: ${it.dispute.reason}` } : {}),
  }),
  who: runsCycles,
  when: ({ status }) => status === 'disputed',
  decide: (it, { resolution, outcome }, { actor, now }) =>
    resolve(it, { version: it.version, resolution, outcome }, byOf(actor), now),
  event: (before, after, { resolution, outcome }) =>
    disputeResolved.of(before, after, { resolution, outcome, ...after.review }),
  say: (after, _before, { timezone }) => {
    const closes = timeText(after.review.closesAt, timezone);
    const where = after.status === 'in_review' ? `in review until ${closes}` : 'in progress again';
    return `The dispute is resolved. ${scopeOf(after).content.name} is ${where}.`;
  },
});
