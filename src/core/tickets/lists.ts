import type { Context } from '../kernel/context.ts';
import type { TicketRow } from './rows.ts';
import { ticketOf } from './rows.ts';
import { OPEN } from './rules.ts';
import type { Kind, Priority, Status } from './schema.ts';

/** A ticket in a list. */
export interface ListedTicket {
  id: string;
  number: number;
  kind: Kind;
  title: string;
  status: Status;
  priority: Priority;
  ownerName: string | null;
  projectName: string;
  clientName: string;
  reporterName: string;
  createdAt: string;
}

/** What is to be triaged, the most urgent and then the oldest first; one more than the page tells that there is another. */
export async function triageQueue({ sql, actor }: Context, page: number, size: number): Promise<ListedTicket[]> {
  const rows = await sql<ListedRow>`
    select t.*, p.name as project_name, c.name as client_name from ticket t
    join project p on p.tenant_id = t.tenant_id and p.id = t.project_id join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
    where t.tenant_id = ${actor.tenantId} and t.status = 'new'
    order by array_position(array['urgent', 'high', 'normal', 'low'], t.priority), t.created_at, t.id limit ${size + 1} offset ${page * size}`;
  return rows.map(listed);
}

export interface TriageCounts {
  new: number;
  needsInfo: number;
  approved: number;
  inProgress: number;
  /** Open and nobody's. */
  unowned: number;
}

/** How many open tickets the actor may see, by where they stand. */
export async function triageCounts({ sql, actor }: Context): Promise<TriageCounts> {
  const [row] = await sql<TriageCounts>`
    select count(*) filter (where status = 'new') as new, count(*) filter (where status = 'needs_info') as "needsInfo",
      count(*) filter (where status = 'approved') as approved, count(*) filter (where status = 'in_progress') as "inProgress",
      count(*) filter (where owner_id is null) as unowned
    from ticket where tenant_id = ${actor.tenantId} and status = any(${OPEN})`;
  return row ?? { new: 0, needsInfo: 0, approved: 0, inProgress: 0, unowned: 0 };
}

/**
 * A page of an actor's tickets, open ones first, then the last touched; one more than the page tells that there is another.
 * Staff get those they own; everybody else those they may see.
 */
export async function ticketsOf({ sql, actor }: Context, page: number, size: number): Promise<ListedTicket[]> {
  const owner = actor.kind === 'person' && actor.side === 'staff' ? actor.personId : null;
  const rows = await sql<ListedRow>`
    select t.*, p.name as project_name, c.name as client_name from ticket t
    join project p on p.tenant_id = t.tenant_id and p.id = t.project_id join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
    where t.tenant_id = ${actor.tenantId} and (${owner}::uuid is null or t.owner_id = ${owner}::uuid)
    order by (t.status = any(${OPEN})) desc, t.updated_at desc, t.id limit ${size + 1} offset ${page * size}`;
  return rows.map(listed);
}

/** The open tickets an actor may see, the oldest first: what a home counts and lists. */
export async function openTickets({ sql, actor }: Context, limit: number): Promise<ListedTicket[]> {
  const rows = await sql<ListedRow>`
    select t.*, p.name as project_name, c.name as client_name from ticket t
    join project p on p.tenant_id = t.tenant_id and p.id = t.project_id join client c on c.tenant_id = t.tenant_id and c.id = t.client_id
    where t.tenant_id = ${actor.tenantId} and t.status = any(${OPEN}) order by t.created_at, t.id limit ${limit}`;
  return rows.map(listed);
}

interface ListedRow extends TicketRow {
  project_name: string;
  client_name: string;
}

function listed(row: ListedRow): ListedTicket {
  const { id, number, kind, title, state, priority, ownerName, reporterName, createdAt } = ticketOf(row);
  return {
    id,
    number,
    kind,
    title,
    status: state.status,
    priority,
    ownerName,
    reporterName,
    createdAt,
    projectName: row.project_name,
    clientName: row.client_name,
  };
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
