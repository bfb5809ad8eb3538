import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { book, hashed, release, invoice as take, usedOf } from '../hours/month.ts';
import type { Period, Line as Worked } from '../hours/period-schema.ts';
import { DomainError } from '../kernel/errors.ts';
import { netOf, nextLine } from '../kernel/priced-line.ts';
import type { Vat } from '../kernel/vat.ts';
import { freedMonths } from './billed-hours.ts';
import type { Line } from './content.ts';
import { plainLine, sumsOf } from './content.ts';
import { addLines, changeLine, draft, removeLine } from './draft.ts';
import type { By } from './hour-lines.ts';
import { hourLines, hundredthsOf, requireRoomFor, requireSigned } from './hour-lines.ts';
import type { Rate } from './rates.ts';
import type { Invoice } from './schema.ts';
import { credit, issue, pay, voided } from './settle.ts';

const began = new Date('2026-12-01T09:00:00Z');
const VAT: Vat = { kind: 'rate', rate: 1900 };

const monthOf = (minutes: readonly number[], more: Partial<Parameters<typeof hourLines>[0]> = {}) => ({
  ...{ period: { id: 'p1' }, projectName: 'Acme website', month: '2026-11', standing: 'signed' as const },
  minutes: minutes.reduce((sum, one) => sum + one, 0),
  people: minutes.map((one, index) => ({ name: `Person ${index}`, minutes: one })),
  ...more,
});
const rate = (price: bigint): Rate => ({ currency: 'EUR', price, vat: VAT });

/** A number as a fraction of whole ones: the other side of the comparison, which shares nothing with kernel/money.ts. */
interface Fraction {
  over: bigint;
  under: bigint;
}

function fractionIn(decimal: string): Fraction {
  const [whole = '0', part = ''] = decimal.split('.');
  return { over: BigInt(whole + part), under: 10n ** BigInt(part.length) };
}

const times = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.over,
  under: one.under * other.under,
});
/** To the nearest whole number; a half goes up. */
const nearest = ({ over, under }: Fraction): bigint => (2n * over + under) / (2n * under);

describe('hours as lines', () => {
  test('are the month’s hours in hundredths, by month or by person, at their price: against fractions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 44_640 }), { minLength: 1, maxLength: 30 }),
        fc.bigInt({ min: 1n, max: 10_000_000n }),
        fc.constantFrom<By>('month', 'person'),
        (minutes, price, by) => {
          const lines = hourLines(monthOf(minutes), rate(price), by, 1);

          const all = minutes.reduce((sum, one) => sum + one, 0);
          const hundredths = lines.map(({ quantity }) => times(fractionIn(quantity), { over: 100n, under: 1n }));
          for (const { over, under } of hundredths) expect(over % under).toBe(0n);
          const sum = hundredths.reduce((sum, { over, under }) => sum + over / under, 0n);
          // Whatever way they are billed, the client pays the same hours: those of the month.
          expect(sum).toBe(nearest({ over: BigInt(all) * 100n, under: 60n }));
          const worked = by === 'month' ? [all] : minutes;
          for (const [index, { over, under }] of hundredths.entries()) {
            const exact = BigInt(worked[index] ?? 0) * 100n;
            const off = (over / under) * 60n - exact;
            // Less than a hundredth away from what was worked.
            expect(off > -60n && off < 60n).toBe(true);
          }
          const nets = lines.map(({ quantity }) => nearest(times(fractionIn(quantity), { over: price, under: 1n })));
          expect(lines.map(netOf)).toEqual(nets);
          expect(sumsOf({ lines, rounding: 'document' }).net).toBe(nets.reduce((sum, one) => sum + one, 0n));
          expect(lines.reduce((sum, { hours }) => sum + (hours?.minutes ?? 0), 0)).toBe(all);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('of three who worked twenty minutes each come to the hour that they are', () => {
    const [one, other, third] = hourLines(monthOf([20, 20, 20]), rate(10_000n), 'person', 4);

    expect([one?.quantity, other?.quantity, third?.quantity]).toEqual(['0.34', '0.33', '0.33']);
    expect([one?.number, third?.number]).toEqual([4, 6]);
    expect(hundredthsOf(1)).toBe(2n);
  });

  test('say whose they are, of which month, and what the client has not signed', () => {
    const text = (more: Parameters<typeof monthOf>[1], by: By = 'month') =>
      hourLines(monthOf([60], more), rate(9_500n), by, 1)[0]?.text;

    expect(text({})).toBe('Hours of November 2026, Acme website');
    expect(text({ standing: 'unsigned' })).toBe('Hours of November 2026, Acme website (not signed by the client)');
    expect(text({ standing: 'disputed' }, 'person')).toBe(
      'Hours of November 2026, Acme website (disputed by the client): Person 0',
    );
  });

  test('that come to more than can be written, or to more lines than there may be, are refused beside the field', () => {
    const fields = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        if (error instanceof DomainError) return Object.keys(error.detail.fields ?? {});
      }
      return [];
    };

    expect(fields(() => hourLines(monthOf([44_640]), rate(10n ** 13n), 'month', 1))).toEqual(['price']);
    const many = hourLines(monthOf(Array(20).fill(60)), rate(1n), 'person', 1);
    expect(fields(() => requireRoomFor(many, 11))).toEqual(['lines']);
    expect(fields(() => requireRoomFor(many, 10))).toEqual([]);
    const unsigned = { standing: 'unsigned', called: 'November 2026' } as const;
    expect(fields(() => requireSigned(unsigned, 'no'))).toEqual(['unsigned']);
    expect(fields(() => requireSigned(unsigned, 'yes'))).toEqual([]);
    expect(fields(() => requireSigned({ ...unsigned, standing: 'disputed' }, 'no'))).toEqual(['unsigned']);
  });
});

