import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digitsOf, isCurrency } from './currencies.ts';
import { amountText, divide, MOST_AMOUNT, moneyText, readAmount, readQuantity, timesQuantity } from './money.ts';
import type { Rounding, Vat } from './vat.ts';
import { ROUNDINGS, readVat, totalsOf, vatText } from './vat.ts';

const RUNS = { numRuns: 2_000 };

/** A fraction of two whole numbers: what an exact sum is before anything is rounded. It shares no code with what it checks. */
interface Rational {
  over: bigint;
  under: bigint;
}

/** Looks for the whole number that is nearest, the one further from zero of two that are equally near. */
function nearest({ over, under }: Rational): bigint {
  const floor = over / under - (over % under < 0n ? 1n : 0n);
  const [below, above] = [over - floor * under, (floor + 1n) * under - over];
  if (below !== above) return below < above ? floor : floor + 1n;
  return over < 0n ? floor : floor + 1n;
}

/** A quantity as a fraction, read from its letters. */
function rationalOf(quantity: string): Rational {
  const [whole = '0', part = ''] = quantity.replace('-', '').split('.');
  const size = BigInt(whole + part);
  return { over: quantity.startsWith('-') ? -size : size, under: 10n ** BigInt(part.length) };
}

const amounts = fc.bigInt(-MOST_AMOUNT, MOST_AMOUNT);
const quantities = fc
  .integer({ min: 0, max: 3 })
  .chain((digits) => fc.tuple(fc.bigInt(0n, 10n ** BigInt(6 + digits)), fc.constant(digits), fc.boolean()))
  .map(([units, digits, isNegative]) => {
    const size = String(units).padStart(digits + 1, '0');
    const at = size.length - digits;
    const text = `${isNegative ? '-' : ''}${size.slice(0, at)}${digits ? `.${size.slice(at)}` : ''}`;
    const read = readQuantity(text);
    if ('fault' in read) throw new Error(`${text} ${read.fault}`);
    return read.value;
  });
const vats: fc.Arbitrary<Vat> = fc.oneof(
  fc.constantFrom(0, 550, 700, 770, 1900, 2000, 2550, 10_000).map((rate): Vat => ({ kind: 'rate', rate })),
  fc.integer({ min: 0, max: 10_000 }).map((rate): Vat => ({ kind: 'rate', rate })),
  fc.constant<Vat>({ kind: 'reverse-charge' }),
  fc.constantFrom('education', 'health').map((reason): Vat => ({ kind: 'exempt', reason })),
);
const sold = fc.array(fc.record({ unitPrice: amounts, quantity: quantities, vat: vats }), { maxLength: 12 });

describe('what is sold', () => {
  test('costs, for every price, quantity, tax and rounding, what exact fractions come to', () => {
    fc.assert(
      fc.property(sold, fc.constantFrom(...ROUNDINGS), (lines, rounding: Rounding) => {
        const nets = lines.map(({ unitPrice, quantity }) => timesQuantity(unitPrice, quantity));
        const totals = totalsOf(
          lines.map(({ vat }, index) => ({ vat, net: nets[index] as bigint })),
          rounding,
        );

        const oracle = lines.map(({ unitPrice, quantity }) => {
          const { over, under } = rationalOf(quantity);
          return nearest({ over: unitPrice * over, under });
        });
        expect(nets).toEqual(oracle);
        // Each rate by itself: a Map by its words, filled line by line.
        const byRate = new Map<string, { rate: bigint; nets: bigint[] }>();
        for (const [index, { vat }] of lines.entries()) {
          const alike = byRate.get(vatText(vat)) ?? { rate: BigInt(vat.kind === 'rate' ? vat.rate : 0), nets: [] };
          alike.nets.push(oracle[index] as bigint);
          byRate.set(vatText(vat), alike);
        }
        const add = (all: readonly bigint[]) => all.reduce((one, other) => one + other, 0n);
        const taxes = [...byRate.values()].map(({ rate, nets }) =>
          rounding === 'line'
            ? add(nets.map((net) => nearest({ over: net * rate, under: 10_000n })))
            : nearest({ over: add(nets) * rate, under: 10_000n }),
        );
        expect(totals.shares.map(({ tax }) => tax)).toEqual(taxes);
        expect(totals.net).toBe(add(oracle));
        expect(totals.tax).toBe(add(taxes));
        expect(totals.gross).toBe(add(totals.shares.flatMap(({ net, tax }) => [net, tax])));
      }),
      RUNS,
    );
  });

  test('taken back costs the same with the other sign', () => {
    fc.assert(
      fc.property(amounts, quantities, fc.bigInt(1n, 10n ** 9n), (amount, quantity, divisor) => {
        expect(timesQuantity(-amount, quantity)).toBe(-timesQuantity(amount, quantity));
        expect(divide(-amount, divisor)).toBe(-divide(amount, divisor));
      }),
      RUNS,
    );
  });

  test('is rounded where the rule says: three lines of 0.03 at 19 % are taxed 0.03 or 0.02', () => {
    const lines = Array.from({ length: 3 }, () => ({ net: 3n, vat: { kind: 'rate', rate: 1900 } as const }));

    expect(totalsOf(lines, 'line')).toMatchObject({ net: 9n, tax: 3n, gross: 12n });
    expect(totalsOf(lines, 'document')).toMatchObject({ net: 9n, tax: 2n, gross: 11n });
  });

  test('is not taxed by the firm where the client accounts for the tax, or where it is exempt', () => {
    const lines = [
      { net: 100n, vat: { kind: 'reverse-charge' } as const },
      { net: 50n, vat: { kind: 'exempt', reason: 'education' } as const },
    ];

    expect(totalsOf(lines, 'line')).toMatchObject({ net: 150n, tax: 0n, gross: 150n });
    expect(totalsOf(lines, 'line').shares).toHaveLength(2);
  });
});

