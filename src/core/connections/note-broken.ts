import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { aboutOf, broken, calledOf, readConnection, revoked } from './connection.ts';

/**
 * Notes that a tool refuses what an account is reached with, or (`revoked`) that Parley was removed there: nothing more is
 * sent until somebody mends it. Said once, however often it is found.
 */
export const noteBroken = command({
  name: 'connection.note-broken',
  input: z.strictObject({
    connection: z.uuid(),
    reason: z.string().min(1).max(500),
    /** The version that was tried: a refusal of credentials that were replaced meanwhile says nothing. */
    version: z.int().optional(),
    revoked: z.boolean().optional(),
  }),
  load: ({ sql }, { connection }) => readConnection(sql, connection),
  policy: (actor) => actor.kind === 'system',
  handle: async ({ sql }, { reason, version, revoked: isRevoked }, connection) => {
    const { id } = connection;
    const status = isRevoked ? 'revoked' : 'broken';
    // What Parley was removed from opens nothing any more: it is not kept.
    if (isRevoked) await sql`delete from credentials where connection_id = ${id}`;
    const [noted] = await sql`
      update connection set status = ${status}, fault = ${reason}, version = version + 1
      where id = ${id} and status <> 'revoked' and (status = 'active' or ${status} = 'revoked')
        and (${version ?? null}::int is null or version = ${version ?? null}) returning id`;
    if (!noted) throw new DomainError('conflict', 'It is known already, or mended meanwhile.');
    return {
      events: [
        {
          ...(isRevoked ? revoked : broken).of({ entity: 'connection', id }, { reason }),
          ...aboutOf(connection),
          before: { status: connection.status },
          after: { status },
        },
      ],
      output: { id, called: calledOf(connection) },
    };
  },
  reply: ({ id, called }) => confirmation(id, `${called} cannot be reached.`),
});
