import type { Context } from '../kernel/context.ts';
import type { RequirementRow } from './rows.ts';
import { requirementOf } from './rows.ts';
import type { Requirement } from './schema.ts';

/** A requirement that the actor may see. */
export async function readRequirement(
  { sql, actor }: Pick<Context, 'sql' | 'actor'>,
  id: string,
): Promise<Requirement | null> {
  const [row] = await sql<RequirementRow>`
    select r.id, r.number, r.version, r.client_id as "clientId", l.name as "clientName", f.name as "firmName", r.project_id as "projectId",
      p.name as "projectName", l.timezone, r.kind, r.title, r.details, r.options, r.due_on as "dueOn", r.asked_by_name as "askedBy", r.round,
      r.status, r.answer, r.given_by as "givenBy", r.given_by_name as "givenByName", r.given_channel as "givenChannel", r.given_at as "givenAt",
      r.settled_by_name as "settledByName", r.settled_at as "settledAt", r.reason, r.reminded_at as "remindedAt", r.overdue_at as "overdueAt",
      r.looks, r.looked_by_name as "lookedByName", r.looked_at as "lookedAt", r.created_at as "createdAt",
      case when r.kind = 'files' and r.round > 0 then (
        select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'type', e.type, 'size', e.size) order by e.place)
        from requirement_file e where e.tenant_id = r.tenant_id and e.requirement_id = r.id and e.round = r.round) end as files
    from requirement r
    join firm f on f.id = r.tenant_id
    join client l on l.tenant_id = r.tenant_id and l.id = r.client_id
    join project p on p.tenant_id = r.tenant_id and p.id = r.project_id
    where r.tenant_id = ${actor.tenantId} and r.id = ${id}`;
  return row ? requirementOf(row) : null;
}

/**
 * The same, locked for a change: the lock comes first and by itself, so that whoever waited for it reads what was provided. What a
 * contact may not change they do not lock either; the rules answer them as it stands.
 */
export async function requirementForUpdate(context: Context, id: string): Promise<Requirement | null> {
  const { sql, actor } = context;
  const [, requirement] = await Promise.all([
    sql`select from requirement where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readRequirement(context, id),
  ]);
  return requirement;
}

/** Where something can be asked for. */
export interface Ground
  extends Pick<Requirement, 'projectId' | 'projectName' | 'clientId' | 'clientName' | 'firmName' | 'timezone'> {
  closed: boolean;
}

/** A project that the actor may see. */
export async function readGround({ sql, actor }: Context, project: string): Promise<Ground | null> {
  const [row] = await sql<Ground>`
    select p.id as "projectId", p.name as "projectName", l.id as "clientId", l.name as "clientName", f.name as "firmName", l.timezone,
      p.stage = 'closed' as closed
    from project p
    join firm f on f.id = p.tenant_id
    join client l on l.tenant_id = p.tenant_id and l.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.id = ${project}`;
  return row ?? null;
}

/** Open projects for the form, by name; the wanted one first, so that it is among them. As many as a choice can hold. */
export function projectsToChoose({ sql, actor }: Context, wanted: string | null) {
  return sql<{ id: string; name: string; client: string }>`
    select p.id, p.name, c.name as client from project p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.stage <> 'closed'
    order by (p.id = ${wanted}::uuid) desc nulls last, c.name, p.name, p.id limit 100`;
}