describe('an amount', () => {
  test('that is written is read as the same one, in every kind of currency', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom('EUR', 'JPY', 'KWD', 'IQD'), (amount, currency) => {
        expect(readAmount(amountText({ amount, currency }), currency)).toEqual({ value: amount });
      }),
      RUNS,
    );
  });

  test.each([
    ['1200', 'EUR', 120_000n],
    ['1200.5', 'EUR', 120_050n],
    ['1200,50', 'EUR', 120_050n],
    ['1,200.50', 'EUR', 120_050n],
    ['1.200,50', 'EUR', 120_050n],
    ["1'200.50", 'CHF', 120_050n],
    ['1 200.50', 'EUR', 120_050n],
    ['−5', 'EUR', -500n],
    ['12.345', 'KWD', 12_345n],
    ['1200', 'JPY', 1200n],
  ])('%s %s is read', (text, currency, amount) => {
    expect(readAmount(text, currency)).toEqual({ value: amount });
  });

  test.each([
    ['1,200', 'EUR', 'can be read in more than one way; write it like 1200.50'],
    ['1,200,300', 'EUR', 'can be read in more than one way; write it like 1200.50'],
    ['1.200', 'EUR', 'EUR has 2 digits behind the point'],
    ['0.5', 'JPY', 'JPY has no digits behind the point'],
    ['1.2345', 'KWD', 'KWD has 3 digits behind the point'],
    ['about 5', 'EUR', 'is not a number; write it like 1200.50'],
    ['1e9', 'EUR', 'is not a number; write it like 1200.50'],
    ['Infinity', 'EUR', 'is not a number; write it like 1200.50'],
    ['', 'JPY', 'is not a number; write it like 1200'],
    ['100000000000.01', 'EUR', 'is more than can be written here'],
    ['9'.repeat(60), 'EUR', 'is too long for a number; write it like 1200.50'],
  ])('%s %s is refused with what to write', (text, currency, fault) => {
    expect(readAmount(text, currency)).toEqual({ fault });
  });

  test('is shown with the digits of its currency, to the last one of a great amount', () => {
    expect(moneyText({ amount: 120_050n, currency: 'EUR' })).toBe('€1,200.50');
    expect(moneyText({ amount: -5n, currency: 'EUR' })).toBe('-€0.05');
    expect(moneyText({ amount: 1200n, currency: 'JPY' })).toBe('¥1,200');
    expect(moneyText({ amount: 1n, currency: 'IQD' })).toMatch(/^IQD\s0\.001$/);
    expect(moneyText({ amount: 12_345_678_901_234_567_890n, currency: 'EUR' })).toBe('€123,456,789,012,345,678.90');
  });
});

describe('a currency', () => {
  test('has the digits that the standard gives it', () => {
    expect(['EUR', 'JPY', 'KWD', 'IQD', 'HUF', 'ISK'].map(digitsOf)).toEqual([2, 0, 3, 3, 2, 0]);
  });

  test('is one that is in use', () => {
    expect(['EUR', 'XCG'].every(isCurrency)).toBe(true);
    expect(['DEM', 'eur', 'XXX', ''].some(isCurrency)).toBe(false);
    expect(() => digitsOf('DEM')).toThrow('DEM is no currency');
  });
});

describe('a quantity', () => {
  test.each([
    ['1', '1'],
    ['1.50', '1.5'],
    ['0,25', '0.25'],
    ['007', '7'],
    ['-0.0', '0'],
    ['1000000', '1000000'],
  ])('%s is %s', (text, value) => {
    expect(readQuantity(text)).toEqual({ value });
  });

  test.each([
    ['1.0005', 'has at most 3 digits behind the point'],
    ['1000000.001', 'is at most 1,000,000'],
    ['1e6', 'is not a number; write it like 1 or 1.5'],
    ['', 'is not a number; write it like 1 or 1.5'],
  ])('%s is refused with what to write', (text, fault) => {
    expect(readQuantity(text)).toEqual({ fault });
  });
});

describe('a tax', () => {
  test.each([
    ['19', '19 %'],
    ['7,5 %', '7.5 %'],
    ['0', '0 %'],
    ['10', '10 %'],
    ['100', '100 %'],
    ['reverse charge', 'Reverse charge'],
    ['Exempt: education (§ 4 No. 21 UStG)', 'Exempt: education (§ 4 No. 21 UStG)'],
  ])('%s is read as %s, and what is written is read as the same', (text, written) => {
    const read = readVat(text);
    expect('value' in read && vatText(read.value)).toBe(written);
    expect(readVat(written)).toEqual(read);
  });

  test.each(['exempt', '101', '-1', '19.123', 'none', ''])('%s is refused', (text) => {
    expect(readVat(text)).toEqual({ fault: expect.stringMatching(/exempt/) });
  });
});
