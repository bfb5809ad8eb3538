import type { Content, Line } from '../core/invoices/content.ts';
import { plainLine, sumsOf } from '../core/invoices/content.ts';
import type { Bill } from '../core/invoices/document/bill.ts';
import { billOf } from '../core/invoices/document/bill.ts';
import type { Parties } from '../core/invoices/party.ts';
import { partyNamed, partyOf } from '../core/invoices/party.ts';
import type { Invoice } from '../core/invoices/schema.ts';
import type { Vat } from '../core/kernel/vat.ts';

const ID = '00000000-0000-4000-8000-00000000000a';

/** Who bills whom, with all that a document can name. */
export const PARTIES: Parties = {
  seller: partyOf({
    ...{ name: 'Northwind Studio GmbH', street: 'Hafenstraße 7', addition: 'Hinterhaus', postCode: '20457' },
    ...{ city: 'Hamburg', country: 'de', taxId: 'DE 123 456 789', iban: 'DE89 3704 0044 0532 0130 00' },
    email: 'Billing@northwind.example',
  }),
  buyer: partyOf({
    ...{ name: 'Acme & Söhne <Handel>', street: 'Rue de la Loi 16', postCode: '1000', city: 'Bruxelles' },
    ...{ country: 'BE', taxId: 'BE0123456749', email: 'ap@acme.example', reference: 'PO-4711' },
  }),
  paper: 'A4',
  quote: 'Q-12',
};

/** A line of a text at a price in cents, taxed at 19 % where nothing else is said. */
export function lineAt(number: number, text: string, unitPrice: number, more: Partial<Line> = {}): Line {
  const vat: Vat = { kind: 'rate', rate: 1900 };
  return { ...plainLine({ number, text, quantity: '1', unitPrice, vat }), ...more };
}

type Billed = Partial<Content> & Pick<Content, 'lines'>;

/** An issued invoice with these lines. */
export function issuedWith(content: Billed, more: Partial<Invoice> = {}): Invoice {
  const whole = {
    title: 'Website, second phase',
    currency: 'EUR',
    rounding: 'document' as const,
    notes: null,
    ...content,
  };
  const issued = {
    number: '2026-0007',
    serial: 7,
    on: '2026-11-26',
    at: new Date('2026-11-26T09:30:00Z'),
    byName: 'Ada',
  };
  return {
    ...{ id: ID, seq: 12, version: 2, kind: 'invoice', clientId: ID, clientName: 'Acme', firmName: 'Northwind Studio' },
    ...{ firmTimezone: 'Europe/Berlin', projectId: ID, projectName: 'Acme website', timezone: 'Europe/Brussels' },
    ...{
      quoteId: ID,
      part: 'once',
      corrects: null,
      content: whole,
      gross: Number(sumsOf(whole).gross),
      paid: 0,
      credited: 0,
    },
    ...{
      dueOn: '2026-12-10',
      deductedIn: null,
      remindedAt: null,
      overdueAt: null,
      entries: [],
      online: false,
      createdAt: issued.at,
    },
    ...{ state: { status: 'open', issued }, ...more },
  } as Invoice;
}

/** The same as its documents say it. */
export function billWith(content: Billed, more: Partial<Invoice> = {}, parties: Partial<Parties> = {}): Bill {
  return billOf(issuedWith(content, more), { ...PARTIES, ...parties });
}

export const REVERSED: Vat = { kind: 'reverse-charge' };
export const exempt = (reason: string): Vat => ({ kind: 'exempt', reason });
export const rate = (percent: number): Vat => ({ kind: 'rate', rate: percent * 100 });

/** Of each kind one: what invoices can hold, and what somebody typed who meant no good. */
export const BILLS: Readonly<Record<string, Bill>> = {
  'a plain one': billWith({ lines: [lineAt(1, 'Checkout', 120_000)] }),
  'of two rates, with a discount': billWith({
    lines: [
      lineAt(1, 'Design', 99_999, { quantity: '2.125' }),
      lineAt(2, 'Books', 4_999, { vat: rate(7) }),
      lineAt(3, 'Discount', -5_000),
    ],
  }),
  'with tax rounded on each line': billWith({
    rounding: 'line',
    lines: Array.from({ length: 30 }, (_, index) => lineAt(index + 1, `Hour ${index + 1}`, 1_003)),
  }),
  'of reverse charge': billWith({ lines: [lineAt(1, 'Consulting', 50_000, { vat: REVERSED })] }),
  'exempt for two reasons': billWith({
    lines: [
      lineAt(1, 'Course', 50_000, { vat: exempt('education') }),
      lineAt(2, 'Care', 1, { vat: exempt('§ 4 No. 16') }),
    ],
  }),
  'of zero rate beside another': billWith({
    lines: [lineAt(1, 'Export', 50_000, { vat: rate(0) }), lineAt(2, 'Help', 1_050)],
  }),
  'that takes a deposit off': billWith({
    lines: [lineAt(1, 'Shop', 120_000), lineAt(2, 'Deposit, billed by 2026-0003', -36_001, { tax: -6_840 })],
  }),
  'for a deposit': billWith({ lines: [lineAt(1, 'Deposit', 36_001, { tax: 6_840 })] }, { kind: 'deposit' }),
  'of which nothing is to be paid': billWith({ lines: [lineAt(1, 'Shop', 100), lineAt(2, 'Gift', -100)] }),
  'with all there is': billWith({
    notes: 'Thank you.',
    lines: [
      lineAt(1, 'Design', 99_999, { quantity: '2.125' }),
      lineAt(2, 'Books', 4_999, { vat: rate(7) }),
      lineAt(3, 'Consulting', 50_000, { vat: REVERSED }),
      lineAt(4, 'Course', 50_000, { vat: exempt('education') }),
      lineAt(5, 'Care', 1, { vat: exempt('§ 4 No. 16') }),
      lineAt(6, 'Export', 50_000, { vat: rate(0) }),
      lineAt(7, 'Deposit, billed by 2026-0003', -36_001, { tax: -6_840 }),
    ],
  }),
  'that corrects another': billWith(
    { lines: [lineAt(1, 'Credit on 2026-0003', 4_202, { tax: 798 })], notes: 'It was late.' },
    { kind: 'credit', dueOn: null, corrects: { id: '', number: '2026-0003' } },
  ),
  'in yen': billWith({ currency: 'JPY', lines: [lineAt(1, 'Design', 120_001, { vat: rate(10) })] }),
  'of somebody without a VAT id': billWith(
    { lines: [lineAt(1, 'Photos', 40_000)] },
    {},
    { seller: { ...PARTIES.seller, taxId: '22/815/08154', iban: null, email: null } },
  ),
  'to somebody of whom little is known': billWith(
    { lines: [lineAt(1, 'Photos', 40_000)] },
    { quoteId: null },
    { buyer: { ...partyNamed('Acme'), country: 'FR' }, quote: null },
  ),
  'with names that are none': billWith(
    {
      title: ']]> <!-- & "quoted" \u0007\u202etxet',
      lines: [lineAt(1, `\u0001<b>${'x'.repeat(300)}</b> 👩‍💻 שלום \ud800`, 1)],
      notes: `a\u0000b\u000b\n${'long '.repeat(6_000)}`,
    },
    {},
    { buyer: { ...PARTIES.buyer, name: '\u0002<script>&amp;' } },
  ),
};
