import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { editScope as decide } from './agree.ts';
import { changeLine, contentFields, diffContent, endsAfterStart } from './content.ts';
import { byOf, EVENTS, runsCycles, scopeOf, signedByBoth } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { addVersion, writeScope } from './write.ts';

/** Changes what was agreed: a new version of the scope, which both sides approve anew. The old one stays on record. */
export const editScope = command({
  name: 'cycle.edit-scope',
  input: z
    .strictObject({ cycle: z.uuid(), version: z.coerce.number().int(), ...contentFields })
    .superRefine(endsAfterStart),
  fields: ['name', 'startsOn', 'endsOn', 'deliverables'],
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async (context, { cycle: _cycle, version, ...content }, cycle) => {
    const next = decide(cycle, { version, content }, byOf(context.actor), context.now);
    const [before, scope] = [scopeOf(cycle), scopeOf(next)];
    await Promise.all([addVersion(context, next), writeScope(context, cycle, next)]);
    const changes = diffContent(before.content, content).map(changeLine);
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
