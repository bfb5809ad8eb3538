import type { Context } from '../kernel/context.ts';
import type { ShownRow, TaskRow } from './rows.ts';
import { shownTask, taskOf } from './rows.ts';
import type { Part, ShownTask, Task } from './schema.ts';

/** A task as the actor's cards show it. */
export async function readTask({ sql, actor }: Context, id: string): Promise<ShownTask | null> {
  const [row] = await sql<ShownRow>`
    select t.*, p.name as project_name, p.stage = 'closed' as closed, c.name as client_name, coalesce(h.name, y.name) as part_name
    from task t
    join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
    left join phase h on h.tenant_id = t.tenant_id and h.id = t.phase_id
    left join cycle y on y.tenant_id = t.tenant_id and y.id = t.cycle_id
    where t.tenant_id = ${actor.tenantId} and t.id = ${id}`;
  return row ? shownTask(row) : null;
}

/** The same, locked for a change: for a contact only what they are to do themselves. */
export async function taskForUpdate({ sql, actor }: Context, id: string): Promise<Task | null> {
  const [row] = await sql<TaskRow>`
    select t.*, p.stage = 'closed' as closed from task t join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    where t.tenant_id = ${actor.tenantId} and t.id = ${id} for update of t`;
  return row ? taskOf(row) : null;
}

/** Where a task can be added. */
export interface Ground {
  projectId: string;
  projectName: string;
  clientId: string;
  closed: boolean;
  part: Part | null;
}

/** A project that the actor may see, and the phase or cycle of it that was named; null where either is not there. */
export async function readGround(
  { sql, actor }: Context,
  { project, phase, cycle }: { project: string; phase?: string | undefined; cycle?: string | undefined },
): Promise<Ground | null> {
  const [row] = await sql<Omit<Ground, 'part'> & { phase: string | null; cycle: string | null }>`
    select p.id as "projectId", p.name as "projectName", p.client_id as "clientId", p.stage = 'closed' as closed, h.id as phase, y.id as cycle
    from project p
    left join phase h on h.tenant_id = p.tenant_id and h.project_id = p.id and h.id = ${phase ?? null}::uuid
    left join cycle y on y.tenant_id = p.tenant_id and y.project_id = p.id and y.id = ${cycle ?? null}::uuid
    where p.tenant_id = ${actor.tenantId} and p.id = ${project}`;
  if (!row || row.phase !== (phase ?? null) || row.cycle !== (cycle ?? null)) return null;
  const { phase: inPhase, cycle: inCycle, ...ground } = row;
  if (inPhase !== null) return { ...ground, part: { kind: 'phase', id: inPhase } };
  return { ...ground, part: inCycle === null ? null : { kind: 'cycle', id: inCycle } };
}

/** As many as the tightest form can hold beside "neither" (Slack: 100 options). */
const MOST = 99;

/** A phase or cycle of a project, with its name. */
interface NamedPart extends Part {
  name: string;
}

/** The phases of a project in their order, and its cycles; what is completed takes no new work. */
export function partsOf({ sql, actor }: Context, project: string): Promise<NamedPart[]> {
  return sql<NamedPart>`
    select * from (
      (select 'phase' as kind, id, name from phase where tenant_id = ${actor.tenantId} and project_id = ${project} order by position, id limit ${MOST})
      union all
      (select 'cycle', id, name from cycle where tenant_id = ${actor.tenantId} and project_id = ${project} and status <> 'completed'
        order by starts_on, id limit ${MOST})) p limit ${MOST}`;
}

/** The phase or cycle of that id, if it is of the project. */
export async function partNamed({ sql, actor }: Context, project: string, id: string): Promise<NamedPart | null> {
  const [row] = await sql<NamedPart>`
    select 'phase' as kind, id, name from phase where tenant_id = ${actor.tenantId} and project_id = ${project} and id = ${id}
    union all
    select 'cycle', id, name from cycle where tenant_id = ${actor.tenantId} and project_id = ${project} and id = ${id}`;
  return row ?? null;
}

/** What is unfinished and this person's, locked in one order for a change. */
export async function tasksHeldBy(
  { sql, actor }: Context,
  person: string,
  project: string | undefined,
): Promise<Task[]> {
  const rows = await sql<TaskRow>`
    select t.*, p.stage = 'closed' as closed from task t join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
    where t.tenant_id = ${actor.tenantId} and t.assignee_id = ${person} and t.status not in ('done', 'dropped')
      and (${project ?? null}::uuid is null or t.project_id = ${project ?? null})
    order by t.id for update of t`;
  return rows.map(taskOf);
}

/** What a cycle is called and where it is, if the actor may see it. */
export async function readCycleName({ sql, actor }: Context, cycle: string) {
  const [row] = await sql<{ cycleName: string; projectId: string }>`
    select name as "cycleName", project_id as "projectId" from cycle where tenant_id = ${actor.tenantId} and id = ${cycle}`;
  return row ?? null;
}

/** What a person is called, if the actor may know them. */
export async function readName({ sql, actor }: Context, person: string): Promise<string | null> {
  const [row] = await sql<{
    name: string;
  }>`select name from person where tenant_id = ${actor.tenantId} and id = ${person}`;
  return row?.name ?? null;
}
