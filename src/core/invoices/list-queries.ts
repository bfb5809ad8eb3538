import type { Context } from '../kernel/context.ts';
import { daysAfter, todayOf } from '../kernel/dates.ts';
import type { Order, Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { mayRead, readableProjects } from './rules.ts';
import type { ListedInvoice } from './schema.ts';

/** What a list can be narrowed to. */
export const SHELVES = ['draft', 'open', 'overdue', 'paid', 'credit', 'void'] as const;
type Shelf = (typeof SHELVES)[number];

/** The newest first; what is overdue, the longest first. Both end with a number that is nobody else’s: ids would not fit a button. */
export function orderOf({ state }: { state?: Shelf | undefined }): Order {
  if (state === 'overdue') return { by: { dueOn: 'day', seq: 'number' } };
  return { by: { seq: 'number' }, isDown: true };
}

interface Narrowing {
  client?: string | undefined;
  shelf?: Shelf | undefined;
}

/** A page of the invoices that the actor may see: row security lets in by client and project, and knows nothing of billing. */
export function pageOfInvoices(
  { actor, now }: Context,
  page: Page,
  { client, shelf }: Narrowing,
): Promise<ListedInvoice[]> {
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  const stored = shelf === 'overdue' ? undefined : shelf;
  // The last day that has ended somewhere: where it has for the client is asked of the few that are left.
  const latest = daysAfter(todayOf(now, 'utc'), 1);
  return page<ListedInvoice>`
    select i.id, i.seq, i.number, i.kind, i.title, i.status, i.content ->> 'currency' as currency, i.gross, i.due_on as "dueOn",
      case when i.shelf in ('open', 'paid') then i.gross - i.paid - i.credited else 0 end as due,
      i.shelf = 'open' and i.due_on < (select (${now}::timestamptz at time zone c.timezone)::date from client c
        where c.tenant_id = i.tenant_id and c.id = i.client_id) as overdue,
      (select c.name from client c where c.tenant_id = i.tenant_id and c.id = i.client_id) as "clientName",
      (select p.name from project p where p.tenant_id = i.tenant_id and p.id = i.project_id) as "projectName"
    from invoice i
    where i.tenant_id = ${actor.tenantId} ${when(client !== undefined)`and i.client_id = ${client}`}
      ${when(stored !== undefined)`and i.shelf = ${stored}`}
      ${when(shelf === 'overdue')`and i.shelf = 'open' and i.due_on < ${latest}::date and i.due_on < (
        select (${now}::timestamptz at time zone c.timezone)::date from client c where c.tenant_id = i.tenant_id and c.id = i.client_id)`}
      and case when i.project_id is null then ${ofClient} else ${projects}::uuid[] is null or i.project_id = any(${projects}::uuid[]) end`;
}
