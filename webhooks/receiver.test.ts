import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import type { InboxItem, InboxJob, Worked } from '../src/core/kernel/inbox.ts';
import { ledger, workDelivery, workInbox } from '../src/core/kernel/inbox.ts';
import type { Connector } from '../src/integrations/connector.ts';
import type { TestApp } from '../src/testing/app.ts';
import { testApp } from '../src/testing/app.ts';
import { environmentOnly } from '../src/testing/connectors.ts';
import { asOwner } from '../src/testing/database.ts';
import type { TestFirm } from '../src/testing/firm.ts';
import { makeFirm } from '../src/testing/firm.ts';
import { webhookSource } from './inbox.ts';
import { mountWebhooks } from './receiver.ts';

const SECRETS = ['the secret of today', 'the secret of yesterday'];

/** A tool whose webhooks are JSON with an id. Work is done by what the body says. */
const tool: Connector = {
  name: 'tool',
  account: 'acme.example:8443',
  push: async () => undefined,
  webhook: {
    verify: (raw, headers, { hmac }) => hmac(raw, headers['x-hub-signature'], SECRETS),
    read: (raw) => {
      try {
        const { id, kind } = JSON.parse(raw.toString('utf8'));
        return { deliveryId: id, kind };
      } catch {
        return null;
      }
    },
    work: async () => ({ status: 'applied', outcome: 'done' }),
  },
};
const unconnected: Connector = { ...tool, name: 'other', account: 'nobody' };

let app: TestApp;
let firm: TestFirm;
let server: Server;
let url: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  await asOwner(app.database)('insert into connection (tenant_id, id, tool, account) values ($1, $2, $3, $4)', [
    firm.tenantId,
    crypto.randomUUID(),
    tool.name,
    tool.account,
  ]);
  const web = express();
  mountWebhooks(web, app, new Map([tool, unconnected].map((one) => [one.name, environmentOnly(app, one)])));
  server = await new Promise<Server>((resolve) => {
    const listening = web.listen(0, '127.0.0.1', () => resolve(listening));
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await app.close();
});

function sign(body: string | Buffer, secret = SECRETS[0] ?? ''): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

async function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
  path = `/webhooks/tool/${encodeURIComponent(tool.account)}`,
) {
  const response = await fetch(url + path, {
    method: 'POST',
    body: body as string,
    headers: { 'x-hub-signature': sign(body), ...headers },
  });
  return {
    status: response.status,
    answer: (await response.json()) as unknown,
    retryAfter: response.headers.get('retry-after'),
  };
}

async function rows(deliveryId: string) {
  return asOwner(app.database)(
    'select kind, status, headers, convert_from(body, $2) as body from inbox where delivery_id = $1 order by seq',
    [deliveryId, 'UTF8'],
  );
}

const bodyOf = (id: string) => JSON.stringify({ id, kind: 'thing.changed' });

