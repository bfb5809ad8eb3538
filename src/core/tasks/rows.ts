import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Assignee, ShownTask, State, Status, Task } from './schema.ts';

/** A row of the task table, together with what stands beside it. */
export interface TaskRow {
  id: string;
  number: number;
  client_id: string;
  project_id: string;
  phase_id: string | null;
  cycle_id: string | null;
  internal: boolean;
  status: Status;
  blocked_by: string | null;
  version: number;
  title: string;
  description: string | null;
  assignee_id: string | null;
  assignee_name: string | null;
  assignee_side: Assignee['side'] | null;
  due_on: string | null;
  started_at: Date | null;
  done_at: Date | null;
  created_by: string;
  created_at: Date;
  closed: boolean;
}

export interface ShownRow extends TaskRow {
  project_name: string;
  client_name: string;
  part_name: string | null;
}

export function taskOf(row: TaskRow): Task {
  const { assignee_id: assignee, assignee_name: name, assignee_side: side } = row;
  return {
    id: row.id,
    number: row.number,
    clientId: row.client_id,
    projectId: row.project_id,
    closed: row.closed,
    part: partOf(row),
    internal: row.internal,
    state: stateOf(row),
    version: row.version,
    title: row.title,
    description: row.description,
    assignee: assignee !== null && name !== null && side !== null ? { id: assignee, name, side } : null,
    dueOn: row.due_on,
    startedAt: row.started_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}

export function shownTask(row: ShownRow): ShownTask {
  const { project_name: projectName, client_name: clientName, part_name: partName } = row;
  return { ...taskOf(row), projectName, clientName, partName };
}

export function partOf({ phase_id: phase, cycle_id: cycle }: Pick<TaskRow, 'phase_id' | 'cycle_id'>): Task['part'] {
  if (phase !== null) return { kind: 'phase', id: phase };
  return cycle === null ? null : { kind: 'cycle', id: cycle };
}

function stateOf({ status, blocked_by: reason, done_at: doneAt }: TaskRow): State {
  switch (status) {
    case 'blocked':
      return { status, reason: reason ?? '' };
    case 'done':
      return { status, doneAt: doneAt?.toISOString() ?? '' };
    case 'open':
    case 'in_progress':
    case 'dropped':
      return { status };
  }
}

/** A task as it lies in its row: its columns. */
export function columnsOf({ state, part, assignee }: Pick<Task, 'state' | 'part' | 'assignee'>) {
  return {
    reason: state.status === 'blocked' ? state.reason : null,
    doneAt: state.status === 'done' ? state.doneAt : null,
    phase: part?.kind === 'phase' ? part.id : null,
    cycle: part?.kind === 'cycle' ? part.id : null,
    assigneeId: assignee?.id ?? null,
    assigneeName: assignee?.name ?? null,
    assigneeSide: assignee?.side ?? null,
  };
}

/** Writes what a decision made of a task; the row is locked. A contact's role writes how far it is, and nothing else. */
export async function writeTask({ sql, actor, now }: Context, _before: Task, after: Task): Promise<void> {
  const { id, state, version, startedAt, internal, title, description, dueOn } = after;
  const { reason, doneAt, phase, cycle, assigneeId, assigneeName, assigneeSide } = columnsOf(after);
  if (actor.kind === 'person' && actor.side === 'contact') {
    await sql`
      update task set status = ${state.status}, blocked_by = ${reason}, started_at = ${startedAt}::timestamptz, done_at = ${doneAt}::timestamptz,
        version = ${version}, updated_at = ${now} where tenant_id = ${actor.tenantId} and id = ${id}`;
    return;
  }
  await sql`
    update task set status = ${state.status}, blocked_by = ${reason}, started_at = ${startedAt}::timestamptz, done_at = ${doneAt}::timestamptz,
      version = ${version}, updated_at = ${now}, internal = ${internal}, title = ${title}, description = ${description}, due_on = ${dueOn}::date,
      phase_id = ${phase}, cycle_id = ${cycle}, assignee_id = ${assigneeId}, assignee_name = ${assigneeName}, assignee_side = ${assigneeSide}
    where tenant_id = ${actor.tenantId} and id = ${id}`;
}

/** A task before it has a number. */
export type NewTask = Pick<
  Task,
  'clientId' | 'projectId' | 'closed' | 'part' | 'internal' | 'title' | 'description' | 'dueOn' | 'assignee'
>;

export async function insertTask({ sql, actor, now, newId }: Context, made: NewTask): Promise<Task> {
  const state: State = { status: 'open' };
  const { phase, cycle, assigneeId, assigneeName, assigneeSide } = columnsOf({ ...made, state });
  const id = newId();
  const createdBy = nameOf(actor);
  const [row] = await sql<{ number: number }>`
    insert into task (tenant_id, id, client_id, project_id, phase_id, cycle_id, internal, status, title, description, due_on,
      assignee_id, assignee_name, assignee_side, created_by, created_at, updated_at)
    values (${actor.tenantId}, ${id}, ${made.clientId}, ${made.projectId}, ${phase}, ${cycle}, ${made.internal}, ${state.status}, ${made.title},
      ${made.description}, ${made.dueOn}, ${assigneeId}, ${assigneeName}, ${assigneeSide}, ${createdBy}, ${now}, ${now})
    returning number`;
  const number = Number(row?.number);
  return { ...made, id, number, state, version: 1, startedAt: null, createdBy, createdAt: now.toISOString() };
}
