import type { Context } from '../kernel/context.ts';
import type { Look } from './look.ts';

/** A look of the actor's own that is not over, while they still see the person, who still has access. */
export async function readLook({ sql, actor, now }: Context, id: string): Promise<Look | null> {
  const own = actor.kind === 'person' ? actor.personId : null;
  const [row] = await sql<Look>`
    select p.id as person, p.name, c.name as client, l.ends_at as until from look l
      join person p on p.tenant_id = l.tenant_id and p.id = l.person_id and p.active
      join client c on c.tenant_id = l.tenant_id and c.id = l.client_id
    where l.id = ${id} and l.staff_id = ${own}::uuid and l.ends_at > ${now}`;
  return row ?? null;
}
