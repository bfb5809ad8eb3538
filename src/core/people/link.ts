import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';
import { thing } from '../kernel/thing.ts';
import { CODE_ATTEMPTS } from './codes.ts';

/** A chat account that asks to act as somebody: it counts for minutes, and once. Its code stands nowhere. */
export const Link = z.strictObject({
  id: z.uuid().describe('The request’s id'),
  provider: z.string().describe('Empty until somebody types a code that was handed on'),
  account: z.string().describe('The workspace or organisation'),
  externalId: z.string().describe('What the platform calls the account'),
  calledAs: z.string().nullable().describe('What the account calls itself; never a proof'),
  workspace: z.string().nullable().describe('What the workspace is called there'),
  personId: z.uuid().nullable().describe('Whose it may be; null where nobody has the address'),
  identityId: z.uuid().nullable().describe('The account as it was linked'),
  attempts: z.int().describe('Wrong codes so far'),
  createdAt: instant().describe('When it was asked for'),
  expiresAt: instant().describe('Until when its code counts'),
  usedAt: instant().nullable().describe('When it linked'),
  version: z.int().describe('Counts wrong codes, and its use'),
});
export type Link = z.infer<typeof Link>;

const Facts = Link.pick({ provider: true, version: true });

async function readLink({ sql }: Context, id: string): Promise<Link | null> {
  const [row] = await sql<Link>`
    select id, provider, account, external_id as "externalId", called_as as "calledAs", workspace, person_id as "personId",
      identity_id as "identityId", attempts, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt",
      attempts + case when used_at is null then 1 else 2 end as version
    from link_code where id = ${id}`;
  return row ?? null;
}

export const link = thing({
  name: 'link',
  module: null,
  schema: Link,
  show: 'identity.asking',
  called: () => 'This code',
  standing: ({ usedAt }) => (usedAt ? 'used' : 'waiting to be typed'),
  read: readLink,
  lock: async (context, id) => {
    const [row] = await context.sql<{ id: string }>`select id from link_code where id = ${id} for update`;
    return row ? readLink(context, id) : null;
  },
  facts: Facts,
  factsOf: ({ provider, version }) => ({ provider, version }),
  audited: ({ provider, account, externalId, usedAt }) => ({ provider, account, externalId, usedAt }),
  within: () => ({}),
});

/** Not by `when`: which of these it is depends on the time, and too many codes are told apart from what cannot be. */
export function requireUsable({ usedAt, attempts, expiresAt }: Link, now: Date): void {
  if (usedAt) throw new DomainError('conflict', 'This code was used already.');
  if (attempts >= CODE_ATTEMPTS)
    throw new DomainError('rate_limited', 'Too many wrong codes. Please ask for a new one.');
  if (expiresAt < now) throw new DomainError('conflict', 'This code is too old. Please ask for a new one.');
}
