import type { Context, Kernel } from './context.ts';
import { withActor } from './context.ts';
import type { Sql } from './db.ts';
import { ask } from './db.ts';
import { DomainError } from './errors.ts';
import { firmKey } from './firm-key.ts';
import { seal, unseal } from './seal.ts';
import { storable } from './text.ts';
import { isUuid } from './uuid.ts';

/** A firm's account of a tool. */
export interface Connection {
  tenantId: string;
  id: string;
  tool: string;
  /** Workspace, directory, mailbox or host: the tool's own name of it. */
  account: string;
  /** Set when the account belongs to one client of the firm. */
  clientId: string | null;
  settings: Record<string, unknown>;
}

/** A connection as it is stored. */
export interface StoredConnection extends Connection {
  status: 'active' | 'broken' | 'revoked';
  fault: string | null;
  /** Raised by whatever somebody who has it open must learn of. */
  version: number;
  /** Null for one that is reached with the environment's credentials. */
  sealed: Buffer | null;
  /** When it was last connected. */
  connectedAt: Date;
}

/** How a firm's account of a tool is looked up; for mail, whose rooms name no account, by the client it is for. */
export type Whose = { account: string } | { clientId: string | null };

/** The firm's account as it is stored; null when it has none such. Of several the client's own counts, then the eldest. */
export async function storedConnection(
  kernel: Kernel,
  tenantId: string,
  tool: string,
  whose: Whose,
): Promise<StoredConnection | null> {
  const account = 'account' in whose ? whose.account : null;
  const clientId = 'clientId' in whose ? whose.clientId : null;
  const who = { kind: 'system', tenantId, reason: 'opening a connection' } as const;
  return withActor(kernel, who, async ({ sql }) => {
    const [row] = await sql<StoredConnection>`
      select c.tenant_id as "tenantId", c.id, c.tool, c.account, c.client_id as "clientId", c.settings, c.status, c.fault, c.version, s.sealed,
        coalesce(s.updated_at, c.last_success_at, c.created_at) as "connectedAt"
      from connection c left join credentials s on s.tenant_id = c.tenant_id and s.connection_id = c.id
      where c.tenant_id = ${tenantId} and c.tool = ${tool} and c.account = coalesce(${account}, c.account)
        and (${account}::text is not null or c.client_id is null or c.client_id = ${clientId}::uuid)
      order by c.client_id nulls last, c.created_at, c.id limit 1`;
    return row ?? null;
  });
}

/**
 * What was sealed with a connection.
 * @throws DomainError unavailable when this process cannot open it
 */
export async function openedCredentials(
  kernel: Kernel,
  stored: Pick<StoredConnection, 'tenantId' | 'id' | 'tool' | 'account' | 'sealed'>,
): Promise<unknown> {
  const { tenantId, sealed } = stored;
  const who = { kind: 'system', tenantId, reason: 'opening a connection' } as const;
  const key = await withActor(kernel, who, firmKey);
  const text = sealed && unseal(key, sealed, aboutOf(tenantId, stored));
  if (!text)
    throw new DomainError('unavailable', `What ${stored.tool} ${stored.account} is reached with cannot be opened.`);
  return JSON.parse(text.toString('utf8'));
}

/** Credentials as they are stored, sealed for one connection of the open firm; base64. */
export async function sealedCredentials(
  context: Pick<Context, 'sql' | 'secrets' | 'actor'>,
  connection: { id: string; tool: string; account: string },
  credentials: unknown,
): Promise<string> {
  const content = Buffer.from(JSON.stringify(credentials), 'utf8');
  return seal(await firmKey(context), content, aboutOf(context.actor.tenantId, connection)).toString('base64');
}

function aboutOf(tenantId: string, { id, tool, account }: { id: string; tool: string; account: string }): string {
  return JSON.stringify([tenantId, id, tool, account]);
}

/** The firm that connected an account; null when none did. */
export async function tenantOf(
  { database }: Pick<Kernel, 'database'>,
  { tool, account }: { tool: string; account: string },
): Promise<string | null> {
  const [row] = await ask<{ id: string | null }>(database, {
    name: 'tenant-of',
    text: 'select parley_connection_tenant($1, $2) as id',
    values: [tool, storable(account)],
  });
  return row?.id ?? null;
}

/** Whose connection an id names; null for any other text. */
export async function connectionNamed(
  { database }: Pick<Kernel, 'database'>,
  id: string,
): Promise<{ tenantId: string; tool: string; account: string } | null> {
  if (!isUuid(id)) return null;
  const [row] = await ask<{ tenantId: string; tool: string; account: string }>(database, {
    text: 'select tenant_id as "tenantId", tool, account from parley_connection($1)',
    values: [id],
  });
  return row ?? null;
}

/** Of these tools, those of which some firm has an account with credentials of its own. */
export async function connectedTools(
  { database }: Pick<Kernel, 'database'>,
  tools: readonly string[],
): Promise<string[]> {
  const rows = await ask<{ tool: string }>(database, {
    text: 'select tool from parley_connected_tools($1)',
    values: [tools],
  });
  return rows.map(({ tool }) => tool);
}

/** An account by its tool's own name of it. */
export type Account = Pick<Connection, 'tool' | 'account'>;

/** The accounts of these tools that what concerns a client may go to: its own before those of the firm, the eldest first. */
export function accountsInUse(
  sql: Sql,
  { tenantId, clientId }: { tenantId: string; clientId: string | null },
  tools: readonly string[],
): Promise<Account[]> {
  return sql<Account>`
    select tool, account from connection
    where tenant_id = ${tenantId} and tool = any(${tools}) and status <> 'revoked' and (client_id is null or client_id = ${clientId}::uuid)
    order by client_id nulls last, created_at, id`;
}

/** The accounts of a tool that are in use, of all firms. */
export async function connectionsOf(
  { database }: Pick<Kernel, 'database'>,
  tool: string,
): Promise<{ tenantId: string; account: string }[]> {
  return ask(database, {
    text: 'select tenant_id as "tenantId", account from parley_connections_of($1)',
    values: [tool],
  });
}

/** Those to which a line is kept open. */
export async function listeningOf(
  { database }: Pick<Kernel, 'database'>,
  tool: string,
): Promise<{ tenantId: string; id: string; account: string; version: number }[]> {
  return ask(database, {
    text: 'select tenant_id as "tenantId", id, account, version from parley_listening($1)',
    values: [tool],
  });
}
