import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { editScope as decide } from './agree.ts';
import { contentFields, diffContent, endsAfterStart } from './content.ts';
import { byOf, EVENTS, runsCycles, scopeOf, signedByBoth } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';

/** Changes what was agreed: a new version of the scope, which both sides approve anew. The old one stays on record. */
export const editScope = command({
  name: 'cycle.edit-scope',
  input: z
    .strictObject({ cycle: z.uuid(), version: z.coerce.number().int(), ...contentFields })
    .superRefine(endsAfterStart),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async ({ actor, sql, now }, { cycle: _cycle, version, ...content }, cycle) => {
    const next = decide(cycle, { version, content }, byOf(actor), now);
    const [before, scope] = [scopeOf(cycle), scopeOf(next)];
    await Promise.all([
      sql`insert into cycle_version (tenant_id, cycle_id, number, client_id, project_id, content, hash, by_name, created_at)
        values (${actor.tenantId}, ${next.id}, ${scope.number}, ${next.clientId}, ${next.projectId}, ${JSON.stringify(content)}, ${scope.hash}, ${scope.byName}, ${scope.at})`,
      sql`update cycle set version = ${next.version}, content_number = ${scope.number}, content_hash = ${scope.hash}, name = ${content.name},
          starts_on = ${content.startsOn}, ends_on = ${content.endsOn}, review_opens_at = ${next.review.opensAt}, review_closes_at = ${next.review.closesAt}
        where tenant_id = ${actor.tenantId} and id = ${next.id} and version = ${cycle.version}`,
    ]);
    const changes = diffContent(before.content, content).map(({ text }) => text);
    return {
      events: [changeOf(EVENTS.scopeChanged, cycle, next, { changes, afterBothSigned: signedByBoth(before) })],
      output: doneWith(
        next,
        `${content.name} has version ${scope.number} of its scope now. Both sides approve it anew.`,
      ),
    };
  },
  reply: doneCard,
});
