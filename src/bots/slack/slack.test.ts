import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { egressOf } from '../../core/kernel/egress.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { InboxJob, InboxSource } from '../../core/kernel/inbox.ts';
import { ledger, workInbox } from '../../core/kernel/inbox.ts';
import { buildRegistry } from '../../core/kernel/registry.ts';
import type { SlackStandIn } from '../../simulator/slack/index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import { deliver, recordOf, signature } from '../../simulator/slack/requests.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp, withoutView } from '../../testing/app.ts';
import type { Project } from '../../testing/contract-area.ts';
import { contractArea } from '../../testing/contract-area.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import type { Channel, Channels, Inbound } from '../channel.ts';
import { announce, refresh } from '../deliver.ts';
import { inboundFor } from '../inbound.ts';
import { openSlack } from './index.ts';

// One long file: every test needs the same area, firm, hub and stand-in, which take longer to start than to test.

const SECRET = 'a signing secret';

let app: TestApp;
let firm: TestFirm;
let slack: SlackStandIn;
let channel: Channel;
let channels: Channels;
let server: Listening;
let eventsUrl: string;
/** What the channel was given, so that single tests can make it fail. */
let inbound: Inbound;
let room: string;
let ada: string;
let approver: string;

beforeAll(async () => {
  app = { ...(await testApp()), registry: buildRegistry([contractArea]) };
  firm = await makeFirm(app.database);
  [room, ada, approver] = [`C-${firm.acme.id}`, `U-${firm.admin}`, `U-${firm.acme.approver}`];
  const web = express();
  server = await listen(web);
  eventsUrl = `${server.url}/slack/events`;
  slack = await startSlackStandIn({ signingSecret: SECRET, eventsUrl, team: firm.tenantId });
  slack.addPerson(ada, 'Ada Admin');
  slack.addPerson(approver, 'Acme Approver');
  slack.addPerson('UNEW', 'New Person');
  slack.addPerson('U0BOB', 'Bob Builder');
  slack.addChannel(room, 'acme', [ada, approver, 'UNEW']);
  inbound = inboundFor(app);
  channel = await openSlack(
    { botToken: slack.botToken, signingSecret: SECRET, apiUrl: slack.apiUrl },
    { app, inbound, publicUrl: 'https://parley.example.com' },
  );
  channel.mount?.(web);
  channels = new Map([['slack', channel]]);
});
afterAll(async () => {
  await slack.stop();
  await server.stop();
  await app.close();
});

let posted = 0;

/** Posts the project's card into the room; gives its message and its registered id. */
async function postCard(): Promise<{ ts: string; cardId: string; project: string }> {
  posted += 1;
  const project = firm.acme.project;
  await announce(app, channels, {
    tenantId: firm.tenantId,
    roomId: firm.acme.room,
    key: `card ${posted}`,
    view: { target: 'test.show', input: { project } },
    about: { entity: 'project', id: project },
    projectId: project,
    reply: false,
  });
  const [card] = await asOwner(app.database)(`select id, ref ->> 'id' as ts from posted_card where key = $1`, [
    `card ${posted}`,
  ]);
  return { ts: String(card?.ts), cardId: String(card?.id), project };
}

const events = (name: string) =>
  asOwner(app.database)('select data, actor, request_id from event where tenant_id = $1 and name = $2 order by seq', [
    firm.tenantId,
    name,
  ]);
const kinds = async () => (await asOwner(app.database)('select kind from inbox')).map((row) => row.kind);
const projectNow = async () =>
  (await asOwner(app.database)('select * from project where id = $1', [firm.acme.project]))[0] as unknown as Project & {
    stage: string;
  };
const ephemeralsOf = (user: string) => slack.workspace.ephemerals.filter((one) => one.user === user);
const lastEphemeral = (user: string) => JSON.stringify(ephemeralsOf(user).at(-1));
const modalOf = (user: string) => slack.workspace.modals.find((one) => one.user === user);

beforeEach(async () => {
  await asOwner(app.database)(`update project set name = 'Acme website', stage = 'build', version = 1 where id = $1`, [
    firm.acme.project,
  ]);
  slack.workspace.ephemerals = [];
  slack.workspace.modals = [];
  slack.calls.length = 0;
});
afterEach(() => {
  slack.clear();
  const complaints = slack.complaints.splice(0);
  expect(complaints).toEqual([]);
});

