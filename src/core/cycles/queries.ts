import type { ApproversRow } from '../approvals/index.ts';
import { approversOf } from '../approvals/index.ts';
import type { Context } from '../kernel/context.ts';
import type { Order, Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { isApprover } from '../people/index.ts';
import type { Approval, Counts, Cycle, CycleLine, Dispute, ResolvedDispute, Version } from './schema.ts';

interface CycleRow extends Pick<Cycle, 'id' | 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName'> {
  status: Cycle['status'];
  version: number;
  timezone: string;
  holidays: string[];
  reviewDays: number;
  opensAt: Date;
  closesAt: Date;
  remindedAt: Date | null;
  completedAt: Date | null;
  partsDone: number;
  partsTotal: number;
  versions: InJson<Version & { approvals: Approval[] }>[];
  disputes: InJson<Dispute & Partial<ResolvedDispute>>[];
  approvers: ApproversRow;
}

/** What a row looks like inside jsonb: instants are text there. */
type InJson<T> = {
  [K in keyof T]: T[K] extends Date
    ? string
    : T[K] extends Date | null
      ? string | null
      : T[K] extends readonly (infer M)[]
        ? InJson<M>[]
        : T[K];
};

/** A cycle with everything that was ever agreed and disputed about it, as far as the actor may see it. */
export async function readCycle({ sql, actor }: Pick<Context, 'sql' | 'actor'>, id: string): Promise<Cycle | null> {
  const [row] = await sql<CycleRow>`
    select c.id, c.client_id as "clientId", l.name as "clientName", f.name as "firmName", c.project_id as "projectId", p.name as "projectName",
      c.status, c.version, l.timezone, l.holidays::text[] as holidays, c.review_days as "reviewDays",
      c.review_opens_at as "opensAt", c.review_closes_at as "closesAt", c.reminded_at as "remindedAt", c.completed_at as "completedAt",
      c.parts_done as "partsDone", c.parts_total as "partsTotal",
      (select jsonb_agg(jsonb_build_object('number', v.number, 'content', v.content, 'hash', v.hash, 'byName', v.by_name, 'at', v.created_at,
          'agreedAt', (select g.at from cycle_agreement g where g.tenant_id = v.tenant_id and g.cycle_id = v.cycle_id and g.number = v.number),
          'approvals', (select coalesce(jsonb_agg(jsonb_build_object('side', a.side, 'hash', a.hash, 'personId', a.person_id, 'byName', a.by_name,
              'channel', a.channel, 'assurance', a.assurance, 'at', a.at) order by a.at, a.side), '[]')
            from approval a where a.tenant_id = v.tenant_id and a.cycle_id = v.cycle_id and a.number = v.number)) order by v.number)
        from cycle_version v where v.tenant_id = c.tenant_id and v.cycle_id = c.id) as versions,
      (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'reason', d.reason, 'personId', d.person_id, 'byName', d.by_name, 'openedAt', d.opened_at,
          'resolution', d.resolution, 'resolvedByName', d.resolved_by_name, 'resolvedAt', d.resolved_at) order by d.opened_at), '[]')
        from dispute d where d.tenant_id = c.tenant_id and d.cycle_id = c.id) as disputes,
      parley_approvers(c.client_id, c.project_id) as approvers
    from cycle c
    join firm f on f.id = c.tenant_id
    join client l on l.tenant_id = c.tenant_id and l.id = c.client_id
    join project p on p.tenant_id = c.tenant_id and p.id = c.project_id
    where c.tenant_id = ${actor.tenantId} and c.id = ${id}`;
  return row ? cycleOf(row) : null;
}

/**
 * The same, locked for a change. The lock comes first and in a statement of its own: whoever waited for it must read
 * what the one before them signed or disputed, which a statement that began earlier would not see.
 */
