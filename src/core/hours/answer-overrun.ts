import { text } from '../kernel/field.ts';
import { timeText } from './duration.ts';
import { approved, declined, overrun } from './overrun.ts';
import { answerOf, byOf } from './period-schema.ts';
import { isWaiting, mayAnswer } from './rules.ts';
import { monthText } from './wording.ts';

/** The client's approver agrees to more hours, before they are worked. */
export const approveOverrun = overrun.command({
  name: 'overrun.approve',
  button: { label: 'Approve', style: 'primary' },
  rank: 1,
  signs: true,
  who: mayAnswer,
  when: isWaiting,
  decide: (it, _input, { actor, now }) => ({
    ...it,
    status: 'approved',
    answer: { ...answerOf(byOf(actor), now), reason: null },
  }),
  event: approved,
  say: (it) => `${timeText(it.minutes)} more are agreed on for ${monthText(it.month)}. Thank you!`,
});

/** The client's approver does not, and says why. */
export const declineOverrun = overrun.command({
  name: 'overrun.decline',
  fields: { reason: text({ label: 'Why not?', least: 3 }) },
  button: { label: 'Decline', style: 'danger' },
  rank: 2,
  form: (it) => ({ lead: `${it.firmName} sees the reason.` }),
  who: mayAnswer,
  when: isWaiting,
  decide: (it, { reason }, { actor, now }) => ({
    ...it,
    status: 'declined',
    answer: { ...answerOf(byOf(actor), now), reason },
  }),
  event: (before, after, { reason }) => declined.of(before, after, { reason }),
  say: (it) => `${it.firmName} is told: no more hours for ${monthText(it.month)}.`,
});