describe('a press on a posted card', () => {
  test('is committed before Slack gets its answer, makes no noise, and the card draws itself again', async () => {
    const { ts, cardId } = await postCard();
    const before = (await events('test.finished')).length;

    const { status, body } = await slack.pressButton(room, ts, 'Finish', ada);

    expect([status, body]).toEqual([200, null]);
    expect((await events('test.finished')).slice(before)).toMatchObject([
      {
        actor: { name: 'Ada Admin', channel: 'slack' },
        request_id: expect.stringMatching(`^slack:${firm.tenantId}:${room}:${ts}:`),
      },
    ]);
    await refresh(app, channels, { tenantId: firm.tenantId, cardId });
    expect(
      JSON.stringify(slack.workspace.channels[room]?.messages.find((message) => message.ts === ts)?.blocks),
    ).toContain('Version 2');
    expect(ephemeralsOf(ada)).toEqual([]);
  });

  test('asks Slack for nothing before it is answered', async () => {
    const { ts } = await postCard();
    slack.calls.length = 0;
    slack.latency(1_500);

    const began = performance.now();
    await slack.pressButton(room, ts, 'Rename…', ada);

    expect(performance.now() - began).toBeLessThan(1_500);
    expect(slack.calls).toEqual([]);
    await slack.until(() => modalOf(ada), 'the modal');
  });

  test('of which nobody knows whether it was done does not claim that nothing was changed', async () => {
    const { ts } = await postCard();
    const press = inbound.press;
    inbound.press = async () => ({
      kind: 'refused',
      code: 'unavailable',
      say: 'Who knows.',
      card: null,
      unknown: true,
    });
    await slack.pressButton(room, ts, 'Finish', ada);
    inbound.press = press;

    await slack.until(() => lastEphemeral(ada)?.includes('Who knows.'), 'the answer');
    expect(lastEphemeral(ada)).not.toContain('Nothing was changed');
  });

  test('of somebody unknown, while the database is away, is answered and no bare fault', async () => {
    const { ts } = await postCard();

    const { status } = await withoutView(app, 'identity.link', () => slack.pressButton(room, ts, 'Finish', 'UNEW'));

    expect(status).toBe(200);
    await slack.until(() => lastEphemeral('UNEW')?.includes('The database is away.'), 'the answer');
  });

  test('that opens a view shows it to this person alone, and the next one in its place', async () => {
    const { ts } = await postCard();
    await slack.pressButton(room, ts, 'Details', ada);
    const first = await slack.until(() => ephemeralsOf(ada)[0], 'the ephemeral answer');

    await slack.pressButton(room, first.ts, 'Finish', ada);

    await slack.until(() => lastEphemeral(ada).includes('Acme website is finished'), 'the confirmation');
    expect(ephemeralsOf(ada)).toHaveLength(1);
  });

  test('by somebody who is not linked opens the form that links, and that form works', async () => {
    const { ts } = await postCard();
    await slack.pressButton(room, ts, 'Finish', 'UNEW');
    const modal = await slack.until(() => modalOf('UNEW'), 'the modal');

    await slack.submitModal(modal.id, { email: 'new@acme.example' }, 'UNEW');

    expect((await events('identity.code-requested')).at(-1)).toMatchObject({
      data: { who: 'UNEW', email: 'new@acme.example' },
    });
    await slack.until(() => lastEphemeral('UNEW')?.includes('Check your mail'), 'the confirmation');
  });

  test('on a link is acknowledged and counted', async () => {
    const { ts } = await postCard();

    expect(await slack.pressButton(room, ts, 'Open', ada)).toMatchObject({ status: 200, body: null });
    expect(await kinds()).toContain('link_button');
  });

  test('that nobody can read is answered too, and kept for staff', async () => {
    const { ts } = await postCard();
    const message = slack.workspace.channels[room]?.messages.find((one) => one.ts === ts);
    for (const block of message?.blocks ?? []) if (block.type === 'actions') block.elements[0].value = 'approve-v0:17';

    expect((await slack.pressButton(room, ts, 'Finish', ada)).status).toBe(200);

    await slack.until(() => lastEphemeral(ada)?.includes('from an older version of Parley'), 'the answer');
    expect(await kinds()).toContain('unreadable_press');
  });
});