const NAMES = ['log', 'draft', 'bill', 'add', 'remove', 'change', 'issue', 'pay', 'credit', 'void'];

interface Wish {
  name: string;
  which: number;
  month: number;
  amount: number | 'all';
  by: By;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.constantFrom(...NAMES, 'log', 'bill', 'bill', 'issue', 'credit', 'void'),
  which: fc.nat({ max: 7 }),
  month: fc.nat({ max: 2 }),
  amount: fc.oneof(fc.constant<Wish['amount']>('all'), fc.integer({ min: 1, max: 300 })),
  by: fc.constantFrom<By>('month', 'person'),
});

/** The months of a project and the invoices of its client, changed by the decisions that the commands make. */
class World {
  readonly months = ['2026-09', '2026-10', '2026-11'].map(fresh);
  readonly invoices: Invoice[] = [];
  /** What was logged in each month, as somebody counts it on paper. */
  readonly logged = [0, 0, 0];
  serial = 0;

  take(wish: Wish): void {
    const month = this.months[wish.month] as Period;
    const it = this.invoices[wish.which % Math.max(1, this.invoices.length)];
    if (wish.name === 'log') {
      this.log(wish, month);
      return;
    }
    if (wish.name === 'draft') {
      this.invoices.push(this.drafted([other(1)]));
      return;
    }
    if (wish.name === 'bill') {
      this.bill(month, wish, this.drafted([]), true);
      return;
    }
    if (!it) throw new DomainError('not_found', 'There is none.');
    if (wish.name === 'add') {
      this.bill(month, wish, it, false);
      return;
    }
    const after = this.decide(wish, it);
    this.put(after);
    // As `releaseFreed` does it.
    for (const id of freedMonths(it, after)) this.setMonth(release(this.monthOf(id), it.id));
  }

  private log({ month: at, amount }: Wish, month: Period): void {
    const minutes = amount === 'all' ? 60 : amount;
    const count = month.entries.length + 1;
    const person = count % 2 ? 'mia' : 'ada';
    const line: Omit<Worked, 'isBeyond'> = {
      ...{ id: `e${count}`, personId: person, personName: person, day: `${month.month}-12`, minutes },
      ...{ note: 'Header', part: null },
    };
    this.setMonth(book(month, null, line));
    this.logged[at] = (this.logged[at] ?? 0) + minutes;
  }

  private bill(month: Period, { by }: Wish, to: Invoice, isNew: boolean): void {
    const minutes = usedOf(month);
    if (!minutes) throw new DomainError('conflict', 'There is nothing.');
    const people = ['ada', 'mia'].flatMap((name) => {
      const own = month.entries.filter(({ personId }) => personId === name);
      return own.length ? [{ name, minutes: usedOf({ entries: own }) }] : [];
    });
    const facts = { period: month, projectName: 'Acme website', month: month.month, standing: 'unsigned' as const };
    const lines = hourLines({ ...facts, minutes, people }, rate(9_500n), by, nextLine(to.content.lines));
    const after = addLines(to, lines);
    const billed = take(month, { invoice: to.id, minutes }, began);
    if (isNew) this.invoices.push(after);
    else this.put(after);
    this.setMonth(billed);
  }

