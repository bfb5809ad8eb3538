import type { Connection } from './connection.ts';
import type { Context, Kernel } from './context.ts';
import { withActor } from './context.ts';

// What is noted with an account while it is used, by whatever knows its tool.

type Noted = Pick<Connection, 'tenantId' | 'tool' | 'account'>;

/** How far the tool was read, in the form in which it was noted; null at first. */
export async function readSyncCursor(kernel: Kernel, { tenantId, tool, account }: Noted): Promise<unknown> {
  const who = { kind: 'system', tenantId, reason: 'looking how far a tool was read' } as const;
  return withActor(kernel, who, async ({ sql }) => {
    const [row] = await sql<{ cursor: unknown }>`
      select cursor from connection where tenant_id = ${tenantId} and tool = ${tool} and account = ${account}`;
    return row?.cursor ?? null;
  });
}

export async function noteSyncCursor(
  kernel: Kernel,
  { tenantId, tool, account }: Noted,
  cursor: unknown,
): Promise<void> {
  const who = { kind: 'system', tenantId, reason: 'noting how far a tool was read' } as const;
  await withActor(
    kernel,
    who,
    ({ sql }) => sql`
      update connection set cursor = ${JSON.stringify(cursor)}::jsonb
      where tenant_id = ${tenantId} and tool = ${tool} and account = ${account}`,
  );
}

/** Adds to an account's settings, or replaces those of the same names. */
export async function noteSettings(
  { sql }: Pick<Context, 'sql'>,
  { tenantId, tool, account }: Noted,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql`
    update connection set settings = settings || ${JSON.stringify(settings)}::jsonb
    where tenant_id = ${tenantId} and tool = ${tool} and account = ${account}`;
}

/** What the open firm's account is called; null where the firm connected none such. */
export async function nameOfAccount(
  { sql }: Pick<Context, 'sql'>,
  tool: string,
  account: string,
): Promise<{ name: string | null } | null> {
  const [row] = await sql<{ name: string | null }>`
    select settings ->> 'name' as name from connection where tool = ${tool} and account = ${account}`;
  return row ?? null;
}
