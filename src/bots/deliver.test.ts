import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
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
import { MessageGone, Undeliverable } from './channel.ts';
import { driftingCards, refresh } from './deliver.ts';

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
afterEach(() => app.close());

const run = (who: Who, name: string, input: Record<string, string>) =>
  runCommand(app, who, { name, input, requestId: `test ${++count}` });

async function fileBug(): Promise<{ id: string; version: string }> {
  const input = { project: firm.acme.project, title: 'Pay button', description: 'It does nothing.' };
  const { output } = await run(as(firm, firm.acme.approver), 'ticket.file-bug', input);
  return { id: (output as { id: string }).id, version: '1' };
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

  test('a card that somebody draws is left to them, unless they may have died', async () => {
    const { tenantId } = firm;
    const ticket = await fileBug();
    await runJobs(app, channels);
    await run(as(firm, firm.admin), 'ticket.approve', { ticket: ticket.id, version: ticket.version });
    const rows = await asOwner(app.database)('select id from posted_card where ref is not null');
    const drawAll = () =>
      Promise.allSettled(rows.map(({ id }) => refresh(app, channels, { tenantId, cardId: String(id) })));
    const begun = (seconds: number) =>
      asOwner(app.database)('update posted_card set drawing_since = now() - make_interval(secs => $1)', [seconds]);

    await begun(0);
    expect((await drawAll()).map(({ status }) => status)).toEqual(rows.map(() => 'fulfilled'));
    expect(await driftingCards(app, tenantId)).not.toEqual([]);
    expect(await asOwner(app.database)('select id from posted_card where draw_again')).toHaveLength(rows.length);

    await begun(LEASE_SECONDS - 5);
    expect(await drawAll()).toEqual(rows.map(() => ({ status: 'rejected', reason: expect.any(RetryLater) })));

    await begun(LEASE_SECONDS + 1);
    await drawAll();
    expect(await driftingCards(app, tenantId)).toEqual([]);
    expect(await asOwner(app.database)('select id from posted_card where drawing_since is not null')).toEqual([]);
  });

  test('an event that is fanned out twice is announced once', async () => {
    await fileBug();
    const jobs = [...app.asked];
    await runJobs(app, channels);
    app.asked.push(...jobs);
    await runJobs(app, channels);

    expect(slack.in(firm.acme.room)).toHaveLength(1);
  });
});
