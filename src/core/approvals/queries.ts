import type { Context } from '../kernel/context.ts';
import type { Choice } from '../kernel/field.ts';
import type { ApproversRow } from './approvers.ts';
import type { Named } from './schema.ts';

/** A client's rule, and its people. */
export interface Ground {
  id: string;
  name: string;
  needed: number | null;
  order: Named[];
  /** All of the client who have access: who of them may approve depends on the project. */
  contacts: Named[];
}

/** What is asked of a client that the actor may see. */
export async function readRule({ sql, actor }: Context, client: string): Promise<Ground | null> {
  const [row] = await sql<Pick<Ground, 'id' | 'name' | 'contacts'> & { rule: ApproversRow }>`
    select l.id, l.name, parley_approvers(l.id, null) as rule,
      (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by lower(p.name), p.id), '[]') from person p
        where p.tenant_id = l.tenant_id and p.client_id = l.id and p.active) as contacts
    from client l where l.tenant_id = ${actor.tenantId} and l.id = ${client}`;
  if (!row) return null;
  const { rule, ...ground } = row;
  return { ...ground, needed: rule.needed, order: rule.order };
}

/** Writes what is asked of a client from now on. */
export async function writeRule(
  { sql, actor, now }: Context,
  client: string,
  { needed, order, byName }: { needed: number | null; order: readonly string[]; byName: string },
): Promise<void> {
  await sql`
    insert into approval_rule (tenant_id, client_id, needed, in_order, by_name, set_at)
    values (${actor.tenantId}, ${client}, ${needed}, ${order}::uuid[], ${byName}, ${now})
    on conflict (tenant_id, client_id) do update set needed = excluded.needed, in_order = excluded.in_order, by_name = excluded.by_name,
      set_at = excluded.set_at`;
}

/** As many as a choice can hold. */
const MOST = 100;

/** People of the client who have access; where none is chosen yet, of all clients. */
export async function contactChoices({ sql, actor }: Context, client: string | null): Promise<Choice[]> {
  return sql<Choice>`
    select p.id as value, p.name || ' (' || l.name || ')' as label
    from person p join client l on l.tenant_id = p.tenant_id and l.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.active and (${client}::uuid is null or p.client_id = ${client}::uuid)
    order by lower(l.name), lower(p.name), p.id limit ${MOST}`;
}
