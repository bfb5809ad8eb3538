import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { readProven } from '../kernel/proven.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { PROOF_MINUTES, proofBegun } from './account-proof.ts';
import { lookAgain } from './proof-cards.ts';
import { isAdministrator } from './rules.ts';

/**
 * Keeps what an account is reached with, sealed, until what the hub sends there has arrived in it. It holds no name meanwhile:
 * another firm may wait for the same one, and it becomes that of the firm in whose hands it arrives.
 */
export const beginProof = command({
  name: 'connection.begin-proof',
  input: z.strictObject({ proof: z.string().max(50_000), signature: z.string().max(100) }),
  load: async ({ secrets, actor }, input) => {
    const account = readProven(secrets, input, 'waiting');
    return account?.tenantId === actor.tenantId ? account : null;
  },
  policy: (actor) => isAdministrator(actor),
  handle: async ({ sql, actor, now }, _input, { tool, account, ...rest }) => {
    // Random, whatever else ids are: the address of the mail is made of it.
    const id = randomUUID();
    const kept = { ...rest, tool, account, person: isAdministrator(actor) ? actor.personId : null };
    const [row] = await sql<{ begun: boolean }>`
      select parley_begin_proof(${id}, ${JSON.stringify(kept)}::jsonb, ${now}, ${proofEnd(now)}) as begun`;
    if (!row?.begun)
      throw new DomainError('rate_limited', 'That were many mails in a short time. Please wait an hour and try again.');
    return { events: [proofBegun.of({ entity: 'account-proof', id }, { tool, account })], output: { id, account } };
  },
  reply: ({ id, account }) => ({
    ...sentence('account-proof', id, `We are sending a mail to ${account}. The mailbox is connected once it is there.`),
    tone: 'info',
    actions: [lookAgain(id, 'Look whether it is')],
  }),
});

export function proofEnd(now: Date): Date {
  return new Date(now.getTime() + PROOF_MINUTES * 60_000);
}
