import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { checks } from './signature.ts';

const { hmac, fresh } = checks;

describe('a signature', () => {
  test('is the one of Atlassian’s documentation', () => {
    // https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    const signature = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';
    expect(hmac('Hello World!', signature, ["It's a Secret to Everybody"])).toBe(true);
    expect(hmac('Hello World?', signature, ["It's a Secret to Everybody"])).toBe(false);
  });

  test('may be base64, as other tools write it', () => {
    const signature = createHmac('sha256', 'k').update('text').digest('base64');
    expect(hmac('text', signature, ['k'], 'base64')).toBe(true);
    expect(hmac('text', signature, ['k'])).toBe(false);
  });

  test('counts for nothing without a header or without a secret', () => {
    expect(hmac('', undefined, ['k'])).toBe(false);
    expect(hmac('', createHmac('sha256', '').update('').digest('hex'), [''])).toBe(false);
    expect(hmac('', 'sha256=', [])).toBe(false);
  });
});

describe('a signed time', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const seconds = now.getTime() / 1000;

  test.each([
    [0, true],
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
    [Number.NaN, false],
  ])('%s seconds from now is fresh: %s', (off, expected) => {
    expect(fresh(seconds + off, now)).toBe(expected);
  });
});
