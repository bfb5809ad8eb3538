import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { event } from '../kernel/event.ts';
import { instant } from '../kernel/instant.ts';
import type { Life } from '../kernel/registry.ts';
import { thing } from '../kernel/thing.ts';

/** Links that a person may ask for in an hour. */
export const LINKS_AN_HOUR = 5;

/** Whoever got in under somebody's name does not stay unnoticed. */
export const begun = event({
  name: 'session.begun',
  data: z.strictObject({ person: z.uuid() }),
  says: () => 'signed in',
  audience: ({ data }) => [{ person: data.person, everywhere: true }],
});
export const linkAsked = event({
  name: 'session.link-asked',
  data: z.strictObject({ person: z.uuid() }),
  says: () => 'asked for a link',
  audience: ({ data }) => [{ person: data.person }],
});
export const ended = event({
  name: 'session.ended',
  data: z.strictObject({ person: z.uuid(), ended: z.int().optional() }),
  says: () => 'signed out',
  audience: [],
});

export const LIVES: Life[] = [
  { table: 'session', kept: '90 days once ended', sweep: 'parley_sweep_session' },
  { table: 'sign_in', kept: '30 days', sweep: 'parley_sweep_sign_in' },
  { table: 'invitation', kept: '30 days once over', sweep: 'parley_sweep_invitation' },
];

/** A browser that is or was signed in, as it is named to its person. */
export const Session = z.strictObject({
  id: z.uuid().describe('The session’s id'),
  personId: z.uuid().describe('Whose it is'),
  device: z.string().describe('The browser and system, as it says itself'),
  place: z.string().describe('The network address that it was begun from'),
  begunAt: instant().describe('When it was signed in'),
  seenAt: instant().describe('When it last asked for a page'),
  endedAt: instant().nullable().describe('When it was signed out'),
  version: z.int().describe('1 while it is signed in, 2 afterwards'),
});
export type Session = z.infer<typeof Session>;

const Facts = Session.pick({ device: true });

/** A browser that acts as somebody. It changes once: when it is signed out. */
export const session = thing({
  name: 'session',
  module: null,
  schema: Session,
  show: 'session.begun-notice',
  called: ({ device }) => device,
  standing: ({ endedAt }) => (endedAt ? 'signed out' : 'signed in'),
  read: async ({ sql }, id) => {
    const [row] = await sql<Session>`
      select id, person_id as "personId", device, place, created_at as "begunAt", seen_at as "seenAt", ended_at as "endedAt",
        case when ended_at is null then 1 else 2 end as version from session where id = ${id}`;
    return row ?? null;
  },
  lock: async ({ sql }, id) => {
    const [row] = await sql<Session>`
      select id, person_id as "personId", device, place, created_at as "begunAt", seen_at as "seenAt", ended_at as "endedAt",
        case when ended_at is null then 1 else 2 end as version from session where id = ${id} for update`;
    return row ?? null;
  },
  write: async ({ sql }, _before, { id, endedAt }) => {
    await sql`update session set ended_at = ${endedAt} where id = ${id}`;
  },
  facts: Facts,
  factsOf: ({ device }) => ({ device }),
  audited: ({ device, place, endedAt }) => ({ device, place, endedAt }),
  within: () => ({}),
});

/** One's own; and the system, for whoever has no access any more. Where somebody is signed in is not for who sees what they see. */
export function isOwn(actor: Actor, person: string): boolean {
  return actor.kind === 'system' || (actor.kind === 'person' && actor.personId === person && !actor.look);
}
