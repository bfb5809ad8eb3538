import type { Context } from '../kernel/context.ts';
import { daysAfter, todayOf } from '../kernel/dates.ts';
import type { Page } from '../kernel/list-page.ts';
import { mayRead, readableProjects } from './rules.ts';
import type { Balance, StatementLine } from './schema.ts';

/** For which time a statement is. */
export const PERIODS = ['year', 'last', 'all'] as const;
type Period = (typeof PERIODS)[number];

/** Days before and after all others. */
export const BEGINNING = '0001-01-01';
export const END = '9999-12-31';

export interface Span {
  from: string;
  to: string;
}

/** Days that a statement covers where nothing else is asked for: what a client remembers. */
const DAYS = 90;

/** The first and the last day of a statement. */
export function spanOf(period: Period | undefined, now: Date, timezone: string): Span {
  const today = todayOf(now, timezone);
  const year = Number(today.slice(0, 4));
  switch (period) {
    case 'year':
      return { from: `${year}-01-01`, to: `${year}-12-31` };
    case 'last':
      return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` };
    case 'all':
      return { from: BEGINNING, to: END };
    case undefined:
      return { from: daysAfter(today, -DAYS), to: END };
  }
}

/** What changed how much the client owes, of what the actor may see: the newest first. */
export function pageOfEntries(
  { actor }: Context,
  page: Page,
  { client, span }: { client: string; span: Span },
): Promise<StatementLine[]> {
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  return page<StatementLine>`
    select e.id, e.kind, e.day, e.amount, e.currency, e.note, e.by_name as "byName", e.invoice_id as "invoiceId",
      (select i.number from invoice i where i.tenant_id = e.tenant_id and i.id = e.invoice_id) as number,
      (select c.number from invoice c where c.tenant_id = e.tenant_id and c.id = e.credit_id) as "creditNumber"
    from invoice_entry e
    where e.tenant_id = ${actor.tenantId} and e.client_id = ${client} and e.day >= ${span.from}::date and e.day <= ${span.to}::date
      and case when e.project_id is null then ${ofClient} else ${projects}::uuid[] is null or e.project_id = any(${projects}::uuid[]) end`;
}

/** How the client stands, in each currency: what was owed before, what came to it, and what is owed at the end. */
export function balancesOf(
  { sql, actor }: Context,
  { client, span }: { client: string; span: Span },
): Promise<Balance[]> {
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  // The last day is asked in the sums and not of the rows: so an index holds them by currency, and nothing is sorted.
  return sql<Balance>`
    select e.currency, coalesce(sum(e.amount) filter (where e.day < ${span.from}::date), 0)::bigint as opening,
      coalesce(sum(e.amount) filter (where e.day between ${span.from}::date and ${span.to}::date and e.kind in ('issued', 'void')), 0)::bigint
        as charged,
      (-coalesce(sum(e.amount) filter (where e.day between ${span.from}::date and ${span.to}::date and e.kind in ('payment', 'refund', 'undo')), 0))::bigint
        as paid,
      (-coalesce(sum(e.amount) filter (where e.day between ${span.from}::date and ${span.to}::date and e.kind = 'credit'), 0))::bigint as credited,
      (sum(e.amount) filter (where e.day <= ${span.to}::date))::bigint as closing
    from invoice_entry e
    where e.tenant_id = ${actor.tenantId} and e.client_id = ${client}
      and case when e.project_id is null then ${ofClient} else ${projects}::uuid[] is null or e.project_id = any(${projects}::uuid[]) end
    group by e.currency having bool_or(e.day <= ${span.to}::date) order by e.currency`;
}

/** Whose statement it is, if the actor may know them. */
export async function readClient({ sql, actor }: Context, client: string) {
  const [row] = await sql<{ name: string; timezone: string }>`
    select name, timezone from client where tenant_id = ${actor.tenantId} and id = ${client}`;
  return row ?? null;
}
