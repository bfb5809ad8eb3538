import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { isLoose } from './rules.ts';
import type { Payment } from './schema.ts';

/** A payment that the actor may see. */
export async function readPayment({ sql, actor }: Context, id: string): Promise<Payment | null> {
  const [row] = await sql<Payment>`
    select p.id, p.version, p.status, p.client_id as "clientId", l.name as "clientName", f.name as "firmName", p.project_id as "projectId",
      p.invoice_id as "invoiceId", p.number, p.amount, p.currency, p.url, p.expires_at as "expiresAt", p.received,
      p.received_in as "receivedIn", p.received_at as "receivedAt", p.entry_id as "entryId", p.reason, p.refunds, p.dispute,
      p.person_id as "personId", p.by_name as "byName", p.asked_at as "askedAt"
    from payment p
    join firm f on f.id = p.tenant_id
    join client l on l.tenant_id = p.tenant_id and l.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.id = ${id}`;
  return row ?? null;
}

/** The same, locked: whoever waited for it reads what was noted. */
export async function paymentForUpdate(context: Context, id: string): Promise<Payment | null> {
  const { sql, actor } = context;
  const [, payment] = await Promise.all([
    sql`select from payment where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readPayment(context, id),
  ]);
  return payment;
}

/** The links of an invoice by which more could be paid than that, locked in one order. */
export async function waitingForUpdate(context: Context, invoice: string, over: number): Promise<Payment[]> {
  const { sql, actor } = context;
  const rows = await sql<{ id: string }>`
    select id from payment where tenant_id = ${actor.tenantId} and invoice_id = ${invoice} and status in ('asked', 'open')
      and amount > ${over} order by id for update`;
  const all = await Promise.all(rows.map(({ id }) => readPayment(context, id)));
  return all.filter((one) => one !== null);
}

/** The newest link by which that much of an invoice can be paid, or soon can be. */
export async function waitingFor(
  context: Context,
  { invoice, amount }: { invoice: string; amount: number },
): Promise<Payment | null> {
  const { sql, actor } = context;
  const [row] = await sql<{ id: string }>`
    select id from payment where tenant_id = ${actor.tenantId} and invoice_id = ${invoice} and status in ('asked', 'open') and amount = ${amount}
    order by asked_at desc limit 1`;
  return row ? readPayment(context, row.id) : null;
}

/** Stores that a link is asked for. These are the columns that a contact may give. */
export async function insertPayment({ sql, actor }: Context, it: Payment): Promise<void> {
  await sql`
    insert into payment (tenant_id, id, client_id, project_id, invoice_id, number, amount, currency, person_id, by_name, asked_at)
    values (${actor.tenantId}, ${it.id}, ${it.clientId}, ${it.projectId}, ${it.invoiceId}, ${it.number}, ${it.amount}, ${it.currency},
      ${it.personId}, ${it.byName}, ${it.askedAt})`;
}

/** Writes what a decision made of a payment. */
export async function writePayment({ sql, actor }: Context, before: Payment, after: Payment): Promise<void> {
  const rows = await sql`
    update payment set status = ${after.status}, version = ${after.version}, url = ${after.url}, expires_at = ${after.expiresAt},
      received = ${after.received}, received_in = ${after.receivedIn}, received_at = ${after.receivedAt}, entry_id = ${after.entryId},
      reason = ${after.reason}, refunds = ${JSON.stringify(after.refunds)}::jsonb,
      dispute = ${after.dispute && JSON.stringify(after.dispute)}::jsonb, loose = ${isLoose(after)}
    where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`;
  if (!rows.length) throw new DomainError('conflict', 'This payment changed at the same moment. Please look again.');
}
