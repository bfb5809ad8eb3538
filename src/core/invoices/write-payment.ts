import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { paid, paymentRecorded, refunded } from './invoice.ts';
import { isOpen } from './rules.ts';
import type { Invoice } from './schema.ts';
import { pay, refund } from './settle.ts';
import { insertEntry, writeInvoice } from './write.ts';

/** Money that came or went, whoever says so. */
interface Money {
  /** In the smallest unit. */
  amount: number;
  day: string;
  note: string | null;
}

interface Written {
  after: Invoice;
  /** Under which it is recorded. */
  entry: string;
  events: [NewEvent, ...NewEvent[]];
}

/** Records what the client paid. @throws DomainError where it is not to be paid, or more than is due */
export async function writePayment(context: Context, it: Invoice, { amount, day, note }: Money): Promise<Written> {
  const after = { ...pay(it, amount), version: it.version + 1 };
  await writeInvoice(context, it, after);
  const entry = await insertEntry(context, after, { kind: 'payment', day, amount: -amount, note });
  const recorded = paymentRecorded.of(it, after, { amount, day, entry });
  return { after, entry, events: isOpen(after) ? [recorded] : [recorded, paid.of(it, after)] };
}

/** Records what went back to the client. @throws DomainError where nothing, or less than that, is to be paid back */
export async function writeRefund(context: Context, it: Invoice, { amount, day, note }: Money): Promise<Written> {
  const after = { ...refund(it, amount), version: it.version + 1 };
  await writeInvoice(context, it, after);
  const entry = await insertEntry(context, after, { kind: 'refund', day, amount, note });
  return { after, entry, events: [refunded.of(it, after, { amount, day, entry })] };
}
