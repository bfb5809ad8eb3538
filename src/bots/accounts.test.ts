import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { z } from 'zod';
import { AccountBroken } from '../core/kernel/accounts.ts';
import type { Who } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import type { StoredConnection } from '../core/kernel/connection.ts';
import { egressOf } from '../core/kernel/egress.ts';
import type { InboxItem } from '../core/kernel/inbox.ts';
import { connectProven } from '../core/kernel/proven.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import type { Listening } from '../testing/listen.ts';
import { listen } from '../testing/listen.ts';
import { ManyAccounts } from './accounts.ts';
import type { Channel, ChannelTools, Room, Sender } from './channel.ts';
import { channelKind, MessageGone, Undeliverable } from './channel.ts';
import { inboundFor } from './inbound.ts';

const card = { title: 'Hello', about: { entity: 'project', id: '', version: 1 } } as Card;
const posting = { cardId: 'card', thread: null };

class Refused extends Error {}

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let many: ManyAccounts;
let server: Listening;
let url: string;
/** What was opened and closed, by token, and where cards were sent. */
let log: string[];
let refusing: Set<string>;
let listening: Set<string>;
let refusals: [StoredConnection, string][];
/** What was noted of accounts: removed, left, returned. */
let noted: string[];

/** A platform whose accounts only note what they are asked. */
function channel(token: string, { inbound }: ChannelTools): Channel {
  return {
    name: 'slack',
    can: { edit: true },
    mount: (web) => {
      web.post('/slack/events', async (request, response) => {
        const account = request.get('x-account') ?? '';
        const who: Sender = {
          install: { tool: 'slack', account },
          ...{ provider: 'slack', account, externalId: 'U1', assurance: 'chat' },
        };
        const pressed = { who, press: { target: 'home.help', input: {} }, requestId: crypto.randomUUID() };
        response.json({ by: token, answer: await inbound.press(pressed) });
      });
    },
    listen: async () => {
      listening.add(token);
      return async () => void listening.delete(token);
    },
    send: async (room) => {
      if (refusing.has(token)) throw new Refused();
      log.push(`${token} sends to ${room.address}`);
      return { id: token };
    },
    update: async () => undefined,
    close: async () => void log.push(`${token} closes`),
  };
}

const kind = channelKind({
  name: 'slack',
  can: { edit: true },
  path: '/slack/events',
  credentials: z.strictObject({ token: z.string() }),
  environment: () => null,
  account: 'a workspace',
  load: async () => ({
    open: async ({ token }, tools) => {
      log.push(`${token} opens`);
      return channel(token, tools);
    },
    platform: () => ({}),
    refusal: (error) => (error instanceof Refused ? 'The token is refused.' : null),
    removal: (item) => (item.kind === 'gone' ? { reason: 'Removed.', at: item.receivedAt } : null),
    presence: ({ kind }) => kind === 'here',
  }),
});

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Another Studio');
  const web = express();
  web.use((request, response, next) => {
    const own = express();
    many.mount(own);
    own(request, response, next);
  });
  server = await listen(web);
  url = server.url;
});
afterAll(async () => {
  await server.stop();
  await app.close();
});
beforeEach(() => {
  [log, refusals, noted] = [[], [], []];
  [refusing, listening] = [new Set(), new Set()];
  many = open();
});
afterEach(() => many.close());

function open(own: Channel | null = null): ManyAccounts {
  const refused = async (connection: StoredConnection, reason: string) => void refusals.push([connection, reason]);
  const noting = (what: string) => async (connection: StoredConnection) =>
    void noted.push(`${what} ${connection.account}`);
  const [removed, left, returned] = [noting('removed'), noting('left'), noting('returned')];
  const tools = { app, inbound: inboundFor(app), publicUrl: 'https://parley.example', own, egress: egressOf([]) };
  return new ManyAccounts(kind, { ...tools, refused, removed, left, returned });
}

type Acting = Extract<Who, { kind: 'person' | 'system' }>;
const connect = (of: TestFirm, account: string, token: string, listens = false) =>
  connectProven(
    app,
    as(of, of.admin) as Acting,
    { tool: 'slack', account, name: null, credentials: { token }, listens },
    crypto.randomUUID(),
  );
