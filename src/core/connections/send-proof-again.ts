import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { proofSentAgain, readProof } from './account-proof.ts';
import { proofEnd } from './begin-proof.ts';
import { lookAgain } from './proof-cards.ts';
import { isAdministrator } from './rules.ts';

/** Sends once more what proves an account, and waits as long again. The mail of before proves it as well, should it come late. */
export const sendProofAgain = command({
  name: 'connection.send-proof-again',
  input: z.strictObject({ waiting: z.uuid() }),
  assurance: 'chat',
  load: (context, { waiting }) => readProof(context, waiting),
  policy: (actor) => isAdministrator(actor),
  handle: async ({ sql, now }, { waiting: id }, { tool, account }) => {
    const [row] = await sql<{
      again: boolean;
    }>`select parley_send_proof_again(${id}, ${now}, ${proofEnd(now)}) as again`;
    if (!row?.again)
      throw new DomainError(
        'conflict',
        'It is connected already, or was sent often enough. Look at your connections, or connect the mailbox anew.',
      );
    return { events: [proofSentAgain.of({ entity: 'account-proof', id }, { tool, account })], output: { id, account } };
  },
  reply: ({ id, account }) => ({
    ...sentence('account-proof', id, `We are sending the mail to ${account} once more.`),
    actions: [lookAgain(id, 'Look whether it is there')],
  }),
});
