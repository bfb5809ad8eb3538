import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { broken, connection, revoked } from './connection.ts';
import { calledOf } from './schema.ts';

/**
 * Notes that a tool refuses what an account is reached with, or (`revoked`) that Parley was removed there: nothing more is
 * sent until somebody mends it. Said once, however often it is found; with the version that was tried, because a refusal of
 * credentials that were replaced meanwhile says nothing.
 */
export const noteBroken = connection.command({
  name: 'connection.note-broken',
  given: { reason: z.string().min(1).max(500), revoked: z.boolean().optional() },
  version: 'optional',
  button: [],
  who: isSystem,
  when: ({ status }, _actor, input) => status === 'active' || (status === 'broken' && input?.revoked === true),
  decide: (it, { reason, revoked: isRevoked }) => ({ ...it, status: isRevoked ? 'revoked' : 'broken', fault: reason }),
  event: (before, after, { reason, revoked: isRevoked }) =>
    (isRevoked ? revoked : broken).of(before, after, { reason }),
  say: (it) => `${calledOf(it)} cannot be reached.`,
});
