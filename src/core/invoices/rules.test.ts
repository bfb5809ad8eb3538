import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Vat, VatShare } from '../kernel/vat.ts';
import { apportion, totalsOf } from '../kernel/vat.ts';
import { agreedLines, plainLine, sumsOf, without } from './content.ts';
import { draft } from './draft.ts';
import { numberText } from './numbering.ts';
import { lookAtOf, REMINDER_DAYS, reminderDue } from './reminders.ts';
import type { Invoice } from './schema.ts';
import { issue, pay, requireIssuable } from './settle.ts';
import { isOverdue } from './wording.ts';

const VATS: Vat[] = [
  ...[0, 700, 1900, 2550, 10_000].map((rate): Vat => ({ kind: 'rate', rate })),
  { kind: 'reverse-charge' },
  { kind: 'exempt', reason: 'education' },
];

/** Shares as documents have them: one for each way of taxing, with the tax that follows from its rate. */
const shares = fc
  .uniqueArray(fc.record({ vat: fc.nat({ max: VATS.length - 1 }), net: fc.integer({ min: 1, max: 10 ** 12 }) }), {
    selector: ({ vat }) => vat,
    minLength: 1,
    maxLength: 5,
  })
  .map(
    (all) =>
      totalsOf(
        all.map(({ vat, net }) => ({ vat: VATS[vat] as Vat, net: BigInt(net) })),
        'document',
      ).shares,
  );

const grossOf = (all: readonly VatShare[]) => all.reduce((sum, { net, tax }) => sum + net + tax, 0n);

