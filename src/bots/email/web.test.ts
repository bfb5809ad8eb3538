import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import { JumpingClock } from '../../core/kernel/clock.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import { mountInbound } from './web.ts';

const SECRET = 'a secret for the mail door';
const MAIL = 'From: bob@acme.example\r\nMessage-ID: <1@acme.example>\r\n\r\nhello\r\n';
const clock = new JumpingClock();
const taken: Buffer[] = [];
let answer: () => Promise<'stored' | 'duplicate' | null>;
let server: Listening;
let url: string;

beforeAll(async () => {
  const web = express();
  const receive = (raw: Buffer) => {
    taken.push(raw);
    return answer();
  };
  const app = { clock, log: pino({ level: 'silent' }) } as unknown as App;
  mountInbound(web, { app, secret: SECRET, receive });
  server = await listen(web);
  url = `${server.url}/email/inbound`;
});
afterAll(() => server.stop());
beforeEach(() => {
  taken.length = 0;
  answer = async () => 'stored';
});

const now = () => Math.floor(clock.now().getTime() / 1000);
const signed = (body: string | Buffer, time = now(), secret = SECRET) =>
  `t=${time},v1=${createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')}`;

async function send(body: string | Buffer, signature?: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'message/rfc822',
      ...(signature ? { 'X-Parley-Signature': signature } : {}),
      ...headers,
    },
  });
  return {
    status: response.status,
    retry: response.headers.get('retry-after'),
    json: (await response.json()) as { status?: string; error?: { code: string; say: string } },
  };
}

describe('a signed mail at the door', () => {
  test('is acknowledged once it is stored, byte for byte', async () => {
    expect(await send(MAIL, signed(MAIL))).toMatchObject({ status: 202, json: { status: 'stored' } });
    expect(taken.map(String)).toEqual([MAIL]);
  });

  test('that came before is acknowledged as a duplicate', async () => {
    answer = async () => 'duplicate';

    expect(await send(MAIL, signed(MAIL))).toMatchObject({ status: 200, json: { status: 'duplicate' } });
  });

  test('may bear the signatures of two secrets while they are changed', async () => {
    const time = now();
    const [other = '', ours = ''] = [signed(MAIL, time, 'the next secret'), signed(MAIL, time)];

    expect((await send(MAIL, `${other},${ours.split(',')[1]}`)).status).toBe(202);
  });

  test('is not acknowledged while it cannot be stored, or while no firm has connected the address', async () => {
    answer = () => Promise.reject(new DomainError('unavailable', 'no database'));
    expect(await send(MAIL, signed(MAIL))).toMatchObject({
      status: 503,
      retry: '30',
      json: { error: { code: 'unavailable' } },
    });

    answer = async () => null;
    expect(await send(MAIL, signed(MAIL))).toMatchObject({ status: 503, json: { error: { code: 'not_connected' } } });
  });
});

describe('the door stays shut', () => {
  test.each([
    ['no signature', () => undefined],
    ['the signature of another body', () => signed('other')],
    ['the signature of another secret', () => signed(MAIL, now(), 'another secret')],
    ['a signature of 301 seconds ago', () => signed(MAIL, now() - 301)],
    ['a signature of the day after tomorrow', () => signed(MAIL, now() + 172_800)],
    ['half a signature', () => signed(MAIL).slice(0, -2)],
    ['a signature without a time', () => signed(MAIL).split(',')[1]],
  ])('for %s', async (_name, signature) => {
    expect(await send(MAIL, signature())).toMatchObject({
      status: 401,
      json: { error: { code: 'unauthorized', say: expect.any(String) } },
    });
    expect(taken).toEqual([]);
  });

  test('and opens to the last second of the window', async () => {
    expect((await send(MAIL, signed(MAIL, now() - 299))).status).toBe(202);
  });

  test('for what is no mail', async () => {
    expect(await send('', signed(''))).toMatchObject({ status: 400, json: { error: { code: 'invalid' } } });
    expect(await send('{"mail":1}', signed('{"mail":1}'))).toMatchObject({ status: 400 });
    expect(await send(MAIL, signed(MAIL), { 'Content-Encoding': 'gzip' })).toMatchObject({ status: 400 });
  });

  test('for more than 25 MB', async () => {
    const big = Buffer.alloc(25 * 1024 * 1024 + 1, 'x');

    expect(await send(big, signed(big))).toMatchObject({ status: 413, json: { error: { code: 'too_large' } } });
    expect(taken).toEqual([]);
  });
});
