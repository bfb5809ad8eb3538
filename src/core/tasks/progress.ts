import type { Context } from '../kernel/context.ts';

/** How far a phase is by its tasks. */
export interface Progress {
  phase: string;
  done: number;
  /** Without those that were dropped. */
  total: number;
}

/** How many tasks of each phase of a project are done; a phase without tasks is not among them. */
export function progressOf({ sql, actor }: Context, project: string): Promise<Progress[]> {
  return sql<Progress>`
    select phase_id as phase, count(*) filter (where status = 'done')::int as done, count(*)::int as total from task
    where tenant_id = ${actor.tenantId} and project_id = ${project} and phase_id is not null and status <> 'dropped' group by phase_id`;
}

/** How far a cycle is by its tasks: what was dropped counts for nothing. */
export async function tasksDone({ sql, actor }: Context, cycle: string): Promise<{ done: number; total: number }> {
  const [row] = await sql<{ done: number; total: number }>`
    select count(*) filter (where status = 'done')::int as done, count(*)::int as total from task
    where tenant_id = ${actor.tenantId} and cycle_id = ${cycle} and status <> 'dropped'`;
  return row ?? { done: 0, total: 0 };
}
