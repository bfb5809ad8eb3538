import type pg from 'pg';
import { StartFault } from './core/kernel/start-fault.ts';

/** Tries at finding two clients on one connection: others may use the pooler at the same time. */
const TRIES = 5;

/**
 * Parley keeps prepared statements on its connections, listens on one, and holds settings for them: it must have each to
 * itself, as it has without a pooler and with one in session mode.
 * @param client connected, as is what `another` gives
 * @throws StartFault when the server behind the address hands a connection on after each transaction
 */
export async function assertOwnConnection(client: pg.Client, another: () => Promise<pg.Client>): Promise<void> {
  // A pooler answers with a key of its own for cancelling.
  const { processID } = client as unknown as { processID: number };
  if ((await backendOf(client)) === processID) return;
  const second = await another();
  try {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if ((await backendOf(client)) !== (await backendOf(second))) continue;
      throw new StartFault(
        'DATABASE_URL or DATABASE_APP_URL leads to a pooler in transaction mode, through which neither prepared statements nor LISTEN work: set pool_mode = session for this database, or name PostgreSQL itself',
      );
    }
  } finally {
    await second.end();
  }
}

async function backendOf(client: pg.Client): Promise<number> {
  return (await client.query('select pg_backend_pid() as pid')).rows[0].pid as number;
}
