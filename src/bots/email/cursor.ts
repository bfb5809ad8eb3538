import type { Who } from '../../core/kernel/actor.ts';
import { withActor } from '../../core/kernel/context.ts';
import { ask } from '../../core/kernel/db.ts';
import type { App } from '../../core/kernel/registry.ts';

/** How far a mailbox was read: the UIDs of one UIDVALIDITY up to this one. */
export interface Cursor {
  uidValidity: string;
  uid: number;
}

/** The firm's connection to its mailbox, which keeps the cursor. */
export interface MailConnection {
  tenantId: string;
  account: string;
  cursor: Cursor | null;
}

/** @returns null while no firm has connected the address */
export async function connectionOf(app: App, account: string): Promise<MailConnection | null> {
  const text = `select parley_connection_tenant('email', $1) as id`;
  const [row] = await ask<{ id: string | null }>(app.database, { name: 'mail-tenant', text, values: [account] });
  const tenantId = row?.id;
  if (!tenantId) return null;
  return withActor(app, asReader(tenantId), async ({ sql }) => {
    const [row] = await sql<{ cursor: Cursor | null }>`
      select cursor from connection where tenant_id = ${tenantId} and tool = 'email' and account = ${account}`;
    return row ? { tenantId, account, cursor: row.cursor } : null;
  });
}

export async function keepCursor(app: App, connection: MailConnection, cursor: Cursor): Promise<void> {
  const { tenantId, account, cursor: before } = connection;
  if (before?.uidValidity === cursor.uidValidity && before.uid === cursor.uid) return;
  await withActor(app, asReader(tenantId), async ({ sql }) => {
    await sql`
      update connection set cursor = ${JSON.stringify(cursor)}
      where tenant_id = ${tenantId} and tool = 'email' and account = ${account}`;
  });
}

function asReader(tenantId: string): Who {
  return { kind: 'system', tenantId, reason: 'reading a mailbox' };
}
