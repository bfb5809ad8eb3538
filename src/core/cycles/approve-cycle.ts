import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { approve } from './agree.ts';
import { byOf, EVENTS, mayApprove, partyName, scopeOf, signedByBoth } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { missing } from './refusal.ts';
import { writeStanding } from './write.ts';

/** Signs the scope whose hash was on the screen: for the firm when staff press, for the client when an approver does. */
export const approveCycle = command({
  name: 'cycle.approve',
  input: z.strictObject({ cycle: z.uuid(), hash: z.string().regex(/^[\w-]{43}$/, 'is not a hash of ours') }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: mayApprove,
  handle: async (context, { hash }, cycle) => {
    const { actor, sql, now } = context;
    const { personId, ...by } = byOf(actor);
    if (!personId) throw new DomainError('forbidden', 'Only a person can approve.');
    const next = approve(cycle, { hash }, { ...by, personId }, now);
    const scope = scopeOf(next);
    await Promise.all([
      sql`insert into approval (tenant_id, cycle_id, number, side, client_id, project_id, hash, person_id, by_name, channel, assurance, at)
        values (${actor.tenantId}, ${next.id}, ${scope.number}, ${by.side}, ${next.clientId}, ${next.projectId}, ${hash}, ${personId}, ${by.name}, ${by.channel}, ${by.assurance}, ${now})`,
      writeStanding(context, cycle, next),
    ]);
    const both = signedByBoth(scope);
    const signed = `${scope.content.name} is approved for ${partyName(next, by.side)}.`;
    return {
      events: [
        changeOf(EVENTS.approved, cycle, next, { side: by.side, both, channel: by.channel, assurance: by.assurance }),
      ],
      output: doneWith(next, `${signed} ${both ? 'Both sides have approved.' : missing(next)}`),
    };
  },
  reply: doneCard,
});
