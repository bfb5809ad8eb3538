import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Channels } from '../../bots/channel.ts';
import { Undeliverable } from '../../bots/channel.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { FakeChannel } from '../../testing/channel.ts';
import { fakeChannel } from '../../testing/channel.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { runJobs } from '../../testing/worker.ts';
import type { Who } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import type { Event, Tier } from '../kernel/event.ts';
import type { Hearer } from '../kernel/notice.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { sweepOf } from '../kernel/sweep.ts';

const HOUR = 3_600_000;

let app: TestApp;
let firm: TestFirm;
let slack: FakeChannel;
let email: FakeChannel;
let channels: Channels;

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  app.asked.length = 0;
  firm = await makeFirm(app.database);
  slack = Object.assign(fakeChannel('slack'), { can: { edit: true, direct: true } });
  email = fakeChannel('email', false);
  channels = new Map([slack, email].map((channel) => [channel.name, channel]));
});

const system = (): Who => ({ kind: 'system', tenantId: firm.tenantId, reason: 'test' });
const run = async (who: Who, name: string, input: Record<string, string>) =>
  (await runCommand(app, who, { name, input, requestId: crypto.randomUUID() })).output as Record<string, string>;
const work = () => runJobs(app, channels);

/** A place that is one person's alone; a mailbox reads the client's news, as by an invitation. */
async function roomOf(person: string, channel: 'email' | 'slack', client = firm.acme.id): Promise<string> {
  const [room] = await owner(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
     values ($1, gen_random_uuid(), $2, $3, $4, 'Theirs', $5, $6, $7) returning id`,
    [
      ...[firm.tenantId, channel, channel === 'email' ? '' : firm.tenantId],
      ...[channel === 'email' ? `${person}@example.com` : `U-${person}`, channel === 'email' ? 'client' : 'person'],
      ...[client, person],
    ],
  );
  return String(room?.id);
}

/** Somebody of Acme files a bug, of which everybody who reads along is told. */
async function fileBug(title = 'Pay button', by = firm.acme.approver): Promise<string> {
  const input = { project: firm.acme.project, title, description: 'It does nothing.' };
  return String((await run(as(firm, by), 'ticket.file-bug', input)).id);
}

/** The clock comes to what is due. */
async function sweep(): Promise<void> {
  for (const schedule of app.registry.areas.find(({ name }) => name === 'notices')?.schedules ?? []) {
    const { parts, work: workPart } = sweepOf(app, schedule);
    for (const part of await parts()) await workPart(part, new AbortController().signal);
  }
  await work();
}

const noticesOf = (person: string) =>
  owner(
    `select event_name as event, decision, reason, channels, due_at from notice where person_id = $1 order by created_at, id`,
    [person],
  );
const titles = (cards: { card: Card }[]) => cards.map(({ card }) => card.title);
const hourNow = (timeZone: string) =>
  Number(new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(app.clock.now())) %
  24;
/** Quiet hours that have begun and last for at least an hour. */
async function beQuiet(person: string): Promise<void> {
  const hour = hourNow('America/New_York');
  await run(as(firm, person), 'notice.set-quiet-hours', { from: String(hour), to: String((hour + 2) % 24) });
}
const setTopic = (person: string, topic: string, pace: string, channel = 'any') =>
  run(as(firm, person), 'notice.set-topic', { topic, pace, channel });
const until = async (what: string) => {
  const [row] = await owner(`select due_at from notice where decision = $1 order by due_at desc limit 1`, [what]);
  const due = new Date(row?.due_at as string | Date);
  app.clock.jump(due.getTime() - app.clock.now().getTime() + 60_000);
};

describe('somebody who reads along in their mailbox', () => {
  test('is told at once where they set nothing, and the decision is kept with its reason', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    await fileBug();
    await work();

    expect(email.in(mailbox)).toHaveLength(1);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([
      { event: 'ticket.filed', decision: 'sent', reason: 'default', channels: ['email'] },
    ]);
  });

  test('is not told what they did themselves, and can read why', async () => {
    const mailbox = await roomOf(firm.acme.approver, 'email');
    const ticket = await fileBug();
    await work();

    expect(email.in(mailbox)).toEqual([]);
    expect(await noticesOf(firm.acme.approver)).toMatchObject([{ decision: 'none', reason: 'own-act' }]);
    const why = await readView(app, as(firm, firm.acme.approver), {
      target: 'notice.why',
      input: { thing: 'ticket', id: ticket },
    });
    expect(why).toMatchObject({ notices: [{ decision: 'none', reason: 'own-act' }] });
  });

  test('is told by the channel that they chose, and by mail where it cannot be reached', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    const chat = await roomOf(firm.acme.clientAdmin, 'slack');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'now', 'slack');
    await fileBug('First');
    await work();
    expect([slack.in(chat).length, email.in(mailbox).length]).toEqual([1, 0]);

    // Their account is theirs no more.
    await owner(`delete from identity where person_id = $1 and provider = 'slack'`, [firm.acme.clientAdmin]);
    await fileBug('Second');
    await work();

    expect([slack.in(chat).length, email.in(mailbox).length]).toEqual([1, 1]);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([
      { reason: 'chosen', channels: ['slack'] },
      { reason: 'fallback', channels: ['email'] },
    ]);
  });

  test('is told by mail what could not arrive in their chat, and once when that is mended', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    const chat = await roomOf(firm.acme.clientAdmin, 'slack');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'now', 'slack');
    const { send } = slack;
    slack.send = async (room, ...rest) => {
      if (room.id === chat) throw new Undeliverable('The account is deactivated.');
      return send(room, ...rest);
    };
    await fileBug();
    await work();

    expect(email.in(mailbox)).toHaveLength(1);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([
      { decision: 'sent', reason: 'fallback', channels: ['email'] },
    ]);
    slack.send = send;
    const [room] = await owner('select version from room where id = $1', [chat]);
    await run(as(firm, firm.admin), 'project.mend-room', { room: chat, version: String(room?.version) }).catch(
      () => null,
    );
    await work();
    expect(slack.in(chat)).toEqual([]);
  });

  test('who has no channel is not told, and the reason is kept', async () => {
    await roomOf(firm.acme.clientAdmin, 'email');
    await owner(`update room set fault = 'bounced' where person_id = $1`, [firm.acme.clientAdmin]);
    await fileBug();
    await work();

    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([{ decision: 'none', reason: 'no-channel' }]);
  });

  test('is told once of one fact, however often its event is handed on', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    await fileBug();
    await work();
    const events = await owner(`update event set delivered_at = null where tenant_id = $1 returning id`, [
      firm.tenantId,
    ]);
    app.asked.push(
      ...events.map(({ id }) => ({ queue: 'event' as const, data: { tenantId: firm.tenantId, eventId: id } })),
    );
    await work();

    expect(email.in(mailbox)).toHaveLength(1);
    expect(await noticesOf(firm.acme.clientAdmin)).toHaveLength(1);
  });
});

describe('in quiet hours', () => {
  test('what can wait is told when they end, once, and says why', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    await beQuiet(firm.acme.clientAdmin);
    await fileBug();
    await work();
    expect(email.in(mailbox)).toEqual([]);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([{ decision: 'held', reason: 'quiet-hours' }]);

    await sweep();
    expect(email.in(mailbox)).toEqual([]);
    await until('held');
    await sweep();
    await sweep();

    expect(email.in(mailbox)).toHaveLength(1);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([
      { decision: 'sent', reason: 'after-quiet-hours', channels: ['email'], due_at: null },
    ]);
  });

  test('what cannot wait comes at once, by every channel', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    const chat = await roomOf(firm.acme.clientAdmin, 'slack');
    await beQuiet(firm.acme.clientAdmin);
    await run(system(), 'session.begin', {
      ...{ person: firm.acme.clientAdmin, link: crypto.randomUUID(), shown: 'mail' },
      ...{ tokenHash: 'x'.repeat(43), device: 'Firefox on Linux', place: '192.0.2.1' },
    });
    await work();

    expect([...titles(email.in(mailbox)), ...titles(slack.in(chat))]).toEqual(
      Array(2).fill('You signed in to the portal'),
    );
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([{ decision: 'sent', reason: 'critical' }]);
  });

  test('whoever may not see it any more when they end is told nothing, and the reason is kept', async () => {
    const mailbox = await roomOf(firm.acme.viewer, 'email');
    await beQuiet(firm.acme.viewer);
    await fileBug();
    await work();
    await owner('delete from membership where person_id = $1', [firm.acme.viewer]);
    await until('held');
    await sweep();

    expect(email.in(mailbox)).toEqual([]);
    expect(await noticesOf(firm.acme.viewer)).toMatchObject([{ decision: 'none', reason: 'no-right' }]);
  });
});

test('whoever could see it when it was decided, and cannot when it is drawn, is told nothing, and the reason is kept', async () => {
  const mailbox = await roomOf(firm.acme.feedback, 'email');
  // Has a part in the project, and reads of it only what they reported themselves.
  await fileBug();
  await work();

  expect(email.in(mailbox)).toEqual([]);
  expect(await noticesOf(firm.acme.feedback)).toMatchObject([{ decision: 'none', reason: 'no-right', channels: [] }]);
});

describe('a digest', () => {
  test('brings together what waited, by project, once, and nothing where nothing waited', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'daily');
    await fileBug('Pay button');
    await fileBug('Logo');
    await work();
    expect(email.in(mailbox)).toEqual([]);
    await until('digest');
    // Two workers look at the same time, and again.
    await Promise.all([sweep(), sweep()]);
    await sweep();

    const digests = email.in(mailbox);
    expect(titles(digests)).toEqual(['Your digest']);
    const text = JSON.stringify(digests[0]?.card);
    expect(text).toContain('Pay button');
    expect(text).toContain('Logo');
    expect(digests[0]?.card.blocks).toMatchObject([{ kind: 'list', title: 'Acme website' }]);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject(
      Array(2).fill({ decision: 'digested', reason: 'daily', channels: ['email'] }),
    );
    app.clock.jump(25 * HOUR);
    await sweep();
    expect(email.in(mailbox)).toHaveLength(1);
  });

  test('after days in which nobody looked is one for all that waited', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'daily');
    for (const title of ['First', 'Second', 'Third']) {
      await fileBug(title);
      await work();
      app.clock.jump(25 * HOUR);
    }
    await sweep();

    expect(email.in(mailbox)).toHaveLength(1);
    expect(JSON.stringify(email.in(mailbox))).toMatch(/First.*Second.*Third/s);
  });

  test('leaves out what its reader may not see any more, and says so; of nothing else it is not sent', async () => {
    const mailbox = await roomOf(firm.acme.viewer, 'email');
    await setTopic(firm.acme.viewer, 'tickets', 'daily');
    await fileBug();
    await work();
    await owner('delete from membership where person_id = $1', [firm.acme.viewer]);
    await until('digest');
    await sweep();

    expect(email.in(mailbox)).toEqual([]);
    expect(await noticesOf(firm.acme.viewer)).toMatchObject([{ decision: 'none', reason: 'no-right' }]);
  });

  test('does not come where it was turned off meanwhile, and comes again when that is undone', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'daily');
    await fileBug('First');
    await work();
    await run(as(firm, firm.acme.clientAdmin), 'notice.unsubscribe', { what: 'digest' });
    await until('digest');
    await sweep();
    expect(email.in(mailbox)).toEqual([]);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([{ decision: 'none', reason: 'digest-off' }]);

    await run(as(firm, firm.acme.clientAdmin), 'notice.resubscribe', { what: 'digest' });
    await fileBug('Second');
    await work();
    await until('digest');
    await sweep();
    expect(JSON.stringify(email.in(mailbox))).toContain('Second');
  });

  test('by a channel that fails comes by another one', async () => {
    const mailbox = await roomOf(firm.acme.clientAdmin, 'email');
    const chat = await roomOf(firm.acme.clientAdmin, 'slack');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'daily');
    await run(as(firm, firm.acme.clientAdmin), 'notice.set-digest', { on: 'yes', hour: '8', channel: 'slack' });
    await fileBug();
    await work();
    await until('digest');
    const { send } = slack;
    slack.send = async (room, ...rest) => {
      if (room.id === chat) throw new Undeliverable('The account is deactivated.');
      return send(room, ...rest);
    };
    await sweep();

    expect(titles(email.in(mailbox))).toEqual(['Your digest']);
    expect(await noticesOf(firm.acme.clientAdmin)).toMatchObject([{ decision: 'digested', channels: ['email'] }]);
  });

  test('can be looked at before it comes', async () => {
    await roomOf(firm.acme.clientAdmin, 'email');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'weekly');
    await fileBug();
    await work();

    const waiting = { target: 'notice.digest', input: {} };
    expect(JSON.stringify(await showView(app, as(firm, firm.acme.clientAdmin), waiting))).toContain('Pay button');
    expect(await showView(app, as(firm, firm.acme.viewer), waiting)).toMatchObject({
      fallback: 'Nothing waits for your digest.',
    });
  });

  test('of somebody else is not there', async () => {
    await roomOf(firm.acme.clientAdmin, 'email');
    await setTopic(firm.acme.clientAdmin, 'tickets', 'daily');
    await fileBug();
    await work();
    await until('digest');
    await sweep();
    const [row] = await owner('select digest_id from notice where person_id = $1', [firm.acme.clientAdmin]);

    for (const who of [firm.acme.approver, firm.admin, firm.globex.clientAdmin])
      await expect(
        showView(app, as(firm, who), { target: 'notice.digest', input: { digest: String(row?.digest_id) } }),
      ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('why', () => {
  test('is told of a thing that one can see, and of no other', async () => {
    await roomOf(firm.acme.clientAdmin, 'email');
    const ticket = await fileBug();
    await work();
    const why = { target: 'notice.why', input: { thing: 'ticket', id: ticket } };

    expect(JSON.stringify(await showView(app, as(firm, firm.acme.clientAdmin), why))).toContain('Sent by Mail');
    await expect(showView(app, as(firm, firm.globex.clientAdmin), why)).rejects.toMatchObject({ code: 'not_found' });
    expect(await readView(app, as(firm, firm.admin), why)).toMatchObject({ notices: [] });
  });

  test('is reached from the card on which one sets how one is told', async () => {
    const card = await showView(app, as(firm, firm.acme.clientAdmin), { target: 'notice.preferences', input: {} });

    expect(JSON.stringify(card.actions)).toContain('notice.why');
    expect(JSON.stringify(card.blocks)).toContain('Tickets');
  });
});

describe('settings', () => {
  test('of a channel in which nobody knows one are refused', async () => {
    await expect(setTopic(firm.acme.viewer, 'tickets', 'now', 'discord')).rejects.toMatchObject({ code: 'invalid' });
  });

  test('of quiet hours for all of the day, or for half of them, are refused', async () => {
    const set = (input: Record<string, string>) => run(as(firm, firm.acme.viewer), 'notice.set-quiet-hours', input);

    await expect(set({ from: '7', to: '7' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(set({ from: '7' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(set({ from: '25', to: '7' })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('that two forms send at once are both kept', async () => {
    await Promise.all([setTopic(firm.acme.viewer, 'tickets', 'daily'), setTopic(firm.acme.viewer, 'cycles', 'weekly')]);

    const [row] = await owner('select topics from notice_setting where person_id = $1', [firm.acme.viewer]);
    expect(row?.topics).toEqual({ tickets: { pace: 'daily' }, cycles: { pace: 'weekly' } });
  });
});

describe('over random histories', () => {
  const RUNS = 1_000;
  const view = { target: 'invoice.show', input: { invoice: crypto.randomUUID() } };

  test('nobody is told twice of one fact, nor what they may not see, nor of what ended before', async () => {
    // Who is in the firm, and whether Acme is theirs to see.
    const people: [string, boolean][] = [
      [firm.admin, true],
      [firm.member, true],
      [firm.acme.clientAdmin, true],
      [firm.acme.viewer, true],
      [firm.globex.clientAdmin, false],
      [firm.globex.viewer, false],
    ];
    for (const [person] of people) await run(as(firm, person), 'notice.set-topic', { topic: 'invoices', pace: 'now' });
    const told = new Map<string, number>();
    let seq = 1_000_000;
    const facts = Array.from({ length: 5 }, () => {
      seq += 10;
      return { id: crypto.randomUUID(), about: { entity: 'invoice', id: crypto.randomUUID() }, seq };
    });
    // The third and the fourth were paid after the reminder.
    for (const fact of facts.slice(2, 4))
      await owner(
        `insert into event (tenant_id, id, seq, name, entity, entity_id, client_id, data, actor, request_id, at, delivered_at)
         overriding system value values ($1, $2, $3, 'invoice.paid', 'invoice', $4, $5, '{}', '{}', $6, now(), now())`,
        [firm.tenantId, crypto.randomUUID(), fact.seq + 1, fact.about.id, firm.acme.id, crypto.randomUUID()],
      );

    await fc.assert(
      fc.asyncProperty(
        fc.nat(4),
        fc.subarray(people, { minLength: 1 }),
        fc.constantFrom<Tier>('critical', 'standard', 'informational'),
        fc.option(fc.constantFrom(...people.map(([person]) => person))),
        async (which, some, tier, doer) => {
          const fact = facts[which] as (typeof facts)[number];
          const event = {
            ...{ tenantId: firm.tenantId, name: 'invoice.reminded', clientId: firm.acme.id, projectId: null, data: {} },
            ...{ requestId: 'test', at: new Date(), ...fact },
            actor: { kind: 'person', name: 'Somebody', side: 'staff', channel: 'slack', personId: doer ?? 'nobody' },
          } as unknown as Event;
          const hearers = some.map(
            ([person]): Hearer => ({
              ...{ person, named: false, mailOnly: false },
              rooms: [{ id: `room of ${person}`, channel: 'email', isReachable: true }],
            }),
          );
          const { cards } = await withActor(app, system(), ({ sql }) =>
            (app.registry.notices as NonNullable<typeof app.registry.notices>).tell(
              sql,
              { event, topic: 'invoices', module: 'billing', view, tier, tellsDoer: false },
              hearers,
              app.clock.now(),
            ),
          );
          for (const { room } of cards) {
            const [person, maySee] = people.find(([one]) => room === `room of ${one}`) ?? [];
            expect({ person, maySee }).toMatchObject({ maySee: true });
            expect(person).not.toBe(doer);
            expect([2, 3]).not.toContain(which);
            expect(tier).not.toBe('informational');
            const key = `${person} ${fact.id}`;
            told.set(key, (told.get(key) ?? 0) + 1);
            expect(told.get(key)).toBe(1);
          }
        },
      ),
      { numRuns: RUNS },
    );

    const twice = await owner(
      `select person_id, event_id from notice where tenant_id = $1 group by 1, 2 having count(*) > 1`,
      [firm.tenantId],
    );
    expect(twice).toEqual([]);
    const held = await owner(
      `select id from notice where tenant_id = $1 and tier = 'critical' and decision not in ('sent', 'none')`,
      [firm.tenantId],
    );
    expect(held).toEqual([]);
    expect(told.size).toBeGreaterThan(0);
  }, 120_000);
});
