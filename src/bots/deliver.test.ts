import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { buttonsOf } from '../core/kernel/card.ts';
import { fanOut } from '../core/kernel/delivery.ts';
import type { Job } from '../core/kernel/jobs.ts';
import { LEASE_SECONDS, RetryLater } from '../core/kernel/jobs.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { FakeChannel } from '../testing/channel.ts';
import { fakeChannel } from '../testing/channel.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { runJobs } from '../testing/worker.ts';
import type { DeliverJob } from './announce.ts';
import { announcementConsumer } from './announce.ts';
import type { Room } from './channel.ts';
import { MessageGone, RateLimited, Undeliverable } from './channel.ts';
import { deliver, delivering } from './deliver.ts';
import { driftingCards } from './drift.ts';

let app: TestApp;
let firm: TestFirm;
let slack: FakeChannel;
let email: FakeChannel;
let channels: Map<string, FakeChannel>;
let count = 0;

beforeEach(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  slack = fakeChannel('slack');
  email = fakeChannel('email', false);
  channels = new Map([slack, email].map((channel) => [channel.name, channel]));
});
afterEach(() => {
  jest.restoreAllMocks();
  return app.close();
});

const run = (who: Who, name: string, input: Record<string, string>) =>
  runCommand(app, who, { name, input, requestId: `test ${++count}` });

async function fileBug(): Promise<{ id: string; version: string }> {
  const input = { project: firm.acme.project, title: 'Pay button', description: 'It does nothing.' };
  const { output } = await run(as(firm, firm.acme.approver), 'ticket.file-bug', input);
  return { id: (output as { id: string }).id, version: '1' };
}

/** Works the events alone: what they ask for stays asked. */
async function fanOutAll(): Promise<void> {
  const consumers = [announcementConsumer(app, channels)];
  const events = app.asked.splice(0);
  for (const { data } of events) await fanOut(app, consumers, data as { tenantId: string; eventId: string });
}

const tools = () => delivering(app, channels);

const runOne = (job: Job) => deliver(tools(), job.data as DeliverJob);

/** Rooms of the firm's own, each with a card of the project. */
async function roomsWithProjectCard(
  count: number,
  channel = 'slack',
  client: string | null = null,
  audience = 'internal',
): Promise<string[]> {
  const rows = await asOwner(app.database)(
    `with r as (
       insert into room (tenant_id, id, channel, account, address, name, audience, client_id)
       select $1::uuid, gen_random_uuid(), $4::text, $1::uuid::text, 'P-' || gen_random_uuid(), '#project-' || n, $6::text, $5::uuid from generate_series(1, $3::int) n returning tenant_id, id)
     insert into posted_card (tenant_id, id, key, room_id, channel, ref, view, entity, entity_id, state)
     select tenant_id, gen_random_uuid(), 'card:' || id, id, $4::text, jsonb_build_object('id', 'p-' || id), jsonb_build_object('target', 'project.show',
       'input', jsonb_build_object('project', $2::uuid::text)), 'project', $2::uuid, 'posted' from r returning room_id`,
    [firm.tenantId, firm.acme.project, count, channel, client, audience],
  );
  return rows.map(({ room_id }) => String(room_id));
}

/** Lets a platform refuse everything for one room, until it is mended; counts what it refused. */
function breakRoom(channel: FakeChannel, roomId: string): { refused: number; mend(): void } {
  const { send, update } = channel;
  const broken = { refused: 0, mend: () => void Object.assign(channel, { send, update }) };
  const assertOpen = (room: Room) => {
    if (room.id !== roomId) return;
    broken.refused += 1;
    throw new Undeliverable('The channel is archived.');
  };
  channel.send = async (room, ...rest) => {
    assertOpen(room);
    return send(room, ...rest);
  };
  channel.update = async (room, ...rest) => {
    assertOpen(room);
    return update(room, ...rest);
  };
  return broken;
}