  private decide({ name, amount: wanted, which }: Wish, it: Invoice): Invoice {
    const all = it.gross - it.credited - (name === 'pay' ? it.paid : 0);
    const amount = wanted === 'all' ? all : wanted;
    const first = it.content.lines[which % Math.max(1, it.content.lines.length)]?.number ?? 1;
    switch (name) {
      case 'remove':
        return removeLine(it, first);
      case 'change':
        return changeLine(it, other(first));
      case 'issue': {
        this.serial += 1;
        const serial = this.serial;
        const issued = { number: `2026-${serial}`, serial, on: '2026-12-01', at: began, byName: 'Ada' };
        return issue(it, issued, []);
      }
      case 'pay':
        return pay(it, amount);
      case 'credit':
        return credit(it, amount);
      default:
        return voided(it, { byName: 'Ada', at: began, reason: 'Billed wrongly' });
    }
  }

  private drafted(lines: Line[]): Invoice {
    const seq = this.invoices.length + 1;
    const content = { title: 'Shop', currency: 'EUR', rounding: 'document' as const, notes: null, lines };
    return draft(
      {
        ...{ id: `i${seq}`, seq, kind: 'invoice', clientId: 'acme', clientName: 'Acme', firmName: 'Northwind Studio' },
        ...{ firmTimezone: 'UTC', projectId: 'website', projectName: 'Acme website', timezone: 'UTC' },
        ...{ quoteId: null, part: null, createdAt: began },
      },
      content,
    );
  }

  private put(after: Invoice): void {
    this.invoices[this.invoices.findIndex(({ id }) => id === after.id)] = after;
  }

  monthOf(id: string): Period {
    const found = this.months.find((one) => one.id === id);
    if (!found) throw new Error(`there is no month ${id}`);
    return found;
  }

  private setMonth(after: Period): void {
    this.months[this.months.findIndex(({ id }) => id === after.id)] = after;
  }
}

function fresh(month: string): Period {
  return hashed({
    ...{ id: month, version: 1, clientId: 'acme', clientName: 'Acme', firmName: 'Northwind Studio', month },
    ...{ projectId: 'website', projectName: 'Acme website', budget: null, approved: 0, isAsked: false, entries: [] },
    ...{ timezone: 'UTC', unbilled: 0, warned: { at80: null, at100: null }, remindedAt: null },
    ...{ invoiced: null, state: { status: 'open' } },
  });
}

/** A line that bills no hours. */
function other(number: number): Line {
  return plainLine({ number, text: 'Training', quantity: '1', unitPrice: 10_000, vat: VAT });
}

/** What is broken of a month, said once more without the functions that decide. */
function broken({ invoices, logged }: World, month: Period, index: number): string[] {
  const standing = invoices.filter(({ state }) => state.status !== 'void' && state.status !== 'credited');
  const billing = standing.flatMap(({ id, content }) =>
    content.lines.flatMap(({ hours }) => (hours?.period === month.id ? [{ id, minutes: hours.minutes }] : [])),
  );
  const sum = billing.reduce((all, { minutes }) => all + minutes, 0);
  const hold: Record<string, boolean> = {
    'what was logged is there': usedOf(month) === logged[index],
    'one invoice bills it at most': new Set(billing.map(({ id }) => id)).size <= 1,
    'an invoice bills all of it': !billing.length || sum === logged[index],
    'the month says which': (month.invoiced?.invoice ?? null) === (billing[0]?.id ?? null),
  };
  return Object.keys(hold).filter((promise) => !hold[promise]);
}

test('whatever is billed, voided, credited or removed: no hour is billed twice, and none is lost', () => {
  const reached: Record<string, number> = {};
  const note = (what: string) => {
    reached[what] = (reached[what] ?? 0) + 1;
  };
  fc.assert(
    fc.property(fc.array(wish, { minLength: 10, maxLength: 60 }), (wishes) => {
      const world = new World();
      for (const one of wishes) {
        const free = world.months.filter(({ invoiced }) => !invoiced).length;
        try {
          world.take(one);
          note(one.name);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          note(`refused ${one.name}`);
        }
        const faults = world.months.flatMap((month, index) => broken(world, month, index));
        if (faults.length) throw new Error(`${one.name} broke: ${faults.join('; ')}`);
        if (world.months.filter(({ invoiced }) => !invoiced).length > free) note(`freed by ${one.name}`);
        if (
          world.invoices.some(
            ({ credited, gross, content: { lines } }) =>
              credited && credited < gross && lines.some(({ hours }) => hours),
          )
        )
          note('credited in part');
      }
    }),
    { numRuns: 3_000 },
  );

  const freed = ['freed by void', 'freed by credit', 'freed by remove'];
  for (const what of [...NAMES, ...freed, 'credited in part', 'refused bill', 'refused log', 'refused change'])
    expect({ what, often: (reached[what] ?? 0) > 50 }).toEqual({ what, often: true });
});
