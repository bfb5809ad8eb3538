import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { canonicalJson } from '../kernel/fingerprint.ts';
import type { Content } from './content.ts';
import {
  changeLine,
  contentFields,
  contentHash,
  diffContent,
  readDeliverables,
  requireOrder,
  words,
  writeDeliverables,
} from './content.ts';

const checkout: Content = {
  name: 'Checkout',
  startsOn: '2026-11-02',
  endsOn: '2026-11-27',
  deliverables: [{ title: 'Basket page', detail: 'desktop and mobile' }, { title: 'Payment page' }],
};

const lines = (before: Content, after: Content) => diffContent(before, after).map(changeLine);

const contents = fc.record({
  name: fc.constantFrom('Checkout', 'Checkout 2', 'Vouchers'),
  startsOn: fc.constantFrom('2026-11-02', '2026-11-03'),
  endsOn: fc.constantFrom('2026-11-27', '2026-12-04'),
  deliverables: fc.uniqueArray(
    fc.record(
      { title: fc.constantFrom('A', 'B', 'C', 'no detail'), detail: fc.constantFrom('x', 'y', 'no detail') },
      { requiredKeys: ['title'] },
    ),
    { selector: ({ title }) => title, minLength: 1 },
  ),
});

describe('the hash of a content', () => {
  test('is the SHA-256 of its canonical JSON in 43 characters of base64url', () => {
    const text =
      '{"deliverables":[{"detail":"desktop and mobile","title":"Basket page"},{"title":"Payment page"}],"endsOn":"2026-11-27","name":"Checkout","startsOn":"2026-11-02"}';

    expect(canonicalJson(checkout)).toBe(text);
    expect(contentHash(checkout)).toBe(createHash('sha256').update(text).digest('base64url'));
    expect(contentHash(checkout)).toMatch(/^[\w-]{43}$/);
  });

  test('is the same however the keys are ordered', () => {
    const { name, startsOn, endsOn, deliverables } = checkout;
    const turned = deliverables.map(({ title, detail }) => (detail ? { detail, title } : { title }));

    expect(contentHash({ deliverables: turned, endsOn, startsOn, name })).toBe(contentHash(checkout));
  });

  test('differs exactly when there is a difference to tell', () => {
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        return diffContent(before, after).length > 0 === (contentHash(before) !== contentHash(after));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the differences between two versions', () => {
  test('are short lines for people', () => {
    const after: Content = {
      name: 'Checkout and vouchers',
      startsOn: '2026-11-03',
      endsOn: '2026-12-04',
      deliverables: [{ title: 'Basket page', detail: 'mobile only' }, { title: 'Guest checkout' }],
    };

    expect(lines(checkout, after)).toEqual([
      'Name: Checkout → Checkout and vouchers',
      'Starts on: 2 Nov 2026 → 3 Nov 2026',
      'Ends on: 27 Nov 2026 → 4 Dec 2026',
      'Added: Guest checkout',
      'Removed: Payment page',
      'Basket page — desktop and mobile → mobile only',
    ]);
  });

  test('name a new order, and nothing when nothing is different', () => {
    const turned = { ...checkout, deliverables: checkout.deliverables.toReversed() };

    expect(lines(checkout, turned)).toEqual(['The order of the deliverables']);
    expect(lines(checkout, structuredClone(checkout))).toEqual([]);
  });
});

describe('deliverables written as lines', () => {
  test('have a title and, after a dash, a detail', () => {
    const text =
      '- Basket page — desktop and mobile\r\n\n  * Payment page - cards – and wallets\nReceipt mail\nE-mail texts';

    expect(readDeliverables(text)).toEqual([
      { title: 'Basket page', detail: 'desktop and mobile' },
      { title: 'Payment page', detail: 'cards – and wallets' },
      { title: 'Receipt mail' },
      { title: 'E-mail texts' },
    ]);
  });

  test('are read back as they were written into a form', () => {
    const written = fc.array(
      fc.oneof(fc.constantFrom('a', ' ', '-', '—', '–', '*', '\n', '•', '\u0000', 'é', '\ud800'), fc.string()),
    );
    fc.assert(
      fc.property(written, (parts) => {
        const deliverables = readDeliverables(parts.join(''));
        expect(readDeliverables(writeDeliverables(deliverables))).toEqual(deliverables);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('what people type', () => {
  const schema = z.strictObject(contentFields);
  const reason = words('Why?');
  const typed = { name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'Basket page' };
  const faults = (input: Record<string, string>) => [
    ...new Set(schema.safeParse({ ...typed, ...input }).error?.issues.map((issue) => issue.path[0])),
  ];

  test('is refused beside the field that is wrong', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ name: ' \n ' })).toEqual(['name']);
    expect(faults({ startsOn: '2 November' })).toEqual(['startsOn']);
    expect(faults({ startsOn: '2026-02-30' })).toEqual(['startsOn']);
    expect(faults({ endsOn: '0226-11-27' })).toEqual(['endsOn']);
    expect(() => requireOrder({ startsOn: '2026-11-02', endsOn: '2026-11-02' })).not.toThrow();
    expect(() => requireOrder({ startsOn: '2026-11-02', endsOn: '2026-11-01' })).toThrow(/endsOn: must not be before/);
    expect(faults({ deliverables: ' \n\n' })).toEqual(['deliverables']);
    expect(faults({ deliverables: 'A\nB — x\nA — y' })).toEqual(['deliverables']);
    expect(faults({ deliverables: Array.from({ length: 41 }, (_, index) => `A${index}`).join('\n') })).toEqual([
      'deliverables',
    ]);
  });

  test('loses what the database or a screen could not show again', () => {
    expect(schema.parse({ ...typed, name: ' Check\u0000out\t\ud800 2 ' }).name).toBe('Check out \ufffd 2');
    expect(schema.parse({ ...typed, name: 'Cafe\u0301' }).name).toBe('Caf\u00e9');
    expect(reason.parse(' Not\u0000 as\nagreed \u0007')).toBe('Not as\nagreed');
    expect(reason.safeParse(' no ').success).toBe(false);
  });
});
