import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { ended, isOwn } from './session.ts';

/** Signs all browsers of a person out: one's own, or (the system) those of whoever has no access any more. */
export const endAllSessions = command({
  name: 'session.end-all',
  input: z.strictObject({ person: z.uuid().optional() }),
  load: async ({ actor, sql }, { person }) => {
    const own = actor.kind === 'person' ? actor.personId : null;
    const [found] = await sql<{ person: string }>`select id as person from person where id = ${person ?? own}`;
    return found ?? null;
  },
  policy: (actor, { person }) => isOwn(actor, person),
  handle: async (context, _input, { person }) => {
    const count = await endAll(context, person);
    return {
      events: [ended.of({ entity: 'person', id: person }, { person, ended: count })],
      output: { person, ended: count },
    };
  },
  reply: ({ person, ended }) =>
    sentence(
      'person',
      person,
      ended
        ? `${ended === 1 ? 'One browser is' : `All ${ended} browsers are`} signed out.`
        : 'No browser is signed in.',
    ),
});

async function endAll({ sql, now }: Context, person: string): Promise<number> {
  const rows =
    await sql`update session set ended_at = ${now} where person_id = ${person} and ended_at is null returning id`;
  return rows.length;
}
