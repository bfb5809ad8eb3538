import { timeText } from './duration.ts';
import { overrun, withdrawn } from './overrun.ts';
import { answerOf, byOf } from './period-schema.ts';
import { isWaiting, runsHours } from './rules.ts';

/** The firm takes back what it asked for, like 50 hours that should have been 5: there is one request at a time. */
export const withdrawOverrun = overrun.command({
  name: 'overrun.withdraw',
  button: { label: 'Withdraw' },
  rank: 1,
  who: runsHours,
  when: isWaiting,
  decide: (it, _input, { actor, now }) => ({
    ...it,
    status: 'withdrawn',
    answer: { ...answerOf(byOf(actor), now), reason: null },
  }),
  event: withdrawn,
  say: (it) => `${it.clientName} is not asked for ${timeText(it.minutes)} any more.`,
});
