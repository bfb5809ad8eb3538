import type { Context } from '../kernel/context.ts';
import type { VatShare } from '../kernel/vat.ts';
import type { Content } from './content.ts';
import { sumsOf, without } from './content.ts';
import type { InvoiceRow } from './rows.ts';
import { invoiceOf } from './rows.ts';
import type { Entry, Invoice, Part } from './schema.ts';
import type { Deposit } from './settle.ts';

/** An invoice the actor may see, with what was paid of it. Row security hides drafts from the client. */
export async function readInvoice(context: Context, id: string): Promise<Invoice | null> {
  const { sql, actor } = context;
  const [rows, entries] = await Promise.all([
    sql<InvoiceRow>`
      select i.id, i.seq, i.version, i.kind, i.status, i.content, i.gross, i.paid, i.credited, i.client_id as "clientId", l.name as "clientName",
        l.timezone, f.name as "firmName", f.timezone as "firmTimezone", i.project_id as "projectId", p.name as "projectName",
        i.quote_id as "quoteId", i.part, i.corrects, c.number as corrected, i.due_on as "dueOn", i.number, i.serial, i.issued_on as "issuedOn",
        i.issued_at as "issuedAt", i.issued_by_name as "issuedByName", i.ended_by_name as "endedByName", i.ended_at as "endedAt", i.reason,
        i.deducted_in as "deductedIn", i.reminded_at as "remindedAt", i.overdue_at as "overdueAt", i.created_at as "createdAt",
        (select parley_pays_online()) as online
      from invoice i
      join firm f on f.id = i.tenant_id
      join client l on l.tenant_id = i.tenant_id and l.id = i.client_id
      left join project p on p.tenant_id = i.tenant_id and p.id = i.project_id
      left join invoice c on c.tenant_id = i.tenant_id and c.id = i.corrects
      where i.tenant_id = ${actor.tenantId} and i.id = ${id}`,
    entriesOf(context, id),
  ]);
  return rows[0] ? invoiceOf(rows[0], entries) : null;
}

/** The same, locked for a change: the lock comes first and by itself, so that whoever waited for it reads what was recorded. */
export async function invoiceForUpdate(context: Context, id: string): Promise<Invoice | null> {
  const { sql, actor } = context;
  const [, invoice] = await Promise.all([
    sql`select from invoice where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readInvoice(context, id),
  ]);
  return invoice;
}

/** What was paid and credited of an invoice, oldest first. */
function entriesOf({ sql, actor }: Context, invoice: string): Promise<Entry[]> {
  return sql<Entry>`
    select e.id, e.kind, e.day, e.amount, e.currency, e.note, e.by_name as "byName", e.reverses, e.credit_id as "creditId",
      (select c.number from invoice c where c.tenant_id = e.tenant_id and c.id = e.credit_id) as "creditNumber",
      exists (select from invoice_entry u where u.tenant_id = e.tenant_id and u.reverses = e.id) as undone
    from invoice_entry e
    where e.tenant_id = ${actor.tenantId} and e.invoice_id = ${invoice} and e.kind in ('payment', 'refund', 'undo', 'credit')
    order by e.at, e.id`;
}

/** Deposit invoices, locked in one order while another invoice takes them off. */
export async function depositsForUpdate({ sql, actor }: Context, ids: readonly string[]): Promise<Deposit[]> {
  if (!ids.length) return [];
  const rows = await sql<DepositRow>`
    select i.id, i.status, i.gross, i.credited, i.deducted_in as "deductedIn" from invoice i
    where i.tenant_id = ${actor.tenantId} and i.id = any(${ids}::uuid[]) order by i.id for update`;
  return rows.map(({ status, ...own }) => ({ ...own, state: { status } as Deposit['state'] }));
}

interface DepositRow extends Pick<Invoice, 'id' | 'gross' | 'credited' | 'deductedIn'> {
  status: Invoice['state']['status'];
}

/** The deposit that was asked for by a quote, as far as it stands and was not taken off yet, with what is left of it by rate. */
export async function openDeposit(
  context: Context,
  quote: string,
): Promise<{ id: string; number: string; left: VatShare[] } | null> {
  const { sql, actor } = context;
  const [row] = await sql<{ id: string; number: string | null }>`
    select id, number from invoice
    where tenant_id = ${actor.tenantId} and quote_id = ${quote} and part = 'deposit' and number is not null
      and status not in ('credited', 'void') and deducted_in is null`;
  return row?.number ? { id: row.id, number: row.number, left: await leftToCredit(context, row.id) } : null;
}

/** What of an invoice was not credited yet, by rate. */
export async function leftToCredit({ sql, actor }: Context, id: string): Promise<VatShare[]> {
  const rows = await sql<{ content: Content; isNote: boolean }>`
    select content, corrects is not null as "isNote" from invoice
    where tenant_id = ${actor.tenantId} and (id = ${id} or corrects = ${id}) order by seq`;
  const sharesOf = (isNote: boolean) =>
    rows.filter((row) => row.isNote === isNote).flatMap(({ content }) => sumsOf(content).shares);
  return without(sharesOf(false), sharesOf(true));
}

/** What of a quote is billed already. */
export async function billedOf({ sql, actor }: Context, quote: string): Promise<BilledPart[]> {
  return sql<BilledPart>`
    select part, coalesce(number, 'Draft ' || seq) as called, status = 'draft' as "isDraft" from invoice
    where tenant_id = ${actor.tenantId} and quote_id = ${quote} and part is not null and status not in ('credited', 'void') order by seq`;
}

interface BilledPart {
  part: Part;
  called: string;
  isDraft: boolean;
}

/** What the firm billed last: most invoices are in the same currency and taxed alike. */
export async function lastBilled({ sql, actor }: Context): Promise<{ currency: string; vat: unknown } | null> {
  const [row] = await sql<{ currency: string; vat: unknown }>`
    select content ->> 'currency' as currency, content -> 'lines' -> 0 -> 'vat' as vat from invoice
    where tenant_id = ${actor.tenantId} order by seq desc limit 1`;
  return row ?? null;
}

/** Whose calendar says on which day something is issued. */
export async function readFirmTimezone({ sql, actor }: Context): Promise<string> {
  const [row] = await sql<{ timezone: string }>`select timezone from firm where id = ${actor.tenantId}`;
  if (!row) throw new Error('an actor is of a firm');
  return row.timezone;
}
