import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { pino } from 'pino';
import { areas } from '../../core/areas.ts';
import type { Card } from '../../core/kernel/card.ts';
import type { Delivery } from '../../core/kernel/inbox.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { buildRegistry } from '../../core/kernel/registry.ts';
import type { SlackStandIn } from '../../simulator/slack/index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import type { Channel, ChannelTools, Inbound, Pressed, Room } from '../channel.ts';
import { MessageGone, Undeliverable } from '../channel.ts';
import { openSlack } from './index.ts';

const SECRET = 'a signing secret';
const plain: Card = {
  title: 'Hello',
  tone: 'info',
  blocks: [{ kind: 'text', text: 'World' }],
  actions: [{ kind: 'button', label: 'Press', press: { target: 'home.work', input: {} } }],
  fallback: 'Hello <!channel>',
  about: { entity: 'thing', id: 'x', version: 1 },
};
const room = {
  tenantId: 'firm',
  id: 'room',
  channel: 'slack',
  account: 'T1',
  address: 'C1',
  name: '#acme',
  audience: 'client',
  clientId: null,
  projectId: null,
  personId: null,
  reference: null,
  ended: false,
} satisfies Room;
const alone = (cardId: string) => ({ cardId, thread: null });

let slack: SlackStandIn;
let channel: Channel;
const pressed: Pressed[] = [];
const stored: Delivery[] = [];
const inbound: Inbound = {
  press: async (given) => {
    pressed.push(given);
    return { kind: 'card', card: plain };
  },
  say: async () => ({ kind: 'unmatched' }),
  redraw: async () => null,
  store: async (_install, delivery) => {
    stored.push(delivery);
    return 'stored';
  },
};
const lines: string[] = [];
const tools = () =>
  ({
    app: {
      log: pino({ level: 'warn' }, { write: (line: string) => lines.push(line) }),
      registry: buildRegistry(areas),
    },
    inbound,
    publicUrl: 'https://parley.example.com',
  }) as unknown as ChannelTools;
const open = (more: object = {}) =>
  openSlack({ botToken: slack.botToken, signingSecret: SECRET, apiUrl: slack.apiUrl, ...more }, tools());

beforeAll(async () => {
  slack = await startSlackStandIn({ signingSecret: SECRET, eventsUrl: 'http://127.0.0.1:9/slack/events', team: 'T1' });
  slack.addPerson('U1', 'Ada Admin');
  channel = await open();
});
afterAll(() => slack.stop());
beforeEach(() => {
  slack.addChannel('C1', 'acme', ['U1']);
  slack.calls.length = 0;
});
afterEach(() => {
  slack.clear();
  expect(slack.complaints.splice(0)).toEqual([]);
});

const messages = () => slack.workspace.channels.C1?.messages ?? [];

