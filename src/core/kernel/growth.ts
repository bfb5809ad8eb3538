import type { Database } from './db.ts';
import { ask } from './db.ts';
import type { App, Life } from './registry.ts';
import type { Sweep } from './sweep.ts';

/** What the kernel itself writes with every request and delivery. */
const KERNEL_LIVES: readonly Life[] = [
  { table: 'request', kept: '90 days', sweep: 'parley_sweep_request' },
  { table: 'inbox', kept: 'bodies 30 days, but mails for good', sweep: 'parley_sweep_inbox_body' },
  { table: 'inbox', kept: '90 days once done, but mails for good', sweep: 'parley_sweep_inbox' },
  { table: 'pgboss', kept: 'an hour once done, 90 days once failed', sweep: null },
];

/** All lives that are declared: the kernel's, the areas', and those of what else the hub is made of. */
export function livesOf(app: App, more: readonly Life[] = []): Life[] {
  return [...KERNEL_LIVES, ...app.registry.areas.flatMap((area) => area.lives ?? []), ...more];
}

/** Rows of one transaction: short enough that nobody waits for its locks. */
const BATCH = 1_000;

/**
 * Each hour, what is too old goes, a batch per transaction, until nothing is left or the worker stops. The lives of one table
 * are one part: two at the same time would take rows from each other's batches, and a batch that is not full ends a sweep.
 */
export function growthSweep(app: App, lives: readonly Life[]): Sweep {
  return {
    name: 'growth',
    cron: '17 * * * *',
    parts: async () => [...new Set(lives.flatMap(({ table, sweep }) => (sweep ? table : [])))],
    work: async (part, signal) => {
      for (const { table, sweep } of lives) if (sweep && table === part) await sweepTable(app, sweep, signal);
    },
  };
}

async function sweepTable(app: App, sweep: string, signal: AbortSignal): Promise<void> {
  let rows = BATCH;
  while (rows === BATCH) {
    signal.throwIfAborted();
    const [row] = await ask<{ rows: number }>(app.database, { text: `select ${sweep}($1) as rows`, values: [BATCH] });
    rows = row?.rows ?? 0;
  }
}

/** What a table holds. */
export interface StoredTable {
  name: string;
  /** With indexes and long values. */
  bytes: number;
  /** Null where it is not counted. */
  rows: number | null;
  oldest: Date | null;
}

/** What the database holds: our tables, and the queue's as one. */
export async function storedIn(database: Database): Promise<StoredTable[]> {
  return ask<StoredTable & Record<string, unknown>>(database, {
    text: `
      select * from parley_storage() union all
      select 'pgboss', (select sum(pg_total_relation_size(oid)) from pg_class where relnamespace = 'pgboss'::regnamespace and relkind = 'r')::bigint,
        count(*), min(created_on) from pgboss.job
      order by bytes desc, name`,
  });
}