describe('an answer', () => {
  test('never goes to an inner host that a request names, though the firm knows the secret that signs it', async () => {
    const heard: string[] = [];
    const inner = await listen((request, response) => {
      heard.push(String(request.url));
      response.end();
    });
    const web = express();
    const own = await openSlack(
      { botToken: slack.botToken, signingSecret: SECRET, apiUrl: slack.apiUrl },
      { app, inbound, publicUrl: 'https://parley.example.com', egress: egressOf([]), account: firm.tenantId },
    );
    own.mount?.(web);
    const outer = await listen(web);
    const { ts } = await postCard();
    const { recorded } = await slack.pressButton(room, ts, 'Details', ada);
    await slack.until(() => ephemeralsOf(ada)[0], 'the answer by the hub’s own app');
    const pressed = JSON.parse(new URLSearchParams(recorded.body).get('payload') ?? '');
    const press = (responseUrl: string) =>
      deliver(`${outer.url}/slack/events`, SECRET, recordOf('button', { ...pressed, response_url: responseUrl }));

    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433']) {
      slack.workspace.ephemerals = [];
      expect(await press(`http://${host}:${new URL(inner.url).port}/latest/meta-data`)).toMatchObject({ status: 200 });
      // The person is answered all the same, on a way that Slack itself gives.
      await slack.until(() => ephemeralsOf(ada)[0], `the answer where ${host} was named`);
    }

    expect(heard).toEqual([]);
    await own.close?.();
    await Promise.all([inner.stop(), outer.stop()]);
  });
});

describe('a form', () => {
  const openForm = async () => {
    const { ts } = await postCard();
    await slack.pressButton(room, ts, 'Rename…', ada);
    return slack.until(() => modalOf(ada), 'the modal');
  };

  test('with a mistake shows it beside the field, and takes the right answer after it', async () => {
    const modal = await openForm();

    const wrong = await slack.submitModal(modal.id, { name: 'ab' }, ada);

    expect(wrong.body).toEqual({
      response_action: 'errors',
      errors: { 'field:name': 'Please write at least three letters.' },
    });
    expect(modalOf(ada)?.errors).toEqual({ 'field:name': 'Please write at least three letters.' });
    expect(await projectNow()).toMatchObject({ name: 'Acme website' });

    const right = await slack.submitModal(modal.id, { name: 'Acme shop' }, ada);

    expect(right.body).toEqual({ response_action: 'clear' });
    expect(modalOf(ada)).toBeUndefined();
    expect(await projectNow()).toMatchObject({ name: 'Acme shop', version: 2 });
    await slack.until(() => lastEphemeral(ada)?.includes('It is now called Acme shop'), 'the confirmation');
    expect(ephemeralsOf(ada)[0]).toMatchObject({ channel: room });
  });

  test('sent while the database is away stays open with what was typed, and says so beside the first field', async () => {
    const modal = await openForm();
    const press = inbound.press;
    inbound.press = async () => ({ kind: 'refused', code: 'unavailable', say: 'No database.', card: null });
    const away = await slack.submitModal(modal.id, { name: 'Acme shop' }, ada);
    inbound.press = press;

    expect(away.body).toEqual({ response_action: 'errors', errors: { 'field:name': 'No database.' } });
    expect((await slack.submitModal(modal.id, { name: 'Acme shop' }, ada)).body).toEqual({ response_action: 'clear' });
    expect(await projectNow()).toMatchObject({ name: 'Acme shop', version: 2 });
  });

  test('that is delivered twice acts once and is answered the same', async () => {
    const modal = await openForm();
    const before = (await events('test.renamed')).length;
    const { recorded } = await slack.submitModal(modal.id, { name: 'Acme shop' }, ada);

    const again = await slack.resend(recorded);

    expect(again).toMatchObject({ status: 200, body: { response_action: 'clear' } });
    expect((await events('test.renamed')).length).toBe(before + 1);
  });

  test('that is out of date shows what changed and the present card in its place', async () => {
    const modal = await openForm();
    await asOwner(app.database)(`update project set name = 'Acme market', version = 2 where id = $1`, [
      firm.acme.project,
    ]);

    const answer = await slack.submitModal(modal.id, { name: 'Acme shop' }, ada);

    expect(answer.body).toMatchObject({ response_action: 'update' });
    for (const told of ['Somebody was faster.', 'the name is now Acme market', 'Version 2'])
      expect(JSON.stringify(modalOf(ada)?.view)).toContain(told);
    expect(await projectNow()).toMatchObject({ name: 'Acme market' });
  });

  test('still has buttons that work inside the modal', async () => {
    const modal = await openForm();
    await asOwner(app.database)('update project set version = 2 where id = $1', [firm.acme.project]);
    await slack.submitModal(modal.id, { name: 'Acme shop' }, ada);

    await slack.pressInModal(modal.id, 'Finish', ada);

    await slack.until(() => JSON.stringify(modalOf(ada)?.view).includes('is finished'), 'the answer in the modal');
    expect(await projectNow()).toMatchObject({ stage: 'launch' });
  });

  test('that Slack would not open any more stands in a message instead, and works there', async () => {
    slack.failNext('views.open', { error: 'expired_trigger_id' });
    const { ts } = await postCard();
    await slack.pressButton(room, ts, 'Rename…', ada);
    const message = await slack.until(() => ephemeralsOf(ada)[0], 'the form in a message');

    await slack.pressButton(room, message.ts, 'Send', ada, { name: 'Acme shop' });

    expect(await projectNow()).toMatchObject({ name: 'Acme shop' });
  });

  test('is confirmed as a direct message where the answer cannot stand in the channel', async () => {
    const modal = await openForm();
    slack.failNext('response_url', { status: 404 });
    slack.failNext('chat.postEphemeral', { error: 'channel_not_found' });

    await slack.submitModal(modal.id, { name: 'Acme shop' }, ada);

    await slack.until(
      () => slack.workspace.channels[`D${ada.slice(1)}`]?.messages[0]?.text === 'It is now called Acme shop',
      'the direct message',
    );
  });
});

