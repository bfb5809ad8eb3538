import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { areas } from '../../core/areas.ts';
import { buildRegistry } from '../../core/kernel/registry.ts';
import type { SlackRequest } from './parse.ts';
import { parseRequest } from './parse.ts';
import { metadataFor } from './where.ts';

const fixture = async (name: string) =>
  JSON.parse(await readFile(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as Record<string, unknown>;
const { words } = buildRegistry(areas);
const parsed = async (name: string) => parseRequest(await fixture(name), 'T0HOME', words);

const keptOf = (body: unknown) =>
  (parseRequest(body, 'T0HOME', words) as Extract<SlackRequest, { kind: 'kept' }>).kept.delivery;

const id = '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11';
const ann = {
  install: { tool: 'slack', account: 'T0NORTH' },
  provider: 'slack',
  account: 'T0NORTH',
  externalId: 'U0ACME01',
  assurance: 'chat',
  name: 'ann.approver',
};

/** The room of the fixtures. */
const place = { channel: 'slack', account: 'T0NORTH', address: 'C0ACME' };

describe('a pressed button', () => {
  test('becomes the press it carries, by the person who pressed it', async () => {
    expect(await parsed('block-actions-message')).toEqual({
      kind: 'button',
      pressed: {
        who: ann,
        press: { target: 'cycle.approve', input: { cycle: id, hash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg' } },
        requestId: 'slack:T0NORTH:C0ACME:1795250000.000200:1795254301.482913:U0ACME01:press:1',
        place,
      },
      where: {
        user: 'U0ACME01',
        channel: 'C0ACME',
        thread: null,
        responseUrl: 'https://hooks.slack.com/actions/T0NORTH/7777/abcdefgh',
        ephemeral: false,
        view: null,
      },
      trigger: '12466734323.1395872398.ab12cd34',
    });
  });

  test('of a Slack Connect person names their own workspace beside the one that has the app', async () => {
    expect(await parsed('block-actions-slack-connect')).toMatchObject({
      pressed: { who: { install: { tool: 'slack', account: 'T0NORTH' }, account: 'T9ACME', externalId: 'U9OTHER1' } },
      where: { thread: '1795250000.000200' },
    });
  });

  test('that sends a form brings along what was typed, without the fields left empty', async () => {
    expect(await parsed('block-actions-ephemeral-form')).toMatchObject({
      pressed: { press: { target: 'identity.request-code', input: {} }, form: { email: 'ann@acme.example' } },
      where: { ephemeral: true },
    });
  });

  test('inside a modal brings nothing of the form and is told apart by the modal and its state', async () => {
    const request = (await parsed('block-actions-modal')) as Extract<SlackRequest, { kind: 'button' }>;

    expect(request.pressed).toEqual({
      who: ann,
      press: { target: 'home.work', input: {} },
      requestId: 'slack:view:V0BUG0001:1795254310.Qe7h1mVx:1795254305.200000:U0ACME01:press:1',
      place,
    });
    expect(request.where).toMatchObject({ view: 'V0BUG0001', channel: 'C0ACME' });
  });

  test('delivered again has the same request id, pressed again another one', async () => {
    const body = await fixture('block-actions-message');
    const [action] = body.actions as Record<string, unknown>[];
    const idOf = (given: object) =>
      (parseRequest(given, '', words) as Extract<SlackRequest, { kind: 'button' }>).pressed?.requestId;

    const first = idOf(body);
    expect(idOf({ ...body, trigger_id: 'another', response_url: 'https://hooks.slack.com/other' })).toBe(first);
    expect(idOf({ ...body, actions: [{ ...action, action_ts: '1795254399.000000' }] })).not.toBe(first);
    expect(idOf({ ...body, user: { id: 'U0OTHER', team_id: 'T0NORTH' } })).not.toBe(first);
  });

  test('with a value that nobody wrote is not a press', async () => {
    const body = await fixture('block-actions-message');
    const [action] = body.actions as Record<string, unknown>[];

    expect(parseRequest({ ...body, actions: [{ ...action, value: 'DROP TABLE cycle' }] }, '', words)).toMatchObject({
      kind: 'button',
      pressed: null,
    });
  });

  test('that is a link is only kept', async () => {
    const body = await fixture('block-actions-message');
    const [action] = body.actions as Record<string, unknown>[];

    expect(keptOf({ ...body, actions: [{ ...action, action_id: 'link:1', value: null }] })).toMatchObject({
      kind: 'link_button',
      account: 'T0NORTH',
    });
  });

  test('of an installation for a whole organisation belongs to our workspace', async () => {
    expect(parseRequest({ ...(await fixture('block-actions-message')), team: null }, 'T0HOME', words)).toMatchObject({
      pressed: { who: { install: { account: 'T0HOME' } } },
    });
  });
});

describe('a sent modal', () => {
  test('becomes the press written into it, with the typed values by field', async () => {
    expect(await parsed('view-submission')).toEqual({
      kind: 'submission',
      pressed: {
        who: ann,
        press: { target: 'ticket.file-bug', input: {} },
        requestId: 'slack:view:V0BUG0001:1795254310.Qe7h1mVx',
        place,
        form: { project: id, title: 'Pay button <does> nothing', due: '2026-12-04' },
      },
      where: {
        user: 'U0ACME01',
        channel: 'C0ACME',
        thread: '1795250000.000200',
        responseUrl: 'https://hooks.slack.com/actions/T0NORTH/7777/abcdefgh',
        ephemeral: false,
        view: 'V0BUG0001',
      },
      fields: ['project', 'title', 'due'],
    });
  });

  test('names what is ticked in boxes and in a list, in one text; nothing ticked is absent', async () => {
    const body = await fixture('view-submission');
    const chosen = (...values: string[]) => values.map((value) => ({ text: { type: 'plain_text', text: 'x' }, value }));
    const values = {
      'field:take': { 'field:take': { type: 'checkboxes', selected_options: chosen('2', '4') } },
      'field:parts': { 'field:parts': { type: 'multi_static_select', selected_options: chosen('7') } },
      'field:none': { 'field:none': { type: 'checkboxes', selected_options: [] } },
    };

    const request = parseRequest({ ...body, view: { ...(body.view as object), state: { values } } }, '', words);

    expect((request as { pressed: { form: object } }).pressed.form).toEqual({ take: '2,4', parts: '7' });
  });

  test('whose metadata is not ours is no press', async () => {
    const body = await fixture('view-submission');

    expect(
      parseRequest({ ...body, view: { ...(body.view as object), private_metadata: 'x' } }, '', words),
    ).toMatchObject({
      kind: 'submission',
      pressed: null,
    });
  });

  test('keeps its metadata far below what Slack takes', () => {
    const where = {
      user: 'U1',
      channel: 'C0123456789',
      thread: '1795250000.000200',
      responseUrl: `https://hooks.slack.com/actions/${'x'.repeat(150)}`,
      ephemeral: true,
      view: null,
    };

    expect(metadataFor({ target: 'cycle.approve', input: { cycle: id } }, where).length).toBeLessThan(1_000);
  });
});

describe('/parley', () => {
  test('names no room in a chat with one person, where nothing can be bound', async () => {
    const request = parseRequest({ ...(await fixture('slash-command')), channel_id: 'D0ANN' }, '', words);
    expect(request).toMatchObject({ kind: 'command', pressed: expect.not.objectContaining({ place }) });
    expect(request.kind === 'command' && request.pressed.place).toBeUndefined();
  });

  test.each([
    ['', 'home.help', null],
    ['help', 'home.help', null],
    ['work', 'home.work', null],
    ['  My   work ', 'home.work', null],
    ['bug', 'ticket.file-bug', null],
    ['CHANGE', 'ticket.file-change', null],
    ['link', 'identity.link', null],
    ['portal', 'session.portal', null],
    ['setup', 'home.setup', null],
    ['bind', 'project.bind-here', null],
    ['make coffee', 'home.help', 'make coffee'],
    ['constructor', 'home.help', 'constructor'],
  ])('with "%s" opens %s', async (text, target, unknown) => {
    const request = parseRequest({ ...(await fixture('slash-command')), text }, '', words);

    expect(request).toEqual({
      kind: 'command',
      pressed: {
        who: ann,
        press: { target, input: {} },
        requestId: 'slack:command:12466734323.1395872398.aa44',
        place,
      },
      unknown,
      where: {
        user: 'U0ACME01',
        channel: 'C0ACME',
        thread: null,
        responseUrl: 'https://hooks.slack.com/commands/T0NORTH/8888/abcdefgh',
        ephemeral: false,
        view: null,
      },
      trigger: '12466734323.1395872398.aa44',
    });
  });
});

describe('/parley with a title', () => {
  test.each([
    ['bug it is broken', 'ticket.file-bug', 'it is broken'],
    ['  BUG   It IS broken &amp; slow', 'ticket.file-bug', 'It IS broken & slow'],
    ['change show <b>prices</b>', 'ticket.file-change', 'show <b>prices</b>'],
    ['bug\nit is broken', 'ticket.file-bug', 'it is broken'],
  ])('"%s" opens %s with it', async (text, target, title) => {
    expect(parseRequest({ ...(await fixture('slash-command')), text }, '', words)).toMatchObject({
      pressed: { press: { target, input: { title } } },
      unknown: null,
    });
  });

  test.each(['work hard', 'help me', 'bugs everywhere', 'link it'])('"%s" takes none', async (text) => {
    expect(parseRequest({ ...(await fixture('slash-command')), text }, '', words)).toMatchObject({ unknown: text });
  });
});

describe('an event', () => {
  test.each([
    ['event-thread-reply', 'C0ACME:1795254400.000500:message', 'message'],
    ['event-thread-reply-connect', 'C0ACME:1795254400.000500:file_share', 'message'],
    ['event-message-edited', 'C0ACME:1795254400.000500:message_changed:1795254500.000600', 'message'],
    ['event-message-deleted', 'C0ACME:1795254400.000500:message_deleted:1795254600.000700', 'message'],
    ['event-reaction', 'reaction_added:Ev0000000007', 'reaction_added'],
  ])('%s is named by what it is about', async (name, deliveryId, kind) => {
    expect(await keptOf(await fixture(name))).toMatchObject({ account: 'T0NORTH', deliveryId, kind });
  });

  test('of a message keeps its name under another event id', async () => {
    const body = await fixture('event-thread-reply');

    expect(keptOf({ ...body, event_id: 'Ev9999999999' })).toMatchObject({
      deliveryId: 'C0ACME:1795254400.000500:message',
    });
  });

  test('without an id of its own is named by its content', async () => {
    const { event_id: _, ...body } = await fixture('event-reaction');

    expect(keptOf(body).deliveryId).toMatch(/^event_callback:[0-9a-f]{64}$/);
    expect(keptOf({ ...body, event_time: 1 }).deliveryId).not.toBe(keptOf(body).deliveryId);
  });

  test('of an organisation belongs to the workspace it was authorized for, else to ours', async () => {
    const { team_id: _, ...body } = await fixture('event-reaction');
    const authorizations = [{ enterprise_id: 'E1', team_id: null, is_enterprise_install: true }];

    expect(keptOf({ ...body, authorizations }).account).toBe('T0HOME');
    expect(keptOf({ ...body, authorizations: [...authorizations, { team_id: 'T0NORTH' }] }).account).toBe('T0NORTH');
  });

  test('is kept without the verification token', async () => {
    const body = keptOf(await fixture('event-thread-reply')).body.toString('utf8');

    expect(body).not.toContain('9s8d7f6g5h4j3k2l1');
    expect(JSON.parse(body)).toMatchObject({
      event_id: 'Ev0000000001',
      event: { client_msg_id: '5e1a2b3c-0000-4000-8000-1234567890ab' },
    });
  });
});

describe('anything else is kept', () => {
  test.each([
    [null, 'unknown'],
    ['text', 'unknown'],
    [{}, 'unknown'],
    [{ type: 'block_actions' }, 'block_actions'],
    [{ type: 'shortcut', user: { id: 'U1' } }, 'shortcut'],
    [{ type: 'event_callback', event: null }, 'event_callback'],
    [{ type: 'no\u0000such', team_id: 'T\u0000' }, 'unknown'],
    [{ command: 'parley' }, 'unknown'],
  ])('%j as %s', (body, kind) => {
    expect(keptOf(body)).toMatchObject({ kind, account: 'T0HOME' });
  });

  test('a press with a NUL in an identifier, which no database takes', async () => {
    const body = await fixture('block-actions-message');

    expect(keptOf({ ...body, user: { id: 'U0\u0000ACME01' } })).toMatchObject({ kind: 'block_actions' });
  });
});
