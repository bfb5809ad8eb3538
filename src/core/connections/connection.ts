import { z } from 'zod';
import type { Actor, Person } from '../kernel/actor.ts';
import type { Press } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import { event } from '../kernel/event.ts';
import { instant } from '../kernel/instant.ts';
import type { Turn } from '../kernel/list.ts';

const Account = z.strictObject({ tool: z.string(), account: z.string() });
const Fault = z.strictObject({ reason: z.string() });
const TRIAGE = [{ audience: 'triage' }] as const;

/** An account was connected, for the first time or again. */
export const connected = event({
  name: 'connection.connected',
  data: Account,
  says: ({ tool, account }) => `connected ${tool} ${account}`,
  audience: [],
});
export const broken = event({
  name: 'connection.broken',
  data: Fault,
  says: ({ reason }) => `could not get in: ${reason}`,
  audience: TRIAGE,
});
export const revoked = event({
  name: 'connection.revoked',
  data: Fault,
  says: ({ reason }) => `was removed: ${reason}`,
  audience: TRIAGE,
});
export const mended = event({
  name: 'connection.mended',
  data: z.strictObject({}),
  says: () => 'tried it again',
  audience: [],
});
export const connectCodeMade = event({
  name: 'connection.code-made',
  data: Account.pick({ tool: true }),
  says: ({ tool }) => `had a code made to connect ${tool}`,
  audience: [],
});
export const dropped = event({
  name: 'connection.dropped',
  data: Account,
  says: ({ tool, account }) => `disconnected ${tool} ${account}`,
  audience: [],
});

/** A connection as people see it: never with what it is reached with. */
export const ConnectionRow = z.strictObject({
  id: z.uuid().describe('The connection’s id'),
  tool: z.string().describe('The platform or tool, like slack or jira'),
  account: z.string().describe('The workspace, tenant, mailbox or site'),
  clientId: z.uuid().nullable().describe('The client whose account it is; null for the firm’s own'),
  name: z.string().nullable().describe('What the account is called there'),
  status: z.enum(['active', 'broken', 'revoked']).describe('Whether it works'),
  fault: z.string().nullable().describe('Why it does not work'),
  scopes: z.array(z.string()).describe('What we may do there'),
  lastSuccessAt: instant().nullable().describe('When it last worked'),
  expiresAt: instant().nullable().describe('When its credentials end'),
  version: z.int().describe('Counts every change of the connection'),
});
export type ConnectionRow = z.infer<typeof ConnectionRow>;

export async function readConnection(sql: Sql, id: string): Promise<ConnectionRow | null> {
  const [row] = await sql<ConnectionRow>`
    select id, tool, account, client_id as "clientId", settings ->> 'name' as name, status, fault, scopes,
      last_success_at as "lastSuccessAt", expires_at as "expiresAt", version
    from connection where id = ${id}`;
  return row ?? null;
}

/** A page of the accounts of the firm, by tool. */
export async function pageOfConnections(
  { sql, actor }: Context,
  { from, isBack, limit }: Turn<{ id: 'id' }>,
): Promise<ConnectionRow[]> {
  const id = from?.id ?? null;
  return sql<ConnectionRow>`
    select k.id, k.tool, k.account, k.client_id as "clientId", k.settings ->> 'name' as name, k.status, k.fault, k.scopes,
      k.last_success_at as "lastSuccessAt", k.expires_at as "expiresAt", k.version
    from connection k
    where k.tenant_id = ${actor.tenantId} and (${id}::uuid is null or case when ${isBack}
      then (k.tool, k.id) < (select a.tool, a.id from connection a where a.tenant_id = k.tenant_id and a.id = ${id})
      else (k.tool, k.id) > (select a.tool, a.id from connection a where a.tenant_id = k.tenant_id and a.id = ${id}) end)
    order by case when ${isBack} then k.tool end desc, case when ${isBack} then k.id end desc, k.tool, k.id limit ${limit}`;
}

/** The press that shows a connection and how it fares. */
export function showing(connection: string): Press {
  return { target: 'connection.show', input: { connection } };
}

/** What an event of it is about, and whose it is. */
export function aboutOf({ id, clientId }: Pick<ConnectionRow, 'id' | 'clientId'>) {
  return { about: { entity: 'connection', id }, ...(clientId ? { clientId } : {}) };
}

/** Whoever runs the firm's hub decides what it is connected to. */
export function connects(actor: Actor): boolean {
  return actor.kind === 'system' || (actor.kind === 'person' && actor.side === 'staff' && actor.role === 'admin');
}

/** A person who is one. @throws DomainError forbidden for everybody else */
export function requireAdministrator(actor: Actor): asserts actor is Person {
  if (actor.kind !== 'person' || !connects(actor)) throw new DomainError('forbidden', 'This is for administrators.');
}

/** How tools are called in a sentence. */
export const TOOLS: Readonly<Record<string, string>> = {
  slack: 'Slack',
  teams: 'Microsoft Teams',
  discord: 'Discord',
  email: 'Mail',
  jira: 'Jira',
};

/** What people call an account: by its own name where the tool says it. */
export function calledOf({ tool, account, name }: Pick<ConnectionRow, 'tool' | 'account' | 'name'>): string {
  return `${TOOLS[tool] ?? tool} ${name ?? account}`;
}

/**
 * Keeps an account as the firm's: new, or again.
 * @param called how it is called, where it is another firm's
 * @returns whether it is new
 * @throws DomainError conflict when it is another firm's
 */
export async function keepConnection(sql: Sql, row: object, called: string): Promise<boolean> {
  const [kept] = await sql<{
    new: boolean | null;
  }>`select parley_keep_connection(${JSON.stringify(row)}::jsonb) as new`;
  if (!kept || kept.new === null)
    throw new DomainError(
      'conflict',
      `${called} is connected by another firm. An administrator there must disconnect it first.`,
    );
  return kept.new;
}

/** What the firm is connected to, in words; those who do not see connections see none. */
export async function connectedTools(context: Context): Promise<string[]> {
  const sees = context.actor.kind === 'person' && context.actor.side === 'staff' && context.actor.role !== 'member';
  if (!sees) return [];
  const rows = await context.sql<Pick<ConnectionRow, 'tool' | 'account' | 'name'>>`
    select tool, account, settings ->> 'name' as name from connection where status = 'active' order by tool, account`;
  return rows.map(calledOf);
}
