import type { Context } from '../kernel/context.ts';
import type { Turn } from '../kernel/list.ts';
import type { TicketRow } from './rows.ts';
import { ticketOf } from './rows.ts';
import { OPEN } from './rules.ts';
import type { Counts, Kind, ListedTicket, Priority, Status } from './schema.ts';

interface QueueFilters {
  priority?: Priority | undefined;
  kind?: Kind | undefined;
  owner?: 'nobody' | 'me' | undefined;
}

type Urgency = Turn<{ urgency: 'number'; createdAt: 'instant'; id: 'id' }>;

/** A page of what is to be triaged, the most urgent and then the oldest first. */
export async function pageOfQueue(context: Context, turn: Urgency, filters: QueueFilters): Promise<ListedTicket[]> {
  const { sql, actor } = context;
  const { from, isBack, limit } = turn;
  const { priority = null, kind = null, owner = null } = filters;
  const me = actor.kind === 'person' ? actor.personId : null;
  const rows = await sql<ListedRow>`
    select l.* from (
      select t.*, p.name as project_name, c.name as client_name, date_trunc('milliseconds', t.created_at) as at,
        array_position(array['urgent', 'high', 'normal', 'low'], t.priority) as urgency
      from ticket t
      join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
      join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
      where t.tenant_id = ${actor.tenantId} and t.status = 'new'
        and (${priority}::text is null or t.priority = ${priority}) and (${kind}::text is null or t.kind = ${kind})
        and (${owner}::text is null or t.owner_id is not distinct from case when ${owner} = 'me' then ${me}::uuid end)
    ) l
    where ${from?.id ?? null}::uuid is null or case when ${isBack}
      then (urgency, at, id) < (${from?.urgency ?? 0}::int, ${from?.createdAt ?? null}::timestamptz, ${from?.id ?? null}::uuid)
      else (urgency, at, id) > (${from?.urgency ?? 0}::int, ${from?.createdAt ?? null}::timestamptz, ${from?.id ?? null}::uuid) end
    order by case when ${isBack} then urgency end desc, case when ${isBack} then at end desc, case when ${isBack} then id end desc,
      urgency, at, id
    limit ${limit}`;
  return rows.map(listed);
}

interface MineFilters {
  state?: 'open' | 'done' | undefined;
  kind?: Kind | undefined;
}

type Touched = Turn<{ isOpen: 'number'; updatedAt: 'instant'; id: 'id' }>;

/** A page of an actor's tickets, open ones first, then the last touched. Staff get those they own; everybody else those they may see. */
export async function pageOfMine(context: Context, turn: Touched, filters: MineFilters): Promise<ListedTicket[]> {
  const { sql, actor } = context;
  const { from, isBack, limit } = turn;
  const { state = null, kind = null } = filters;
  const owner = actor.kind === 'person' && actor.side === 'staff' ? actor.personId : null;
  const rows = await sql<ListedRow>`
    select l.* from (
      select t.*, p.name as project_name, c.name as client_name, date_trunc('milliseconds', t.updated_at) as at,
        (t.status = any(${OPEN}))::int as is_open
      from ticket t
      join project p on p.tenant_id = t.tenant_id and p.id = t.project_id
      join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
      where t.tenant_id = ${actor.tenantId} and (${owner}::uuid is null or t.owner_id = ${owner}::uuid)
        and (${state}::text is null or (t.status = any(${OPEN})) = (${state} = 'open')) and (${kind}::text is null or t.kind = ${kind})
    ) l
    where ${from?.id ?? null}::uuid is null or case when ${isBack}
      then (is_open, at, id) > (${from?.isOpen ?? 0}::int, ${from?.updatedAt ?? null}::timestamptz, ${from?.id ?? null}::uuid)
      else (is_open, at, id) < (${from?.isOpen ?? 0}::int, ${from?.updatedAt ?? null}::timestamptz, ${from?.id ?? null}::uuid) end
    order by case when ${isBack} then is_open end, case when ${isBack} then at end, case when ${isBack} then id end,
      is_open desc, at desc, id desc
    limit ${limit}`;
  return rows.map(listed);
}

/** How many open tickets the actor may see, by where they stand. */
export async function triageCounts({ sql, actor }: Context): Promise<Counts> {
  const [row] = await sql<Counts>`
    select count(*) filter (where status = 'new') as new, count(*) filter (where status = 'needs_info') as "needsInfo",
      count(*) filter (where status = 'approved') as approved, count(*) filter (where status = 'in_progress') as "inProgress",
      count(*) filter (where owner_id is null) as unowned
    from ticket where tenant_id = ${actor.tenantId} and status = any(${OPEN})`;
  return row ?? { new: 0, needsInfo: 0, approved: 0, inProgress: 0, unowned: 0 };
}

interface ListedRow extends TicketRow {
  project_name: string;
  client_name: string;
  updated_at: Date;
}

function listed(row: ListedRow): ListedTicket {
  const { id, number, kind, title, state, priority, ownerName, reporterName, createdAt } = ticketOf(row);
  return {
    ...{ id, number, kind, title, status: state.status, priority, ownerName, reporterName, createdAt },
    projectName: row.project_name,
    clientName: row.client_name,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Open ones stand first in an order that ends with the lowest number. */
export function openOrDone(status: Status): number {
  return (OPEN as readonly Status[]).includes(status) ? 1 : 0;
}

/** More projects than this nobody finds in a choice, and no platform shows them. */
export const MOST_PROJECTS = 100;

/** Projects for the form of a new ticket, by name; the wanted one first, so that it is among them. */
export async function projectsToChoose(
  { sql, actor }: Context,
  wanted: string | null,
): Promise<{ id: string; name: string; clientName: string }[]> {
  return sql<{ id: string; name: string; clientName: string }>`
    select p.id, p.name, c.name as "clientName" from project p join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and (p.stage <> 'closed' or p.id = ${wanted}::uuid)
    order by (p.id = ${wanted}::uuid) desc nulls last, p.name, p.id limit ${MOST_PROJECTS + 1}`;
}
