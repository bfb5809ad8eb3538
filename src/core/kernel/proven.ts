import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Who } from './actor.ts';
import type { Card } from './card.ts';
import { sealedCredentials } from './connection.ts';
import { withActor } from './context.ts';
import type { App } from './registry.ts';
import { runCommand } from './registry.ts';
import type { Secrets } from './secrets.ts';

/** An account that a tool itself said is whose credentials these are. */
export interface ProvenAccount {
  tool: string;
  account: string;
  /** What the tool calls it. */
  name: string | null;
  /** Null for one that is reached with the credentials of the hub. */
  credentials: unknown;
  scopes?: readonly string[];
  /** Set when it belongs to one client of the firm. */
  clientId?: string;
  /** What is not secret: which project, which address. */
  settings?: Record<string, unknown>;
  /** A worker is to keep a line to it open. */
  listens?: boolean;
  expiresAt?: Date;
}

/** What is kept of it: signed by this hub, so that nobody connects an account by a press of their own making. */
export const Proven = z.strictObject({
  tenantId: z.uuid(),
  id: z.uuid(),
  tool: z.string().min(1).max(40),
  account: z.string().min(1).max(200),
  clientId: z.uuid().nullable(),
  settings: z.record(z.string(), z.unknown()),
  scopes: z.array(z.string()),
  listens: z.boolean(),
  expiresAt: z.iso.datetime().nullable(),
  sealed: z.base64().nullable(),
});
/** Ready to be stored. */
export type Proven = z.infer<typeof Proven>;

/** What is signed as the one is never taken as the other. */
const PURPOSES = { proven: 'proven account', waiting: 'account that waits for its proof' } as const;
type Standing = keyof typeof PURPOSES;

/** What the hub signed as that; null for anything else. */
export function readProven(
  secrets: Secrets,
  { proof, signature }: { proof: string; signature: string },
  standing: Standing,
): Proven | null {
  return secrets.verify(PURPOSES[standing], proof, signature) ? Proven.parse(JSON.parse(proof)) : null;
}

/**
 * Connects an account to the firm of whoever acts. Only for what the tool has just confirmed; its credentials are sealed
 * before they become part of any command.
 * @throws DomainError forbidden unless an administrator acts; conflict when the account is another firm's
 */
export async function connectProven(
  app: App,
  who: Extract<Who, { kind: 'person' | 'system' }>,
  given: ProvenAccount,
  requestId: string,
): Promise<{ id: string; isNew: boolean; card: Card }> {
  const input = await signed(app, who.tenantId, given, 'proven');
  const { output, card } = await runCommand(app, who, { name: 'connection.add', input, requestId });
  return { ...(output as { id: string; isNew: boolean }), card };
}

/**
 * Keeps an account until what the hub sends there has arrived in it; only then it is the firm's.
 * @throws DomainError forbidden unless an administrator acts; rate_limited
 */
export async function awaitProof(
  app: App,
  who: Extract<Who, { kind: 'person' | 'system' }>,
  given: ProvenAccount,
  requestId: string,
): Promise<{ id: string; card: Card }> {
  const input = await signed(app, who.tenantId, given, 'waiting');
  const { output, card } = await runCommand(app, who, { name: 'connection.begin-proof', input, requestId });
  return { ...(output as { id: string }), card };
}

/** Sealed for the connection that it is or becomes. */
async function signed(app: App, tenantId: string, given: ProvenAccount, standing: Standing) {
  const { tool, account, credentials } = given;
  const proven = await withActor(app, { kind: 'system', tenantId, reason: 'sealing credentials' }, async (context) => {
    const [own] = await context.sql<{ id: string }>`
      select id from connection where tenant_id = ${tenantId} and tool = ${tool} and account = ${account}`;
    const id = own?.id ?? randomUUID();
    const sealed = credentials === null ? null : await sealedCredentials(context, { id, tool, account }, credentials);
    return Proven.parse({
      tenantId,
      id,
      tool,
      account,
      clientId: given.clientId ?? null,
      settings: { ...given.settings, ...(given.name === null ? {} : { name: given.name }) },
      scopes: [...(given.scopes ?? [])],
      listens: given.listens ?? false,
      expiresAt: given.expiresAt?.toISOString() ?? null,
      sealed,
    });
  });
  const proof = JSON.stringify(proven);
  return { proof, signature: app.secrets.sign(PURPOSES[standing], proof) };
}
