import type { Context } from '../kernel/context.ts';
import { daysAfter, dayText, todayOf } from '../kernel/dates.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { isFirm } from '../people/index.ts';
import { mayIssue, mayRead, readableProjects } from './rules.ts';
import type { ListedInvoice } from './schema.ts';
import { called, money } from './wording.ts';

type Named = Pick<ListedInvoice, 'id' | 'seq' | 'number' | 'title' | 'clientName'>;

interface Open extends Named, Pick<ListedInvoice, 'currency' | 'due' | 'dueOn'> {
  timezone: string;
}

/** For the client what is to be paid, and for whoever issues invoices what is overdue and the drafts: the most pressing first. */
export async function waitingInvoices(context: Context, limit: number): Promise<WaitingThing[]> {
  const { actor, now } = context;
  if (!isFirm(actor)) return (await openInvoices(context, limit)).map((open) => thingOf(open, dueText(open, now)));
  if (!mayIssue(actor)) return [];
  const late = (await openInvoices(context, limit)).filter((open) => isLate(open, now));
  const drafts = await draftInvoices(context, limit - late.length);
  return [
    ...late.map((open) => thingOf(open, `${open.clientName} · ${dueText(open, now)}`)),
    ...drafts.map((draft) => thingOf(draft, `${draft.clientName} · draft, not issued yet`)),
  ];
}

function thingOf(it: Named, detail: string): WaitingThing {
  return { id: it.id, text: `${called(it)} ${it.title}`, detail };
}

function dueText(open: Open, now: Date): string {
  const until = open.dueOn ? ` ${dayText(open.dueOn)}` : '';
  return `${money(open.due, open.currency)} · ${isLate(open, now) ? 'overdue since' : 'due'}${until}`;
}

function isLate({ dueOn, timezone }: Open, now: Date): boolean {
  return dueOn !== null && todayOf(now, timezone) > dueOn;
}

/** What is to be paid, the first to be due first; for the firm only what may be over already. */
function openInvoices({ sql, actor, now }: Context, limit: number): Promise<Open[]> {
  const latest = isFirm(actor) ? daysAfter(todayOf(now, 'utc'), 1) : 'infinity';
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  return sql<Open>`
    select i.id, i.seq, i.number, i.title, l.name as "clientName", l.timezone, i.due_on as "dueOn", i.content ->> 'currency' as currency,
      i.gross - i.paid - i.credited as due
    from invoice i join client l on l.tenant_id = i.tenant_id and l.id = i.client_id
    where i.tenant_id = ${actor.tenantId} and i.shelf = 'open' and i.due_on < ${latest}::date
      and case when i.project_id is null then ${ofClient} else ${projects}::uuid[] is null or i.project_id = any(${projects}::uuid[]) end
    order by i.due_on, i.seq limit ${limit}`;
}

function draftInvoices({ sql, actor }: Context, limit: number): Promise<Named[]> {
  return sql<Named>`
    select i.id, i.seq, i.number, i.title, l.name as "clientName"
    from invoice i join client l on l.tenant_id = i.tenant_id and l.id = i.client_id
    where i.tenant_id = ${actor.tenantId} and i.shelf = 'draft' order by i.seq limit ${limit}`;
}
