import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { event } from '../kernel/event.ts';
import { instant } from '../kernel/instant.ts';
import { connects } from './rules.ts';

/** Minutes in which what was sent to an account must arrive: mail servers that know nobody yet may ask for another try. */
export const PROOF_MINUTES = 30;

/** An account that counts once what the hub sent there has arrived in it. */
export const AccountProof = z.strictObject({
  id: z.uuid(),
  tool: z.string().describe('The platform, like email'),
  account: z.string().describe('The mailbox'),
  expiresAt: instant().describe('Until when it is waited for'),
  sentAt: instant().nullable().describe('When it was sent; null while it is to be sent'),
  endedAt: instant().nullable().describe('When it was connected, or given up'),
  fault: z.string().nullable().describe('Why it was given up'),
  connection: z.uuid().describe('What it becomes'),
});
export type AccountProof = z.infer<typeof AccountProof>;

/** Null for whoever connects no accounts. */
export async function readProof({ sql, now, actor }: Context, id: string): Promise<AccountProof | null> {
  if (!connects(actor)) return null;
  const [row] = await sql<AccountProof>`
    select id, tool, account, "expiresAt", "sentAt", "endedAt", fault, connection from parley_proofs(${id}, ${now})`;
  return row ?? null;
}

/** Those of the firm that wait. */
export async function waitingProofs({ sql, now, actor }: Context): Promise<AccountProof[]> {
  if (!connects(actor)) return [];
  return sql<AccountProof>`
    select id, tool, account, "expiresAt", "sentAt", "endedAt", fault, connection from parley_proofs(null, ${now})`;
}

const about = z.strictObject({ tool: z.string(), account: z.string() });

export const proofBegun = event({
  name: 'connection.proof-begun',
  data: about,
  says: ({ tool, account }) => `asked to prove ${tool} ${account}`,
  audience: [],
});
export const proofSentAgain = event({
  name: 'connection.proof-sent-again',
  data: about,
  says: ({ tool, account }) => `asked once more to prove ${tool} ${account}`,
  audience: [],
});
export const proofEnded = event({
  name: 'connection.proof-ended',
  data: about.extend({ reason: z.string() }),
  says: ({ tool, account, reason }) => `could not prove ${tool} ${account}: ${reason}`,
  audience: [],
});
