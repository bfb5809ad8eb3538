import type { Context } from '../kernel/context.ts';
import type { Turn } from '../kernel/list.ts';
import type { TaskRow } from './rows.ts';
import { partOf } from './rows.ts';
import type { Counts, ListedTask, Status } from './schema.ts';
import { todayOf } from './wording.ts';

/** Of which tasks a list is: those of a project or of one of its cycles, or those that somebody is to do. */
export interface Scope {
  project?: string | undefined;
  cycle?: string | undefined;
  person?: string | null | undefined;
}

export const ORDERS = ['due', 'status', 'newest'] as const;
export const STATES = ['open', 'started', 'blocked', 'done', 'dropped', 'overdue'] as const;
export const HOLDERS = ['me', 'nobody'] as const;

/** By what a list is narrowed, and in which order it stands. */
export interface Narrowing {
  state?: (typeof STATES)[number] | undefined;
  who?: (typeof HOLDERS)[number] | undefined;
  order?: (typeof ORDERS)[number] | undefined;
}

export type Ranked = { rank: 'number'; number: 'number' };

const STATUS_OF: Readonly<Record<Exclude<(typeof STATES)[number], 'overdue'>, Status>> = {
  open: 'open',
  started: 'in_progress',
  blocked: 'blocked',
  done: 'done',
  dropped: 'dropped',
};
/** What was dropped is shown where it is asked for. */
const SHOWN: readonly Status[] = ['open', 'in_progress', 'blocked', 'done'];

interface ListedRow extends Omit<TaskRow, 'closed'> {
  project_name: string;
  part_name: string | null;
  rank: number;
}

/** A page of tasks. Each order is a column with an index of its own, and a page begins where the one before ended. */
export async function pageOfTasks(
  context: Context,
  { project, cycle, person }: Scope,
  { from, isBack, limit }: Turn<Ranked>,
  { state, who, order = 'due' }: Narrowing,
): Promise<ListedTask[]> {
  const { sql, actor, now } = context;
  const today = todayOf(now, actor.timezone);
  const statuses = state === undefined || state === 'overdue' ? SHOWN : [STATUS_OF[state]];
  const holder = who === 'me' ? meIn(context) : (person ?? null);
  const rows = await sql<ListedRow>`
    select l.*, p.name as project_name, coalesce(h.name, y.name) as part_name from (
      select t.*, case ${order}::text when 'status' then t.by_status when 'newest' then t.by_newest else t.by_due end as rank
      from task t
      where t.tenant_id = ${actor.tenantId} and (${project ?? null}::uuid is null or t.project_id = ${project ?? null}::uuid)
        and (${cycle ?? null}::uuid is null or t.cycle_id = ${cycle ?? null}::uuid)
        and (${holder}::uuid is null or t.assignee_id = ${holder}::uuid) and (${who !== 'nobody'} or t.assignee_id is null)
        and t.status = any(${statuses}) and (${state !== 'overdue'} or t.by_due < ${today}::date - date '1970-01-01')
        and (${from?.number ?? null}::bigint is null or case when ${isBack}
          then (case ${order}::text when 'status' then t.by_status when 'newest' then t.by_newest else t.by_due end, t.number)
            < (${from?.rank ?? 0}::int, ${from?.number ?? 0}::bigint)
          else (case ${order}::text when 'status' then t.by_status when 'newest' then t.by_newest else t.by_due end, t.number)
            > (${from?.rank ?? 0}::int, ${from?.number ?? 0}::bigint) end)
      order by case when ${isBack} then case ${order}::text when 'status' then t.by_status when 'newest' then t.by_newest else t.by_due end end desc,
        case when ${isBack} then t.number end desc,
        case ${order}::text when 'status' then t.by_status when 'newest' then t.by_newest else t.by_due end, t.number
      limit ${limit}) l
    join project p on p.tenant_id = l.tenant_id and p.id = l.project_id
    left join phase h on h.tenant_id = l.tenant_id and h.id = l.phase_id
    left join cycle y on y.tenant_id = l.tenant_id and y.id = l.cycle_id
    order by case when ${isBack} then l.rank end desc, case when ${isBack} then l.number end desc, l.rank, l.number`;
  return rows.map((row) => listed(row, today));
}

/** Whoever asks; nobody's id for a room, which is to do nothing. */
export function meIn({ actor }: Pick<Context, 'actor'>): string {
  return actor.kind === 'person' ? actor.personId : '00000000-0000-0000-0000-000000000000';
}

function listed(row: ListedRow, today: string): ListedTask {
  const { status, due_on: dueOn } = row;
  return {
    id: row.id,
    number: Number(row.number),
    title: row.title,
    internal: row.internal,
    status,
    part: partOf(row),
    dueOn,
    startedAt: row.started_at?.toISOString() ?? null,
    doneAt: row.done_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    assigneeId: row.assignee_id,
    assigneeName: row.assignee_name,
    projectId: row.project_id,
    projectName: row.project_name,
    partName: row.part_name,
    isOverdue: status !== 'done' && status !== 'dropped' && dueOn !== null && dueOn < today,
    rank: row.rank,
  };
}

/** How many tasks there are that the actor may see, by where they stand. */
export async function countTasks({ sql, actor, now }: Context, { project, cycle, person }: Scope): Promise<Counts> {
  const today = todayOf(now, actor.timezone);
  const [row] = await sql<Counts>`
    select count(*) filter (where status = 'open')::int as open, count(*) filter (where status = 'in_progress')::int as "inProgress",
      count(*) filter (where status = 'blocked')::int as blocked, count(*) filter (where status = 'done')::int as done,
      count(*) filter (where by_due < ${today}::date - date '1970-01-01')::int as overdue
    from task where tenant_id = ${actor.tenantId} and (${project ?? null}::uuid is null or project_id = ${project ?? null}::uuid)
      and (${cycle ?? null}::uuid is null or cycle_id = ${cycle ?? null}::uuid)
      and (${person ?? null}::uuid is null or assignee_id = ${person ?? null}::uuid)`;
  return row ?? { open: 0, inProgress: 0, blocked: 0, done: 0, overdue: 0 };
}
