import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import { nextLine } from '../kernel/priced-line.ts';
import type { Vat, VatShare } from '../kernel/vat.ts';
import type { Content, Line } from './content.ts';
import { agreedLines, plainLine, sumsOf, without } from './content.ts';
import { addLine, changeLine, draft, removeLine, write } from './draft.ts';
import { numberText, yearOf } from './numbering.ts';
import { dueOf } from './rules.ts';
import type { Invoice } from './schema.ts';
import { credit, creditNote, deductedBy, issue, pay, refund, requireIssuable, undo, voided } from './settle.ts';
import { numberOf } from './wording.ts';

const began = new Date('2026-11-26T12:00:00Z');
const DAY = 24 * 3_600_000;

const VATS: Vat[] = [
  ...[0, 700, 1900, 10_000].map((rate): Vat => ({ kind: 'rate', rate })),
  { kind: 'reverse-charge' },
  { kind: 'exempt', reason: 'education' },
];

const line = (number: number, unitPrice: number, quantity = '1', vat: Vat = VATS[2] as Vat): Line =>
  plainLine({ number, text: `Part ${number}`, quantity, unitPrice, vat });

const content = (lines: Line[], more: Partial<Content> = {}): Content => ({
  ...{ title: 'Shop', currency: 'EUR', lines, rounding: 'document', notes: null, ...more },
});

const drafted = (seq: number, of: Content, more: Partial<Invoice> = {}): Invoice =>
  draft(
    {
      ...{ id: `i${seq}`, seq, kind: 'invoice', clientId: 'acme', clientName: 'Acme', firmName: 'Northwind Studio' },
      ...{ firmTimezone: 'Europe/Berlin', projectId: 'p1', projectName: 'Shop', timezone: 'America/New_York' },
      ...{ quoteId: null, part: null, createdAt: began, ...more },
    },
    of,
  );

/** What somebody does next, to one of the invoices there are. */
interface Wish {
  name: string;
  which: number;
  /** Also nothing, less than nothing, all there is, and more than that. */
  amount: number | 'all' | 'more';
  days: number;
  vat: number;
  quantity: string;
}

const NAMES = [
  'draft',
  'add',
  'change',
  'remove',
  'round',
  'issue',
  'pay',
  'undo',
  'refund',
  'void',
  'credit',
  'deduct',
];
/** What comes after others, like paying back what was paid and then credited, is wished for more often. */
const LATER = [
  'draft',
  ...Array(4).fill('issue'),
  ...Array(5).fill('pay'),
  ...Array(4).fill('credit'),
  ...Array(6).fill('refund'),
];
const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.constantFrom<string>(...NAMES, ...LATER),
  which: fc.nat({ max: 3 }),
  amount: fc.oneof(
    fc.constantFrom<Wish['amount']>(0, -1, 1, 'all', 'all', 'all', 'more'),
    fc.integer({ min: 1, max: 20_000 }),
  ),
  days: fc.constantFrom(0, 0, 0, 1, 40),
  vat: fc.nat({ max: VATS.length - 1 }),
  quantity: fc.constantFrom('1', '0.333', '3', '2.5'),
});

interface Payment {
  invoice: string;
  amount: number;
  undone: boolean;
}

/** The invoices of a firm, and beside them what was done to each, kept apart from them: the other side of the comparison. */
class World {
  readonly invoices: Invoice[] = [drafted(1, content([line(1, 10_000)]))];
  readonly counters = new Map<number, number>();
  readonly numbers: string[] = [];
  readonly issuedAs = new Map<string, string>();
  readonly payments: Payment[] = [];
  readonly credits: { invoice: string; note: Invoice }[] = [];
  now = began;

  take(wish: Wish): void {
    this.now = new Date(this.now.getTime() + wish.days * DAY);
    const it = this.invoices[wish.which % this.invoices.length] as Invoice;
    const amount = this.amountOf(wish, it);
    switch (wish.name) {
      case 'draft':
        this.invoices.push(
          drafted(this.invoices.length + 1, content([line(1, amount, wish.quantity, VATS[wish.vat])])),
        );
        break;
      case 'add':
        this.put(addLine(it, line(nextLine(it.content.lines), amount, wish.quantity, VATS[wish.vat])));
        break;
      case 'change':
        this.put(changeLine(it, line(1, amount, wish.quantity, VATS[wish.vat])));
        break;
      case 'remove':
        this.put(removeLine(it, 1));
        break;
      case 'round':
        this.put(write(it, { rounding: it.content.rounding === 'line' ? 'document' : 'line' }));
        break;
      case 'deduct':
        this.deduct(it, this.invoices[(wish.which + 1) % this.invoices.length] as Invoice);
        break;
      case 'issue':
        this.issue(it);
        break;
      case 'pay':
        this.put(pay(it, amount));
        this.payments.push({ invoice: it.id, amount: -amount, undone: false });
        break;
      case 'refund':
        this.put(refund(it, amount));
        this.payments.push({ invoice: it.id, amount, undone: false });
        break;
      case 'undo':
        this.undo(it);
        break;
      case 'void':
        this.put(voided(it, { byName: 'Ada', at: this.now, reason: 'A mistake' }));
        if (numberOf(it) !== null) this.free(it);
        break;
      default:
        this.credit(it, amount);
    }
  }

