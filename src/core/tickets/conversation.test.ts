import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliverJob } from '../../bots/announce.ts';
import { announcementConsumer } from '../../bots/announce.ts';
import type { Channel } from '../../bots/channel.ts';
import { deliver, delivering } from '../../bots/deliver.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestClient, TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { buttonsOf, formOf, replyWord } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import { writeCursor } from '../kernel/cursor.ts';
import { fanOut } from '../kernel/delivery.ts';
import { DomainError } from '../kernel/errors.ts';
import { runCommand, showView } from '../kernel/registry.ts';

/** Stands in internal notes alone: wherever it turns up, a note leaked. */
const SECRET = 'quetzalcoatl';

let app: TestApp;
let firm: TestFirm;
let count = 0;
/** A new ticket of the Acme approver. */
let ticket: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());
beforeEach(async () => {
  ticket = await file(firm.acme);
});

const run = (who: Who, name: string, input: Record<string, unknown>, requestId = `test ${++count}`) =>
  runCommand(app, who, { name, input, requestId });
const show = (who: Who, target: string, input: Record<string, string> = {}) => showView(app, who, { target, input });
const member = () => as(firm, firm.member);
const approver = () => as(firm, firm.acme.approver);
const jira = (): Who => ({ kind: 'integration', tenantId: firm.tenantId, connector: 'jira', account: 'x' });
const room = (roomId: string): Who => ({ kind: 'audience', tenantId: firm.tenantId, roomId });
const row = async (id = ticket) => (await asOwner(app.database)('select * from ticket where id = $1', [id]))[0];
const said = (id = ticket) =>
  asOwner(app.database)('select * from ticket_message where ticket_id = $1 order by created_at, id', [id]);
const events = (requestId: string) =>
  asOwner(app.database)('select * from event where request_id = $1 order by seq', [requestId]);
const messageOf = (done: { output: unknown }) => (done.output as { message: string }).message;

async function file(client: TestClient, person = client.approver) {
  const input = { project: client.project, title: 'Something is wrong', description: 'It is broken' };
  return ((await run(as(firm, person), 'ticket.file-bug', input)).output as { id: string }).id;
}