export async function cycleForUpdate(context: Context, id: string): Promise<Cycle | null> {
  const { sql, actor } = context;
  const [, cycle] = await Promise.all([
    sql`select from cycle where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readCycle(context, id),
  ]);
  return cycle;
}

function cycleOf(row: CycleRow): Cycle {
  const { timezone, holidays, opensAt, closesAt, status, completedAt, versions, disputes, ...beside } = row;
  const { partsDone, partsTotal, approvers, ...same } = beside;
  const read = disputes.map(disputeOf);
  const facts = {
    ...same,
    calendar: { timezone, holidays },
    approvers: approversIn(approvers, row.projectId),
    review: { opensAt, closesAt },
    parts: { done: partsDone, total: partsTotal },
    versions: versions.map(versionOf) as [Version, ...Version[]],
    resolved: read.filter((one) => 'resolvedAt' in one),
  };
  switch (status) {
    case 'upcoming':
    case 'in_progress':
    case 'in_review':
      return { ...facts, status };
    case 'disputed':
      return {
        ...facts,
        status,
        dispute: there(
          read.find((one) => !('resolvedAt' in one)),
          row,
        ),
      };
    case 'completed':
      return { ...facts, status, completedAt: there(completedAt, row) };
  }
}

/** Who may sign for the client, by the rule that a press is asked by. */
export function approversIn(row: ApproversRow, projectId: string) {
  return approversOf(row, { projectId }, (actor) => isApprover(actor, projectId));
}

function versionOf(row: CycleRow['versions'][number]): Version {
  return {
    ...row,
    at: new Date(row.at),
    agreedAt: row.agreedAt ? new Date(row.agreedAt) : null,
    approvals: row.approvals.map((approval) => ({ ...approval, at: new Date(approval.at) })),
  };
}

function disputeOf(row: CycleRow['disputes'][number]): Dispute | ResolvedDispute {
  const { id, reason, personId, byName, resolution, resolvedByName, resolvedAt } = row;
  const opened = { id, reason, personId, byName, openedAt: new Date(row.openedAt) };
  if (!resolvedAt) return opened;
  return {
    ...opened,
    resolution: resolution ?? '',
    resolvedByName: resolvedByName ?? '',
    resolvedAt: new Date(resolvedAt),
  };
}

function there<T>(value: T | null | undefined, row: CycleRow): T {
  if (value === null || value === undefined)
    throw new Error(`cycle ${row.id} is ${row.status} and its rows say otherwise`);
  return value;
}

/** A project as planning needs it. */
export interface PlanningGround
  extends Pick<
    Cycle,
    'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'calendar' | 'approvers'
  > {}

/** Where a cycle can be planned: a project the actor may see, with its client's calendar. */
export async function readGround({ sql, actor }: Context, project: string): Promise<PlanningGround | null> {
  const [row] = await sql<
    Omit<PlanningGround, 'calendar' | 'approvers'> & PlanningGround['calendar'] & { approvers: ApproversRow }
  >`
    select p.id as "projectId", p.name as "projectName", l.id as "clientId", l.name as "clientName", l.timezone, l.holidays::text[] as holidays, f.name as "firmName",
      parley_approvers(l.id, p.id) as approvers
    from project p join client l on l.tenant_id = p.tenant_id and l.id = p.client_id join firm f on f.id = p.tenant_id
    where p.tenant_id = ${actor.tenantId} and p.id = ${project}`;
  if (!row) return null;
  const { timezone, holidays, approvers, ...ground } = row;
  return { ...ground, calendar: { timezone, holidays }, approvers: approversIn(approvers, project) };
}

/** The order of the work. */
export const BY_DAYS: Order = { by: { startsOn: 'day', endsOn: 'day', id: 'id' } };

/** One page of a project's work order; of the cycles that stand somewhere, where that is said. */
export function pageOfCycles(
  { actor }: Context,
  { project, status }: { project: string; status?: Cycle['status'] | undefined },
  page: Page,
): Promise<CycleLine[]> {
  return page<CycleLine>`
    select id, name, status, starts_on as "startsOn", ends_on as "endsOn",
      case when parts_total = 0 then null when status = 'completed' then 100 else 100 * parts_done / parts_total end as progress
    from cycle where tenant_id = ${actor.tenantId} and project_id = ${project} ${when(status !== undefined)`and status = ${status}`}`;
}

/** How many cycles of a project there are, by where they stand. */
export async function countCycles({ sql, actor }: Context, project: string): Promise<Counts> {
  const [row] = await sql<Counts>`
    select count(*) filter (where status = 'upcoming')::int as upcoming, count(*) filter (where status = 'in_progress')::int as "inProgress",
      count(*) filter (where status = 'in_review')::int as "inReview", count(*) filter (where status = 'disputed')::int as disputed,
      count(*) filter (where status = 'completed')::int as completed
    from cycle where tenant_id = ${actor.tenantId} and project_id = ${project}`;
  return row ?? { upcoming: 0, inProgress: 0, inReview: 0, disputed: 0, completed: 0 };
}

/** How far a project is by its cycles, in per cent of all their tasks and deliverables; null where there are none. */
export async function cyclesDone({ sql, actor }: Context, project: string): Promise<number | null> {
  const [row] = await sql<{ percent: number | null }>`
    select (100 * sum(case when status = 'completed' then parts_total else parts_done end) / nullif(sum(parts_total), 0))::int as percent
    from cycle where tenant_id = ${actor.tenantId} and project_id = ${project}`;
  return row?.percent ?? null;
}

/** A scope as another agreement names it. */
export interface NamedScope {
  id: string;
  projectId: string;
  name: string;
  hash: string;
  /** It can still be agreed on. */
  isOpen: boolean;
}

/** The present scopes of a project's cycles, in the order of the work. */
export async function scopesOf({ sql, actor }: Context, project: string): Promise<NamedScope[]> {
  return sql<NamedScope>`
    select id, project_id as "projectId", name, content_hash as hash, status not in ('completed', 'disputed') as "isOpen" from cycle
    where tenant_id = ${actor.tenantId} and project_id = ${project} order by starts_on, ends_on, id`;
}

/** The cycles of a client whose scope can be agreed on and is not, by the client. */
export async function notAgreedOf({ sql, actor }: Context, client: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select c.id from cycle c where c.tenant_id = ${actor.tenantId} and c.client_id = ${client}
      and c.status in ('upcoming', 'in_progress', 'in_review') and not exists (
        select from cycle_agreement g where g.tenant_id = c.tenant_id and g.cycle_id = c.id and g.number = c.content_number)
    order by c.id`;
  return rows.map(({ id }) => id);
}
