import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { MODULES } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { instant } from '../kernel/instant.ts';
import type { Life } from '../kernel/registry.ts';
import { thing } from '../kernel/thing.ts';

/** Keys that one person may have at a time. */
export const MOST_KEYS = 20;

export const LIVES: Life[] = [{ table: 'api_key', kept: '90 days once over', sweep: 'parley_sweep_api_key' }];

/** A key as it is named to its person. The key itself is kept nowhere. */
export const Key = z.strictObject({
  id: z.uuid().describe('The key’s id'),
  personId: z.uuid().describe('As whom it acts'),
  name: z.string().describe('What it is called'),
  writes: z.boolean().describe('Whether it may do anything; without it, it reads'),
  modules: z.array(z.enum(MODULES)).nullable().describe('What it is for; null for all that its person sees'),
  madeAt: instant().describe('When it was made'),
  expiresAt: instant().describe('When it ends by itself'),
  seenAt: instant().nullable().describe('When it was last used, to the minute'),
  endedAt: instant().nullable().describe('When it was ended'),
  version: z.int().describe('1 while it counts, 2 once it was ended'),
});
export type Key = z.infer<typeof Key>;

const Facts = Key.pick({ name: true });

/** With what a program acts as somebody, within their rights. It changes once: when it is ended. */
export const key = thing({
  name: 'key',
  module: null,
  schema: Key,
  show: 'key.show',
  called: ({ name }) => `“${name}”`,
  standing: ({ endedAt }) => (endedAt ? 'ended' : 'in use'),
  read: (context, id) => readKey(context, id),
  lock: async (context, id) => {
    await context.sql`select from api_key where id = ${id} for update`;
    return readKey(context, id);
  },
  write: async ({ sql }, _before, { id, endedAt }) => {
    await sql`update api_key set ended_at = ${endedAt} where id = ${id}`;
  },
  facts: Facts,
  factsOf: ({ name }) => ({ name }),
  audited: ({ name, writes, modules, expiresAt, endedAt }) => ({ name, writes, modules, expiresAt, endedAt }),
  within: () => ({}),
});

const person = { person: z.uuid() };

/** Whoever made one in somebody's name does not stay unnoticed. */
export const made = key.event({
  name: 'key.made',
  more: person,
  says: ({ name }) => `made the key “${name}”`,
  audience: ({ data }) => [{ person: data.person, everywhere: true }],
});
export const ended = key.event({
  name: 'key.ended',
  more: person,
  says: ({ name }) => `ended the key “${name}”`,
  audience: [],
});

/** One's own: neither a program with a key nor whoever sees what somebody sees. */
export function isOwnKey(actor: Actor, { personId }: Pick<Key, 'personId'>): boolean {
  return actor.kind === 'person' && actor.personId === personId && !actor.look;
}

/** The team, and whoever leads a client. */
export function mayHaveKeys(actor: Actor): boolean {
  return actor.kind === 'person' && !actor.look && (actor.side === 'staff' || actor.role === 'client_admin');
}

async function readKey({ sql }: { sql: Sql }, id: string): Promise<Key | null> {
  const [row] = await sql<Key>`
    select id, person_id as "personId", name, writes, modules, created_at as "madeAt", expires_at as "expiresAt",
      seen_at as "seenAt", ended_at as "endedAt", case when ended_at is null then 1 else 2 end as version
    from api_key where id = ${id}`;
  return row ?? null;
}

/** One's own that count, the newest first. */
export async function liveKeys({ sql, now }: Pick<Context, 'sql' | 'now'>, owner: string): Promise<Key[]> {
  return sql<Key>`
    select id, person_id as "personId", name, writes, modules, created_at as "madeAt", expires_at as "expiresAt",
      seen_at as "seenAt", ended_at as "endedAt", case when ended_at is null then 1 else 2 end as version
    from api_key where person_id = ${owner} and ended_at is null and expires_at > ${now}
    order by created_at desc limit ${MOST_KEYS}`;
}
