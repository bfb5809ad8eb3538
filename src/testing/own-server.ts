import type { Database } from '../core/kernel/db.ts';
import { onServer } from './database.ts';
import type { Postgres } from './postgres.ts';
import { serverPrograms, startPostgres } from './postgres.ts';

/** A database that several connections can work on at once, which the embedded one cannot. */
export interface OwnServer {
  /** A migrated, empty database; the server goes with its closing. */
  open(): Promise<Database>;
}

/**
 * The server of DATABASE_URL, or one that is started for the test; null, and the reason printed, where neither can be had.
 * @param what the tests check, for the sentence that says that they were left out
 */
export async function ownServer(what: string): Promise<OwnServer | null> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) return { open: () => onServer(DATABASE_URL) };
  try {
    await serverPrograms();
  } catch (error) {
    console.log(`Not checked: ${what}. ${(error as Error).message}`);
    return null;
  }
  return {
    open: async () => {
      const postgres: Postgres = await startPostgres();
      const database = await onServer(postgres.url);
      const { close } = database;
      database.close = async () => {
        await close();
        await postgres.stop();
      };
      return database;
    },
  };
}
