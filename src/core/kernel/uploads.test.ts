import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import type { Actor } from './actor.ts';
import type { TakenFile } from './files.ts';
import { secretsFrom } from './secrets.ts';
import { signUploads, Uploads } from './uploads.ts';

const secrets = secretsFrom(['a secret for tests, long enough to be one']);
const began = new Date('2026-11-01T09:00:00Z');
const later = (minutes: number) => new Date(began.getTime() + minutes * 60_000);
const taken = (more: Partial<TakenFile> = {}): TakenFile => ({
  ...{
    stored: 'place 1',
    name: 'logo.png',
    type: 'image/png',
    size: 10,
    digest: 'digest',
    key: 'the key',
    scan: 'clean',
  },
  ...more,
});
const sent = (...files: TakenFile[]) => new Uploads(signUploads(secrets, { tenantId: 'northwind', files }, began));
const of = (tenantId: string) => ({ tenantId }) as Actor;

test('what was taken just now is read by the firm for which it was, and by no other', () => {
  expect(sent(taken()).read(secrets, of('northwind'), later(15))).toEqual([taken()]);
  expect(() => sent(taken()).read(secrets, of('rival'), later(0))).toThrow('are needed');
  expect(() => sent(taken()).read(secrets, of('northwind'), later(16))).toThrow('are needed');
  expect(() => sent().read(secrets, of('northwind'), later(0))).toThrow('are needed');
});

test('a text that nobody signed, or somebody else did, is no files', () => {
  const token = signUploads(secrets, { tenantId: 'northwind', files: [taken()] }, began);
  const [text = ''] = token.split('.');
  const other = secretsFrom(['another secret for tests, long enough to be one']);

  const odd = Buffer.from('{"files":5}').toString('base64url');
  for (const forged of [
    '',
    'made up',
    odd,
    text,
    `${text}.${other.sign('files that were taken', text)}`,
    `${token}x`,
  ]) {
    expect(() => new Uploads(forged).read(secrets, of('northwind'), later(0))).toThrow('are needed');
    expect(new Uploads(forged).mark(secrets)).toMatch(/^[\w-]{43}$/);
  }
});

test('the same files have one mark whenever they are sent, and their keys are written nowhere', () => {
  const mark = (...files: TakenFile[]) => sent(...files).mark(secrets);

  expect(mark(taken())).toBe(mark(taken({ stored: 'place 2', key: 'another key' })));
  expect(mark(taken())).not.toBe(mark(taken({ digest: 'another digest' })));
  const uploads = sent(taken());
  for (const written of [JSON.stringify({ uploads }), String(uploads), inspect(uploads)])
    expect(written.replaceAll('"', '')).toMatch(/^(\{uploads:)?\[files\]\}?$/);
});
