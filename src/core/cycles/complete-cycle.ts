import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { EVENTS, mayReview, scopeOf } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { complete } from './review.ts';
import { writeStanding } from './write.ts';

/** The client's approver takes what was delivered. Final. */
export const completeCycle = command({
  name: 'cycle.complete',
  input: z.strictObject({ cycle: z.uuid(), version: z.coerce.number().int() }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: mayReview,
  handle: async (context, { version }, cycle) => {
    const next = complete(cycle, { version }, context.now);
    await writeStanding(context, cycle, next);
    return {
      events: [changeOf(EVENTS.completed, cycle, next)],
      output: doneWith(next, `${scopeOf(next).content.name} is completed. Thank you!`),
    };
  },
  reply: doneCard,
});