describe('replies', () => {
  test('a contact replies, and both sides see it', async () => {
    await run(approver(), 'ticket.reply', { ticket, body: ' It is worse today. ' }, 'reply 1');

    expect(await said()).toMatchObject([
      {
        internal: false,
        body: 'It is worse today.',
        by_name: 'Acme Approver',
        side: 'contact',
        channel: 'slack',
        person_id: firm.acme.approver,
      },
    ]);
    expect(await events('reply 1')).toMatchObject([
      {
        name: 'ticket.replied',
        entity_id: ticket,
        client_id: firm.acme.id,
        project_id: firm.acme.project,
        data: {
          body: 'It is worse today.',
          byName: 'Acme Approver',
          side: 'contact',
          status: 'new',
          message: expect.any(String),
        },
      },
    ]);
    for (const who of [member(), approver(), as(firm, firm.acme.viewer)])
      expect(JSON.stringify(await show(who, 'ticket.show', { ticket }))).toContain('It is worse today.');
  });

  test('an answer to a question brings the ticket back to triage; another word of the team does not', async () => {
    await run(member(), 'ticket.ask', { ticket, version: '1', question: 'Which browser?' });
    await run(member(), 'ticket.reply', { ticket, body: 'Take your time.' });
    expect(await row()).toMatchObject({ status: 'needs_info', version: 2 });

    const { card } = await run(approver(), 'ticket.reply', { ticket, body: 'Firefox' }, 'answer 1');

    expect(card.title).toContain('back with the team');
    expect(await row()).toMatchObject({ status: 'new', status_note: null, version: 3 });
    expect(await events('answer 1')).toMatchObject([
      { name: 'ticket.replied', data: { status: 'new', body: 'Firefox' } },
    ]);
    expect(await asOwner(app.database)(`select before, after from audit where request_id = 'answer 1'`)).toMatchObject([
      { before: { status: 'needs_info', statusNote: 'Which browser?' }, after: { status: 'new', statusNote: null } },
    ]);
  });

  test('the question stands on the card and in the conversation, for the client as well', async () => {
    const done = await run(member(), 'ticket.ask', { ticket, version: '1', question: 'Which browser?' }, 'ask 1');
    const card = await show(approver(), 'ticket.show', { ticket });

    expect(card).toMatchObject({ status: 'Needs information', tone: 'attention' });
    expect(card.blocks[0]).toEqual({ kind: 'text', text: 'Question: Which browser?' });
    expect(card.blocks.at(-1)).toMatchObject({
      kind: 'timeline',
      items: [{ who: 'Mia Member', text: 'Which browser?' }],
    });
    expect(await events('ask 1')).toMatchObject([
      { data: { message: messageOf(done), body: 'Which browser?', side: 'staff' } },
    ]);
  });

  test('other contacts may reply as far as they may comment', async () => {
    await run(as(firm, firm.acme.clientAdmin), 'ticket.reply', { ticket, body: 'Me too' });
    await expect(run(as(firm, firm.acme.viewer), 'ticket.reply', { ticket, body: 'Me too' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    for (const stranger of [firm.acme.feedback, firm.globex.clientAdmin])
      await expect(run(as(firm, stranger), 'ticket.reply', { ticket, body: 'Me too' })).rejects.toMatchObject({
        code: 'not_found',
      });
    const own = await file(firm.acme, firm.acme.feedback);
    await run(as(firm, firm.acme.feedback), 'ticket.reply', { ticket: own, body: 'More about it' });
    expect(await said(own)).toHaveLength(1);
  });

  test('a connector replies in the name of who wrote there; a person only in their own', async () => {
    await run(jira(), 'ticket.reply', { ticket, body: 'Fixed in the next build', byName: 'Dev Dana' });
    await run(jira(), 'ticket.note', { ticket, body: 'See the log', byName: '' });
    expect(await said()).toMatchObject([
      { by_name: 'Dev Dana', side: 'integration', channel: 'jira', person_id: null, internal: false },
      { by_name: 'jira', side: 'integration', internal: true },
    ]);

    for (const who of [approver(), member()])
      await expect(run(who, 'ticket.reply', { ticket, body: 'Hi', byName: 'Ada Admin' })).rejects.toMatchObject({
        code: 'invalid',
        detail: { fields: { byName: expect.any(String) } },
      });
    const system: Who = { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
    await expect(run(system, 'ticket.reply', { ticket, body: 'Hi' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await said()).toHaveLength(2);
  });

  test('a reply is said once, however often it arrives, and an empty one not at all', async () => {
    const again = () => run(approver(), 'ticket.reply', { ticket, body: 'Once' }, 'once');
    const [first, second] = [await again(), await again()];
    expect(second).toMatchObject({ replayed: true, card: first.card });
    expect(await said()).toHaveLength(1);
    await expect(run(approver(), 'ticket.reply', { ticket, body: ' \n ' })).rejects.toMatchObject({
      detail: { fields: { body: 'is needed' } },
    });
  });

  test('the event tells in which room it was written, so that it need not be said there again', async () => {
    await run(approver(), 'ticket.reply', { ticket, body: 'In the thread', saidIn: firm.acme.room }, 'thread');
    await run(approver(), 'ticket.reply', { ticket, body: 'By the form' }, 'form');
    expect(await events('thread')).toMatchObject([{ data: { saidIn: firm.acme.room } }]);
    expect(await events('form')).toMatchObject([{ data: { saidIn: null } }]);
  });

  test('earlier mail is folded, never lost', async () => {
    const done = await run(approver(), 'ticket.reply', { ticket, body: 'Yes', quoted: '> Which browser?' });
    const folded = await show(member(), 'ticket.message', { message: messageOf(done) });
    expect(JSON.stringify(folded.blocks)).not.toContain('> Which browser?');

    const unfold = buttonsOf(folded).find((button) => replyWord(button) === 'QUOTED');
    const whole = await show(member(), unfold?.press.target ?? '', unfold?.press.input);
    expect(whole.blocks).toContainEqual({ kind: 'text', text: '> Which browser?', subtle: true });
  });

  test('the card shows the last five and says how many came earlier, which stand behind a button', async () => {
    for (let index = 1; index <= 14; index += 1) {
      await run(approver(), 'ticket.reply', { ticket, body: `Word ${index}` });
      app.clock.jump(1_000);
    }
    const words = (card: Card) =>
      card.blocks.flatMap((block) => (block.kind === 'timeline' ? block.items.map(({ text }) => text) : []));
    const card = await show(approver(), 'ticket.show', { ticket });
    expect(words(card)).toEqual(['Word 10', 'Word 11', 'Word 12', 'Word 13', 'Word 14']);
    expect(card.blocks).toContainEqual({ kind: 'text', text: 'and 9 earlier', subtle: true });

    const earlier = buttonsOf(card).find((button) => replyWord(button) === 'EARLIER');
    const newest = await show(approver(), earlier?.press.target ?? '', earlier?.press.input);
    expect(words(newest)).toEqual(Array.from({ length: 10 }, (_, index) => `Word ${index + 5}`));
    expect(newest.status).toBe('14 messages');
  });

  test('a page of the conversation stays where it is while more is said, and leads there and back', async () => {
    const say = async (from: number, to: number) => {
      for (let number = from; number <= to; number += 1) {
        await run(approver(), 'ticket.reply', { ticket, body: `Word ${number}` });
        app.clock.jump(1_000);
      }
    };
    const words = (card: Card) =>
      card.blocks.flatMap((block) => (block.kind === 'timeline' ? block.items.map(({ text }) => text) : []));
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `Word ${from + index}`);
    const turned = async (card: Card, label: string) => {
      const press = buttonsOf(card).find((button) => button.label === label)?.press;
      return show(approver(), press?.target ?? '', press?.input);
    };
    const turns = (card: Card) => buttonsOf(card).map(({ label }) => label.replace(/#\d+/, '#'));
    await say(1, 24);
    const first = await show(approver(), 'ticket.thread', { ticket });
    expect([words(first), turns(first)]).toEqual([numbered(15, 24), ['Earlier messages', 'Open #']]);

    await say(25, 27);
    const second = await turned(first, 'Earlier messages');
    expect([words(second), turns(second)]).toEqual([numbered(5, 14), ['Earlier messages', 'Later messages', 'Open #']]);
    const third = await turned(second, 'Earlier messages');
    expect([words(third), turns(third)]).toEqual([numbered(1, 4), ['Later messages', 'Open #']]);
    expect(words(await turned(third, 'Later messages'))).toEqual(numbered(5, 14));
    expect(words(await turned(second, 'Later messages'))).toEqual(numbered(15, 24));
  });

  test('cards of earlier versions counted the pages: they show the newest one', async () => {
    await run(approver(), 'ticket.reply', { ticket, body: 'Still here' });
    for (const page of ['0', '3'])
      expect(JSON.stringify(await show(approver(), 'ticket.thread', { ticket, page }))).toContain('Still here');
  });

  test('whoever may not see the ticket reads nothing of what was said, on no page', async () => {
    const { output } = await run(approver(), 'ticket.reply', { ticket, body: 'Between us' });
    const after = writeCursor({ at: 'instant', id: 'id' }, ['1800000000000000', messageOf({ output })]);
    for (const stranger of [firm.acme.feedback, firm.globex.clientAdmin])
      for (const input of [{ ticket }, { ticket, after }, { ticket, before: after }])
        await expect(show(as(firm, stranger), 'ticket.thread', input)).rejects.toMatchObject({ code: 'not_found' });
    await expect(show(approver(), 'ticket.thread', { ticket, after: 'made up' })).rejects.toMatchObject({
      code: 'invalid',
      detail: { show: { target: 'ticket.thread', input: { ticket } } },
    });
  });
});

describe('internal notes', () => {
  const note = (body = SECRET, who = member()) => run(who, 'ticket.note', { ticket, body });

  test('are for the team and its tools', async () => {
    await note();
    for (const person of [firm.acme.clientAdmin, firm.acme.approver, firm.acme.viewer])
      await expect(note('mine', as(firm, person))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(note('mine', as(firm, firm.acme.feedback))).rejects.toMatchObject({ code: 'not_found' });
    expect(await said()).toMatchObject([{ internal: true, body: SECRET, side: 'staff' }]);
  });

  test('leave the ticket’s own row as it was: not even its version tells of them', async () => {
    const before = await row();
    app.clock.jump(60_000);
    const first = await run(member(), 'ticket.note', { ticket, body: SECRET }, 'note twice');
    const again = await run(member(), 'ticket.note', { ticket, body: SECRET }, 'note twice');

    expect(await row()).toEqual(before);
    expect(again).toMatchObject({ replayed: true, card: first.card });
    expect(await events('note twice')).toMatchObject([
      { name: 'ticket.noted', data: { body: SECRET, internal: true } },
    ]);
  });

  test('are marked on the team’s cards', async () => {
    const done = await note();
    const card = await show(room(firm.triageRoom), 'ticket.show', { ticket });
    expect(card.blocks.at(-1)).toMatchObject({ kind: 'timeline', items: [{ text: SECRET, internal: true }] });
    const message = await show(member(), 'ticket.message', { message: messageOf(done) });
    expect(message).toMatchObject({ status: 'Internal', tone: 'attention' });
    expect(JSON.stringify(message)).toContain('only the team sees this');
    expect(buttonsOf(message).map(replyWord)).toEqual(['NOTE', 'OPEN']);
  });

  test('the forms say who will read what is written', async () => {
    const hint = async (who: Who, target: string) => formOf(await show(who, target, { ticket }))?.fields[0]?.hint;
    expect(await hint(member(), 'ticket.note')).toBe('Only the team sees this.');
    expect(await hint(member(), 'ticket.reply')).toBe('Acme will see this.');
    expect(await hint(approver(), 'ticket.reply')).toBe('The team will see this.');
    await expect(show(approver(), 'ticket.note', { ticket })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(show(as(firm, firm.acme.viewer), 'ticket.reply', { ticket })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  /** Everybody of the client, and their room. */
  const contacts = () => {
    const { clientAdmin, approver: one, viewer, feedback } = firm.acme;
    return [...[clientAdmin, one, viewer, feedback].map((person) => as(firm, person)), room(firm.acme.room)];
  };

  test('reach no contact through any view there is', async () => {
    ticket = await file(firm.acme, firm.acme.feedback);
    await run(as(firm, firm.acme.feedback), 'ticket.reply', { ticket, body: 'public words' });
    const noted = messageOf(await note());
    const inputs = [
      {},
      { page: '0' },
      { ticket },
      { ticket, page: '0' },
      { ticket, version: '1' },
      { message: noted },
      { message: noted, quoted: 'yes' },
      { project: firm.acme.project },
      { project: firm.acme.project, version: '1' },
    ];
    const everything = async (who: Who) => {
      const shown: string[] = [];
      const forms = [...app.registry.commands.values()].filter(({ form }) => form);
      for (const name of [...app.registry.views.keys(), ...forms.map((command) => command.name)]) {
        for (const input of inputs) {
          try {
            shown.push(JSON.stringify(await show(who, name, input)));
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            shown.push(JSON.stringify([error.say, error.detail]));
          }
        }
      }
      return shown.join('\n');
    };

    expect(await everything(member())).toContain(SECRET);
    for (const who of contacts()) {
      const seen = await everything(who);
      expect(seen).toContain('public words');
      expect(seen).not.toContain(SECRET);
    }
  });

  test('do not exist for a contact who asks the database itself', async () => {
    ticket = await file(firm.acme, firm.acme.feedback);
    const noted = messageOf(await note());
    const tables = ['ticket_message', 'ticket', 'event', 'audit', 'request'];
    for (const who of contacts()) {
      const [found] = await withActor(
        app,
        who,
        ({ sql }) =>
          sql`select count(*) from ticket_message where internal or id = ${noted} or body like ${`%${SECRET}%`}`,
      );
      expect(found).toEqual({ count: 0 });
      for (const table of tables) {
        const text = await withActor(app, who, async ({ prisma }) =>
          JSON.stringify(await prisma.$queryRawUnsafe(`select row_to_json(x)::text as row from ${table} x`)),
        ).catch((error: Error) => error.message);
        expect(text).not.toContain(SECRET);
      }
      await expect(
        withActor(app, who, ({ sql }) => sql`update ticket_message set internal = false where id = ${noted}`),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('cannot be written by a contact’s own database role', async () => {
    await expect(
      withActor(
        app,
        approver(),
        ({
          sql,
        }) => sql`insert into ticket_message (tenant_id, id, ticket_id, client_id, project_id, internal, by_name, side, channel, body)
          values (${firm.tenantId}, ${crypto.randomUUID()}, ${ticket}, ${firm.acme.id}, ${firm.acme.project}, true, 'Me', 'contact', 'slack', 'x')`,
      ),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('what the rooms hear', () => {
  interface Sent {
    room: string;
    card: Card;
    thread: string | null;
  }

  /** Delivers everything that happened since the last call, to a channel that notes what it was given. */
  function rooms(edit: boolean) {
    const sent: Sent[] = [];
    const updated: Sent[] = [];
    const channel: Channel = {
      name: 'slack',
      can: { edit },
      send: async (to, card, posting) => {
        sent.push({ room: to.name, card, thread: posting.thread?.id ?? null });
        return { id: `m${sent.length}` };
      },
      update: async (to, ref, card) => {
        updated.push({ room: to.name, card, thread: ref.id });
      },
    };
    const channels = new Map([['slack', channel]]);
    const consumers = [announcementConsumer(app, channels)];
    return {
      sent,
      updated,
      deliver: async () => {
        sent.length = 0;
        updated.length = 0;
        for (let job = app.asked.shift(); job; job = app.asked.shift()) {
          if (job.queue === 'event') await fanOut(app, consumers, job.data as never);
          if (job.queue === 'deliver') await deliver(delivering(app, channels), job.data as unknown as DeliverJob);
        }
      },
    };
  }

  test('a new ticket is a card for the client and for triage, each with what its people may do', async () => {
    const { sent, deliver } = rooms(true);
    app.asked.length = 0;
    ticket = await file(firm.acme);
    await deliver();

    const byRoom = new Map(sent.map((one) => [one.room, one.card]));
    expect([...byRoom.keys()].sort()).toEqual(['#acme', '#triage']);
    expect(buttonsOf(byRoom.get('#acme') as Card).map(replyWord)).toEqual(['REPLY']);
    expect(buttonsOf(byRoom.get('#triage') as Card).map(replyWord)).toContain('APPROVE');
  });

  test('a decision redraws the cards that are there and posts none', async () => {
    const { sent, updated, deliver } = rooms(true);
    app.asked.length = 0;
    ticket = await file(firm.acme);
    await deliver();
    await run(member(), 'ticket.approve', { ticket, version: '1' });
    await deliver();

    expect(sent).toEqual([]);
    expect(updated.map((one) => [one.room, one.card.status]).sort()).toEqual([
      ['#acme', 'Approved'],
      ['#triage', 'Approved'],
    ]);
  });

  test('a question and a reply are said in the thread of the card, on both sides', async () => {
    const { sent, deliver } = rooms(true);
    app.asked.length = 0;
    ticket = await file(firm.acme);
    await deliver();
    await run(member(), 'ticket.ask', { ticket, version: '1', question: 'Which browser?' });
    await deliver();

    expect(sent.map((one) => [one.room, one.card.blocks[0], one.thread !== null]).sort()).toEqual([
      ['#acme', { kind: 'text', text: 'Which browser?' }, true],
      ['#triage', { kind: 'text', text: 'Which browser?' }, true],
    ]);
    await run(approver(), 'ticket.reply', { ticket, body: 'Firefox' });
    await deliver();
    expect(sent.map((one) => [one.room, one.card.title.startsWith('Acme Approver on #')]).sort()).toEqual([
      ['#acme', true],
      ['#triage', true],
    ]);
  });

  test('what was said is not sent again when the ticket moves on', async () => {
    const { updated, deliver } = rooms(true);
    app.asked.length = 0;
    ticket = await file(firm.acme);
    await deliver();
    await run(approver(), 'ticket.reply', { ticket, body: 'Firefox' });
    await deliver();
    await run(member(), 'ticket.approve', { ticket, version: '1' });
    await deliver();

    expect(updated.map((one) => [one.room, one.card.status]).sort()).toEqual([
      ['#acme', 'Approved'],
      ['#triage', 'Approved'],
    ]);
  });

  test('an internal note is announced to rooms of the team alone, before the database is even asked', () => {
    const audiences = app.registry.areas
      .flatMap(({ announcements }) => announcements)
      .filter(({ on }) => on === 'ticket.noted')
      .map(({ audience }) => audience({} as never));
    expect(audiences).toEqual([[{ audience: 'triage' }, { audience: 'internal' }]]);
  });

  test('an internal note is said to the team alone, and changes nothing that the client is shown', async () => {
    for (const edit of [true, false]) {
      const { sent, updated, deliver } = rooms(edit);
      app.asked.length = 0;
      ticket = await file(firm.acme);
      await deliver();
      expect(sent.map((one) => one.room).sort()).toEqual(['#acme', '#triage']);
      await run(member(), 'ticket.note', { ticket, body: SECRET });
      await deliver();

      expect(sent.map((one) => one.room)).toEqual(['#triage']);
      expect(JSON.stringify(sent)).toContain(SECRET);
      expect(updated.map((one) => one.room)).toEqual(edit ? ['#triage'] : []);
    }
  });

  test('where messages cannot change, as by mail, each step is one message and not two', async () => {
    const { sent, deliver } = rooms(false);
    app.asked.length = 0;
    ticket = await file(firm.acme);
    await deliver();
    const steps: [Who, string, Record<string, string>][] = [
      [member(), 'ticket.ask', { version: '1', question: 'Which browser?' }],
      [approver(), 'ticket.reply', { body: 'Firefox' }],
      [member(), 'ticket.take', {}],
      [member(), 'ticket.approve', { version: '4' }],
    ];
    for (const [who, name, input] of steps) {
      await run(who, name, { ticket, ...input });
      await deliver();
      expect([name, ...sent.map((one) => one.room).sort()]).toEqual([name, '#acme', '#triage']);
    }
  });

  test('words of the team in a room of its own are notes, in a client’s room replies', () => {
    const { answer, note } = app.registry.things.get('ticket') ?? {};
    expect({ answer, note }).toEqual({ answer: 'ticket.reply', note: 'ticket.note' });
  });
});
