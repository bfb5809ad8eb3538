import { z } from 'zod';
import { instant } from '../kernel/instant.ts';

const STATUSES = ['asked', 'open', 'processing', 'paid', 'kept', 'closed', 'failed', 'expired', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

const units = (what: string) => z.int().describe(`${what}, in the smallest unit of the currency`);

export const Refund = z.strictObject({
  name: z.string().describe('What the tool calls it'),
  amount: units('What went back'),
  at: z.iso.datetime().describe('When'),
  state: z
    .enum(['recorded', 'loose', 'settled', 'failed'])
    .describe('Whether it is recorded with the invoice; `loose` waits for somebody of the firm'),
  entry: z.uuid().nullable().describe('The entry of the invoice'),
});
export type Refund = z.infer<typeof Refund>;

export const Dispute = z.strictObject({
  name: z.string().describe('What the tool calls it'),
  amount: units('What is disputed'),
  reason: z.string().describe('The tool’s word for why'),
  state: z.enum(['open', 'won', 'lost']).describe('How it stands'),
});
export type Dispute = z.infer<typeof Dispute>;

/** A payment online: first a link, then what came by it. */
export const Payment = z.strictObject({
  id: z.uuid().describe('The payment’s id'),
  version: z.int().describe('Counts every change'),
  status: z.enum(STATUSES).describe('How far it came; `kept` is money that could not be recorded'),
  clientId: z.uuid().describe('The client who pays'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().nullable().describe('The project of the invoice; null for the whole client'),
  invoiceId: z.uuid().describe('The invoice that is paid'),
  number: z.string().describe('Its number'),
  amount: units('What is asked for'),
  currency: z.string().describe('The code of ISO 4217'),
  url: z.string().nullable().describe('Where it is paid'),
  expiresAt: instant().nullable().describe('Until when it can be paid there'),
  received: z.int().nullable().describe('What came, in the smallest unit of its currency'),
  receivedIn: z.string().nullable().describe('The currency in which it came'),
  receivedAt: instant().nullable().describe('When it came'),
  entryId: z.uuid().nullable().describe('The entry of the invoice that it was recorded as'),
  reason: z.string().nullable().describe('Why it failed, or could not be recorded'),
  refunds: z.array(Refund).describe('What went back'),
  dispute: Dispute.nullable().describe('Whether whoever paid took it back through their bank'),
  personId: z.uuid().nullable().describe('Who asked for the link'),
  byName: z.string().describe('What they are called'),
  askedAt: instant().describe('When they asked'),
});
export type Payment = z.infer<typeof Payment>;

/** How a payment stands, as events and answers tell it. */
export const Facts = z.strictObject({
  payment: z.uuid(),
  invoice: z.uuid(),
  number: z.string(),
  status: z.enum(STATUSES),
  version: z.int(),
  amount: z.int(),
  currency: z.string(),
});
