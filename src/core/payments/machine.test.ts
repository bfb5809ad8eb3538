import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  closed,
  disputed,
  linked,
  received,
  recorded,
  refunded,
  refundFailed,
  refundNamed,
  whyOther,
} from './decide.ts';
import { isLoose, isUnpaid, isUnplaced, isWaiting } from './rules.ts';
import type { Payment } from './schema.ts';

const ID = '0d1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
const AT = new Date('2026-11-26T12:00:00Z');
const start: Payment = {
  ...{ id: ID, version: 1, status: 'asked', clientId: ID, clientName: 'Acme', firmName: 'Northwind', projectId: null },
  ...{ invoiceId: ID, number: '2026-0007', amount: 1_000, currency: 'EUR', url: null, expiresAt: null, received: null },
  ...{ receivedIn: null, receivedAt: null, entryId: null, reason: null, refunds: [], dispute: null },
  ...{ personId: null, byName: 'Anna', askedAt: AT },
};

/** What the tool and the firm do, each where its command lets it. */
type Act = (it: Payment) => Payment;
const entry = { entry: ID, events: [] };
const why = { why: 'it is void' };
const acts: Record<string, Act> = {
  link: (it) => (it.status === 'asked' ? linked(it, { url: 'https://pay.example/1', expiresAt: AT }) : it),
  process: (it) => (isUnpaid(it) && it.status !== 'failed' ? { ...it, status: 'processing' } : it),
  pay: (it) => (isUnpaid(it) ? received(it, { amount: 1_000, currency: 'EUR', at: AT }, entry) : it),
  'pay what is void': (it) => (isUnpaid(it) ? received(it, { amount: 1_000, currency: 'EUR', at: AT }, why) : it),
  fail: (it) => (isUnpaid(it) && it.status !== 'failed' ? { ...it, status: 'failed', reason: 'the bank' } : it),
  expire: (it) => (isWaiting(it) ? { ...it, status: 'expired' } : it),
  withdraw: (it) => (isWaiting(it) ? { ...it, status: 'withdrawn' } : it),
  'refund a': (it) => refund(it, 'a', 400),
  'refund b': (it) => refund(it, 'b', 600),
  'lose b': (it) => (refundNamed(it, 'b')?.state === 'failed' || !refundNamed(it, 'b') ? it : refundFailed(it, 'b')),
  dispute: (it) => (isUnpaid(it) ? it : disputed(it, { name: 'd', amount: 1_000, reason: 'fraud', state: 'open' })),
  record: (it) => (it.status === 'kept' ? recorded(it, ID) : it),
  close: (it) => (isUnplaced(it) ? closed(it, 'by hand') : it),
};

function refund(it: Payment, name: string, amount: number): Payment {
  if (isUnpaid(it) || refundNamed(it, name)) return it;
  return refunded(it, { name, amount, at: AT.toISOString() }, it.entryId === null ? null : why);
}

describe('a payment', () => {
  test('is never dropped, taken twice or changed, whatever is told in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(acts)), { maxLength: 25 }), (names) => {
        let it = start;
        for (const name of names) {
          const before = it;
          it = (acts[name] as Act)(it);
          expect([it.amount, it.currency]).toEqual([1_000, 'EUR']);
          if (before.received !== null)
            expect([it.received, it.receivedAt]).toEqual([before.received, before.receivedAt]);
          if (before.entryId !== null) expect(it.entryId).toBe(before.entryId);
        }
        // What came is recorded, waits for somebody, or was seen to.
        expect(['paid', 'kept', 'closed'].includes(it.status)).toBe(it.received !== null);
        if (it.status === 'paid') expect(it.entryId).not.toBeNull();
        if (it.status === 'kept') expect([it.reason, isLoose(it)]).toEqual([expect.any(String), true]);
        const refunds = it.refunds.map(({ name }) => name);
        expect(new Set(refunds).size).toBe(refunds.length);
        const paid = names.some((name) => name.startsWith('pay'));
        expect(it.received !== null).toBe(paid);
      }),
      { numRuns: 2_000 },
    );
  });

  test('of all that was kept is closed when all of it went back, and waits again when that does not arrive', () => {
    const kept = received(start, { amount: 1_000, currency: 'EUR', at: AT }, why);
    const part = refund(kept, 'a', 400);
    const all = refund(part, 'b', 600);
    expect([part.status, all.status, isLoose(all)]).toEqual(['kept', 'closed', false]);
    expect(refundFailed(all, 'b').status).toBe('kept');
  });

  test.each([
    [1_000, 'EUR', null],
    [999, 'EUR', '€9.99 came, and €10.00 was asked for'],
    [1_000, 'USD', '$10.00 came, and €10.00 was asked for'],
  ])('of %s %s is what was asked for, or is said to be other', (amount, currency, said) => {
    expect(whyOther(start, { amount, currency })).toBe(said);
  });
});
