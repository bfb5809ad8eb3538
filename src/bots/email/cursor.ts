import { tenantOf } from '../../core/kernel/connection.ts';
import { noteSyncCursor, readSyncCursor } from '../../core/kernel/connection-notes.ts';
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
  const tenantId = await tenantOf(app, { tool: 'email', account });
  if (!tenantId) return null;
  const cursor = await readSyncCursor(app, { tenantId, tool: 'email', account });
  return { tenantId, account, cursor: cursor as Cursor | null };
}

export async function keepCursor(app: App, connection: MailConnection, cursor: Cursor): Promise<void> {
  const { tenantId, account, cursor: before } = connection;
  if (before?.uidValidity === cursor.uidValidity && before.uid === cursor.uid) return;
  await noteSyncCursor(app, { tenantId, tool: 'email', account }, cursor);
}
