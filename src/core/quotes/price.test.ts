import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import type { Vat } from '../kernel/vat.ts';
import { ROUNDINGS } from '../kernel/vat.ts';
import type { Billed, Content, Line } from './content.ts';
import { BILLED, diffContent } from './content.ts';
import { lineOf } from './line-fields.ts';
import { priceOf } from './price.ts';

const VATS: Vat[] = [
  ...[0, 550, 770, 1900, 10_000].map((rate): Vat => ({ kind: 'rate', rate })),
  { kind: 'reverse-charge' },
  { kind: 'exempt', reason: 'education' },
];

const lines = fc
  .array(
    fc.record({
      unitPrice: fc.integer({ min: -1_000_000, max: 100_000_000 }),
      thousandths: fc.integer({ min: 1, max: 1_000_000_000 }),
      vat: fc.constantFrom(...VATS),
      billed: fc.constantFrom<Billed>(...BILLED),
      optional: fc.boolean(),
    }),
    { maxLength: 10 },
  )
  .map((all) =>
    all.map(({ thousandths, ...one }, index): Line & { thousandths: number } => ({
      ...one,
      ...{ number: index + 1, text: 'Part', cycle: null, thousandths },
      quantity: `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`,
    })),
  );

const contentOf = (of: Line[], more: Partial<Content> = {}): Content => ({
  ...{ number: 1, title: 'Shop', currency: 'EUR', lines: of, rounding: 'document' },
  ...{ deposit: null, notes: null, expiresOn: '2026-12-31', ...more },
});

/** The whole number nearest to over/under, a half away from zero, found by counting remainders. */
function nearest(over: bigint, under: bigint): bigint {
  const size = over < 0n ? -over : over;
  const rest = size % under;
  const whole = (size - rest) / under + (rest * 2n >= under ? 1n : 0n);
  return over < 0n ? -whole : whole;
}

const add = (all: readonly bigint[]) => all.reduce((one, other) => one + other, 0n);

describe('what a quote comes to', () => {
  test('adds up to the cent for every choice of options, quantity, tax and rounding', () => {
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom(...ROUNDINGS),
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 1, max: 10_000 }),
        (all, rounding, chosen, rate) => {
          const taken = all.filter(({ optional }) => optional && chosen.next().value).map(({ number }) => number);
          const price = priceOf(contentOf(all, { rounding, deposit: { kind: 'share', rate } }), taken);

          const counted = all.filter(({ optional, number }) => !optional || taken.includes(number));
          const groups = new Map<string, (typeof counted)[number][]>([['once', []]]);
          for (const line of counted) {
            const every = line.billed === 'acceptance' || line.billed === 'completion' ? 'once' : line.billed;
            groups.set(every, [...(groups.get(every) ?? []), line]);
          }
          expect(price.sums.map(({ every }) => every).sort()).toEqual([...groups.keys()].sort());
          for (const sum of price.sums) {
            const nets = new Map<Vat, bigint[]>();
            for (const { unitPrice, thousandths, vat } of groups.get(sum.every) ?? [])
              nets.set(vat, [...(nets.get(vat) ?? []), nearest(BigInt(unitPrice) * BigInt(thousandths), 1000n)]);
            const taxes = [...nets].map(([vat, own]) => {
              const percent = BigInt(vat.kind === 'rate' ? vat.rate : 0);
              return rounding === 'line'
                ? add(own.map((net) => nearest(net * percent, 10_000n)))
                : nearest(add(own) * percent, 10_000n);
            });
            const net = add([...nets.values()].flat());
            expect([sum.net, sum.tax, sum.gross].map(BigInt)).toEqual([net, add(taxes), net + add(taxes)]);
            expect(sum.shares.reduce((one, share) => one + share.net + share.tax, 0)).toBe(sum.gross);
          }
          expect(BigInt(price.deposit)).toBe(nearest(BigInt(price.sums[0]?.gross ?? 0) * BigInt(rate), 10_000n));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a line', () => {
  const typed = { text: 'Checkout', quantity: '1', price: '600', vat: '19' };
  const faults = (change: Partial<Parameters<typeof lineOf>[0]>, currency = 'EUR') => {
    try {
      lineOf({ ...typed, ...change }, 1, currency, null);
    } catch (error) {
      if (error instanceof DomainError) return error.detail.fields;
      throw error;
    }
    return {};
  };

  test('is what was typed, in the smallest unit of its currency', () => {
    expect(lineOf(typed, 1, 'EUR', null)).toMatchObject({ unitPrice: 60_000, vat: { kind: 'rate', rate: 1900 } });
    expect(lineOf(typed, 1, 'JPY', null)).toMatchObject({ unitPrice: 600 });
    expect(lineOf({ ...typed, price: '1.250' }, 1, 'KWD', null)).toMatchObject({ unitPrice: 1250 });
  });

  test.each([
    [{ quantity: '0' }, { quantity: 'is more than 0' }],
    [{ quantity: '-1' }, { quantity: 'is more than 0' }],
    [{ quantity: '1000001' }, { quantity: 'is at most 1,000,000' }],
    [{ quantity: '1e3' }, { quantity: 'is not a number; write it like 1 or 1.5' }],
    [{ price: '1,200' }, { price: 'can be read in more than one way; write it like 1200.50' }],
    [
      { price: '99999999999', quantity: '1000' },
      { price: 'comes, with this quantity, to more than can be written here' },
    ],
    [{ price: '-1', optional: 'yes' as const }, { price: 'of an option is not below 0' }],
    [{ vat: '120' }, { vat: 'is between 0 and 100 %, or reverse charge, or exempt: and the reason' }],
  ])('typed as %j is refused beside the field', (change, fields) => {
    expect(faults(change)).toEqual(fields);
  });

  test('with three faults is told of all three', () => {
    expect(Object.keys(faults({ quantity: 'x', price: 'x', vat: 'x' }) ?? {})).toEqual(['quantity', 'price', 'vat']);
  });
});

test('two contents differ in words exactly when they have another hash, but for the number', () => {
  const line = lineOf({ text: 'Checkout', quantity: '1', price: '600', vat: '19' }, 1, 'EUR', null);
  const before = contentOf([line]);
  const changes: Partial<Content>[] = [
    { title: 'Another shop' },
    { lines: [] },
    { lines: [{ ...line, quantity: '2' }] },
    { lines: [{ ...line, vat: { kind: 'reverse-charge' } }] },
    { lines: [{ ...line, optional: true }] },
    { lines: [{ ...line, billed: 'monthly' }] },
    { lines: [line, { ...line, number: 2 }] },
    { deposit: { kind: 'share', rate: 3000 } },
    { expiresOn: '2027-01-31' },
    { notes: 'Half a year of support' },
    { rounding: 'line' },
  ];

  for (const change of changes)
    expect({ change, different: diffContent(before, { ...before, ...change }).length > 0 }).toEqual({
      change,
      different: true,
    });
  expect(diffContent(before, { ...before, number: 2 })).toEqual([]);
});