  private amountOf({ amount, name }: Wish, it: Invoice): number {
    const all = name === 'credit' ? it.gross - it.credited : Math.abs(it.gross - it.paid - it.credited);
    if (amount === 'all') return all;
    return amount === 'more' ? all + 1 : amount;
  }

  private takeNumber() {
    const on = this.now.toISOString().slice(0, 10);
    const serial = (this.counters.get(yearOf(on)) ?? 0) + 1;
    this.counters.set(yearOf(on), serial);
    const number = numberText(yearOf(on), serial);
    this.numbers.push(number);
    return { number, serial, on, at: this.now, byName: 'Ada' };
  }

  private issue(it: Invoice): void {
    const on = this.now.toISOString().slice(0, 10);
    requireIssuable(it, on, this.invoices);
    const after = issue(it, this.takeNumber(), this.invoices);
    this.put(after);
    this.issuedAs.set(after.id, JSON.stringify([after.content, after.gross, after.dueOn, numberOf(after)]));
    for (const id of deductedBy(after.content)) this.put({ ...(this.find(id) as Invoice), deductedIn: after.id });
  }

  private deduct(it: Invoice, deposit: Invoice): void {
    if (deposit.state.status === 'draft' || deposit.state.status === 'void' || deposit.kind === 'credit') return;
    const off = without([], this.leftOf(deposit));
    const next = nextLine(it.content.lines);
    for (const one of agreedLines(off, next, { text: 'Deposit', deducts: deposit.id })) it = addLine(it, one);
    this.put(it);
  }

  private undo(it: Invoice): void {
    const payment = this.payments.findLast(({ invoice, undone }) => invoice === it.id && !undone);
    this.put(undo(it, payment?.amount ?? 0));
    if (payment) payment.undone = true;
  }

  private credit(it: Invoice, amount: number): void {
    const after = credit(it, amount);
    const left = this.leftOf(it);
    const facts = { id: `i${this.invoices.length + 1}`, seq: this.invoices.length + 1, issued: this.takeNumber() };
    const note = creditNote(it, { amount, reason: 'Late', left }, facts);
    this.credits.push({ invoice: it.id, note });
    this.invoices.push(note);
    this.issuedAs.set(note.id, JSON.stringify([note.content, note.gross, note.dueOn, numberOf(note)]));
    this.put(after);
    if (after.state.status === 'credited') this.free(it);
  }

  leftOf(it: Invoice): VatShare[] {
    const notes = this.credits.filter(({ invoice }) => invoice === it.id);
    return without(
      sumsOf(it.content).shares,
      notes.flatMap(({ note }) => sumsOf(note.content).shares),
    );
  }

  private free({ content: of }: Invoice): void {
    for (const id of deductedBy(of)) this.put({ ...(this.find(id) as Invoice), deductedIn: null });
  }

  private find(id: string): Invoice | undefined {
    return this.invoices.find((one) => one.id === id);
  }

  private put(it: Invoice): void {
    this.invoices[this.invoices.findIndex(({ id }) => id === it.id)] = it;
  }
}

/** The whole number nearest to over/under, a half away from zero, found by counting remainders. */
function nearest(over: bigint, under: bigint): bigint {
  const size = over < 0n ? -over : over;
  const rest = size % under;
  const whole = (size - rest) / under + (rest * 2n >= under ? 1n : 0n);
  return over < 0n ? -whole : whole;
}

/** What lines come to with tax, by exact fractions and without the code's own reckoning. */
function billed({ lines, rounding }: Content): bigint {
  const open = new Map<string, bigint>();
  let gross = 0n;
  for (const { unitPrice, quantity, vat, tax } of lines) {
    const [whole = '', part = ''] = quantity.split('.');
    const net = nearest(BigInt(unitPrice) * BigInt(whole + part.padEnd(3, '0')), 1000n);
    const rate = vat.kind === 'rate' ? BigInt(vat.rate) : 0n;
    gross += net;
    if (tax !== null) gross += BigInt(tax);
    else if (rounding === 'line') gross += nearest(net * rate, 10_000n);
    else open.set(JSON.stringify(vat), (open.get(JSON.stringify(vat)) ?? 0n) + net);
  }
  for (const [vat, net] of open) {
    const { rate = 0 } = JSON.parse(vat) as { rate?: number };
    gross += nearest(net * BigInt(rate), 10_000n);
  }
  return gross;
}

