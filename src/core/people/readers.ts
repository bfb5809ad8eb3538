import type { ChannelName, Module } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';

/** Somebody who may be told of something. */
export interface Reader {
  id: string;
  /** A name of the IANA time zone database. */
  timezone: string;
  /** False where it is certain that they may not see it; what a view shows them decides in the end. */
  mayRead: boolean;
}

/** What somebody is to read: whose it is, and whose right. */
interface Whose {
  clientId: string | null;
  projectId: string | null;
  module: Module | null;
}

/** Whether these people still have a part in what is theirs to read, asked by the system for many at once. */
export async function readersOf(
  sql: Sql,
  tenantId: string,
  people: readonly string[],
  { clientId, projectId, module }: Whose,
): Promise<Reader[]> {
  return sql<Reader>`
    select p.id, p.timezone, p.active and coalesce(p.grants ->> ${module ?? ''}::text, '') <> 'none' and case
        when ${clientId}::uuid is null then true
        when p.side = 'contact' then p.client_id = ${clientId}::uuid and (p.role = 'client_admin' or ${projectId}::uuid is null
          or exists (select from membership m where m.tenant_id = p.tenant_id and m.person_id = p.id and m.project_id = ${projectId}::uuid))
        else p.role <> 'member' or exists (
          select from assignment a where a.tenant_id = p.tenant_id and a.person_id = p.id and a.client_id = ${clientId}::uuid) end as "mayRead"
    from person p where p.tenant_id = ${tenantId} and p.id = any(${people}::uuid[])`;
}

/** The platforms on which somebody has an account that is linked to them, or a mail address. */
export async function channelsOf({ sql, actor }: Context): Promise<ChannelName[]> {
  if (actor.kind !== 'person') return [];
  const rows = await sql<{ provider: string }>`
    select distinct provider from identity
    where person_id = ${actor.personId} and provider in ('slack', 'teams', 'discord', 'email') order by provider`;
  return rows.map(({ provider }) => provider as ChannelName);
}
