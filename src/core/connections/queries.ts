import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Page } from '../kernel/list-page.ts';
import { seesConnections } from './rules.ts';
import type { Connection, Posted } from './schema.ts';
import { calledOf } from './schema.ts';

export async function readConnection({ sql }: Pick<Context, 'sql'>, id: string): Promise<Connection | null> {
  const [row] = await sql<Connection>`
    select id, tool, account, client_id as "clientId", settings ->> 'name' as name, status, fault, scopes,
      last_success_at as "lastSuccessAt", expires_at as "expiresAt", version
    from connection where id = ${id}`;
  return row ?? null;
}

/**
 * Writes what a decision made of a connection. People's roles do not write the table: they put a broken account to use again
 * through a function of the database, and everything else is noted by the system.
 * @throws DomainError conflict when somebody else changed it at the same moment
 */
export async function writeConnection({ sql }: Context, before: Connection, after: Connection): Promise<void> {
  const { id, status, fault, version } = after;
  // What Parley was removed from opens nothing any more: it is not kept.
  if (status === 'revoked') await sql`delete from credentials where connection_id = ${id}`;
  const [written] =
    status === 'active'
      ? await sql<{ up: boolean }>`select parley_mend_connection(${id}) as up`
      : await sql<{ up: boolean }>`
          update connection set status = ${status}, fault = ${fault}, version = ${version}
          where id = ${id} and version = ${before.version} returning true as up`;
  if (!written?.up)
    throw new DomainError('conflict', `${calledOf(before)} was changed by somebody else at the same moment.`);
}

/** A page of the accounts of the firm. */
export function pageOfConnections({ actor }: Context, page: Page): Promise<Connection[]> {
  return page<Connection>`
    select id, tool, account, client_id as "clientId", settings ->> 'name' as name, status, fault, scopes,
      last_success_at as "lastSuccessAt", expires_at as "expiresAt", version
    from connection where tenant_id = ${actor.tenantId}`;
}

/** The firm's own connection of an account, if it has one. */
export async function idOf(sql: Sql, tool: string, account: string): Promise<string | null> {
  const [own] = await sql<{ id: string }>`select id from connection where tool = ${tool} and account = ${account}`;
  return own?.id ?? null;
}

/**
 * Keeps an account as the firm's: new, or again.
 * @returns whether it is new
 * @throws DomainError conflict when it is another firm's
 */
export async function keepConnection(
  sql: Sql,
  row: Pick<Connection, 'id' | 'tool' | 'account'> & { settings: { name?: unknown } },
): Promise<boolean> {
  const [kept] = await sql<{
    new: boolean | null;
  }>`select parley_keep_connection(${JSON.stringify(row)}::jsonb) as new`;
  if (!kept || kept.new === null) {
    const { name } = row.settings;
    const called = calledOf({ ...row, name: typeof name === 'string' ? name : null });
    throw new DomainError('conflict', takenWords(called));
  }
  return kept.new;
}

/** Of these tools a firm has one account. The database holds it as well: connection_one_that_pays. */
const ONE_EACH: readonly string[] = ['stripe'];

/** @throws DomainError conflict where the firm has another account of a tool of which it can have one */
export async function requireOnly(sql: Sql, { tool, account }: Pick<Connection, 'tool' | 'account'>): Promise<void> {
  if (!ONE_EACH.includes(tool)) return;
  const [other] = await sql<Pick<Connection, 'tool' | 'account' | 'name'>>`
    select tool, account, settings ->> 'name' as name from connection where tool = ${tool} and account <> ${account} limit 1`;
  if (other)
    throw new DomainError(
      'conflict',
      `${calledOf(other)} is connected already, and money comes to one account. Disconnect it first.`,
    );
}

export function takenWords(called: string): string {
  return `${called} is connected by another firm. An administrator there must disconnect it first.`;
}

/** A code of the firm that was posted; null for any other. */
export async function readPosted({ sql }: Context, code: string): Promise<Posted | null> {
  const [row] = await sql<{
    posted: (Omit<Posted, 'at'> & { at: string }) | null;
  }>`select parley_posted(${code}) as posted`;
  return row?.posted ? { ...row.posted, at: new Date(row.posted.at) } : null;
}

/** What the firm is connected to, in words; those who do not see connections see none. */
export async function connectedTools(context: Context): Promise<string[]> {
  const { actor } = context;
  if (actor.kind !== 'person' || !seesConnections(actor)) return [];
  const rows = await context.sql<Pick<Connection, 'tool' | 'account' | 'name'>>`
    select tool, account, settings ->> 'name' as name from connection where status = 'active' order by tool, account`;
  return rows.map(calledOf);
}
