import type { Context } from '../kernel/context.ts';
import { todayOf } from '../kernel/dates.ts';
import type { Order, Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import type { TaskRow } from './rows.ts';
import { partOf } from './rows.ts';
import type { Counts, ListedTask, Status } from './schema.ts';

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

/** Each order is a column with an index of its own. */
const COLUMN = { due: 'by_due', status: 'by_status', newest: 'by_newest' } as const;

export function orderOf({ order = 'due' }: Pick<Narrowing, 'order'>): Order {
  return { by: { [COLUMN[order]]: 'number', number: 'number' } };
}

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
  by_due: number;
  by_status: number;
  by_newest: number;
}

/** A page of tasks. */
export async function pageOfTasks(
  context: Context,
  { project, cycle, person }: Scope,
  page: Page,
  { state, who, order = 'due' }: Narrowing,
): Promise<ListedTask[]> {
  const { actor, now } = context;
  const today = todayOf(now, actor.timezone);
  const statuses = state === undefined || state === 'overdue' ? SHOWN : [STATUS_OF[state]];
  const holder = who === 'me' ? meIn(context) : (person ?? undefined);
  const rows = await page<ListedRow>`
    select t.*, (select p.name from project p where p.tenant_id = t.tenant_id and p.id = t.project_id) as project_name,
      coalesce((select h.name from phase h where h.tenant_id = t.tenant_id and h.id = t.phase_id),
        (select y.name from cycle y where y.tenant_id = t.tenant_id and y.id = t.cycle_id)) as part_name
    from task t
    where t.tenant_id = ${actor.tenantId} and t.status = any(${statuses})
      ${when(project !== undefined)`and t.project_id = ${project}`}
      ${when(cycle !== undefined)`and t.cycle_id = ${cycle}`}
      ${when(holder !== undefined)`and t.assignee_id = ${holder}`}
      ${when(who === 'nobody')`and t.assignee_id is null`}
      ${when(state === 'overdue')`and t.by_due < ${today}::date - date '1970-01-01'`}`;
  return rows.map((row) => listed(row, today, row[COLUMN[order]]));
}

/** Whoever asks; nobody's id for a room, which is to do nothing. */
export function meIn({ actor }: Pick<Context, 'actor'>): string {
  return actor.kind === 'person' ? actor.personId : '00000000-0000-0000-0000-000000000000';
}

function listed(row: ListedRow, today: string, rank: number): ListedTask {
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
    rank,
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