describe('/parley', () => {
  test('answers in the acknowledgement itself', async () => {
    const { status, body } = await slack.slashCommand('work', ada, room);

    expect(status).toBe(200);
    expect(body).toMatchObject({ response_type: 'ephemeral', text: 'Work of Ada Admin' });
    expect(slack.calls).toEqual([]);
  });

  test('opens a modal for what needs a form', async () => {
    const { status, body } = await slack.slashCommand('bug', ada, room);

    expect([status, body]).toEqual([200, null]);
    expect((await slack.until(() => modalOf(ada), 'the modal')).view).toMatchObject({
      title: { text: 'Report a bug' },
    });
  });

  test('opens the form with the title that follows its word', async () => {
    await slack.slashCommand('bug it is broken', ada, room);

    const { view: modal } = await slack.until(() => modalOf(ada), 'the modal');
    expect(JSON.stringify(modal)).toContain('"initial_value":"it is broken"');
    expect(lastEphemeral(ada)).toBeUndefined();
  });

  test('helps with words that it does not know', async () => {
    await slack.slashCommand('make <@U123> coffee', ada, room);

    expect(lastEphemeral(ada)).toContain('I do not know “/parley make <@U123> coffee”.');
    expect(ephemeralsOf(ada)[0]?.text).toBe('I do not know “/parley make &lt;@U123&gt; coffee”. Help');
  });

  test('works for somebody who is not linked', async () => {
    await slack.slashCommand('', 'UNEW', room);
    expect(lastEphemeral('UNEW')).toContain('Help');

    await slack.slashCommand('work', 'UNEW', room);
    expect((await slack.until(() => modalOf('UNEW'), 'the modal')).view).toMatchObject({
      title: { text: 'Link your account' },
    });
  });
});

