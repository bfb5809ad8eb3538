import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { EVENTS, isOverdue, runsCycles } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { remind } from './review.ts';

/** Reminds the client of an open review. A review is never completed by silence. */
export const remindReview = command({
  name: 'cycle.remind',
  input: z.strictObject({ cycle: z.uuid() }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async ({ actor, sql, now }, _input, cycle) => {
    const next = remind(cycle, actor.kind !== 'system', now);
    await sql`update cycle set reminded_at = ${now} where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${cycle.version}`;
    return {
      events: [
        changeOf(EVENTS.reviewReminded, cycle, next, { closesAt: next.review.closesAt, overdue: isOverdue(next) }),
      ],
      output: doneWith(next, `${next.clientName} is reminded of the review.`),
    };
  },
  reply: doneCard,
});
