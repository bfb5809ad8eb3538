import { expect, test } from '@jest/globals';
import { secretsFrom } from './secrets.ts';

const [old, young] = ['an old secret, long enough to be one', 'a young secret, long enough to be one'];

test('what was signed for one purpose is worth nothing for another', () => {
  const secrets = secretsFrom([young]);
  const signature = secrets.sign('action-link', 'text');

  expect(secrets.verify('action-link', 'text', signature)).toBe(true);
  expect(secrets.verify('portal-form', 'text', signature)).toBe(false);
});

test('the previous secret still counts during a rotation, and new signatures are by the current one', () => {
  const before = secretsFrom([old]);
  const during = secretsFrom([young, old]);
  const after = secretsFrom([young]);
  const signature = before.sign('action-link', 'text');

  expect(during.verify('action-link', 'text', signature)).toBe(true);
  expect(after.verify('action-link', 'text', signature)).toBe(false);
  expect(after.verify('action-link', 'text', during.sign('action-link', 'text'))).toBe(true);
});

test('a signature is as long as was agreed: no shorter one, no longer one, none at all', () => {
  const secrets = secretsFrom([young]);
  const whole = Buffer.from(secrets.sign('reply', 'text'), 'base64url');
  const cut = (bytes: number) => whole.subarray(0, bytes).toString('base64url');

  expect(secrets.verify('reply', 'text', cut(8), 8)).toBe(true);
  for (const bytes of [0, 1, 7, 9, 32]) expect(secrets.verify('reply', 'text', cut(bytes), 8)).toBe(false);
  expect(secrets.verify('reply', 'text', cut(31))).toBe(false);
});

test('a signature has one spelling: not the bits that a reader of base64 drops, not what it passes over', () => {
  const secrets = secretsFrom([young]);
  const signature = secrets.sign('action-link', 'text');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const neighbour = alphabet[alphabet.indexOf(signature.slice(-1)) ^ 1];

  for (const other of [`${signature.slice(0, -1)}${neighbour}`, `${signature}=`, ` ${signature}`, `${signature}!`]) {
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
    expect(secrets.verify('action-link', 'text', other)).toBe(false);
  }
});
