import type { Worked } from '../../core/kernel/inbox.ts';
import type { Connection, Run } from '../connector.ts';
import { applied, quarantined } from '../worked.ts';
import type { Payment, StripeAccount } from './account.ts';
import { fromStripe } from './amounts.ts';
import type { StripeEvent } from './payload.ts';

/** One event, with what works on it. */
export interface Told {
  account: StripeAccount;
  connection: Connection;
  event: StripeEvent;
  run: Run;
}

/** Money that is there, counted as Stripe counts it: noted once for each payment intent. */
export async function receive(
  { connection, run }: Pick<Told, 'connection' | 'run'>,
  payment: Payment,
  { intent, amount, currency, at }: { intent: string; amount: number; currency: string; at: number },
): Promise<Worked> {
  const came = fromStripe(amount, currency);
  if (!came) return quarantined(`${amount} ${currency} arrived for ${payment.number}, which cannot be written here`);
  const input = { payment: payment.id, ...came, at: new Date(at * 1000).toISOString() };
  const requestId = `stripe:${connection.account}:paid:${intent}`;
  const { say } = (await run({ name: 'payment.receive', input, requestId })) as { say: string };
  return applied(say);
}
