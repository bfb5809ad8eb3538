import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { timeText } from './calendar.ts';
import { EVENTS, runsCycles, scopeOf } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { openReview as decide } from './review.ts';

/** Opens the review week: the schedule does so after the cycle's end, staff may do so at any time. */
export const openReview = command({
  name: 'cycle.open-review',
  input: z.strictObject({ cycle: z.uuid() }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async ({ actor, sql, now }, _input, cycle) => {
    const next = decide(cycle, actor.kind === 'system', now);
    const { opensAt, closesAt } = next.review;
    await sql`update cycle set status = ${next.status}, version = ${next.version}, review_opens_at = ${opensAt}, review_closes_at = ${closesAt}, reminded_at = null
      where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${cycle.version}`;
    return {
      events: [changeOf(EVENTS.reviewOpened, cycle, next, { opensAt, closesAt })],
      output: doneWith(next, `${scopeOf(next).content.name} is in review until ${timeText(closesAt, actor.timezone)}.`),
    };
  },
  reply: doneCard,
});