describe('a webhook', () => {
  test('that its tool signed is stored before it is answered, byte for byte', async () => {
    const body = `{ "id": "a",\n  "kind": "thing.changed", "text": "ü" }`;
    expect(await post(body)).toMatchObject({ status: 200, answer: { status: 'stored' } });

    expect(await rows('a')).toMatchObject([{ kind: 'thing.changed', status: 'waiting', body }]);
    expect(app.asked.at(-1)).toMatchObject({ queue: 'inbox', data: { tenantId: firm.tenantId } });
  });

  test('that comes again is answered alike, kept as a duplicate and worked once', async () => {
    const asked = app.asked.length;
    await post(bodyOf('b'));

    expect(await post(bodyOf('b'))).toMatchObject({ status: 200, answer: { status: 'duplicate' } });

    expect(await rows('b')).toMatchObject([{ status: 'waiting' }, { status: 'duplicate', body: '' }]);
    const worked: string[] = [];
    const work = async ({ deliveryId }: InboxItem): Promise<Worked> => {
      worked.push(deliveryId);
      return { status: 'applied', outcome: 'done' };
    };
    for (const { data } of app.asked.slice(asked))
      await workInbox(app, new Map([[tool.name, { name: tool.name, work }]]), data as InboxJob, 0);
    expect(worked).toEqual(['b']);
  });

  test('signed with the previous secret is taken while secrets change', async () => {
    expect(await post(bodyOf('c'), { 'x-hub-signature': sign(bodyOf('c'), SECRETS[1]) })).toMatchObject({
      status: 200,
    });
  });

  test.each([
    ['of another body', sign(bodyOf('other'))],
    ['of another secret', sign(bodyOf('d'), 'guessed')],
    ['of the empty secret', sign(bodyOf('d'), '')],
    ['that is cut', sign(bodyOf('d')).slice(0, 60)],
    ['that is empty', 'sha256='],
    ['that is no hex', `sha256=${'z'.repeat(64)}`],
    [
      'of an older kind',
      `sha1=${createHmac('sha1', SECRETS[0] ?? '')
        .update(bodyOf('d'))
        .digest('hex')}`,
    ],
  ])('with a signature %s is refused and not stored', async (_what, signature) => {
    expect(await post(bodyOf('d'), { 'x-hub-signature': signature })).toMatchObject({ status: 401 });
    expect(await rows('d')).toEqual([]);
  });

  test.each([
    ['a tool that is not set up', '/webhooks/nothing/acme.example%3A8443'],
    ['an account that is not ours', '/webhooks/tool/evil.example'],
    ['an account that no firm connected', '/webhooks/other/nobody'],
  ])('for %s is not found', async (_what, path) => {
    expect(await post(bodyOf('e'), {}, path)).toMatchObject({ status: 404 });
    expect(await rows('e')).toEqual([]);
  });

  test('of a form that nobody knows is stored, and ends in quarantine', async () => {
    expect(await post('<xml/>')).toMatchObject({ status: 200, answer: { status: 'stored' } });
    const [stored] = await asOwner(app.database)(`select id from inbox where kind = 'unknown'`);

    await workDelivery(
      app,
      new Map([['tool', webhookSource(app, environmentOnly(app, tool))]]),
      { tenantId: firm.tenantId, id: String(stored?.id) },
      0,
    );

    expect(
      await asOwner(app.database)('select status, outcome, convert_from(body, $2) as body from inbox where id = $1', [
        stored?.id,
        'UTF8',
      ]),
    ).toEqual([{ status: 'quarantined', outcome: 'not of a form that tool is known to send', body: '<xml/>' }]);
  });

  test('without a body is stored as well, when it is signed', async () => {
    expect(await post('')).toMatchObject({ status: 200 });
  });

  test('with an id that no index can hold is stored under its digest', async () => {
    // Of text that repeats itself an index holds far more: it is compressed.
    const id = randomBytes(4_500).toString('hex');
    const body = JSON.stringify({ id, kind: 'a\0b' });
    expect(await post(body)).toMatchObject({ status: 200, answer: { status: 'stored' } });
    expect(await post(body)).toMatchObject({ status: 200, answer: { status: 'duplicate' } });
    expect(await rows(`sha256:${createHash('sha256').update(id).digest('hex')}`)).toMatchObject([
      { kind: 'unknown', status: 'waiting', body },
      { kind: 'unknown', status: 'duplicate' },
    ]);
  });

  test('larger than 5 MB is refused before it is read to its end', async () => {
    expect(await post(Buffer.alloc(5 * 1024 * 1024 + 1, 'x'))).toMatchObject({ status: 413 });
  });

  test('keeps no header that somebody could sign in with', async () => {
    await post(bodyOf('f'), {
      authorization: 'Bearer x',
      cookie: 'a=b',
      'x-api-key': 'k',
      'x-goog-channel-token': 't',
      'x-atlassian-webhook-identifier': '7',
    });
    const [row] = await rows('f');
    expect(Object.keys(row?.headers as object).sort()).toEqual([
      'content-type',
      'user-agent',
      'x-atlassian-webhook-identifier',
      'x-hub-signature',
    ]);
  });

  test('of an account that is not connected any more is kept in quarantine', async () => {
    await post(bodyOf('g'));
    const query = asOwner(app.database);
    const [row] = await query(`select id from inbox where delivery_id = 'g'`);
    await query(`update connection set account = 'moved' where tool = 'tool'`);
    await workDelivery(
      app,
      new Map([['tool', webhookSource(app, environmentOnly(app, tool))]]),
      { tenantId: firm.tenantId, id: String(row?.id) },
      0,
    );
    await query(`update connection set account = $1 where tool = 'tool'`, [tool.account]);

    expect(await rows('g')).toMatchObject([{ status: 'quarantined' }]);
  });
});

test('many webhooks at once are all stored, each once', async () => {
  const before = (await ledger(app, firm.tenantId)).find(({ source }) => source === 'tool');

  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => post(bodyOf(`many-${index % 50}`))));

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(answers.filter(({ answer }) => (answer as { status: string }).status === 'duplicate')).toHaveLength(10);
  const after = (await ledger(app, firm.tenantId)).find(({ source }) => source === 'tool');
  expect(Number(after?.received) - Number(before?.received)).toBe(60);
  expect(Number(after?.waiting) - Number(before?.waiting)).toBe(50);
});

describe('when nothing can be stored', () => {
  test('the answer is 503 with Retry-After, and the same webhook is taken later', async () => {
    const { connect } = app.database.pool;
    app.database.pool.connect = (() =>
      Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }))) as typeof connect;
    const refused = await post(bodyOf('h'));
    app.database.pool.connect = connect;

    expect(refused).toEqual({ status: 503, answer: { status: 'not stored' }, retryAfter: '5' });
    expect(await post(bodyOf('h'))).toMatchObject({ status: 200, answer: { status: 'stored' } });
  });
});
