import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import { specFile } from '../../testing/specs.ts';
import { METHODS } from './arguments.ts';
import type { SlackStandIn } from './index.ts';
import { startSlackStandIn } from './index.ts';
import { signature } from './requests.ts';

const SECRET = 'a signing secret';
const button = (value: string) => [
  {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'press:1', text: { type: 'plain_text', text: 'Press' }, value }],
  },
];
const modal = (title = 'Form') => ({
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: title },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'field:name',
      label: { type: 'plain_text' as const, text: 'Name' },
      element: { type: 'plain_text_input' as const, action_id: 'field:name', max_length: 10 },
    },
  ],
});

const nothing = () => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};

let slack: SlackStandIn;
let web: WebClient;
let app: Server;
/** What arrived at the app, and what it answers next. */
let arrived: { body: string; headers: Record<string, unknown> }[] = [];
let answers: { status: number; body?: object }[] = [];

beforeAll(async () => {
  app = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      arrived.push({ body, headers: request.headers });
      const { status, body: answer } = answers.shift() ?? { status: 200 };
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer ? JSON.stringify(answer) : '');
    });
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  slack = await startSlackStandIn({
    signingSecret: SECRET,
    eventsUrl: `http://127.0.0.1:${(app.address() as AddressInfo).port}/slack/events`,
  });
  web = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  });
  slack.addPerson('U1', 'Ada Admin');
});
afterAll(async () => {
  await slack.stop();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});
beforeEach(() => {
  slack.addChannel('C1', 'acme', ['U1']);
  slack.workspace.modals = [];
  slack.workspace.ephemerals = [];
  [arrived, answers] = [[], []];
});
afterEach(() => slack.clear());

/** Payloads of interactions that arrived, newest last. */
const payloads = () =>
  arrived.flatMap(({ body }) =>
    body.startsWith('payload=')
      ? [JSON.parse(new URLSearchParams(body).get('payload') ?? '') as Record<string, unknown>]
      : [],
  );
const post = async (value = 'v') =>
  String((await web.chat.postMessage({ channel: 'C1', text: 'Hello', blocks: button(value) as never })).ts);
const open = async (user = 'U1') => {
  await slack.slashCommand('form', user, 'C1');
  const trigger = new URLSearchParams(arrived.at(-1)?.body).get('trigger_id') ?? '';
  await web.views.open({ trigger_id: trigger, view: modal() });
  return slack.workspace.modals.at(-1)?.id ?? '';
};

