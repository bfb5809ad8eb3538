import { money } from '../invoices/index.ts';
import type { Context } from '../kernel/context.ts';
import type { WaitingThing } from '../kernel/waiting.ts';
import { maySettle } from './rules.ts';
import type { Payment } from './schema.ts';

type Loose = Pick<Payment, 'id' | 'number' | 'amount' | 'currency' | 'clientName' | 'status' | 'dispute'>;

/** For the firm: money that came, or went back, and that no invoice knows of; and what is disputed. */
export async function waitingPayments({ sql, actor }: Context, limit: number): Promise<WaitingThing[]> {
  if (!maySettle(actor)) return [];
  const rows = await sql<Loose>`
    select p.id, p.number, p.amount, p.currency, p.status, p.dispute, l.name as "clientName"
    from payment p join client l on l.tenant_id = p.tenant_id and l.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.loose order by p.asked_at limit ${limit}`;
  return rows.map((one) => ({
    id: one.id,
    text: `${money(one.amount, one.currency)} for ${one.number}`,
    detail: `${one.clientName} · ${whyOf(one)}`,
  }));
}

function whyOf({ status, dispute }: Loose): string {
  if (dispute?.state === 'open') return 'disputed at the bank';
  return status === 'kept' ? 'arrived, and could not be recorded' : 'paid back, and not recorded';
}