describe('a message', () => {
  const source = (): ReadonlyMap<string, InboxSource> =>
    new Map([['slack', { name: 'slack', work: (item) => channel.work?.(item) as never }]]);
  /** Works what was stored and asked for since. */
  const workAll = async () => {
    const jobs = app.asked.splice(0).filter((job) => job.queue === 'inbox');
    for (const job of jobs) await workInbox(app, source(), job.data as InboxJob, 0);
  };
  const inboxOf = (id: string) =>
    asOwner(app.database)(
      'select status, outcome, delivery_id from inbox where delivery_id like $1 order by received_at',
      [`%${id}%`],
    );
  const say = async (text: string, user: string, thread?: string) => {
    await workAll();
    return slack.say(room, text, user, thread);
  };
  const tsOf = (recorded: { body: string }) => (JSON.parse(recorded.body) as { event: { ts: string } }).event.ts;

  test('in the thread of a card is stored before it is acknowledged, and becomes an answer', async () => {
    const { ts } = await postCard();

    const { status, recorded } = await say('Please *wait* for <@U0BOB> &amp; me', ada, ts);

    expect(status).toBe(200);
    expect(await inboxOf(tsOf(recorded))).toMatchObject([
      { status: 'waiting', delivery_id: `${room}:${tsOf(recorded)}:message` },
    ]);
    await workAll();
    expect(await inboxOf(tsOf(recorded))).toMatchObject([
      { status: 'applied', outcome: 'taken as an answer to the card above it' },
    ]);
    expect((await events('test.answered')).at(-1)).toMatchObject({
      data: { body: 'Please wait for @Bob Builder & me' },
      actor: { name: 'Ada Admin' },
    });
  });

  test('delivered twice, even under another event id, counts once', async () => {
    const { ts } = await postCard();
    const { recorded } = await say('Once only', ada, ts);
    const copy = {
      ...recorded,
      id: 'copy',
      body: recorded.body.replace(/"event_id":"[^"]+"/, '"event_id":"EvOTHER"'),
      answers: [],
    };

    await slack.resend(recorded, { num: 1, reason: 'http_timeout' });
    await slack.resend(copy, { num: 2, reason: 'http_timeout' });
    await workAll();

    expect((await inboxOf(tsOf(recorded))).map((row) => row.status)).toEqual(['applied', 'duplicate', 'duplicate']);
    expect(
      (await events('test.answered')).filter((event) => (event.data as { body: string }).body === 'Once only'),
    ).toHaveLength(1);
  });

  test('whose first delivery could not be stored is taken from the retry', async () => {
    const { ts } = await postCard();
    const store = inbound.store;
    inbound.store = async () => {
      throw new DomainError('unavailable', 'The database is away.');
    };
    const { status, recorded } = await say('After the pause', ada, ts);
    inbound.store = store;

    expect(status).toBe(503);
    await slack.until(() => recorded.answers.length === 2, 'the retry');
    expect(recorded.answers[1]).toMatchObject({ status: 200, retryNum: 1 });
    await workAll();
    expect((await events('test.answered')).at(-1)).toMatchObject({ data: { body: 'After the pause' } });
  });

  test('of somebody who is not linked starts linking, in the thread and for their eyes only', async () => {
    const { ts } = await postCard();
    const { recorded } = await say('Hello?', 'UNEW', ts);

    await workAll();

    expect(await inboxOf(tsOf(recorded))).toMatchObject([
      { status: 'applied', outcome: 'not taken: its author is not linked and was asked to link' },
    ]);
    const asked = ephemeralsOf('UNEW').at(-1);
    expect(asked).toMatchObject({ channel: room, threadTs: ts, text: 'Link your account' });
    await slack.pressButton(room, asked?.ts ?? '', 'Send', 'UNEW', { email: 'hello@acme.example' });
    expect((await events('identity.code-requested')).at(-1)).toMatchObject({
      data: { who: 'UNEW', email: 'hello@acme.example' },
    });
  });

  test('of somebody who may not answer is kept for staff, and its author is told', async () => {
    const { ts } = await postCard();
    const { recorded } = await say('Let me in', approver, ts);

    await workAll();

    expect(await inboxOf(tsOf(recorded))).toMatchObject([{ status: 'quarantined', outcome: 'You may not do this.' }]);
    expect(lastEphemeral(approver)).toContain('You may not do this.');
  });

  test('that is not for us is left alone, with the reason', async () => {
    const { recorded: outside } = await say('Lunch?', ada);
    const { recorded: elsewhere } = await say('In another thread', ada, tsOf(outside));

    await workAll();

    expect(await inboxOf(tsOf(outside))).toMatchObject([
      { status: 'applied', outcome: 'left alone: it is not in the thread of a card' },
    ]);
    expect(await inboxOf(tsOf(elsewhere))).toMatchObject([
      { status: 'applied', outcome: 'left alone: it is not in the thread of a card of ours' },
    ]);
  });

  test('of our own, and its change, is left alone as well', async () => {
    const { ts, cardId } = await postCard();
    await asOwner(app.database)('update project set version = 5 where id = $1', [firm.acme.project]);
    await refresh(app, channels, { tenantId: firm.tenantId, cardId });
    await slack.until(
      () => slack.recorded.filter(({ body, answers }) => body.includes(ts) && answers.length).length === 2,
      'both events',
    );

    await workAll();

    expect((await inboxOf(ts)).map((row) => row.outcome).sort()).toEqual([
      'left alone: an app wrote it',
      'left alone: edits and deletions are not mirrored yet',
    ]);
  });

  describe('signed by Slack', () => {
    const newest = async () =>
      (
        await asOwner(app.database)(
          `select kind, status, outcome, convert_from(body, 'UTF8') as body from inbox where status <> 'duplicate' order by seq desc limit 1`,
        )
      )[0] as { kind: string; status: string; outcome: string; body: string };
    const sign = async (payload: object | string, as: 'event' | 'button' | 'command' = 'button') => {
      await workAll();
      const recorded = recordOf(as, typeof payload === 'string' ? {} : payload);
      const sent = await slack.resend(typeof payload === 'string' ? { ...recorded, body: payload } : recorded);
      await workAll();
      return { ...sent, row: await newest() };
    };
    const about = () => ({ team: { id: firm.tenantId }, user: { id: ada, team_id: firm.tenantId } });

    test.each([
      ['message_action', 'ignored: Parley offers no shortcuts on messages'],
      ['shortcut', 'ignored: Parley offers no global shortcuts'],
      ['view_closed', 'ignored: closing a form changes nothing'],
    ])('a %s, which we do not use, is acknowledged and kept on purpose', async (type, outcome) => {
      const { status, row } = await sign({
        type,
        ...about(),
        callback_id: type,
        trigger_id: '1.2.abc',
        token: 'secret',
      });

      expect(status).toBe(200);
      expect(row).toMatchObject({ kind: type, status: 'applied', outcome });
      expect(row.body).not.toMatch(/1\.2\.abc|secret/);
    });

    test('a list that asks for its options gets none', async () => {
      const { status, body, row } = await sign({ type: 'block_suggestion', ...about(), value: 'ab', action_id: 'x' });

      expect([status, body]).toEqual([200, { options: [] }]);
      expect(row).toMatchObject({ kind: 'block_suggestion', status: 'applied' });
    });

    test('an event without team_id or event_id is acknowledged and kept', async () => {
      const { status, row } = await sign(
        { type: 'event_callback', enterprise_id: 'E1', event: { type: 'team_access_granted', team_ids: ['T1'] } },
        'event',
      );

      expect(status).toBe(200);
      expect(row).toMatchObject({ kind: 'team_access_granted', status: 'quarantined' });
    });

    test('a workflow step is acknowledged, and its token is not kept', async () => {
      const event = {
        type: 'function_executed',
        bot_access_token: 'abcd-1325532282098',
        inputs: { interactivity: { interactor: { id: ada, secret: 'AbCdEF' }, interactivity_pointer: '12.34.56' } },
      };

      const { status, row } = await sign(
        { type: 'event_callback', team_id: firm.tenantId, event_id: 'EvFUNCTION', event },
        'event',
      );

      expect(status).toBe(200);
      expect(row).toMatchObject({ status: 'applied', outcome: 'ignored: Parley offers no steps for workflows' });
      expect(row.body).not.toMatch(/abcd-1325532282098|AbCdEF|12\.34\.56/);
    });

    test.each<[string, object | string, string]>([
      ['a kind that nobody knows', { type: 'hologram_opened' }, 'hologram_opened'],
      ['a press that is not of the form', { type: 'block_actions', actions: [] }, 'block_actions'],
      ['a command without its address', { command: '/parley', text: '' }, 'unknown'],
      ['no JSON at all', 'payload=%7B', 'unreadable_body'],
    ])('%s is acknowledged and kept for staff', async (_, payload, kind) => {
      const { status, row } = await sign(payload, 'button');

      expect(status).toBe(200);
      expect(row).toMatchObject({ kind, status: 'quarantined' });
    });

    test('twice is kept twice, once as a duplicate', async () => {
      const before = (await ledger(app, firm.tenantId))[0];
      const payload = { type: 'shortcut', ...about(), callback_id: 'twice', action_ts: '1.1' };

      await sign(payload);
      await sign(payload);

      expect((await ledger(app, firm.tenantId))[0]).toMatchObject({
        received: (before?.received ?? 0) + 2,
        applied: (before?.applied ?? 0) + 1,
        duplicate: (before?.duplicate ?? 0) + 1,
      });
    });
  });
});