describe('a part of what is taxed in several ways', () => {
  test('comes to the amount exactly, each share of it as near as can be, with the tax of its rate', () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 10_000 }), (all, rate) => {
        const total = grossOf(all);
        const amount = (total * BigInt(rate)) / 10_000n;

        const parts = apportion(amount, all);

        expect(grossOf(parts)).toBe(amount);
        for (const [index, { vat, net, tax }] of parts.entries()) {
          const whole = all[index] as VatShare;
          // As fractions over the total: nearer than one unit to the exact share.
          const exact = amount * (whole.net + whole.tax);
          const off = (net + tax) * total - exact;
          expect((off < 0n ? -off : off) <= total || amount === total).toBe(true);
          if (amount === total) continue;
          const percent = vat.kind === 'rate' ? BigInt(vat.rate) : 0n;
          const fault = 2n * (tax * (10_000n + percent) - (net + tax) * percent);
          expect((fault < 0n ? -fault : fault) <= 10_000n + percent).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('and what is left of it come to the whole, of each rate and to the smallest unit', () => {
    fc.assert(
      fc.property(shares, fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 6 }), (all, rates) => {
        let left = all;
        const taken: VatShare[] = [];
        for (const rate of rates) {
          const amount = (grossOf(left) * BigInt(rate)) / 10_000n;
          if (amount <= 0n) continue;
          const parts = apportion(amount, left);
          taken.push(...parts);
          left = without(left, parts);
        }
        const rest = left.length ? apportion(grossOf(left), left) : [];

        expect(without(all, [...taken, ...rest])).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of which nothing is left cannot be had', () => {
    expect(() => apportion(1n, [])).toThrow(RangeError);
  });
});

describe('a deposit that is taken off', () => {
  test('takes its tax with it, as it was billed', () => {
    // 428.41 of 1,428.40 at 19 %: no net amount comes to it by its rate.
    const part = apportion(42_841n, [{ vat: VATS[2] as Vat, net: 120_034n, tax: 22_806n }]);
    const deposit = agreedLines(part, 1, { text: 'Deposit' });
    const off = agreedLines(without([], part), 2, { text: 'Deposit', deducts: 'd' });
    const whole = plainLine({ number: 1, text: 'Shop', quantity: '1', unitPrice: 120_034, vat: VATS[2] as Vat });

    expect(sumsOf({ lines: deposit, rounding: 'document' })).toMatchObject({
      net: 36_001n,
      tax: 6_840n,
      gross: 42_841n,
    });
    expect(sumsOf({ lines: [whole, ...off], rounding: 'document' })).toMatchObject({
      ...{ net: 84_033n, tax: 15_966n, gross: 99_999n },
    });
  });
});

const began = new Date('2026-11-26T12:00:00Z');

function open(dueOn: string | null, timezone = 'America/New_York', at = began): Invoice {
  const line = plainLine({ number: 1, text: 'Shop', quantity: '1', unitPrice: 100, vat: VATS[0] as Vat });
  const facts = {
    kind: 'invoice' as const,
    ...{ id: 'i1', seq: 1, clientId: 'acme', clientName: 'Acme', firmName: 'Northwind Studio' },
    ...{ firmTimezone: 'Europe/Berlin', projectId: null, projectName: null, timezone, quoteId: null, part: null },
    ...{ createdAt: began },
  };
  const content = { title: 'Shop', currency: 'EUR', lines: [line], rounding: 'document', notes: null } as const;
  const it = { ...draft(facts, { ...content, lines: [line] }), dueOn };
  return issue(it, { number: '2026-0001', serial: 1, on: at.toISOString().slice(0, 10), at, byName: 'Ada' }, []);
}

test('a deposit is taken off once, as it was billed', () => {
  const deposit = open(null);
  const vat = VATS[0] as Vat;
  const shop = plainLine({ number: 1, text: 'Shop', quantity: '1', unitPrice: 10 * deposit.gross, vat });
  const off = plainLine({ number: 2, text: 'Deposit', quantity: '1', unitPrice: -deposit.gross, vat });
  const rest = { ...open(null), id: 'i2', state: { status: 'draft' } } as const;
  const content = { ...rest.content, lines: [shop, { ...off, deducts: deposit.id }] };
  const issued = (now: Partial<Invoice>) => () =>
    requireIssuable({ ...rest, content }, '2026-11-26', [{ ...deposit, ...now }]);

  expect(issued({})).not.toThrow();
  expect(issued({ deductedIn: 'i3' })).toThrow('takes off a deposit that another invoice takes off already');
  expect(issued({ credited: 1 })).toThrow('takes off a deposit that is not what it was');
});

describe('the number', () => {
  test.each([
    [1, '2026-0001'],
    [42, '2026-0042'],
    [12_345, '2026-12345'],
  ])('%i of a year is written %s', (serial, text) => {
    expect(numberText(2026, serial)).toBe(text);
  });
});

describe('the last day to pay', () => {
  test('is two weeks after the day of issue, where the draft says nothing else', () => {
    expect(open(null).dueOn).toBe('2026-12-10');
  });

  test('that is over is refused as it is issued, and today is not over', () => {
    const draftOf = (dueOn: string) => ({ ...open(null), dueOn, state: { status: 'draft' as const } });

    expect(() => requireIssuable(draftOf('2026-11-25'), '2026-11-26', [])).toThrow('25 Nov 2026 is over');
    expect(() => requireIssuable(draftOf('2026-11-26'), '2026-11-26', [])).not.toThrow();
  });

  test('ends at midnight where the client is', () => {
    const it = open('2026-12-01');

    expect(isOverdue(it, new Date('2026-12-02T04:59:59Z'))).toBe(false);
    expect(isOverdue(it, new Date('2026-12-02T05:00:00Z'))).toBe(true);
    expect(isOverdue(open('2026-12-01', 'Pacific/Auckland'), new Date('2026-12-01T11:00:00Z'))).toBe(true);
    expect(isOverdue(pay(it, it.gross), new Date('2027-01-01T00:00:00Z'))).toBe(false);
  });
});

describe('reminders', () => {
  /** Each moment at which the hub looks, as the schedule does, to the end; and what it does then. */
  function told(first: Invoice, until: string, everyHours = 1): string[] {
    const all: string[] = [];
    let it = first;
    for (let now = began; now < new Date(until); now = new Date(now.getTime() + everyHours * 3_600_000)) {
      const lookAt = lookAtOf(it);
      const reminder = reminderDue(it, now);
      // Nothing is due at a moment at which nobody would look.
      if (reminder) expect(lookAt && lookAt <= now).toBe(true);
      if (!reminder) continue;
      all.push(`${reminder.days}: ${now.toISOString()}`);
      it = { ...it, remindedAt: now };
    }
    return all;
  }

  test('come at nine in the morning where the client is, three days before, on the day, and one and two weeks after', () => {
    expect(REMINDER_DAYS).toEqual([-3, 0, 7, 14]);
    expect(told(open('2026-12-10'), '2027-02-01')).toEqual([
      '-3: 2026-12-07T14:00:00.000Z',
      '0: 2026-12-10T14:00:00.000Z',
      '7: 2026-12-17T14:00:00.000Z',
      '14: 2026-12-24T14:00:00.000Z',
    ]);
  });

  test('keep their hour when the clocks change', () => {
    // New York leaves summer time on 1 November 2026.
    const it = open('2026-11-02', 'America/New_York', new Date('2026-10-20T12:00:00Z'));
    const moments = [new Date('2026-10-30T13:00:00Z'), new Date('2026-11-02T14:00:00Z')];

    expect(
      moments.map((now, index) => reminderDue({ ...it, remindedAt: index ? (moments[0] ?? null) : null }, now)?.days),
    ).toEqual([-3, 0]);
    expect(reminderDue({ ...it, remindedAt: moments[0] ?? null }, new Date('2026-11-02T13:59:59Z'))).toBeNull();
  });

  test('of what was issued a moment ago do not come at once', () => {
    expect(told(open('2026-11-26'), '2026-12-03')).toEqual([]);
    expect(told(open('2026-11-29'), '2026-11-30')).toEqual(['0: 2026-11-29T14:00:00.000Z']);
  });

  test('that a hub missed while it was off come as one', () => {
    expect(told(open('2026-12-10'), '2027-02-01', 24 * 20)).toEqual([
      '0: 2026-12-16T12:00:00.000Z',
      '14: 2027-01-05T12:00:00.000Z',
    ]);
  });

  test('end with what is due, and nobody looks at it any more', () => {
    const it = open('2026-12-10');
    const settled = pay(it, it.gross);

    expect(lookAtOf(it)).not.toBeNull();
    expect(lookAtOf(settled)).toBeNull();
    expect(reminderDue(settled, new Date('2026-12-24T20:00:00Z'))).toBeNull();
  });
});
