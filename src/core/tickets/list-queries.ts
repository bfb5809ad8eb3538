import type { Context } from '../kernel/context.ts';
import type { Order, Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { MOST_COUNTED } from '../kernel/standing.ts';
import type { TicketRow } from './rows.ts';
import { ticketOf } from './rows.ts';
import type { Counts, Kind, ListedTicket, Priority } from './schema.ts';

interface QueueFilters {
  priority?: Priority | undefined;
  kind?: Kind | undefined;
  owner?: 'nobody' | 'me' | undefined;
}

/** The most urgent, and of those what waits longest. */
export const BY_URGENCY: Order = { by: { urgency: 'rank', created_at: 'instant', id: 'id' } };

const URGENCY: Record<Priority, number> = { urgent: 1, high: 2, normal: 3, low: 4 };

/** A page of what is to be triaged. */
export async function pageOfQueue({ actor }: Context, page: Page, filters: QueueFilters): Promise<ListedTicket[]> {
  const { priority, kind, owner } = filters;
  const me = actor.kind === 'person' ? actor.personId : null;
  const rows = await page<ListedRow>`
    select t.*, (select p.name from project p where p.tenant_id = t.tenant_id and p.id = t.project_id) as project_name,
      (select c.name from client c where c.tenant_id = t.tenant_id and c.id = t.client_id) as client_name,
      case t.priority when 'urgent' then 1 when 'high' then 2 when 'normal' then 3 else 4 end as urgency
    from ticket t
    where t.tenant_id = ${actor.tenantId} and t.status = 'new'
      ${when(priority !== undefined)`and case t.priority when 'urgent' then 1 when 'high' then 2 when 'normal' then 3 else 4 end = ${priority && URGENCY[priority]}`}
      ${when(kind !== undefined)`and t.kind = ${kind}`}
      ${when(owner === 'nobody')`and t.owner_id is null`}
      ${when(owner === 'me')`and t.owner_id = ${me}`}`;
  return rows.map(listed);
}

interface MineFilters {
  state?: 'open' | 'done' | undefined;
  kind?: Kind | undefined;
}

/** Open ones first, then the last touched. */
export const OPEN_FIRST: Order = { by: { is_open: 'rank', updated_at: 'instant', id: 'id' }, isDown: true };

/** A page of an actor's tickets. Staff get those they own; everybody else those they may see. */
export async function pageOfMine({ actor }: Context, page: Page, filters: MineFilters): Promise<ListedTicket[]> {
  const { state, kind } = filters;
  const owner = actor.kind === 'person' && actor.side === 'staff' ? actor.personId : undefined;
  const rows = await page<ListedRow>`
    select t.*, (select p.name from project p where p.tenant_id = t.tenant_id and p.id = t.project_id) as project_name,
      (select c.name from client c where c.tenant_id = t.tenant_id and c.id = t.client_id) as client_name,
      case when t.status in ('new', 'needs_info', 'approved', 'in_progress') then 1 else 0 end as is_open
    from ticket t
    where t.tenant_id = ${actor.tenantId}
      ${when(owner !== undefined)`and t.owner_id = ${owner}`}
      ${when(state !== undefined)`and case when t.status in ('new', 'needs_info', 'approved', 'in_progress') then 1 else 0 end = ${state === 'open' ? 1 : 0}`}
      ${when(kind !== undefined)`and t.kind = ${kind}`}`;
  return rows.map(listed);
}

/** How many open tickets the actor may see, by where they stand; up to `MOST_COUNTED` of each. */
export async function triageCounts({ sql, actor }: Context): Promise<Counts> {
  const { tenantId } = actor;
  const [row] = await sql<Counts>`
    select (select count(*)::int from (select from ticket where tenant_id = ${tenantId} and status = 'new' limit ${MOST_COUNTED}) t) as new,
      (select count(*)::int from (select from ticket where tenant_id = ${tenantId} and status = 'needs_info' limit ${MOST_COUNTED}) t) as "needsInfo",
      (select count(*)::int from (select from ticket where tenant_id = ${tenantId} and status = 'approved' limit ${MOST_COUNTED}) t) as approved,
      (select count(*)::int from (select from ticket where tenant_id = ${tenantId} and status = 'in_progress' limit ${MOST_COUNTED}) t) as "inProgress",
      (select count(*)::int from (select from ticket where tenant_id = ${tenantId} and owner_id is null
        and status in ('new', 'needs_info', 'approved', 'in_progress') limit ${MOST_COUNTED}) t) as unowned`;
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
