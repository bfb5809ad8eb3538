import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { timeText } from './calendar.ts';
import { Words } from './content.ts';
import { byOf, EVENTS, OUTCOMES, runsCycles, scopeOf } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { resolve } from './review.ts';
import { writeReview } from './write.ts';

/** Answers a dispute: back to the client for another look, or back to work. */
export const resolveDispute = command({
  name: 'cycle.resolve',
  input: z.strictObject({
    cycle: z.uuid(),
    version: z.coerce.number().int(),
    resolution: Words,
    outcome: z.enum(OUTCOMES),
  }),
  fields: ['resolution', 'outcome'],
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async (context, { version, resolution, outcome }, cycle) => {
    const { actor, sql, now } = context;
    const by = byOf(actor);
    const next = resolve(cycle, { version, resolution, outcome }, by, now);
    const { opensAt, closesAt } = next.review;
    await Promise.all([
      sql`update dispute set resolution = ${resolution}, resolved_by = ${by.personId}, resolved_by_name = ${by.name}, resolved_at = ${now}
        where tenant_id = ${actor.tenantId} and cycle_id = ${next.id} and resolved_at is null`,
      writeReview(context, cycle, next),
    ]);
    const where =
      next.status === 'in_review' ? `in review until ${timeText(closesAt, actor.timezone)}` : 'in progress again';
    return {
      events: [changeOf(EVENTS.disputeResolved, cycle, next, { resolution, outcome, opensAt, closesAt })],
      output: doneWith(next, `The dispute is resolved. ${scopeOf(next).content.name} is ${where}.`),
    };
  },
  reply: doneCard,
});
