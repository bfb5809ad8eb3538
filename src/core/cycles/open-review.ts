import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { timeText } from './calendar.ts';
import { EVENTS, runsCycles, scopeOf } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { openReview as decide } from './review.ts';
import { writeReview } from './write.ts';

/** Opens the review week: the schedule does so after the cycle's end, staff may do so at any time. */
export const openReview = command({
  name: 'cycle.open-review',
  input: z.strictObject({ cycle: z.uuid() }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async (context, _input, cycle) => {
    const { actor, now } = context;
    const next = decide(cycle, actor.kind === 'system', now);
    const { opensAt, closesAt } = next.review;
    await writeReview(context, cycle, next);
    return {
      events: [changeOf(EVENTS.reviewOpened, cycle, next, { opensAt, closesAt })],
      output: doneWith(next, `${scopeOf(next).content.name} is in review until ${timeText(closesAt, actor.timezone)}.`),
    };
  },
  reply: doneCard,
});
