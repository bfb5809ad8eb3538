import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { RetryLater } from '../core/kernel/jobs.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { FakeChannel } from '../testing/channel.ts';
import { fakeChannel } from '../testing/channel.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { runJobs } from '../testing/worker.ts';
import { Undeliverable } from './channel.ts';
import { driftingCards } from './drift.ts';
import { inboundFor } from './inbound.ts';

let app: TestApp;
let firm: TestFirm;
let slack: FakeChannel;
let channels: Map<string, FakeChannel>;
let count = 0;

beforeEach(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  slack = fakeChannel('slack');
  channels = new Map([[slack.name, slack]]);
});
afterEach(() => app.close());

const run = (who: Who, name: string, input: Record<string, string>) =>
  runCommand(app, who, { name, input, requestId: `test ${++count}` });
const admin = () => as(firm, firm.admin);

async function bind(audience: string, address = 'C-shared'): Promise<string> {
  const room = { channel: 'slack', account: firm.tenantId, address, name: '#shared', audience, client: firm.acme.id };
  return ((await run(admin(), 'project.bind-room', room)).output as { id: string }).id;
}

const unbind = (room: string) => run(admin(), 'project.unbind-room', { room });

async function fileBug(): Promise<string> {
  const input = { project: firm.acme.project, title: 'Pay button', description: 'It does nothing.' };
  return ((await run(as(firm, firm.acme.approver), 'ticket.file-bug', input)).output as { id: string }).id;
}

const note = (ticket: string, body = 'For us alone.') => run(admin(), 'ticket.note', { ticket, body });
const textIn = (room: string) => JSON.stringify(slack.in(room).map(({ card }) => card));

describe('a channel that was for the team', () => {
  test('is another room when it is bound for the client, and shows the client no word of the team', async () => {
    const internal = await bind('internal');
    await unbind(internal);
    const client = await bind('client');
    const ticket = await fileBug();
    await note(ticket);
    await runJobs(app, channels);

    const rooms = await asOwner(app.database)(`select id, audience from room where address = 'C-shared'`);
    expect(rooms).toContainEqual({ id: internal, audience: 'internal' });
    expect(rooms).toContainEqual({ id: client, audience: 'client' });
    expect(slack.in(internal)).toEqual([]);
    expect(slack.in(client)).toHaveLength(1);
    expect(textIn(client)).not.toContain('For us alone.');
    expect(textIn(client)).not.toContain('Decline');
  });

  test('has what it showed closed before anything is posted for its new readers', async () => {
    const internal = await bind('internal');
    const ticket = await fileBug();
    await note(ticket);
    await runJobs(app, channels);
    expect(textIn(internal)).toContain('For us alone.');
    const order: string[] = [];
    const { send, update } = slack;
    slack.send = (room, card, posting) => {
      order.push(`post in ${room.id}`);
      return send(room, card, posting);
    };
    slack.update = (room, ref, card, posting) => {
      order.push(`close in ${room.id}`);
      return update(room, ref, card, posting);
    };

    await unbind(internal);
    const client = await bind('client');
    const closing = app.asked.splice(0);
    await fileBug();
    await expect(runJobs(app, channels)).rejects.toThrow(RetryLater);
    expect(slack.in(client)).toEqual([]);
    app.asked.unshift(...closing);
    await fileBug();
    await runJobs(app, channels);

    expect(textIn(internal)).not.toContain('For us alone.');
    expect(slack.in(internal).map(({ card }) => card.title)).toEqual(slack.in(internal).map(() => 'This has moved'));
    expect(order).not.toContain(`post in ${internal}`);
    expect(order.indexOf(`post in ${client}`)).toBeGreaterThan(order.lastIndexOf(`close in ${internal}`));
    expect(await driftingCards(app, firm.tenantId)).toEqual([]);
  });
});

describe('a room that was unbound', () => {
  test('is told nothing more, and its cards are drawn no more', async () => {
    const room = await bind('internal');
    const ticket = await fileBug();
    await runJobs(app, channels);
    await unbind(room);
    await runJobs(app, channels);
    const shown = textIn(room);

    await note(ticket);
    await fileBug();
    await runJobs(app, channels);

    expect(textIn(room)).toBe(shown);
  });

  test('takes no answer, and gives nobody its card anew', async () => {
    const room = await bind('internal');
    const ticket = await fileBug();
    await runJobs(app, channels);
    const [posted] = slack.in(room);
    await unbind(room);
    await note(ticket);

    const where = { channel: 'slack' as const, account: firm.tenantId, address: 'C-shared' };
    const inbound = inboundFor(app);
    const redrawn = await inbound.redraw(where, posted?.ref.id ?? '');
    const said = await inbound.say({
      who: {
        install: { tool: 'slack', account: firm.tenantId },
        provider: 'slack',
        account: firm.tenantId,
        externalId: `U-${firm.admin}`,
        assurance: 'chat',
      },
      requestId: 'said',
      room: where,
      inReplyTo: { messageId: posted?.ref.id ?? '' },
      text: 'Is anybody here?',
    });

    expect(redrawn?.title).toBe('This has moved');
    expect(said).toEqual({ kind: 'unmatched' });
  });

  test('stays so when a card that was on its way to it cannot be delivered', async () => {
    const room = await bind('internal');
    const ticket = await fileBug();
    await runJobs(app, channels);
    await unbind(room);
    await note(ticket);
    slack.failNext = { error: new Undeliverable('The channel is archived.'), after: false };
    await runJobs(app, channels);

    const [row] = await asOwner(app.database)('select fault, unbound_at from room where id = $1', [room]);
    expect(row).toEqual({ fault: 'unbound', unbound_at: expect.any(Date) });
  });

  test('closes a card that was being sent while it was unbound', async () => {
    const room = await bind('internal');
    await fileBug();
    const { send } = slack;
    slack.send = async (to, card, posting) => {
      const ref = await send(to, card, posting);
      if (to.id === room) await unbind(room);
      return ref;
    };
    await runJobs(app, channels);

    expect(slack.in(room).map(({ card }) => card.title)).toEqual(['This has moved']);
  });

  test('is another room when it is bound again, for the same readers as well', async () => {
    const first = await bind('client', 'C-again');
    await unbind(first);
    const second = await bind('client', 'C-again');

    expect(second).not.toBe(first);
    await expect(unbind(first)).rejects.toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('is not used any more'),
    });
  });
});

test('the database refuses to give a room other readers, whoever asks', async () => {
  const room = await bind('internal');
  const owner = asOwner(app.database);

  await expect(owner(`update room set audience = 'client' where id = $1`, [room])).rejects.toThrow(/never change/);
  await expect(owner(`update room set client_id = $2 where id = $1`, [room, firm.globex.id])).rejects.toThrow(/never/);
});

test('a mailbox of a person cannot be unbound: codes and answers go there', async () => {
  await run(admin(), 'people.add-contact', {
    client: firm.acme.id,
    name: 'Nora New',
    email: 'nora@example.com',
    timezone: 'America/New_York',
  });
  const [mailbox] = await asOwner(app.database)(`select id from room where address = 'nora@example.com'`);

  await expect(unbind(String(mailbox?.id))).rejects.toMatchObject({
    code: 'conflict',
    say: 'Nora New is in use: it is somebody’s own.',
  });
});