const room = (of: TestFirm, account: string): Room =>
  ({ tenantId: of.tenantId, channel: 'slack', account, address: `C-${account}`, clientId: null }) as Room;
const send = (of: TestFirm, account: string) => many.send(room(of, account), card, posting);
const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

describe('a card', () => {
  test('goes out by the account of its room, which is opened once', async () => {
    await connect(firm, 'T-one', 'one');
    await connect(other, 'T-two', 'two');

    await Promise.all([send(firm, 'T-one'), send(other, 'T-two'), send(firm, 'T-one')]);

    expect(log.sort()).toEqual([
      'one opens',
      'one sends to C-T-one',
      'one sends to C-T-one',
      'two opens',
      'two sends to C-T-two',
    ]);
  });

  test('of one firm never goes out by the account of another', async () => {
    await expect(send(firm, 'T-two')).rejects.toThrow(Undeliverable);
    expect(log).toEqual([]);
  });

  test('where the firm’s token is refused waits for that firm alone, which is told once', async () => {
    refusing.add('one');

    await expect(send(firm, 'T-one')).rejects.toThrow(AccountBroken);
    expect(refusals).toMatchObject([[{ tenantId: firm.tenantId, account: 'T-one' }, 'The token is refused.']]);
    expect(await send(other, 'T-two')).toEqual({ id: 'two' });
  });

  test('goes out by the environment’s account where the connection has no credentials of its own', async () => {
    many = open(channel('environment', {} as ChannelTools));

    expect(await send(firm, firm.tenantId)).toEqual({ id: 'environment' });
    expect(await send(firm, 'T-one')).toEqual({ id: 'one' });
  });

  test('goes out by the environment’s account for no account that the firm has not connected', async () => {
    many = open(channel('environment', {} as ChannelTools));

    await expect(send(firm, 'T-nobody')).rejects.toThrow(Undeliverable);
    await expect(send(firm, other.tenantId)).rejects.toThrow(Undeliverable);
    expect(log).toEqual([]);
  });

  test('to a mailbox goes out by the environment’s account, but for one that another firm has connected', async () => {
    many = open({ ...channel('environment', {} as ChannelTools), account: 'T-shared' });
    const third = await makeFirm(app.database, 'Third Studio');
    await owner(`delete from connection where tenant_id = $1`, [third.tenantId]);
    const mailbox = { ...room(third, ''), address: 'bob@acme.example' };
    expect(await many.send(mailbox, card, posting)).toEqual({ id: 'environment' });

    await owner(
      `insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'slack', 'T-shared')`,
      [other.tenantId],
    );
    // Nobody’s room is at fault: what comes later arrives once the firm has a mailbox.
    await expect(many.send(mailbox, card, posting)).rejects.toThrow(MessageGone);
    expect(log).toEqual(['environment sends to bob@acme.example']);
  });

  test('goes nowhere once Parley was removed from the account, not even by the environment’s', async () => {
    many = open(channel('environment', {} as ChannelTools));
    await connect(firm, 'T-gone', 'gone');
    await owner(`update connection set status = 'revoked', fault = 'Parley was removed.' where account = 'T-gone'`);
    await owner(`delete from credentials where connection_id = (select id from connection where account = 'T-gone')`);

    await expect(send(firm, 'T-gone')).rejects.toThrow('Parley was removed.');
  });
});

describe('an account that was asked for before it was connected', () => {
  test('takes what is meant for it as soon as it is', async () => {
    await expect(send(firm, 'T-soon')).rejects.toThrow(Undeliverable);
    await connect(firm, 'T-soon', 'soon');
    expect(await send(firm, 'T-soon')).toEqual({ id: 'soon' });

    await owner(`update connection set status = 'revoked', fault = 'Parley was removed.' where account = 'T-soon'`);
    await expect(open().send(room(firm, 'T-soon'), card, posting)).rejects.toThrow('Parley was removed.');
    const second = open();
    await expect(second.send(room(firm, 'T-soon'), card, posting)).rejects.toThrow('Parley was removed.');
    await connect(firm, 'T-soon', 'once more');
    expect(await second.send(room(firm, 'T-soon'), card, posting)).toEqual({ id: 'once more' });
    await second.close();
  });
});