describe('the Web API', () => {
  test('keeps messages, threads and metadata, and shows them in the history', async () => {
    const first = await post();
    await web.chat.postMessage({
      channel: 'C1',
      text: 'Reply',
      thread_ts: first,
      metadata: { event_type: 'x', event_payload: { card: 'c' } },
    });

    const history = await web.conversations.history({ channel: 'C1' });
    const thread = await web.conversations.replies({ channel: 'C1', ts: first, include_all_metadata: true });

    expect(history.messages).toMatchObject([{ ts: first, reply_count: 1, bot_id: 'B0PARLEY' }]);
    expect(thread.messages).toMatchObject([
      { ts: first },
      { text: 'Reply', metadata: { event_payload: { card: 'c' } } },
    ]);
    expect((await web.conversations.replies({ channel: 'C1', ts: first })).messages?.[1]).not.toHaveProperty(
      'metadata',
    );
  });

  test('changes and deletes messages of the app alone', async () => {
    const ts = await post();
    await slack.say('C1', 'Mine', 'U1');
    const theirs = slack.workspace.channels.C1?.messages.at(-1)?.ts ?? '';

    await web.chat.update({ channel: 'C1', ts, text: 'Changed' });
    await expect(web.chat.update({ channel: 'C1', ts: theirs, text: 'x' })).rejects.toMatchObject({
      data: { error: 'cant_update_message' },
    });
    await web.chat.delete({ channel: 'C1', ts });

    expect(slack.workspace.channels.C1?.messages.map(({ text }) => text)).toEqual(['Mine']);
  });

  test.each([
    ['a wrong token', () => new WebClient('xoxb-other', { slackApiUrl: slack.apiUrl }).auth.test(), 'invalid_auth'],
    ['a missing argument', () => web.apiCall('chat.update', { channel: 'C1' }), 'invalid_arguments'],
    [
      'an argument that Slack does not have',
      () => web.apiCall('chat.postMessage', { channel: 'C1', text: 'x', color: 'red' }),
      'invalid_arguments',
    ],
    [
      'blocks beyond the limits',
      () => web.apiCall('chat.postMessage', { channel: 'C1', blocks: button('v'.repeat(2_001)) }),
      'invalid_blocks',
    ],
    ['nothing to show', () => web.apiCall('chat.postMessage', { channel: 'C1' }), 'no_text'],
    ['an unknown channel', () => web.apiCall('chat.postMessage', { channel: 'C9', text: 'x' }), 'channel_not_found'],
    [
      'an unknown thread',
      () => web.apiCall('chat.postMessage', { channel: 'C1', text: 'x', thread_ts: '1.1' }),
      'thread_not_found',
    ],
    ['a modal out of nowhere', () => web.views.open({ trigger_id: 'x', view: modal() }), 'invalid_trigger_id'],
    ['somebody who is not there', () => web.users.info({ user: 'U9' }), 'user_not_found'],
    [
      'an ephemeral for somebody elsewhere',
      () => web.chat.postEphemeral({ channel: 'C1', user: 'U9', text: 'x' }),
      'user_not_in_channel',
    ],
  ])('refuses %s as Slack does', async (_, call, error) => {
    await expect(call()).rejects.toMatchObject({ data: { ok: false, error } });
  });

  test('fails on demand, as often as asked, and then works again', async () => {
    slack.failNext('chat.postMessage', { retryAfter: 3 });
    slack.failNext('chat.postMessage', { error: 'fatal_error', times: 2 });

    await expect(post()).rejects.toMatchObject({ retryAfter: 3 });
    await expect(post()).rejects.toMatchObject({ data: { error: 'fatal_error' } });
    await expect(post()).rejects.toMatchObject({ data: { error: 'fatal_error' } });
    await expect(post()).resolves.toMatch(/^\d+\.\d{6}$/);
  });

  test('can lose an answer after the call took effect', async () => {
    slack.failNext('chat.postMessage', { lost: true });

    await expect(post()).rejects.toThrow();

    expect(slack.workspace.channels.C1?.messages).toHaveLength(1);
  });

  test('takes an answer five times, and replaces what was pressed', async () => {
    const ts = await post();
    await slack.pressButton('C1', ts, 'Press', 'U1');
    const url = String(payloads().at(-1)?.response_url);
    const say = (text: string) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text }) });

    const statuses = [];
    for (const text of ['1', '2', '3', '4', '5', '6']) statuses.push((await say(text)).status);

    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.workspace.ephemerals.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('people', () => {
  test('press what they see, with Slack’s signature', async () => {
    const ts = await post('home.work');

    await slack.pressButton('C1', ts, 'Press', 'U1');

    const { headers, body } = arrived.at(-1) ?? { headers: {}, body: '' };
    expect(headers['x-slack-signature']).toBe(signature(SECRET, Number(headers['x-slack-request-timestamp']), body));
    expect(payloads().at(-1)).toMatchObject({
      type: 'block_actions',
      user: { id: 'U1', team_id: slack.team },
      container: { message_ts: ts, is_ephemeral: false },
      actions: [{ action_id: 'press:1', value: 'home.work', type: 'button' }],
    });
    await expect(slack.pressButton('C1', ts, 'Another', 'U1')).rejects.toThrow('there is no button Another');
  });

  test('may press what their screen still shows, although it changed since', async () => {
    const ts = await post('old');
    await web.chat.update({ channel: 'C1', ts, text: 'New', blocks: button('new') as never });

    await slack.pressButton('C1', ts, 'old', 'U1');
    expect(payloads().at(-1)).toMatchObject({ actions: [{ value: 'old' }] });
    await slack.pressButton('C1', ts, 'Press', 'U1');
    expect(payloads().at(-1)).toMatchObject({ actions: [{ value: 'new' }] });
  });

  test('fill in forms as far as Slack’s client lets them', async () => {
    const view = await open();

    await expect(slack.submitModal(view, {}, 'U1')).rejects.toThrow('please fill Name');
    await expect(slack.submitModal(view, { name: 'far too long a name' }, 'U1')).rejects.toThrow('at most 10');
    await expect(slack.submitModal(view, { colour: 'red' }, 'U1')).rejects.toThrow('no field colour');
    answers = [{ status: 200, body: { response_action: 'errors', errors: { 'field:name': 'Taken.' } } }];
    await slack.submitModal(view, { name: 'Ada' }, 'U1');
    expect(slack.workspace.modals).toMatchObject([{ errors: { 'field:name': 'Taken.' } }]);

    answers = [{ status: 200, body: { response_action: 'update', view: modal('Next') } }];
    await slack.submitModal(view, { name: 'Ada' }, 'U1');
    expect(slack.workspace.modals).toMatchObject([{ view: { title: { text: 'Next' } }, errors: {} }]);

    const { changes } = await slack.submitModal(view, { name: 'Ada' }, 'U1');
    expect(slack.workspace.modals).toEqual([]);
    expect(changes).toEqual([{ kind: 'modal-closed', view, user: 'U1' }]);
  });

  test('see a form stay open when the app is away', async () => {
    const view = await open();
    answers = [{ status: 500 }];

    await slack.submitModal(view, { name: 'Ada' }, 'U1');

    expect(slack.workspace.modals).toMatchObject([{ errors: { '': 'We had some trouble connecting. Try again?' } }]);
  });

  test('open a modal only within three seconds', async () => {
    await slack.slashCommand('form', 'U1', 'C1');
    const trigger = new URLSearchParams(arrived.at(-1)?.body).get('trigger_id') ?? '';
    for (const one of Object.values(slack.workspace.triggers)) one.at -= 3_001;

    await expect(web.views.open({ trigger_id: trigger, view: modal() })).rejects.toMatchObject({
      data: { error: 'expired_trigger_id' },
    });
  });

  test('are complained about when the app shows them what Slack would not', async () => {
    answers = [{ status: 200, body: { response_type: 'ephemeral', blocks: button('v'.repeat(2_001)) } }];

    await slack.slashCommand('x', 'U1', 'C1');

    expect(slack.complaints.splice(0).join()).toContain('the answer to a command could not be shown');
    expect(slack.workspace.ephemerals).toEqual([]);
  });
});