describe('sending a card', () => {
  test('posts it quietly, with words for notifications and the card’s name', async () => {
    const ref = await channel.send(room, plain, alone('card-1'));

    expect(messages()).toMatchObject([
      {
        ts: ref.id,
        text: 'Hello &lt;!channel&gt;',
        metadata: { event_type: 'parley_card', event_payload: { card: 'card-1' } },
      },
    ]);
    expect(slack.calls.at(-1)).toMatchObject({
      method: 'chat.postMessage',
      args: { unfurl_links: 'false', unfurl_media: 'false' },
    });
    expect(slack.calls.at(-1)?.args).not.toHaveProperty('reply_broadcast');
  });

  test('as a reply stays in the thread', async () => {
    const thread = await channel.send(room, plain, alone('card-1'));

    await channel.send(room, plain, { cardId: 'card-2', thread });

    expect(messages().at(-1)).toMatchObject({ threadTs: thread.id });
  });

  test('as a reply to a card that somebody deleted goes to the channel', async () => {
    await channel.send(room, plain, { cardId: 'card-2', thread: { id: '1700000000.000100' } });

    expect(messages()).toMatchObject([{ threadTs: null, metadata: { event_payload: { card: 'card-2' } } }]);
  });

  test('that nobody noted is found again, in the channel and in a thread', async () => {
    const first = await channel.send(room, plain, alone('card-1'));
    slack.failNext('chat.postMessage', { lost: true });
    await expect(channel.send(room, plain, { cardId: 'card-2', thread: first })).rejects.toThrow();
    await channel.send(room, plain, alone('card-3'));

    const since = new Date();
    const inThread = { cardId: 'card-2', thread: first };
    expect(await channel.find?.(room, alone('card-1'), since)).toMatchObject([{ id: first.id }]);
    expect(await channel.find?.(room, inThread, since)).toMatchObject([{ id: messages()[1]?.ts }]);
    expect(await channel.find?.(room, alone('card-9'), since)).toEqual([]);
    expect(await channel.find?.(room, alone('card-1'), new Date(Date.now() + 3_600_000))).toEqual([]);
  });

  test('is found behind hundreds of others, and in the channel when its thread is gone', async () => {
    const first = await channel.send(room, plain, alone('card-1'));
    for (let n = 0; n < 250; n += 1) await channel.send(room, plain, alone(`other-${n}`));

    const gone = { cardId: 'card-1', thread: { id: '1700000000.000100' } };
    expect(await channel.find?.(room, alone('card-1'), new Date())).toMatchObject([{ id: first.id }]);
    expect(await channel.find?.(room, gone, new Date())).toMatchObject([{ id: first.id }]);
  });
});

describe('a call that fails', () => {
  test.each([
    ['channel_not_found', /Invite Parley there/],
    ['not_in_channel', /Invite it there/],
    ['is_archived', /archived/],
    ['account_inactive', /Install the app again/],
    ['restricted_action_read_only_channel', /read-only/],
  ])('with %s makes the room undeliverable, in words that help staff', async (error, words) => {
    slack.failNext('chat.postMessage', { error });

    const sending = channel.send(room, plain, alone('card-1'));

    await expect(sending).rejects.toBeInstanceOf(Undeliverable);
    await expect(sending).rejects.toThrow(words);
  });

  test('because the room is archived, or we are not in it, says which', async () => {
    const there = slack.addChannel('C1', 'acme', []);
    there.archived = true;
    await expect(channel.send(room, plain, alone('card-1'))).rejects.toThrow(/archived/);

    there.archived = false;
    there.members = [];
    await expect(channel.send(room, plain, alone('card-1'))).rejects.toThrow(/Invite it there/);
  });

  test.each([
    ['message_not_found', 'The message was deleted in Slack.'],
    ['cant_update_message', 'The message was posted by another Slack app, so Parley cannot change it.'],
  ])('with %s gives up the message, not the room', async (error, words) => {
    const ref = await channel.send(room, plain, alone('card-1'));
    slack.failNext('chat.update', { error });

    const updating = channel.update(room, ref, plain, alone('card-1'));

    await expect(updating).rejects.toBeInstanceOf(MessageGone);
    await expect(updating).rejects.toThrow(words);
  });

  test.each([[{ status: 503 }], [{ error: 'fatal_error' }], [{ lost: true }]])(
    'with %j is left to the queue, without retries of its own',
    async (fault) => {
      slack.failNext('chat.postMessage', { ...fault, times: Number.POSITIVE_INFINITY });

      const error = await channel.send(room, plain, alone('card-1')).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(Undeliverable);
      expect(error).not.toBeInstanceOf(RetryLater);
      expect(slack.calls.length).toBeLessThanOrEqual(1);
    },
  );

  test('because a permission is missing names the cure and blames no room', async () => {
    slack.failNext('chat.postMessage', { error: 'missing_scope' });

    await expect(channel.send(room, plain, alone('card-1'))).rejects.toThrow(
      'Slack answered missing_scope: the Slack app lacks a permission: update it from manifest.json and install it again',
    );
  });
});

