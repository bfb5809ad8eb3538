import { pause } from './fleet.ts';
import type { Query } from './query.ts';

export interface TakeoverWatch {
  /** To be called when the worker was killed: what it was doing is watched from now on. */
  killed(): Promise<void>;
  /** Waits for what is still watched; milliseconds from each kill until another worker had the job, or it was done. */
  end(patience: number): Promise<Takeover[]>;
}

/** How long one job of a killed worker took to be taken over. */
export interface Takeover {
  /** In milliseconds. */
  took: number;
  queue: string;
  /** The try that the death ended; 0 for the first. */
  attempt: number;
}

/**
 * Watches the jobs of killed workers. A job that only went back into its queue has not been taken over yet. One that failed and
 * waits to be tried again was not lost: it is a living worker's, whose jobs are watched too since nobody knows them apart.
 */
export function watchTakeovers(query: Query): TakeoverWatch {
  /** The job and when the dead worker had started it → when that worker was killed. */
  const orphans = new Map<string, Omit<Takeover, 'took'> & { since: number }>();
  const takeovers: Takeover[] = [];
  const told = ({ since, ...job }: Omit<Takeover, 'took'> & { since: number }): Takeover => ({
    ...job,
    took: Math.round(performance.now() - since),
  });
  const asking = new Set<Promise<void>>();
  let over = false;

  const look = async () => {
    const ids = [...orphans.keys()].map((key) => key.slice(0, 36));
    const held = new Set(
      (
        await query(
          `select id, started_on::text from pgboss.job where id = any($1) and state in ('created', 'active')`,
          [ids],
        )
      ).map(keyOf),
    );
    for (const [key, orphan] of orphans) {
      if (held.has(key)) continue;
      orphans.delete(key);
      takeovers.push(told(orphan));
    }
  };
  const looking = (async () => {
    while (!over) {
      await pause(250);
      // While the database is down nothing can be known.
      if (orphans.size) await look().catch(() => undefined);
    }
  })();

  return {
    killed: () => {
      const since = performance.now();
      const asked = untilAnswered(
        query,
        `select id, started_on::text, name, retry_count from pgboss.job where state = 'active'`,
      ).then((rows) => {
        for (const row of rows)
          if (!orphans.has(keyOf(row)))
            orphans.set(keyOf(row), { since, queue: String(row.name), attempt: Number(row.retry_count) });
      });
      asking.add(asked);
      return asked.finally(() => asking.delete(asked));
    },
    end: async (patience) => {
      await Promise.all(asking);
      const until = performance.now() + patience;
      while (orphans.size && performance.now() < until) await pause(100);
      over = true;
      await looking;
      return [...takeovers, ...[...orphans.values()].map(told)];
    },
  };
}

function keyOf(row: Record<string, unknown>): string {
  return `${row.id} ${row.started_on}`;
}

/** The database may be starting again at this moment. */
async function untilAnswered(query: Query, text: string): Promise<Record<string, unknown>[]> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const rows = await query(text).catch(() => null);
    if (rows) return rows;
    await pause(100);
  }
  return [];
}
