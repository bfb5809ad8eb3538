import type { Context } from '../kernel/context.ts';
import { dayText, todayOf } from '../kernel/dates.ts';
import type { Figure, Stands } from '../kernel/standing.ts';
import { isFirm } from '../people/index.ts';
import { mayIssue, mayRead, readableProjects } from './rules.ts';
import { money } from './wording.ts';

interface Due {
  id: string;
  currency: string;
  due: number;
  late: number;
  nextOn: string;
}

/** What a client is to pay, and for whoever issues invoices what is overdue at all clients together. */
export async function invoiceFigures(context: Context): Promise<Figure[]> {
  const { actor } = context;
  const label = isFirm(actor) ? 'Overdue' : 'To pay';
  if (isFirm(actor) && !mayIssue(actor)) return [];
  const all = await dueByCurrency(context);
  const said = isFirm(actor) ? all.filter(({ late }) => late > 0) : all;
  return said.map(({ currency, due, late, nextOn }) => ({
    label,
    value: isFirm(actor)
      ? money(late, currency)
      : `${money(due, currency)}, ${late ? 'overdue since' : 'due'} ${dayText(nextOn)}`,
    isLate: late > 0,
    view: { target: 'invoice.list', input: {} },
  }));
}

/** What is open of all that the actor may read. */
async function dueByCurrency({ sql, actor, now }: Context): Promise<Omit<Due, 'id'>[]> {
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  return sql<Omit<Due, 'id'>>`
    select i.content ->> 'currency' as currency, sum(i.gross - i.paid - i.credited)::int8 as due,
      coalesce(sum(i.gross - i.paid - i.credited) filter (where i.due_on < ${todayOf(now, actor.timezone)}::date), 0)::int8 as late,
      min(i.due_on) as "nextOn"
    from invoice i where i.tenant_id = ${actor.tenantId} and i.shelf = 'open'
      and case when i.project_id is null then ${ofClient} else ${projects}::uuid[] is null or i.project_id = any(${projects}::uuid[]) end
    group by 1 order by 1`;
}

/** What clients owe, and what of it is overdue; for whoever issues invoices. */
export async function invoicesOfClients({ sql, actor, now }: Context, ids: readonly string[]): Promise<Stands[]> {
  if (!mayIssue(actor)) return [];
  const rows = await sql<Due>`
    select l.id, o.currency, o.due, o.late, o."nextOn" from unnest(${ids}::uuid[]) l (id)
    cross join lateral (
      select i.content ->> 'currency' as currency, sum(i.gross - i.paid - i.credited)::int8 as due,
        coalesce(sum(i.gross - i.paid - i.credited) filter (where i.due_on < ${todayOf(now, actor.timezone)}::date), 0)::int8 as late,
        min(i.due_on) as "nextOn"
      from invoice i where i.tenant_id = ${actor.tenantId} and i.client_id = l.id and i.shelf = 'open' group by 1 order by 1) o`;
  return rows.map(({ id, currency, due, late }) => ({
    id,
    text: late ? `${money(late, currency)} overdue` : `${money(due, currency)} to be paid`,
    isLate: late > 0,
  }));
}