describe('opening the channel', () => {
  test('refuses a token that Slack does not accept, and names the setting', async () => {
    await expect(open({ botToken: 'xoxb-wrong' })).rejects.toThrow(/invalid_auth.*SLACK_BOT_TOKEN/);
  });

  test('goes on while Slack cannot be reached', async () => {
    slack.failNext('auth.test', { status: 503 });

    const opened = await open();

    expect(opened.name).toBe('slack');
    expect(lines.at(-1)).toContain('Slack cannot be reached');
  });

  test('writes no secret to the log', async () => {
    slack.failNext('auth.test', { error: 'invalid_auth' });
    await open().catch(() => undefined);
    slack.failNext('chat.postMessage', { lost: true });
    await channel.send(room, plain, alone('card-1')).catch(() => undefined);

    expect(lines.join('')).not.toMatch(/xoxb-|a signing secret/);
  });
});

describe('Socket Mode', () => {
  let server: Listening;
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const web = express();
    const opened = await open({ appToken: slack.appToken });
    opened.mount?.(web);
    server = await listen(web);
    // Requests would come over HTTP to this door as well; the stand-in prefers the socket once it is there.
    slack.sendEventsTo(`${server.url}/nowhere`);
    stop = await opened.listen?.();
    await slack.until(() => slack.connected(), 'the connection');
  });
  afterAll(async () => {
    await stop?.();
    await server.stop();
  });

  test('brings commands and answers them over the socket', async () => {
    pressed.length = 0;

    const { status, body } = await slack.slashCommand('work', 'U1', 'C1');

    expect(status).toBe(200);
    expect(body).toMatchObject({ response_type: 'ephemeral' });
    expect(pressed).toMatchObject([
      { press: { target: 'home.work' }, who: { externalId: 'U1', install: { account: 'T1' } } },
    ]);
  });

  test('brings presses', async () => {
    const { id } = await channel.send(room, plain, alone('card-1'));
    pressed.length = 0;

    expect((await slack.pressButton('C1', id, 'Press', 'U1')).status).toBe(200);
    expect(pressed).toMatchObject([{ press: { target: 'home.work' } }]);
  });

  test('survive a card that cannot be drawn: its fault is logged', async () => {
    const { id } = await channel.send(room, plain, alone('card-1'));
    const { press } = inbound;
    const tooLong = { target: 'home.work', input: { text: 'x'.repeat(200) } };
    inbound.press = async () => ({
      kind: 'card',
      card: { ...plain, actions: [{ kind: 'button', label: 'Long', press: tooLong }] },
    });

    const { status } = await slack.pressButton('C1', id, 'Press', 'U1');
    inbound.press = press;

    expect(status).toBe(200);
    await slack.until(() => lines.some((line) => line.includes('an answer could not be shown')), 'the line in the log');
  });

  test('acknowledges an event only once it is stored', async () => {
    stored.length = 0;
    const order: string[] = [];
    const { store } = inbound;
    inbound.store = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('stored');
      return store(...given);
    };

    const { status } = await slack.say('C1', 'Hello', 'U1').finally(() => order.push('acknowledged'));
    inbound.store = store;

    expect(status).toBe(200);
    expect(order).toEqual(['stored', 'acknowledged']);
    expect(stored.at(-1)).toMatchObject({ source: 'slack', account: 'T1', kind: 'message' });
  });

  test('does not acknowledge what could not be stored, so that Slack sends it again', async () => {
    const { store } = inbound;
    inbound.store = async () => {
      throw new Error('no space left');
    };
    const saying = slack.say('C1', 'Keep this', 'U1');
    await slack.until(() => lines.some((line) => line.includes('no space left')), 'the failure');
    inbound.store = store;

    const { status, recorded } = await saying;

    expect(status).toBe(0);
    await slack.until(() => recorded.answers.length === 2, 'the retry');
    expect(recorded.answers[1]).toMatchObject({ status: 200, retryNum: 1 });
  });
});
