import type { JsonWebKey } from 'node:crypto';
import { createPublicKey, verify } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TeamsStandIn } from './index.ts';
import { startTeamsStandIn } from './index.ts';
import type { Conversation, User } from './state.ts';

const app = { appId: 'app', appPassword: 'password' };
const card = { type: 'AdaptiveCard', version: '1.5', body: [] };

let bot: Server;
let answers: unknown[] = [];
let teams: TeamsStandIn;
let mia: User;
let channel: Conversation;
let token: string;

beforeAll(async () => {
  bot = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers.shift() ?? null));
  });
  await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve));
  const messagesUrl = `http://127.0.0.1:${(bot.address() as AddressInfo).port}/`;
  teams = await startTeamsStandIn({ ...app, messagesUrl });
  token = await logIn('password');
});
afterAll(async () => {
  await teams.stop();
  await new Promise((resolve) => bot.close(resolve));
});
beforeEach(() => {
  mia = teams.addUser('Mia');
  channel = teams.addConversation({ kind: 'channel', name: 'Acme', members: [mia] });
  channel.installed = true;
});

async function logIn(client_secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: app.appId, client_secret });
  const response = await fetch(`${teams.loginUrl}/oauth2/v2.0/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function call(method: string, path: string, body?: object, bearer = token) {
  const response = await fetch(`${teams.url}/v3/conversations${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

const message = (content: object = card) => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});

describe('the login', () => {
  test('gives tokens to the app alone, and nobody writes without one', async () => {
    expect(await logIn('wrong')).toBeUndefined();
    expect(await call('POST', `/${channel.id}/activities`, message(), 'made up')).toMatchObject({ status: 401 });
    expect(channel.messages).toEqual([]);
  });

  test('signs with the key it publishes', async () => {
    const { jwks_uri } = (await (await fetch(teams.openIdUrl)).json()) as { jwks_uri: string };
    const { keys } = (await (await fetch(jwks_uri)).json()) as { keys: [JsonWebKey & { kid: string }] };
    const [header = '', payload = '', signature = ''] = teams.token({}).split('.');

    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'RS256', kid: keys[0].kid });
  });
});

describe('the connector service', () => {
  test('posts, threads, changes and deletes messages', async () => {
    const { body: root } = await call('POST', `/${channel.id}/activities`, message());
    const { body: reply } = await call('POST', `/${channel.id};messageid=${root.id}/activities`, {
      type: 'message',
      text: 'hi',
    });
    await call('PUT', `/${channel.id}/activities/${root.id}`, message({ ...card, fallbackText: 'changed' }));

    expect(channel.messages).toMatchObject([
      { id: root.id, thread: null, edited: true, card: { fallbackText: 'changed' } },
      { id: reply.id, thread: root.id, text: 'hi' },
    ]);
    expect(await call('DELETE', `/${channel.id}/activities/${root.id}`)).toMatchObject({ status: 200 });
    expect(channel.messages).toHaveLength(1);
  });

  test('opens one chat a person, and knows who is where', async () => {
    const { body: first } = await call('POST', '', { members: [{ id: mia.id }] });
    const { body: second } = await call('POST', '', { members: [{ id: mia.aadObjectId }] });

    expect(second).toEqual(first);
    expect(await call('GET', `/${first.id}/members`)).toMatchObject({ body: [{ id: mia.id, name: 'Mia' }] });
  });

  test('refuses what Teams refuses', async () => {
    const tooBig = { ...card, fallbackText: 'x'.repeat(28 * 1024) };
    const elsewhere = teams.addConversation({ kind: 'groupChat', name: 'Others', members: [mia] });

    expect(await call('POST', `/${channel.id}/activities`, message(tooBig))).toMatchObject({
      status: 400,
      body: { error: { code: 'BadArgument' } },
    });
    expect(await call('POST', `/${channel.id}/activities`, { type: 'message' })).toMatchObject({ status: 400 });
    expect(await call('POST', `/${elsewhere.id}/activities`, message())).toMatchObject({
      status: 403,
      body: { error: { code: 'BotNotInConversationRoster' } },
    });
    expect(await call('POST', '/19:nowhere@thread.v2/activities', message())).toMatchObject({ status: 404 });
    expect(await call('PUT', `/${channel.id}/activities/1`, message())).toMatchObject({ status: 404 });
  });

  test('fails when it is told to, and then works again', async () => {
    teams.failNext({ status: 429, retryAfter: 3 });

    const failed = await call('POST', `/${channel.id}/activities`, message());
    const worked = await call('POST', `/${channel.id}/activities`, message());

    expect([failed.status, failed.headers.get('retry-after'), worked.status]).toEqual([429, '3', 201]);
  });
});

describe('people', () => {
  const input = {
    type: 'Input.Text',
    id: 'field:name',
    label: 'Name',
    isRequired: true,
    errorMessage: 'Name is needed',
  };
  const form = {
    ...card,
    body: [input],
    actions: [{ type: 'Action.Execute', title: 'Send', verb: 'press', data: { press: 'a.b' } }],
  };

  test('press with what they typed; the answer stands on their screen until the message is changed', async () => {
    const { body: posted } = await call('POST', `/${channel.id}/activities`, message(form));
    const answer = { ...card, fallbackText: 'for Mia' };
    answers = [{ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: answer }];

    const { activity } = await teams.pressButton(channel.id, posted.id, 'Send', mia, { name: 'Basket' });

    expect(activity).toMatchObject({
      replyToId: posted.id,
      value: { action: { data: { press: 'a.b', 'field:name': 'Basket' } } },
    });
    expect(teams.seen(channel.id, posted.id, mia)).toEqual(answer);
    expect(teams.seen(channel.id, posted.id, teams.addUser('Paul'))).toEqual(form);
    await call('PUT', `/${channel.id}/activities/${posted.id}`, message(card));
    expect(teams.seen(channel.id, posted.id, mia)).toEqual(card);
  });

  test('cannot send a form without what it needs, nor be shown what Teams would refuse', async () => {
    const { body: posted } = await call('POST', `/${channel.id}/activities`, message(form));
    answers = [
      { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: { ...card, version: '1.6' } },
    ];

    await expect(teams.pressButton(channel.id, posted.id, 'Send', mia)).rejects.toThrow('Name is needed');
    await expect(teams.pressButton(channel.id, posted.id, 'Other', mia)).rejects.toThrow('no button "Other"');
    await expect(teams.pressButton(channel.id, posted.id, 'Send', mia, { name: 'x' })).rejects.toThrow('version 1.6');
  });

  test('write in threads; in rooms they mention the bot', async () => {
    const { body: root } = await call('POST', `/${channel.id}/activities`, message());

    const { activity } = await teams.say(channel.id, 'Looks good', mia, root.id);

    expect(activity).toMatchObject({
      text: '<at>Parley</at> Looks good\n',
      conversation: { id: `${channel.id};messageid=${root.id}` },
    });
    expect(channel.messages.at(-1)).toMatchObject({ thread: root.id, from: mia, text: 'Looks good' });
  });
});

test('what it remembers can be put back, and everybody watching hears of it', async () => {
  let changes = 0;
  teams.changes.on('change', () => {
    changes += 1;
  });
  const before = teams.snapshot();
  await teams.say(channel.id, 'later', mia);
  const heard = changes;

  teams.restore(before);

  expect(heard).toBe(1);
  expect(changes).toBe(2);
  expect(teams.snapshot()).toEqual(before);
  expect(JSON.parse(JSON.stringify(before))).toEqual(before);
});
