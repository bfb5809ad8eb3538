import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { EVENTS, isOverdue, runsCycles } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { remind } from './review.ts';
import { writeStanding } from './write.ts';

/** Reminds the client of an open review. A review is never completed by silence. */
export const remindReview = command({
  name: 'cycle.remind',
  input: z.strictObject({ cycle: z.uuid() }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async (context, _input, cycle) => {
    const next = remind(cycle, context.actor.kind !== 'system', context.now);
    await writeStanding(context, cycle, next);
    return {
      events: [
        changeOf(EVENTS.reviewReminded, cycle, next, { closesAt: next.review.closesAt, overdue: isOverdue(next) }),
      ],
      output: doneWith(next, `${next.clientName} is reminded of the review.`),
    };
  },
  reply: doneCard,
});
