import { withActor } from './context.ts';
import type { Jobs } from './jobs.ts';
import type { App, Schedule } from './registry.ts';

/** Work that the clock asks for. Cron only stores the job that asks; what it finds is worked as jobs of their own. */
export interface Sweep {
  name: string;
  /** When to look, as a cron expression in UTC. */
  cron: string;
  /** What there is to do now, in parts that workers share: asked with as few statements as can be. */
  parts(): Promise<unknown[]>;
  /** Works one part. It stops between two steps when it is told to, and may then be worked anew. */
  work(part: unknown, signal: AbortSignal): Promise<void>;
}

export interface SweepJob {
  schedule: string;
  /** Missing in the job that asks what there is to do. */
  part?: unknown;
}

export async function runSweep(
  jobs: Jobs,
  sweeps: readonly Sweep[],
  job: SweepJob,
  signal: AbortSignal,
): Promise<void> {
  const sweep = sweeps.find(({ name }) => name === job.schedule);
  if (!sweep) return;
  if (job.part !== undefined) return sweep.work(job.part, signal);
  const parts = await sweep.parts();
  // A part that is not done yet keeps its place: what came after it is found again by the next sweep.
  await jobs.ask(
    parts.map((part, index) => ({
      queue: 'sweep',
      key: `${sweep.name}:${index}`,
      data: { schedule: sweep.name, part } satisfies SweepJob,
    })),
  );
}

/** A firm and its things that may be due. */
interface Candidates {
  tenantId: string;
  ids: string[];
}

/** Firms of one job: enough that 10,000 are a hundred jobs, few enough that each is done within seconds. */
const FIRMS_OF_A_PAGE = 100;

/** An area's schedule: one statement says for all firms what may be due, each page of firms is a job. */
export function sweepOf(app: App, schedule: Schedule): Sweep {
  return {
    name: schedule.name,
    cron: schedule.cron,
    parts: async () => {
      const { rows } = await app.database.pool.query<Candidates>(
        `select tenant_id as "tenantId", array_agg(id) as ids from ${schedule.candidates}($1) group by 1 order by 1`,
        [app.clock.now()],
      );
      return Array.from({ length: Math.ceil(rows.length / FIRMS_OF_A_PAGE) }, (_, page) =>
        rows.slice(page * FIRMS_OF_A_PAGE, (page + 1) * FIRMS_OF_A_PAGE),
      );
    },
    work: async (part, signal) => {
      for (const { tenantId, ids } of part as Candidates[]) {
        signal.throwIfAborted();
        const who = { kind: 'system', tenantId, reason: schedule.name } as const;
        const due = await withActor(app, who, (context) => schedule.due(context, ids));
        await app.jobs.ask(
          due.map((request) => ({ queue: 'react', data: { tenantId, ...request, because: schedule.name } })),
        );
      }
    },
  };
}
