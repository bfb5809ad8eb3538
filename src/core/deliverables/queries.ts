import type { Context } from '../kernel/context.ts';
import type { DeliverableRow } from './rows.ts';
import { deliverableOf } from './rows.ts';
import type { Deliverable } from './schema.ts';

/** A deliverable the actor may see, with every version that was shared and what was said of it. */
export async function readDeliverable(
  { sql, actor }: Pick<Context, 'sql' | 'actor'>,
  id: string,
): Promise<Deliverable | null> {
  const [row] = await sql<DeliverableRow>`
    select d.id, d.number, d.version, d.client_id as "clientId", l.name as "clientName", f.name as "firmName", d.project_id as "projectId",
      p.name as "projectName", d.cycle_id as "cycleId", c.name as "cycleName", c.status = 'completed' as closed, l.timezone,
      d.in_scope as "inScope", d.name, d.description, d.status, d.withdrawn_by as "withdrawnBy", d.withdrawn_at as "withdrawnAt",
      d.reminded_at as "remindedAt", d.created_at as "createdAt",
      (select coalesce(jsonb_agg(jsonb_build_object('content', s.content, 'hash', s.hash, 'personId', s.person_id, 'byName', s.by_name, 'at', s.at,
          'decision', case when n.number is not null then jsonb_build_object('kind', n.kind, 'hash', n.hash, 'reason', n.reason,
            'personId', n.person_id, 'byName', n.by_name, 'channel', n.channel, 'assurance', n.assurance, 'at', n.at) end) order by s.number), '[]')
        from deliverable_share s
        left join deliverable_decision n on n.tenant_id = s.tenant_id and n.deliverable_id = s.deliverable_id and n.number = s.number
        where s.tenant_id = d.tenant_id and s.deliverable_id = d.id) as shares
    from deliverable d
    join firm f on f.id = d.tenant_id
    join client l on l.tenant_id = d.tenant_id and l.id = d.client_id
    join project p on p.tenant_id = d.tenant_id and p.id = d.project_id
    join cycle c on c.tenant_id = d.tenant_id and c.id = d.cycle_id
    where d.tenant_id = ${actor.tenantId} and d.id = ${id}`;
  return row ? deliverableOf(row) : null;
}

/**
 * The same, locked for a change. Its cycle comes first, so that nobody completes it meanwhile; each lock is a statement of its own, so
 * that whoever waited reads what the one before them decided.
 */
export async function deliverableForUpdate(context: Context, id: string): Promise<Deliverable | null> {
  const { sql, actor } = context;
  const [, , it] = await Promise.all([
    sql`select from cycle where tenant_id = ${actor.tenantId}
      and id = (select d.cycle_id from deliverable d where d.tenant_id = ${actor.tenantId} and d.id = ${id}) for share`,
    sql`select from deliverable where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readDeliverable(context, id),
  ]);
  return it;
}

/** The deliverables of a cycle, locked in one order; the cycle is locked by whoever asks. */
export async function deliverablesForUpdate(context: Context, cycle: string): Promise<Deliverable[]> {
  const { sql, actor } = context;
  const rows = await sql<{ id: string }>`
    select id from deliverable where tenant_id = ${actor.tenantId} and cycle_id = ${cycle} order by id for update`;
  const read = await Promise.all(rows.map(({ id }) => readDeliverable(context, id)));
  return read.flatMap((it) => it ?? []);
}

/** Where a deliverable can be planned: a cycle the actor may see. */
export interface Ground
  extends Pick<
    Deliverable,
    | 'clientId'
    | 'clientName'
    | 'firmName'
    | 'projectId'
    | 'projectName'
    | 'cycleId'
    | 'cycleName'
    | 'closed'
    | 'timezone'
  > {}

/** Locked, so that nobody completes it meanwhile. */
export async function groundForUpdate({ sql, actor }: Context, cycle: string): Promise<Ground | null> {
  const [row] = await sql<Ground>`
    select c.client_id as "clientId", l.name as "clientName", f.name as "firmName", c.project_id as "projectId", p.name as "projectName",
      c.id as "cycleId", c.name as "cycleName", c.status = 'completed' as closed, l.timezone
    from cycle c
    join firm f on f.id = c.tenant_id
    join client l on l.tenant_id = c.tenant_id and l.id = c.client_id
    join project p on p.tenant_id = c.tenant_id and p.id = c.project_id
    where c.tenant_id = ${actor.tenantId} and c.id = ${cycle} for share of c`;
  return row ?? null;
}

/** The cycles that are not completed, or the given one of them: as many as a choice can hold. */
export function cyclesToPlanIn({ sql, actor }: Context, wanted: string | null) {
  return sql<{ id: string; name: string; project: string }>`
    select c.id, c.name, p.name as project from cycle c join project p on p.tenant_id = c.tenant_id and p.id = c.project_id
    where c.tenant_id = ${actor.tenantId} and c.status <> 'completed'
    order by (c.id = ${wanted}::uuid) desc nulls last, c.starts_on desc, c.id limit 100`;
}

/** What a cycle is called and where it is, if the actor may see it. */
export async function readCycleName({ sql, actor }: Context, cycle: string) {
  const [row] = await sql<{ cycleName: string; projectId: string; closed: boolean }>`
    select name as "cycleName", project_id as "projectId", status = 'completed' as closed from cycle
    where tenant_id = ${actor.tenantId} and id = ${cycle}`;
  return row ?? null;
}

/** What a project is called, if the actor may see it. */
export async function readProjectName({ sql, actor }: Context, project: string): Promise<string | null> {
  const [row] = await sql<{ name: string }>`
    select name from project where tenant_id = ${actor.tenantId} and id = ${project}`;
  return row?.name ?? null;
}

/** How far a cycle is by its deliverables: what was withdrawn counts for nothing. */
export async function deliverablesDone(
  { sql, actor }: Context,
  cycle: string,
): Promise<{ done: number; total: number }> {
  const [row] = await sql<{ done: number; total: number }>`
    select count(*) filter (where status = 'approved')::int as done, count(*)::int as total from deliverable
    where tenant_id = ${actor.tenantId} and cycle_id = ${cycle} and status <> 'withdrawn'`;
  return row ?? { done: 0, total: 0 };
}
