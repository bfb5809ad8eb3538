import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from './cards.ts';
import { EVENTS } from './session.ts';

/** Signs one browser out. */
export const endSession = command({
  name: 'session.end',
  input: z.strictObject({ session: z.uuid() }),
  load: async ({ sql }, { session }) =>
    (
      await sql<{ id: string; person_id: string; device: string; ended_at: Date | null }>`
        select id, person_id, device, ended_at from session where id = ${session} for update`
    )[0] ?? null,
  policy: (actor, session) => isOwn(actor, session.person_id),
  handle: async ({ sql, now }, _input, session) => {
    if (session.ended_at) throw new DomainError('conflict', 'That browser is signed out already.');
    await sql`update session set ended_at = ${now} where id = ${session.id}`;
    return {
      events: [
        { name: EVENTS.ended, about: { entity: 'session', id: session.id }, data: { person: session.person_id } },
      ],
      output: { id: session.id, device: session.device },
    };
  },
  reply: ({ id, device }) => sentence('session', id, `${device} is signed out.`),
});

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
    const ended = await endAll(context, person);
    return {
      events: [{ name: EVENTS.ended, about: { entity: 'person', id: person }, data: { person, ended } }],
      output: { person, ended },
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

function isOwn(actor: Actor, person: string): boolean {
  return actor.kind === 'system' || (actor.kind === 'person' && actor.personId === person);
}