describe('an account that was connected again', () => {
  test('is opened anew, and the old one closed when nobody works with it any more', async () => {
    await connect(firm, 'T-again', 'before');
    await send(firm, 'T-again');
    await connect(firm, 'T-again', 'after');
    const reopened = open();
    await reopened.send(room(firm, 'T-again'), card, posting);
    await reopened.close();

    expect(log).toEqual([
      'before opens',
      'before sends to C-T-again',
      'after opens',
      'after sends to C-T-again',
      'after closes',
    ]);
  });
});

describe('a request to the address of one account', () => {
  const post = async (connection: string, account: string) => {
    const headers = { 'x-account': account };
    const response = await fetch(`${url}/slack/events/${connection}`, { method: 'POST', headers });
    return { status: response.status, body: response.status === 200 ? await response.json() : null };
  };

  test('is taken by that account', async () => {
    const { id } = await connect(firm, 'T-one', 'one');
    expect(await post(id, 'T-one')).toMatchObject({ status: 200, body: { by: 'one' } });
  });

  test('that speaks of another account is refused: its secret is known to that one firm', async () => {
    const { id } = await connect(firm, 'T-one', 'one');
    expect(await post(id, 'T-two')).toMatchObject({
      body: { answer: { kind: 'refused', say: 'This workspace is not connected to Parley.' } },
    });
  });

  test.each(['', 'nonsense', crypto.randomUUID(), `${crypto.randomUUID()}/more`])('"%s" is not found', async (path) => {
    expect((await post(path, 'T-one')).status).toBe(404);
  });
});

describe('an account of the hub’s own app', () => {
  const deliver = (kind: string, receivedAt = new Date(Date.now() + 1_000)) =>
    many.work({ tenantId: firm.tenantId, account: firm.tenantId, kind, receivedAt } as InboxItem);
  const setStatus = (status: string) =>
    owner(`update connection set status = $2 where account = $1`, [firm.tenantId, status]);
  beforeEach(() => {
    many = open(channel('environment', {} as ChannelTools));
  });
  afterEach(() => setStatus('active'));

  test('from which Parley was removed is noted so, unless it was connected again since', async () => {
    expect(await deliver('gone')).toEqual({ status: 'applied', outcome: 'Removed.' });
    expect(await deliver('gone', new Date(0))).toMatchObject({ status: 'duplicate' });
    expect(noted).toEqual([`removed ${firm.tenantId}`]);
  });

  test('that is found without Parley is noted by the firm that has it, and by nobody where none has', async () => {
    await many.left(firm.tenantId, 'Gone.');
    await many.left('T-nobody', 'Gone.');
    await setStatus('revoked');
    await many.left(firm.tenantId, 'Gone.');
    expect(noted).toEqual([`left ${firm.tenantId}`]);
  });

  test('is used again when what comes shows that Parley is there again', async () => {
    await deliver('here');
    await setStatus('revoked');
    many = open(channel('environment', {} as ChannelTools));
    await deliver('something else');
    expect(noted).toEqual([]);
    await deliver('here');
    expect(noted).toEqual([`returned ${firm.tenantId}`]);
  });

  test('is not put in the place of a firm’s own app, which comes back by credentials and by no delivery', async () => {
    await connect(firm, 'T-own-app', 'own app');
    await owner(`update connection set status = 'revoked', fault = 'Parley was removed.' where account = 'T-own-app'`);
    const item = { tenantId: firm.tenantId, account: 'T-own-app', kind: 'here', receivedAt: new Date() } as InboxItem;

    expect(await many.work(item)).toEqual({ status: 'quarantined', outcome: 'Parley was removed.' });
    expect(noted).toEqual([]);
  });
});

describe('a line to an account', () => {
  test('is kept open for those that want one', async () => {
    await connect(firm, 'T-line', 'line', true);
    const stop = await many.listen();
    await until(() => listening.has('line'));
    expect([...listening]).toEqual(['line']);
    await stop();

    expect([...listening]).toEqual([]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}
