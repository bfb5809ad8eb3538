import { isSystem } from '../kernel/actor.ts';
import { timeText } from './duration.ts';
import { usedOf } from './month.ts';
import { period, unsent } from './period.ts';
import { noteTold } from './period-queries.ts';
import { called, refusal } from './wording.ts';

/** Tells the team once that a month is over whose hours nobody sent to be signed. */
export const remindUnsent = period.command({
  name: 'period.remind-unsent',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: isSystem,
  when: (it) => it.state.status === 'open' && (usedOf(it) > 0 || 'nothing that counts for the client is logged in it'),
  handle: async (context, _input, it) => {
    if (!(await noteTold(context, it))) throw refusal(it, `The team was told before that ${called(it)} was not sent.`);
    const say = `${called(it)} waits to be sent: ${timeText(usedOf(it))}.`;
    return { events: [unsent.of(it, it)], after: it, say };
  },
});