describe('events', () => {
  const eventsIn = () =>
    arrived.flatMap(({ body, headers }) =>
      body.startsWith('{')
        ? [{ ...(JSON.parse(body) as { event: Record<string, unknown> }), retry: headers['x-slack-retry-num'] }]
        : [],
    );

  test('tell of what people say, with their own workspace in Slack Connect', async () => {
    slack.addPerson('U9', 'Zoe Elsewhere', 'T9');

    await slack.say('C1', 'Hello', 'U9', '1.1');

    expect(eventsIn()).toMatchObject([
      {
        team_id: slack.team,
        event: { type: 'message', user: 'U9', team: 'T9', user_team: 'T9', thread_ts: '1.1', text: 'Hello' },
      },
    ]);
  });

  test('tell of the app’s own messages and their changes', async () => {
    const ts = await post();
    await web.chat.update({ channel: 'C1', ts, text: 'Changed' });
    await slack.until(() => eventsIn().length === 2, 'both events');

    expect(eventsIn()).toMatchObject([
      { event: { bot_id: 'B0PARLEY', ts } },
      { event: { subtype: 'message_changed', message: { ts, text: 'Changed' } } },
    ]);
  });

  test('come again at once when they were not taken, the same in everything but the signature', async () => {
    answers = [{ status: 500 }];

    expect((await slack.say('C1', 'Hello', 'U1')).status).toBe(500);
    await slack.until(() => arrived.length === 2, 'the retry');

    expect(arrived[1]?.body).toBe(arrived[0]?.body);
    expect(arrived[1]?.headers).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' });
  });
});

test('the workspace can be written down and read again', async () => {
  const ts = await post();
  await open();
  const written = JSON.parse(JSON.stringify(slack.snapshot())) as ReturnType<SlackStandIn['snapshot']>;
  await web.chat.delete({ channel: 'C1', ts });
  slack.workspace.modals = [];

  slack.restore(written);

  expect(slack.snapshot()).toEqual(written);
  await slack.pressButton('C1', ts, 'Press', 'U1');
  expect(payloads().at(-1)).toMatchObject({ container: { message_ts: ts } });
});

test('the methods have the arguments that Slack’s specification gives them', async () => {
  const path = specFile('slack-web-api-2021.openapi2.json');
  if (!path) return;
  const { paths } = JSON.parse(await readFile(path, 'utf8')) as {
    paths: Record<string, Record<string, { parameters?: { name: string; required?: boolean }[] }>>;
  };
  // Documented by Slack since the specification was published.
  const newer = ['metadata', 'include_all_metadata', 'include_num_members', 'reply_broadcast'];

  for (const [method, { required, optional }] of Object.entries(METHODS)) {
    const { parameters = [] } = Object.values(paths[`/${method}`] ?? {})[0] ?? {};
    const names = parameters.map(({ name }) => name);
    const needed = parameters
      .filter((parameter) => parameter.required && parameter.name !== 'token')
      .map(({ name }) => name);
    if (!paths[`/${method}`]) {
      expect(method).toBe('apps.connections.open');
      continue;
    }
    expect([method, needed.filter((name) => !required.includes(name))]).toEqual([method, []]);
    expect([
      method,
      [...required, ...optional].filter((name) => !names.includes(name) && !newer.includes(name)),
    ]).toEqual([method, []]);
  }
});
