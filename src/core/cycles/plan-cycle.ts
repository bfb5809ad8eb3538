import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { plan } from './agree.ts';
import { contentFields, endsAfterStart } from './content.ts';
import { byOf, EVENTS, runsCycles, scopeOf } from './cycle.ts';
import { readGround } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { addVersion } from './write.ts';

/** Plans a cycle: what will be delivered, from when to when. Both sides then approve it. */
export const planCycle = command({
  name: 'cycle.plan',
  input: z
    .strictObject({
      project: z.uuid(),
      ...contentFields,
      // Business days the client has for the review; a week unless said otherwise.
      reviewDays: z.preprocess(
        (value) => (value === '' ? undefined : value),
        z.coerce.number().int('is a whole number').min(1, 'is at least 1').max(60, 'is at most 60').default(5),
      ),
    })
    .superRefine(endsAfterStart),
  fields: ['project', 'name', 'startsOn', 'endsOn', 'deliverables', 'reviewDays'],
  load: (context, { project }) => readGround(context, project),
  policy: (actor) => runsCycles(actor),
  handle: async (context, { project: _project, reviewDays, ...content }, ground) => {
    const { actor, sql, now, newId } = context;
    const cycle = plan({ ...ground, id: newId(), reviewDays }, content, byOf(actor), now);
    const scope = scopeOf(cycle);
    await Promise.all([
      sql`insert into cycle (tenant_id, id, client_id, project_id, status, version, content_number, content_hash, name, starts_on, ends_on,
          review_days, review_opens_at, review_closes_at, created_at)
        values (${actor.tenantId}, ${cycle.id}, ${cycle.clientId}, ${cycle.projectId}, ${cycle.status}, ${cycle.version}, ${scope.number}, ${scope.hash},
          ${content.name}, ${content.startsOn}, ${content.endsOn}, ${reviewDays}, ${cycle.review.opensAt}, ${cycle.review.closesAt}, ${now})`,
      addVersion(context, cycle),
    ]);
    return {
      events: [changeOf(EVENTS.planned, null, cycle)],
      output: doneWith(
        cycle,
        `${content.name} is planned. ${cycle.firmName} and ${cycle.clientName} can approve it now.`,
      ),
    };
  },
  reply: doneCard,
});
