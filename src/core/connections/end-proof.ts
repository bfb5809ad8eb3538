import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { proofEnded, readProof } from './account-proof.ts';

/** Notes why an account was not proven. Its administrators see it where they look for it, and may have the mail sent again. */
export const endProof = command({
  name: 'connection.end-proof',
  input: z.strictObject({ waiting: z.uuid(), reason: z.string().min(1).max(500) }),
  load: (context, { waiting }) => readProof(context, waiting),
  policy: isSystem,
  handle: async ({ sql, now }, { waiting: id, reason }, { tool, account }) => {
    const [row] = await sql<{ ended: boolean }>`select parley_end_proof(${id}, ${now}, ${reason}) as ended`;
    if (!row?.ended) throw new DomainError('conflict', 'It ended before.');
    return {
      events: [proofEnded.of({ entity: 'account-proof', id }, { tool, account, reason })],
      output: { id, reason },
    };
  },
  reply: ({ id, reason }) => sentence('account-proof', id, reason),
});