describe('the door', () => {
  /** @param options.off seconds by which the request's clock differs from ours */
  const knock = (body: string, options: { off?: number; signature?: string; type?: string } = {}) => {
    const at = Math.floor(Date.now() / 1_000) + (options.off ?? 0);
    return fetch(eventsUrl, {
      method: 'POST',
      headers: {
        'content-type': options.type ?? 'application/json',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': options.signature ?? signature(SECRET, at, body),
      },
      body,
    });
  };
  const challenge = JSON.stringify({ type: 'url_verification', challenge: 'abc' });

  test('answers Slack’s challenge', async () => {
    const response = await knock(challenge);

    expect([response.status, await response.json()]).toEqual([200, { challenge: 'abc' }]);
  });

  test.each([
    ['a wrong signature', { signature: `v0=${'0'.repeat(64)}` }],
    [
      'another secret’s signature',
      { signature: signature('another secret', Math.floor(Date.now() / 1_000), challenge) },
    ],
    ['no signature', { signature: '' }],
    ['a signature of nothing', { signature: 'v0=' }],
    ['a request from more than five minutes ago', { off: -302 }],
    ['a request from more than five minutes ahead', { off: 302 }],
  ])('refuses %s', async (_, options) => {
    expect((await knock(challenge, options)).status).toBe(401);
  });

  test('accepts a request from just under five minutes ago or ahead', async () => {
    expect((await knock(challenge, { off: -298 })).status).toBe(200);
    expect((await knock(challenge, { off: 298 })).status).toBe(200);
  });

  test('does nothing of a press that is not signed', async () => {
    const { ts } = await postCard();
    const before = (await events('test.finished')).length;
    const { recorded } = await slack.pressButton(room, ts, 'Details', ada);

    const response = await knock(recorded.body.replaceAll('test.show', 'test.finish'), {
      signature: `v0=${'1'.repeat(64)}`,
      type: recorded.contentType,
    });

    expect(response.status).toBe(401);
    expect((await events('test.finished')).length).toBe(before);
  });

  test.each([
    ['no JSON', '{', undefined],
    ['a list', '[]', undefined],
    ['an unknown kind', '{"type":"coffee"}', undefined],
    ['an event without an event', '{"type":"event_callback","event_id":"Ev1","event":null}', undefined],
    ['a payload that is no JSON', 'payload=%7B', 'application/x-www-form-urlencoded'],
    [
      'a payload without its parts',
      `payload=${encodeURIComponent('{"type":"block_actions","actions":[{}]}')}`,
      'application/x-www-form-urlencoded',
    ],
    ['nothing', '', undefined],
  ])('acknowledges %s, which would only come again the same, and keeps it', async (_, body, type) => {
    const rows = () => asOwner(app.database)('select id from inbox');
    const before = (await rows()).length;

    expect((await knock(body, type ? { type } : {})).status).toBe(200);
    expect(await rows()).toHaveLength(before + 1);
  });

  test('does not read what is far too large', async () => {
    expect((await knock('x'.repeat(1_000_001), {})).status).toBe(413);
  });
});