/** What is broken of what invoices promise. */
function broken(world: World, it: Invoice): string[] {
  const { state, gross } = it;
  const mine = world.payments.filter(({ invoice, undone }) => invoice === it.id && !undone);
  const paid = mine.reduce((sum, { amount }) => sum - BigInt(amount), 0n);
  const notes = world.credits.filter(({ invoice }) => invoice === it.id).map(({ note }) => note);
  const credited = notes.reduce((sum, note) => sum + billed(note.content), 0n);
  const isNote = it.kind === 'credit';
  const isDebt = !isNote && !['draft', 'void'].includes(state.status);
  const due = isDebt ? billed(it.content) - paid - credited : 0n;
  const hold: Record<string, boolean> = {
    'it comes to what its lines come to': BigInt(gross) === billed(it.content),
    'paid, due and credited come to what was billed':
      BigInt(it.paid) === paid && BigInt(it.credited) === credited && BigInt(dueOf(it)) === due,
    'what is open has something due': !['open', 'partly_paid'].includes(state.status) || due > 0n,
    'what is paid has nothing due': state.status !== 'paid' || due <= 0n,
    'what is partly paid was paid in part': state.status !== 'partly_paid' || paid > 0n,
    'what is open was not paid': state.status !== 'open' || paid === 0n,
    'what is credited was credited as a whole': isNote || state.status !== 'credited' || credited === BigInt(gross),
    'nothing was paid of what is void or a draft':
      !['draft', 'void'].includes(state.status) || (paid === 0n && credited === 0n),
    'nobody paid more than was billed': paid === 0n || paid <= BigInt(gross),
    'nobody was paid back more than they paid': paid >= 0n,
    'no more is credited than was billed': credited <= BigInt(gross) || gross < 0,
    'what was issued stays as it was issued':
      numberOf(it) === null ||
      world.issuedAs.get(it.id) === JSON.stringify([it.content, it.gross, it.dueOn, numberOf(it)]),
    'what was wholly credited leaves nothing of any rate':
      isNote || state.status !== 'credited' || world.leftOf(it).length === 0,
    'a credit note is one for good': !isNote || state.status === 'credited',
  };
  return Object.keys(hold).filter((promise) => !hold[promise]);
}

describe('over any sequence of what people do', () => {
  test('nothing is paid but open, numbered twice or with a gap, and everything adds up', () => {
    const reached = new Map<string, number>();
    const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(fc.array(wish, { minLength: 20, maxLength: 60 }), (wishes) => {
        const world = new World();
        for (const one of wishes) {
          const before = JSON.stringify([world.invoices, world.numbers, world.payments]);
          try {
            world.take(one);
            count(one.name);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            // A refusal leaves everything as it was, and takes no number.
            if (JSON.stringify([world.invoices, world.numbers, world.payments]) !== before)
              throw new Error(`${one.name} was refused and changed something: ${error.say}`);
          }
          for (const it of world.invoices) {
            count(it.kind === 'credit' ? 'credit note' : it.state.status);
            const promises = broken(world, it);
            if (promises.length) throw new Error(`${one.name} broke: ${promises.join('; ')}`);
          }
        }
        checkNumbers(world);
        checkDeposits(world);
      }),
      { numRuns: 1_000 },
    );
    // A property over states that are never reached would prove nothing.
    const states = ['draft', 'open', 'partly_paid', 'paid', 'credited', 'void', 'credit note'];
    for (const state of [...states, ...NAMES])
      expect({ state, often: (reached.get(state) ?? 0) > 50 }).toEqual({ state, often: true });
  });
});

/** Of each year the numbers are 1, 2, 3, … and each is one invoice’s. */
function checkNumbers({ invoices, numbers, counters }: World): void {
  const given = invoices.flatMap((it) => numberOf(it) ?? []);
  expect(given.toSorted()).toEqual(numbers.toSorted());
  for (const [year, last] of counters) {
    const expected = Array.from({ length: last }, (_, index) => numberText(year, index + 1));
    expect(given.filter((number) => number.startsWith(`${year}-`)).sort()).toEqual(expected);
  }
}

/** Each deposit is taken off once at most, as a whole. */
function checkDeposits({ invoices }: World): void {
  const standing = invoices.filter(({ state }) => !['draft', 'void', 'credited'].includes(state.status));
  const taken = standing.flatMap(({ content: of }) => deductedBy(of));
  expect(taken).toHaveLength(new Set(taken).size);
}
