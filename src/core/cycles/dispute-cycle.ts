import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { Words } from './content.ts';
import { byOf, EVENTS, mayReview, scopeOf } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { dispute } from './review.ts';
import { writeStanding } from './write.ts';

/** The client's approver says what is wrong with what was delivered. The review stays open until that is resolved. */
export const disputeCycle = command({
  name: 'cycle.dispute',
  input: z.strictObject({ cycle: z.uuid(), version: z.coerce.number().int(), reason: Words }),
  fields: ['reason'],
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: mayReview,
  handle: async (context, { version, reason }, cycle) => {
    const { actor, sql, now, newId } = context;
    const { personId, ...by } = byOf(actor);
    if (!personId) throw new DomainError('forbidden', 'Only a person can dispute.');
    const id = newId();
    const next = dispute(cycle, { version, id, reason }, { ...by, personId }, now);
    await Promise.all([
      sql`insert into dispute (tenant_id, id, cycle_id, client_id, project_id, reason, person_id, by_name, opened_at)
        values (${actor.tenantId}, ${id}, ${next.id}, ${next.clientId}, ${next.projectId}, ${reason}, ${personId}, ${by.name}, ${now})`,
      writeStanding(context, cycle, next),
    ]);
    return {
      events: [changeOf(EVENTS.disputed, cycle, next, { dispute: id, reason })],
      output: doneWith(next, `${scopeOf(next).content.name} is disputed. ${next.firmName} is told at once.`),
    };
  },
  reply: doneCard,
});