async function mailboxOf(person: string): Promise<string> {
  const [room] = await asOwner(app.database)(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
     values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'client', $3, $4) returning id`,
    [firm.tenantId, `${person}@example.com`, firm.acme.id, person],
  );
  return String(room?.id);
}

describe('a lasting card', () => {
  test('is posted to every room that hears of it, drawn for those who read there', async () => {
    await fileBug();
    await runJobs(app, channels);

    const [client] = slack.in(firm.acme.room);
    const [triage] = slack.in(firm.triageRoom);
    expect(client?.card.actions.map(({ label }) => label)).not.toContain('Decline…');
    expect(triage?.card.actions.map(({ label }) => label)).toContain('Decline…');
    expect(slack.in(firm.globex.room)).toEqual([]);
  });

  test('is brought to date in place when its thing changes, and left alone when it looks the same', async () => {
    const ticket = await fileBug();
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: ticket.id, version: ticket.version });
    await runJobs(app, channels);

    expect(slack.in(firm.acme.room)).toMatchObject([
      { updates: 1, card: { status: expect.stringMatching(/approved/i) } },
    ]);
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);

    await run(as(firm, firm.admin), 'ticket.note', { ticket: ticket.id, body: 'For us alone.' });
    await runJobs(app, channels);
    expect(slack.in(firm.acme.room)).toMatchObject([{ updates: 1 }]);
    expect(JSON.stringify(slack.in(firm.acme.room))).not.toContain('For us alone.');
  });

  test('is known to differ when an update is still due', async () => {
    const ticket = await fileBug();
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'ticket.take', { ticket: ticket.id });
    app.asked.length = 0;

    expect((await driftingCards(app, firm.tenantId)).length).toBeGreaterThan(0);
  });
});

describe('a mailbox', () => {
  test('gets each news as a mail of its own, in one thread', async () => {
    const mailbox = await mailboxOf(firm.acme.clientAdmin);
    const ticket = await fileBug();
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: ticket.id, version: ticket.version });
    await runJobs(app, channels);

    const mails = email.in(mailbox);
    expect(mails.map((mail) => mail.thread)).toEqual([null, mails[0]?.ref.id]);
  });

  test('hears nothing of what its owner just did, nor of projects they have no part in', async () => {
    const doer = await mailboxOf(firm.acme.approver);
    await asOwner(app.database)('delete from membership where person_id = $1', [firm.acme.viewer]);
    const stranger = await mailboxOf(firm.acme.viewer);
    await fileBug();
    await runJobs(app, channels);

    expect(email.in(doer)).toEqual([]);
    expect(email.in(stranger)).toEqual([]);
  });
});

describe('what is written to whom, and when', () => {
  const setStage = async (stage: string) => {
    const [row] = await asOwner(app.database)('select version from project where id = $1', [firm.acme.project]);
    await run(as(firm, firm.admin), 'project.set-stage', {
      project: firm.acme.project,
      stage,
      version: String(row?.version),
    });
  };

  test('a ticket’s event asks for nothing in rooms that show its project alone; the project’s own does', async () => {
    // Of a client whose tickets these are not: they hear nothing of them.
    const rooms = await roomsWithProjectCard(2, 'slack', firm.globex.id);
    await fileBug();
    await fanOutAll();
    expect(app.asked.length).toBeGreaterThan(0);
    expect(app.asked.map(({ data }) => (data as DeliverJob).roomId)).not.toContain(rooms[0]);
    expect(
      await asOwner(app.database)('select id from posted_card where room_id = any($1) and drawn < changes', [rooms]),
    ).toEqual([]);

    app.asked.length = 0;
    await setStage('launch');
    await fanOutAll();
    expect(app.asked.map(({ data }) => (data as DeliverJob).roomId).sort()).toEqual([...rooms].sort());
  });

  const dueNow = async () =>
    (
      await asOwner(app.database)(
        `select view ->> 'target' as view from posted_card where channel <> 'email' and drawn < changes order by 1`,
      )
    ).map(({ view }) => view);

  test('what was said about a ticket stays as it is, however often somebody answers', async () => {
    const ticket = await fileBug();
    for (const body of ['One', 'Two', 'Three'])
      await run(as(firm, firm.admin), 'ticket.reply', { ticket: ticket.id, body });
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'ticket.take', { ticket: ticket.id });
    await fanOutAll();

    expect(await dueNow()).toEqual(['ticket.show', 'ticket.show']);
    await runJobs(app, channels);
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('what was said about a cycle bears its new name', async () => {
    const days = { startsOn: '2026-11-02', endsOn: '2026-11-27' };
    const scope = { ...days, name: 'Checkout', deliverables: 'Basket page' };
    const planned = await run(as(firm, firm.admin), 'cycle.plan', { project: firm.acme.project, ...scope });
    const { cycle } = planned.output as { cycle: string };
    await run(as(firm, firm.acme.approver), 'cycle.reply', { cycle, body: 'Is it in time?' });
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'cycle.edit-scope', { cycle, version: '1', ...scope, name: 'Checkout and basket' });
    await runJobs(app, channels);

    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
    const titles = slack.in(firm.acme.room).map(({ card }) => card.title);
    expect(titles).toContain('Acme Approver on Checkout and basket');
  });

  test('a room’s cards are sent in the order in which things happened', async () => {
    const ticket = await fileBug();
    const reply = (body: string) => run(as(firm, firm.admin), 'ticket.reply', { ticket: ticket.id, body });
    for (const body of ['first', 'second', 'third']) await reply(body);
    await runJobs(app, channels);

    const said = slack.in(firm.acme.room).map(({ card }) => JSON.stringify(card));
    expect(said).toHaveLength(4);
    for (const [index, body] of ['first', 'second', 'third'].entries()) expect(said[index + 1]).toContain(body);
    const [root, ...replies] = slack.in(firm.acme.room);
    expect(replies.map(({ thread }) => thread)).toEqual(replies.map(() => root?.ref.id));
  });

  test('rooms with the same readers are drawn once, in few transactions, and a room that hangs delays no other', async () => {
    const rooms = await roomsWithProjectCard(40);
    const [hanging] = rooms;
    let end: () => void = () => undefined;
    const updated: string[] = [];
    slack.update = async (room) => {
      if (room.id === hanging)
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      updated.push(room.id);
    };
    await setStage('launch');
    await fanOutAll();
    const jobs = app.asked.splice(0).map(({ data }) => data as DeliverJob);
    const opened = jest.spyOn(app.database.pool, 'connect');
    const together = tools();
    const ended = new Set<string>();
    const delivered = jobs.map(async (job) => {
      await deliver(together, job);
      ended.add(job.roomId);
    });
    await Promise.all(delivered.filter((_, index) => jobs[index]?.roomId !== hanging));

    expect(updated).toHaveLength(rooms.length - 1);
    expect(ended.has(String(hanging))).toBe(false);
    const due = await asOwner(app.database)('select room_id from posted_card where drawn < changes');
    expect(due).toEqual([{ room_id: hanging }]);
    // One to take them, one to draw, and a few to note what was done.
    expect(opened.mock.calls.length).toBeLessThan(10);

    end();
    await Promise.all(delivered);
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('rooms with other readers get drawings of their own', async () => {
    const [internal] = await roomsWithProjectCard(1);
    const [client] = await roomsWithProjectCard(1, 'slack', firm.acme.id, 'client');
    const [stranger] = await roomsWithProjectCard(1, 'slack', firm.globex.id);
    const shown = new Map<string, string>();
    slack.update = async (room, _ref, card) => void shown.set(room.id, JSON.stringify(card));
    await setStage('launch');
    await fanOutAll();
    const jobs = app.asked.splice(0).map(({ data }) => data as DeliverJob);
    const together = tools();
    await Promise.all(jobs.map((job) => deliver(together, job)));

    expect(shown.has(String(internal))).toBe(true);
    expect(shown.get(String(client))).not.toBe(shown.get(String(internal)));
    // Of a project that its people do not see, a room shows nothing.
    expect(shown.has(String(stranger))).toBe(false);
  });

  test('one refusal for too many calls keeps every room of the account waiting, and no room of another', async () => {
    const rooms = await roomsWithProjectCard(4);
    const [other] = await roomsWithProjectCard(1, 'teams');
    const teams = fakeChannel('teams');
    channels.set('teams', teams);
    const calls: string[] = [];
    for (const channel of [slack, teams])
      channel.update = async (room) => {
        calls.push(room.id);
        if (room.channel === 'slack') throw new RateLimited('account', 30, 'too many');
      };
    await asOwner(app.database)(
      `insert into connection (tenant_id, id, tool, account) values ($1::uuid, gen_random_uuid(), 'teams', $1::uuid::text)`,
      [firm.tenantId],
    );
    await setStage('launch');
    await fanOutAll();
    const jobs = app.asked.splice(0);

    const results: PromiseSettledResult<void>[] = [];
    for (const job of jobs) results.push(...(await Promise.allSettled([runOne(job)])));

    expect(calls.filter((room) => rooms.includes(room))).toHaveLength(1);
    expect(calls).toContain(other);
    const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(4);
    expect(refused.every((error) => error instanceof RetryLater && error.seconds > 25)).toBe(true);

    await asOwner(app.database)('update connection set paused_until = null');
    await asOwner(app.database)('update room_delivery set paused_until = null');
    slack.update = async (room) => void calls.push(`later ${room.id}`);
    for (const job of jobs) await runOne(job);
    expect(calls.filter((call) => call.startsWith('later')).length).toBe(4);
  });
});

describe('what goes wrong', () => {
  const stateIn = async (room: string) => {
    const [card] = await asOwner(app.database)(
      `select p.state, r.fault from posted_card p join room r on r.id = p.room_id where r.id = $1`,
      [room],
    );
    return card;
  };

  test('a worker that died after sending finds its message instead of sending it again', async () => {
    await fileBug();
    slack.failNext = { error: new Error('killed'), after: true };
    const jobs = [...app.asked];
    await expect(runJobs(app, channels)).rejects.toThrow('killed');
    await asOwner(app.database)(`update posted_card set updated_at = now() - interval '1 minute'`);
    await asOwner(app.database)('update event set delivered_at = null');
    app.asked.splice(0, app.asked.length, ...jobs);
    await runJobs(app, channels);

    const cards = slack.messages.map((message) => message.cardId);
    expect(new Set(cards).size).toBe(cards.length);
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('a room that cannot be written to is noted and left alone', async () => {
    slack.failNext = { error: new Undeliverable('The channel is archived.'), after: false };
    await fileBug();
    await runJobs(app, channels);
    const faulty = (await asOwner(app.database)('select id, fault from room where fault is not null'))[0];

    expect(faulty).toMatchObject({ fault: 'The channel is archived.' });
    await fileBug();
    await runJobs(app, channels);
    expect(slack.in(String(faulty?.id))).toEqual([]);
  });

  test('a room that cannot be written to stands in triage once; mended there, it gets what it missed', async () => {
    const first = await fileBug();
    await runJobs(app, channels);
    const broken = breakRoom(slack, firm.acme.room);
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: first.id, version: first.version });
    const second = await fileBug();
    await runJobs(app, channels);
    const late = await fileBug();
    await runJobs(app, channels);
    const faults = () => slack.in(firm.triageRoom).filter(({ card }) => card.about.entity === 'room');

    expect(faults()).toEqual([
      expect.objectContaining({ card: expect.objectContaining({ status: 'Cannot be reached' }) }),
    ]);
    expect(faults()[0]?.card.fallback).toContain('The channel is archived.');
    // One change and one new card: that the room is faulty is no reason to try again.
    expect(broken.refused).toBe(2);
    broken.mend();
    const [use] = faults().flatMap(({ card }) => buttonsOf(card));
    await run(as(firm, firm.admin), String(use?.press.target), use?.press.input ?? {});
    await runJobs(app, channels);

    const shown = slack.in(firm.acme.room).map(({ card, updates }) => [card.about.id, card.status, updates]);
    expect(shown).toEqual([
      [first.id, 'Approved', 1],
      [second.id, 'New', 0],
      [late.id, 'New', 0],
    ]);
    expect(faults().map(({ card }) => card.status)).toEqual(['In use']);
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('news of a moment are not told late in a room that was broken; what stands is kept for it', async () => {
    await asOwner(app.database)(`update room set fault = 'The channel is archived.' where id = $1`, [firm.triageRoom]);
    const admin = as(firm, firm.admin);
    const { output } = await run(admin, 'task.add', { project: firm.acme.project, title: 'Do the sums' });
    const task = (output as { id: string }).id;
    await run(admin, 'task.block', { task, version: '1', reason: 'Nobody lets us in' });
    await fileBug();
    await runJobs(app, channels);

    const kept = await asOwner(app.database)('select entity, state from posted_card where room_id = $1', [
      firm.triageRoom,
    ]);
    expect(kept).toEqual([{ entity: 'ticket', state: 'undeliverable' }]);
  });

  test('a room that missed much gets the newest of it, and what stood there is drawn again', async () => {
    const stood = await fileBug();
    await runJobs(app, channels);
    const broken = breakRoom(slack, firm.acme.room);
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: stood.id, version: stood.version });
    await runJobs(app, channels);
    const missed = await fileBug();
    await runJobs(app, channels);
    await asOwner(app.database)(
      `insert into posted_card (tenant_id, id, key, room_id, channel, view, entity, entity_id, state, changes, drawn, created_at)
       select $1::uuid, gen_random_uuid(), 'missed ' || n, $2, 'slack', jsonb_build_object('target', 'project.show',
         'input', jsonb_build_object('project', $3::text)), 'project', $3::uuid, 'undeliverable', 1, 1, now() + n * interval '1 second'
       from generate_series(1, 60) n`,
      [firm.tenantId, firm.acme.room, firm.acme.project],
    );
    broken.mend();
    await run(as(firm, firm.admin), 'project.mend-room', { room: firm.acme.room });
    await runJobs(app, channels);

    const [first, ...sent] = slack.in(firm.acme.room);
    expect(first).toMatchObject({ card: { status: 'Approved' }, updates: 1 });
    expect(sent).toHaveLength(50);
    expect(sent.map(({ card }) => card.about.id)).not.toContain(missed.id);
    expect(
      await asOwner(app.database)(`select key from posted_card where key like 'missed %' order by created_at`),
    ).toEqual(Array.from({ length: 50 }, (_, index) => ({ key: `missed ${index + 11}` })));
    // What happens to it later is shown as if it were new.
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: missed.id, version: missed.version });
    await runJobs(app, channels);
    expect(slack.in(firm.acme.room).at(-1)?.card).toMatchObject({ status: 'Approved', about: { id: missed.id } });
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('a faulty room that is unbound gets nothing of what it missed', async () => {
    const broken = breakRoom(slack, firm.acme.room);
    await fileBug();
    await runJobs(app, channels);
    broken.mend();
    await run(as(firm, firm.admin), 'project.unbind-room', { room: firm.acme.room });
    await runJobs(app, channels);
    const [card] = await asOwner(app.database)('select state from posted_card where room_id = $1', [firm.acme.room]);

    expect(slack.in(firm.acme.room)).toEqual([]);
    expect(card?.state).toBe('undeliverable');
  });

  test('a mailbox that refused a mail stands in triage; mended there, it gets that mail once', async () => {
    const mailbox = await mailboxOf(firm.acme.clientAdmin);
    const broken = breakRoom(email, mailbox);
    await fileBug();
    await runJobs(app, channels);
    broken.mend();
    const [fault] = slack.in(firm.triageRoom).filter(({ card }) => card.about.id === mailbox);
    const [use] = fault ? buttonsOf(fault.card) : [];
    await run(as(firm, firm.admin), String(use?.press.target), use?.press.input ?? {});
    await runJobs(app, channels);

    expect(email.in(mailbox)).toHaveLength(1);
  });

  test('a message that somebody deleted is let go; its room stays as good as before', async () => {
    const ticket = await fileBug();
    await runJobs(app, channels);
    slack.failNext = { error: new MessageGone('The message was deleted.'), after: false };
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: ticket.id, version: ticket.version });
    await runJobs(app, channels);

    const states = await Promise.all([firm.acme.room, firm.triageRoom].map(stateIn));
    expect(states.map((state) => state?.state).sort()).toEqual(['gone', 'posted']);
    expect(states.map((state) => state?.fault)).toEqual([null, null]);
  });

  test('a room that somebody writes to is left to them, unless they may have died', async () => {
    const { tenantId } = firm;
    const ticket = await fileBug();
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: ticket.id, version: ticket.version });
    await fanOutAll();
    const jobs = app.asked.splice(0);
    const deliverAll = () => Promise.allSettled(jobs.map(({ data }) => deliver(tools(), data as DeliverJob)));
    const held = (seconds: number) =>
      asOwner(app.database)(
        'update room_delivery set holder = gen_random_uuid(), again = false, beat_at = now() - make_interval(secs => $1)',
        [seconds],
      );

    await held(0);
    expect((await deliverAll()).map(({ status }) => status)).toEqual(jobs.map(() => 'fulfilled'));
    expect(await driftingCards(app, tenantId)).not.toEqual([]);
    expect(await asOwner(app.database)('select room_id from room_delivery where again')).toHaveLength(jobs.length);

    await held(LEASE_SECONDS - 5);
    expect(await deliverAll()).toEqual(jobs.map(() => ({ status: 'rejected', reason: expect.any(RetryLater) })));

    await held(LEASE_SECONDS + 1);
    await deliverAll();
    expect(await driftingCards(app, tenantId)).toEqual([]);
    expect(await asOwner(app.database)('select room_id from room_delivery where holder is not null')).toEqual([]);
  });

  test('a send that failed is tried again without waiting for anybody', async () => {
    await fileBug();
    slack.failNext = { error: new Error('socket hang up'), after: false };
    await fanOutAll();
    const jobs = app.asked.splice(0);
    const results = await Promise.allSettled(jobs.map((job) => runOne(job)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

    for (const job of jobs) await runOne(job);
    await runJobs(app, channels);

    expect(slack.messages).toHaveLength(jobs.length);
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('a send that the platform refused for now counts as no try, and is not looked for: it was not sent', async () => {
    await fileBug();
    slack.failNext = { error: new RateLimited('room', 5, 'too many'), after: false };
    await fanOutAll();
    await Promise.allSettled(app.asked.splice(0).map((job) => runOne(job)));

    const waiting = await asOwner(app.database)(
      `select attempts, doubt_since from posted_card where state = 'sending'`,
    );
    expect(waiting).toEqual([{ attempts: 0, doubt_since: null }]);
  });

  test('what appears late beside the message that was sent in its place is deleted, and the card stays current', async () => {
    // The first answer never comes, and for a while nobody sees the message.
    let hidden = true;
    const { find } = slack;
    slack.find = async (...parts) => (hidden ? [] : ((await find?.(...parts)) ?? []));
    const ticket = await fileBug();
    slack.failNext = { error: new Error('timed out'), after: true };
    await fanOutAll();
    const jobs = app.asked.splice(0);
    await Promise.allSettled(jobs.map((job) => runOne(job)));
    for (const job of jobs) await runOne(job);
    expect(slack.messages).toHaveLength(jobs.length + 1);

    hidden = false;
    await asOwner(app.database)(`update posted_card set look_at = look_at - interval '1 minute'`);
    await runJobs(app, channels);
    expect(new Set(slack.messages.map(({ cardId }) => cardId)).size).toBe(slack.messages.length);

    await run(as(firm, firm.admin), 'ticket.approve', { ticket: ticket.id, version: ticket.version });
    await runJobs(app, channels);
    expect(slack.messages.map(({ updates }) => updates)).toEqual(slack.messages.map(() => 1));
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });

  test('an event that is fanned out twice is announced once', async () => {
    await fileBug();
    const jobs = [...app.asked];
    await runJobs(app, channels);
    app.asked.push(...jobs);
    await fanOutAll();

    expect(jobs).not.toEqual([]);
    expect(app.asked).toEqual([]);
    expect(slack.in(firm.acme.room)).toHaveLength(1);
  });
});
