import type { Context } from '../kernel/context.ts';
import type { Inquiry } from './inquiry-schema.ts';

/** What was asked, as far as the actor may see it. */
export async function readInquiry({ sql, actor }: Context, id: string): Promise<Inquiry | null> {
  const [row] = await sql<Inquiry>`
    select i.id, i.version, i.client_id as "clientId", l.name as "clientName", f.name as "firmName", i.project_id as "projectId",
      p.name as "projectName", i.title, i.body, i.by_name as "byName", i.created_at as "createdAt", i.status, i.quote_id as quote, i.reason
    from inquiry i
    join firm f on f.id = i.tenant_id
    join client l on l.tenant_id = i.tenant_id and l.id = i.client_id
    join project p on p.tenant_id = i.tenant_id and p.id = i.project_id
    where i.tenant_id = ${actor.tenantId} and i.id = ${id}`;
  return row ?? null;
}

export async function inquiryForUpdate(context: Context, id: string): Promise<Inquiry | null> {
  const { sql, actor } = context;
  const [, inquiry] = await Promise.all([
    sql`select from inquiry where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readInquiry(context, id),
  ]);
  return inquiry;
}

/** Stores what a contact asks, in their name; null where they see no such project. */
export async function insertInquiry(
  context: Context,
  { project, title, body }: { project: string; title: string; body: string | null },
): Promise<Inquiry | null> {
  const { sql, actor, now, newId } = context;
  if (actor.kind !== 'person') return null;
  const id = newId();
  await sql`
    insert into inquiry (tenant_id, id, client_id, project_id, title, body, person_id, by_name, created_at)
    select tenant_id, ${id}::uuid, client_id, id, ${title}, ${body}, ${actor.personId}::uuid, ${actor.name}, ${now}::timestamptz
    from project where tenant_id = ${actor.tenantId} and id = ${project}`;
  return readInquiry(context, id);
}

/** Writes how the firm answered. */
export async function writeInquiry({ sql, actor }: Context, _before: Inquiry, after: Inquiry): Promise<void> {
  await sql`
    update inquiry set status = ${after.status}, version = ${after.version}, quote_id = ${after.quote}, reason = ${after.reason}
    where tenant_id = ${actor.tenantId} and id = ${after.id}`;
}

/** What nobody has answered yet, the oldest first. */
export async function openInquiries({ sql, actor }: Context, limit: number): Promise<OpenInquiry[]> {
  return sql<OpenInquiry>`
    select i.id, i.title, i.by_name as "byName", l.name as "clientName" from inquiry i
    join client l on l.tenant_id = i.tenant_id and l.id = i.client_id
    where i.tenant_id = ${actor.tenantId} and i.status = 'open' order by i.created_at, i.id limit ${limit}`;
}

export interface OpenInquiry extends Pick<Inquiry, 'id' | 'title' | 'byName' | 'clientName'> {}
