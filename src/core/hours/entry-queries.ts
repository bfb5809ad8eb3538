import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { isFirm } from '../people/index.ts';
import type { Entry } from './entry-schema.ts';
import type { Status } from './period-schema.ts';

interface EntryRow extends Omit<Entry, 'closed' | 'createdAt'> {
  status: Status | null;
  invoiced: number | null;
  createdAt: Date;
}

/** An entry the actor may see: contacts see what counts for them of a month that was sent. */
export async function readEntry({ sql, actor }: Context, id: string): Promise<Entry | null> {
  const [row] = await sql<EntryRow>`
    select e.id, e.version, e.client_id as "clientId", c.name as "clientName", e.project_id as "projectId", j.name as "projectName",
      e.period_id as "periodId", to_char(e.day, 'YYYY-MM') as month, e.person_id as "personId", e.person_name as "personName",
      e.logged_by as "loggedBy", e.day, e.minutes, e.note, e.billable, e.cycle_id as "cycleId", e.ticket_id as "ticketId", e.part,
      e.beyond as "isBeyond", e.shared as "isShared", e.deleted_at is not null as "isDeleted", e.created_at as "createdAt",
      p.status, case when ${isFirm(actor)} or parley_sees_invoice(p.invoice_id) then p.invoiced end as invoiced
    from time_entry e
    join client c on c.tenant_id = e.tenant_id and c.id = e.client_id
    join project j on j.tenant_id = e.tenant_id and j.id = e.project_id
    left join hours_period p on p.tenant_id = e.tenant_id and p.id = e.period_id
    where e.tenant_id = ${actor.tenantId} and e.id = ${id}`;
  if (!row) return null;
  const { status, invoiced, createdAt, ...entry } = row;
  const closed = status === 'signed' ? 'signed' : invoiced === null ? null : 'invoiced';
  return { ...entry, closed, createdAt: createdAt.toISOString() };
}

/** The same, locked: its month is, because whatever becomes of an entry becomes of its month. */
export async function entryForUpdate(context: Context, id: string): Promise<Entry | null> {
  const { sql, actor } = context;
  const [, entry] = await Promise.all([
    sql`
      select from hours_period p where p.tenant_id = ${actor.tenantId}
        and p.id = (select e.period_id from time_entry e where e.tenant_id = ${actor.tenantId} and e.id = ${id}) for update`,
    readEntry(context, id),
  ]);
  return entry;
}

/** An entry before it is stored. */
type NewEntry = Omit<Entry, 'id' | 'version' | 'loggedBy' | 'closed' | 'isDeleted' | 'createdAt'>;

export async function insertEntry({ sql, actor, now }: Context, id: string, made: NewEntry): Promise<Entry> {
  const loggedBy = nameOf(actor);
  await sql`
    insert into time_entry (tenant_id, id, client_id, project_id, period_id, person_id, person_name, logged_by, day, minutes, note, billable,
      cycle_id, ticket_id, part, beyond, shared, created_at, updated_at)
    values (${actor.tenantId}, ${id}, ${made.clientId}, ${made.projectId}, ${made.periodId}, ${made.personId}, ${made.personName}, ${loggedBy},
      ${made.day}::date, ${made.minutes}, ${made.note}, ${made.billable}, ${made.cycleId}, ${made.ticketId}, ${made.part}, ${made.isBeyond},
      ${made.isShared}, ${now}, ${now})`;
  return { ...made, id, version: 1, loggedBy, closed: null, isDeleted: false, createdAt: now.toISOString() };
}

/** Writes what became of an entry; its month is locked. */
export async function writeEntry({ sql, actor, now }: Context, after: Entry): Promise<void> {
  await sql`
    update time_entry set version = ${after.version}, day = ${after.day}::date, minutes = ${after.minutes}, note = ${after.note},
      billable = ${after.billable}, beyond = ${after.isBeyond}, shared = ${after.isShared},
      deleted_at = case when ${after.isDeleted} then ${now}::timestamptz end, updated_at = ${now}
    where tenant_id = ${actor.tenantId} and id = ${after.id}`;
}

/**
 * What this person has logged on that day already, for all clients: the database adds it up, because who acts for one client
 * sees no other. Until the transaction ends nobody else logs for them.
 */
export async function minutesOn({ sql }: Context, personId: string, day: string): Promise<number> {
  const [row] = await sql<{
    minutes: number;
  }>`select parley_logged_minutes(${personId}::uuid, ${day}::date) as minutes`;
  return row?.minutes ?? 0;
}
