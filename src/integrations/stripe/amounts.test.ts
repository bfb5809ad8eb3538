import { describe, expect, test } from '@jest/globals';
import { fromStripe, toStripe, whyNotTaken } from './amounts.ts';

describe('an amount', () => {
  test.each([
    ['EUR', 119_00, 119_00],
    ['JPY', 5_000, 5_000],
    ['ISK', 700, 70_000],
    ['UGX', 700, 70_000],
    ['MGA', 70_000, 700],
    ['KWD', 5_120, 5_120],
    ['HUF', 1_050, 1_050],
  ])('of %s is counted as Stripe does, and back', (currency, ours, theirs) => {
    expect(toStripe({ amount: ours, currency })).toBe(theirs);
    expect(fromStripe(theirs, currency.toLowerCase())).toEqual({ amount: ours, currency });
  });

  test.each([
    ['KWD', 5_124],
    ['MGA', 70_050],
  ])('of %s that Stripe does not take exactly is none', (currency, amount) => {
    expect(toStripe({ amount, currency })).toBeNull();
    expect(whyNotTaken(currency)).toMatch(/paid online (to|in)/);
  });

  test.each([
    [100, 'xyz'],
    [0.5, 'eur'],
    [150, 'isk'],
  ])('%s %s that cannot be written here is none', (amount, currency) => {
    expect(fromStripe(amount, currency)).toBeNull();
  });
});
