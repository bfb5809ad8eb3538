import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import type { Figure, Stands } from '../kernel/standing.ts';
import { counted, MOST_WEIGHED } from '../kernel/standing.ts';
import { STATUS_LABELS } from './lists.ts';
import type { CycleLine } from './schema.ts';

interface Pending {
  id: string;
  disputed: number;
  review: number;
  approval: number;
}

/** For the team what clients have to say something about. */
export async function cycleFigures({ sql, actor }: Context): Promise<Figure[]> {
  if (sideOf(actor) !== 'staff') return [];
  const [row] = await sql<Omit<Pending, 'id'>>`
    select count(*) filter (where c.status = 'disputed')::int as disputed, count(*) filter (where c.status = 'in_review')::int as review,
      count(*) filter (where c.status in ('upcoming', 'in_progress') and not c.approved)::int as approval
    from (select c.status, exists (select from approval a where a.tenant_id = c.tenant_id and a.cycle_id = c.id and a.number = c.content_number
        and a.side = 'client') as approved
      from cycle c where c.tenant_id = ${actor.tenantId} and c.status <> 'completed' limit ${MOST_WEIGHED}) c`;
  const text = row ? pendingText(row) : '';
  return text ? [{ label: 'Cycles', value: text, isLate: (row?.disputed ?? 0) > 0 }] : [];
}

/** What is open about the cycles of a client. */
export async function cyclesOfClients({ sql, actor }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<Pending>`
    select l.id, o.disputed, o.review, o.approval from unnest(${ids}::uuid[]) l (id)
    cross join lateral (
      select count(*) filter (where c.status = 'disputed')::int as disputed, count(*) filter (where c.status = 'in_review')::int as review,
        count(*) filter (where c.status in ('upcoming', 'in_progress') and not c.approved)::int as approval
      from (select c.status, exists (select from approval a where a.tenant_id = c.tenant_id and a.cycle_id = c.id and a.number = c.content_number
          and a.side = 'client') as approved
        from cycle c where c.tenant_id = ${actor.tenantId} and c.client_id = l.id and c.status <> 'completed' limit ${MOST_WEIGHED}) c) o`;
  return rows.flatMap((row) => {
    const text = pendingText(row);
    return text ? [{ id: row.id, text, isLate: row.disputed > 0 }] : [];
  });
}

function pendingText({ disputed, review, approval }: Omit<Pending, 'id'>): string {
  return [
    ...(disputed ? [`${counted(disputed, 'cycle')} disputed`] : []),
    ...(review ? [`${review} in the client’s review`] : []),
    ...(approval ? [`${approval} not approved by the client yet`] : []),
  ].join(', ');
}

/** The next milestone of a project: the cycle that ends first. */
export async function cyclesOfProjects({ sql, actor }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<Pick<CycleLine, 'id' | 'name' | 'status' | 'endsOn'>>`
    select p.id, n.name, n.status, n.ends_on as "endsOn" from unnest(${ids}::uuid[]) p (id)
    cross join lateral (select c.name, c.status, c.ends_on from cycle c where c.tenant_id = ${actor.tenantId} and c.project_id = p.id
      and c.status <> 'completed' order by c.ends_on limit 1) n`;
  return rows.map(({ id, name, status, endsOn }) => ({
    id,
    text: `next: ${name} until ${dayText(endsOn)} (${STATUS_LABELS[status].toLowerCase()})`,
    isLate: status === 'disputed',
  }));
}
