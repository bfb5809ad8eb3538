import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import type { Card, Press } from '../kernel/card.ts';
import { buttonsOf, encodePress, formOf, placed, replyWord } from '../kernel/card.ts';
import { withActor } from '../kernel/context.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { showQueue } from './lists.ts';

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
  ticket = await file();
});

const run = (who: Who, name: string, input: Record<string, unknown>, requestId = `test ${++count}`) =>
  runCommand(app, who, { name, input, requestId });
const show = (who: Who, target: string, input: Record<string, string> = {}) => showView(app, who, { target, input });
const member = () => as(firm, firm.member);
const jira = (): Who => ({ kind: 'integration', tenantId: firm.tenantId, connector: 'jira', account: 'x' });
const row = async (id: string) => (await asOwner(app.database)('select * from ticket where id = $1', [id]))[0];
const events = (requestId: string) =>
  asOwner(app.database)('select * from event where request_id = $1 order by seq', [requestId]);

async function file(person = firm.acme.approver, project = firm.acme.project, title = 'Something is wrong') {
  const { output } = await run(as(firm, person), 'ticket.file-bug', { project, title, description: 'It is broken' });
  return (output as { id: string }).id;
}
const numberOf = async (id: string) => String((await row(id))?.number);

/** What each command of the team is given, besides the ticket, when the card shows version 1. */
const triage = {
  'ticket.approve': { version: '1' },
  'ticket.decline': { version: '1', reason: 'Out of scope' },
  'ticket.ask': { version: '1', question: 'Which browser?' },
  'ticket.take': {},
  'ticket.progress': { status: 'in_progress' },
  'ticket.set-details': { version: '1', priority: 'urgent' },
} as const;

describe('every command of triage', () => {
  test.each([
    ['ticket.approve', 'ticket.approved', { status: 'approved', status_note: null, version: 2 }],
    ['ticket.decline', 'ticket.declined', { status: 'declined', status_note: 'Out of scope', version: 2 }],
    ['ticket.ask', 'ticket.asked', { status: 'needs_info', status_note: 'Which browser?', version: 2 }],
    ['ticket.take', 'ticket.taken', { status: 'new', owner_name: 'Mia Member', version: 2 }],
    ['ticket.progress', 'ticket.progressed', { status: 'in_progress', version: 2 }],
    ['ticket.set-details', 'ticket.details-set', { status: 'new', priority: 'urgent', version: 2 }],
  ] as const)('%s is done by the team, and leaves %s', async (name, event, after) => {
    const requestId = `done ${name}`;
    await run(member(), name, { ticket, ...triage[name] }, requestId);

    expect(await row(ticket)).toMatchObject(after);
    expect(await events(requestId)).toMatchObject([
      {
        name: event,
        entity: 'ticket',
        entity_id: ticket,
        client_id: firm.acme.id,
        project_id: firm.acme.project,
        data: {
          status: after.status,
          version: 2,
          kind: 'bug',
          title: 'Something is wrong',
          reporterName: 'Acme Approver',
        },
      },
    ]);
    const [audit] = await asOwner(app.database)('select * from audit where request_id = $1', [requestId]);
    expect(audit).toMatchObject({ by_name: 'Mia Member', before: { version: 1 }, after: { version: 2 } });
  });

  test.each(Object.keys(triage) as (keyof typeof triage)[])('%s is refused to every contact', async (name) => {
    for (const person of [firm.acme.clientAdmin, firm.acme.approver, firm.acme.viewer]) {
      await expect(run(as(firm, person), name, { ticket, ...triage[name] })).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    for (const person of [firm.acme.feedback, firm.globex.clientAdmin]) {
      await expect(run(as(firm, person), name, { ticket, ...triage[name] })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    expect(await row(ticket)).toMatchObject({ status: 'new', version: 1, owner_id: null, priority: 'normal' });
  });

  test.each(Object.keys(triage) as (keyof typeof triage)[])(
    '%s of a client one does not work for is not found',
    async (name) => {
      const other = await file(firm.globex.approver, firm.globex.project);
      await expect(run(member(), name, { ticket: other, ...triage[name] })).rejects.toMatchObject({
        code: 'not_found',
      });
    },
  );

  test.each(['ticket.approve', 'ticket.decline', 'ticket.ask', 'ticket.set-details'] as const)(
    '%s on an old card changes nothing and says what happened since',
    async (name) => {
      await run(as(firm, firm.partner), 'ticket.take', { ticket });
      await run(as(firm, firm.admin), 'ticket.set-details', { ticket, version: '2', category: 'Checkout' });

      await expect(run(member(), name, { ticket, ...triage[name] })).rejects.toMatchObject({
        code: 'stale',
        detail: {
          changes: ['Paul Partner took it on', 'Ada Admin changed its details'],
          show: { target: 'ticket.show', input: { ticket } },
        },
      });
      expect(await row(ticket)).toMatchObject({ status: 'new', version: 3, priority: 'normal' });
    },
  );

  test.each(['ticket.approve', 'ticket.ask', 'ticket.take', 'ticket.progress'] as const)(
    '%s in the wrong state is refused with the present card',
    async (name) => {
      await run(member(), 'ticket.decline', { ticket, version: '1', reason: 'Out of scope' });
      const input = { ticket, ...triage[name], ...('version' in triage[name] ? { version: '2' } : {}) };
      await expect(run(member(), name, input)).rejects.toMatchObject({
        code: 'conflict',
        say: expect.stringContaining('is declined'),
        detail: { show: { target: 'ticket.show', input: { ticket } } },
      });
      expect(await row(ticket)).toMatchObject({ status: 'declined', version: 2, owner_id: null });
    },
  );

  test.each(Object.keys(triage) as (keyof typeof triage)[])(
    '%s acts once, however often the press arrives',
    async (name) => {
      const requestId = `twice ${name}`;
      const first = await run(member(), name, { ticket, ...triage[name] }, requestId);
      const again = await run(member(), name, { ticket, ...triage[name] }, requestId);

      expect(again).toMatchObject({ replayed: true, output: first.output, card: first.card });
      expect(await events(requestId)).toHaveLength(1);
      expect(await row(ticket)).toMatchObject({ version: 2 });
    },
  );

  test('of two presses at the same time one wins and the other is told', async () => {
    const both = await Promise.allSettled([
      run(member(), 'ticket.approve', { ticket, version: '1' }),
      run(as(firm, firm.admin), 'ticket.decline', { ticket, version: '1', reason: 'No' }),
    ]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'stale' } });
    expect(await row(ticket)).toMatchObject({ version: 2 });
  });

  test('staff whose tickets were set to read only look', async () => {
    const owner = asOwner(app.database);
    await owner(`update person set grants = '{"tickets": "read"}' where id = $1`, [firm.partner]);
    await expect(run(as(firm, firm.partner), 'ticket.approve', { ticket, version: '1' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(buttonsOf(await show(as(firm, firm.partner), 'ticket.show', { ticket }))).toEqual([]);
    await owner(`update person set grants = '{}' where id = $1`, [firm.partner]);
  });

  test('a connector and the system decide nothing', async () => {
    for (const who of [jira(), { kind: 'system', tenantId: firm.tenantId, reason: 'test' } as const]) {
      await expect(run(who, 'ticket.approve', { ticket, version: '1' })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(run(who, 'ticket.take', { ticket })).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('taking', () => {
  test('what somebody else owns is re-assigned, and one is told from whom', async () => {
    await run(as(firm, firm.partner), 'ticket.take', { ticket });
    const { card } = await run(member(), 'ticket.take', { ticket });

    expect(card.title).toContain('Paul Partner had it before');
    expect(await row(ticket)).toMatchObject({ owner_id: firm.member, owner_name: 'Mia Member' });
  });

  test('what one owns already is not taken again', async () => {
    await run(member(), 'ticket.take', { ticket });
    await expect(run(member(), 'ticket.take', { ticket })).rejects.toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('yours already'),
    });
    expect(await row(ticket)).toMatchObject({ version: 2 });
  });
});

describe('progress', () => {
  test('a tool says what is, without knowing versions, and work can start again', async () => {
    await run(member(), 'ticket.approve', { ticket, version: '1' });
    for (const status of ['in_progress', 'resolved', 'in_progress']) {
      await run(jira(), 'ticket.progress', { ticket, status });
      expect(await row(ticket)).toMatchObject({ status });
    }
  });

  test('the same status again is refused, and a pressed one carries its version', async () => {
    await run(jira(), 'ticket.progress', { ticket, status: 'resolved' });
    await expect(run(jira(), 'ticket.progress', { ticket, status: 'resolved' })).rejects.toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('resolved already'),
    });
    await expect(
      run(member(), 'ticket.progress', { ticket, status: 'in_progress', version: '1' }),
    ).rejects.toMatchObject({ code: 'stale', detail: { changes: ['jira set it to resolved'] } });
  });
});

describe('details', () => {
  test('an emptied field is cleared, an absent one kept', async () => {
    const all = { category: 'Checkout', due_on: '2026-12-24', next_action: 'Ask the bank', priority: 'high' };
    await run(member(), 'ticket.set-details', { ticket, version: '1', ...all });
    await run(member(), 'ticket.set-details', { ticket, version: '2', category: '', due_on: '', priority: '' });

    expect(await row(ticket)).toMatchObject({
      category: null,
      due_on: null,
      next_action: 'Ask the bank',
      priority: 'high',
    });
  });

  test('the form shows all of them, so what is missing from it was emptied', async () => {
    const all = { category: 'Checkout', due_on: '2026-12-24', next_action: 'Ask the bank', priority: 'high' };
    await run(member(), 'ticket.set-details', { ticket, version: '1', ...all });
    const form = formOf(await show(member(), 'ticket.set-details', { ticket, version: '2' }));
    const sent = { press: form?.submit.press as Press, requestId: 'sent form', form: { due_on: '2026-12-31' } };
    expect(await answerPress(app, member(), sent)).toMatchObject({ kind: 'done' });

    expect(await row(ticket)).toMatchObject({
      category: null,
      due_on: '2026-12-31',
      next_action: null,
      priority: 'high',
    });
  });

  test('saving what is there already is refused', async () => {
    await expect(
      run(member(), 'ticket.set-details', { ticket, version: '1', priority: 'normal' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await row(ticket)).toMatchObject({ version: 1 });
  });
});

describe('duplicates', () => {
  const mark = (of: string, version = '1', who = member()) =>
    run(who, 'ticket.mark-duplicate', { ticket, version, of });
  const refused = (say: string) => ({ code: 'invalid', detail: { fields: { of: expect.stringContaining(say) } } });

  test('a ticket is marked by the number or the id of another one, also in another project of the client', async () => {
    const original = await file(firm.acme.clientAdmin, firm.acme.otherProject);
    const { output } = await mark(`#${await numberOf(original)}`);
    expect(output).toMatchObject({ original: Number(await numberOf(original)) });
    expect(await row(ticket)).toMatchObject({ status: 'duplicate', duplicate_of: original, version: 2 });

    const other = await file();
    await run(member(), 'ticket.mark-duplicate', { ticket: other, version: '1', of: original });
    expect(await row(other)).toMatchObject({ status: 'duplicate', duplicate_of: original });
  });

  test('not of itself, not of a duplicate, not of nothing', async () => {
    await expect(mark(await numberOf(ticket))).rejects.toMatchObject(refused('itself'));
    await expect(mark('999999')).rejects.toMatchObject(refused('no ticket #999999'));
    await expect(mark('the other one')).rejects.toMatchObject(refused('ticket number'));

    const [original, duplicate] = [await file(), await file()];
    await run(member(), 'ticket.mark-duplicate', { ticket: duplicate, version: '1', of: original });
    await expect(mark(duplicate)).rejects.toMatchObject(refused('is a duplicate itself'));
    expect(await row(ticket)).toMatchObject({ status: 'new', version: 1 });
  });

  test('not of another client, whoever asks, with the words of a ticket that is not there', async () => {
    const other = await file(firm.globex.approver, firm.globex.project);
    for (const who of [member(), as(firm, firm.admin)]) {
      await expect(mark(await numberOf(other), '1', who)).rejects.toMatchObject(
        refused(`no ticket #${await numberOf(other)} of this client`),
      );
      await expect(mark(other, '1', who)).rejects.toMatchObject(refused('no ticket like that of this client'));
    }
    await expect(
      asOwner(app.database)(`update ticket set status = 'duplicate', duplicate_of = $1 where id = $2`, [other, ticket]),
    ).rejects.toMatchObject({ code: '23503' });
  });

  test('refused to contacts, on an old card and in the wrong state; done once', async () => {
    const original = await file();
    await expect(mark(original, '1', as(firm, firm.acme.clientAdmin))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(mark(original, '7')).rejects.toMatchObject({ code: 'stale', detail: { changes: ['It is new now'] } });
    const input = { ticket, version: '1', of: original };
    await run(member(), 'ticket.mark-duplicate', input, 'mark');
    expect(await run(member(), 'ticket.mark-duplicate', input, 'mark')).toMatchObject({ replayed: true });
    await expect(mark(original, '2')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('what pointed at a new duplicate points at its original', async () => {
    const [first, last] = [await file(), await file()];
    await mark(first);
    await run(member(), 'ticket.mark-duplicate', { ticket: first, version: '1', of: last }, 'chain');

    expect(await row(ticket)).toMatchObject({ status: 'duplicate', duplicate_of: last, version: 3 });
    expect((await events('chain')).map((event) => event.entity_id)).toEqual([first, ticket]);
  });

  test('two tickets marked as duplicates of each other at once: one of them wins', async () => {
    const other = await file();
    const both = await Promise.allSettled([
      mark(other),
      run(member(), 'ticket.mark-duplicate', { ticket: other, version: '1', of: ticket }),
    ]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const statuses = [await row(ticket), await row(other)].map((one) => one?.status);
    expect(statuses.sort()).toEqual(['duplicate', 'new']);
  });

  test('a contact who only sees their own tickets is not told what the other one is about', async () => {
    const own = await file(firm.acme.feedback);
    const secret = await file(firm.acme.approver, firm.acme.project, 'Takeover of Initech');
    await run(member(), 'ticket.mark-duplicate', { ticket: own, version: '1', of: secret });

    const card = await show(as(firm, firm.acme.feedback), 'ticket.show', { ticket: own });
    expect(card.blocks[0]).toEqual({ kind: 'text', text: 'Duplicate of another ticket' });
    expect(JSON.stringify(card)).not.toContain('Initech');
    expect(JSON.stringify(await show(as(firm, firm.acme.approver), 'ticket.show', { ticket: own }))).toContain(
      'Initech',
    );
  });
});

describe('the ticket card', () => {
  const words = (card: Card) => buttonsOf(card).map(replyWord);

  test('gives the team every button of triage, and a contact the reply', async () => {
    expect(words(await show(member(), 'ticket.show', { ticket }))).toEqual([
      'APPROVE',
      'DECLINE',
      'ASK',
      'DUPLICATE',
      'TAKE',
      'NOTE',
      'REPLY',
      'DETAILS',
    ]);
    expect(words(await show(as(firm, firm.acme.approver), 'ticket.show', { ticket }))).toEqual(['REPLY']);
    expect(words(await show(as(firm, firm.acme.viewer), 'ticket.show', { ticket }))).toEqual([]);
  });

  test('has unique reply words and presses that fit every platform, in every state and for every reader', async () => {
    const original = await file();
    for (const [name, input] of [
      ['ticket.set-details', { version: '1', next_action: 'Call' }],
      ['ticket.ask', { version: '2', question: 'Which browser?' }],
      ['ticket.approve', { version: '3' }],
      ['ticket.progress', { status: 'in_progress' }],
      ['ticket.mark-duplicate', { version: '5', of: original }],
    ] as const) {
      await run(member(), name, { ticket, ...input });
      for (const who of [member(), as(firm, firm.acme.approver), room(firm.acme.room), room(firm.triageRoom)]) {
        const card = await show(who, 'ticket.show', { ticket });
        expect(new Set(words(card)).size).toBe(words(card).length);
        for (const button of buttonsOf(card)) expect(encodePress(button.press)).toMatch(/^ticket\./);
      }
    }
  });

  const room = (roomId: string): Who => ({ kind: 'audience', tenantId: firm.tenantId, roomId });

  test('every button that is shown works when it is pressed', async () => {
    const press = async (word: string) => {
      const button = buttonsOf(await show(member(), 'ticket.show', { ticket })).find((one) => replyWord(one) === word);
      if (!button) throw new Error(`no ${word} on the card`);
      return answerPress(app, member(), { press: button.press, requestId: `pressed ${word}` });
    };
    for (const word of ['DECLINE', 'ASK', 'DUPLICATE', 'NOTE', 'REPLY', 'DETAILS']) {
      const answer = (await press(word)) as { kind: string; card: Card };
      expect(answer.kind).toBe('form');
      expect(formOf(answer.card)).toMatchObject({ submit: { press: { input: { ticket } } } });
    }
    for (const word of ['TAKE', 'APPROVE', 'START', 'RESOLVE', 'REOPEN'])
      expect(await press(word)).toMatchObject({ kind: 'done' });
    expect(await row(ticket)).toMatchObject({ status: 'in_progress', owner_id: firm.member });
  });

  test('tells times in the reader’s zone, and no time that would grow old', async () => {
    await asOwner(app.database)(
      `update ticket set created_at = '2026-11-21T23:30:00Z', due_on = '2026-12-24' where id = $1`,
      [ticket],
    );
    const facts = async (who: Who) => JSON.stringify((await show(who, 'ticket.show', { ticket })).blocks);
    expect(await facts(member())).toContain('22 Nov 2026, 00:30');
    expect(await facts(as(firm, firm.acme.approver))).toContain('21 Nov 2026, 18:30');
    expect(await facts(member())).toContain('24 Dec 2026');
  });

  test('a card that the version before drew still opens the forms that it names', async () => {
    const names = ['decline', 'ask', 'duplicate', 'details', 'note', 'reply'];
    for (const name of names) {
      const press = { target: `ticket.${name}-form`, input: { ticket, version: '1' } };
      const answer = (await answerPress(app, member(), { press, requestId: name })) as { kind: string; card: Card };
      expect(answer.kind).toBe('form');
      expect(app.registry.commands.has(formOf(answer.card)?.submit.press.target ?? '')).toBe(true);
    }
    expect(
      await answerPress(app, member(), { press: { target: 'ticket.new-bug', input: {} }, requestId: 'bug' }),
    ).toMatchObject({ kind: 'form' });
    const whole = { target: 'ticket.set-details', input: { ticket, version: '1', whole: 'yes' } };
    expect(
      await answerPress(app, member(), { press: whole, requestId: 'whole', form: { category: 'Checkout' } }),
    ).toMatchObject({ kind: 'done' });
  });

  test('a press that brings all that is needed runs, and an empty form is told what it lacks', async () => {
    const press = { target: 'ticket.decline', input: { ticket, version: '1' } };
    expect(await answerPress(app, member(), { press, requestId: 'empty', form: {} })).toMatchObject({
      kind: 'invalid',
      fields: { reason: 'is needed' },
    });
    const direct = { target: 'ticket.set-details', input: { ticket, version: '1', priority: 'high' } };
    expect(await answerPress(app, member(), { press: direct, requestId: 'direct' })).toMatchObject({ kind: 'done' });
    expect(await row(ticket)).toMatchObject({ status: 'new', priority: 'high', version: 2 });
  });

  test('a form on an old card is refused before anybody types', async () => {
    await run(member(), 'ticket.take', { ticket });
    for (const form of ['decline', 'ask', 'mark-duplicate', 'set-details']) {
      await expect(show(member(), `ticket.${form}`, { ticket, version: '1' })).rejects.toMatchObject({
        code: 'stale',
        detail: { changes: ['Mia Member took it on'] },
      });
      await expect(
        show(as(firm, firm.acme.clientAdmin), `ticket.${form}`, { ticket, version: '2' }),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('the form of details starts from what is, and saving it unchanged is told', async () => {
    await run(member(), 'ticket.set-details', { ticket, version: '1', category: 'Checkout', due_on: '2026-12-24' });
    const form = formOf(await show(member(), 'ticket.set-details', { ticket, version: '2' }));
    const typed = Object.fromEntries((form?.fields ?? []).map((field) => [field.name, field.value ?? '']));
    expect(typed).toEqual({ priority: 'normal', category: 'Checkout', due_on: '2026-12-24', next_action: '' });
    await expect(run(member(), 'ticket.set-details', { ...typed, ...form?.submit.press.input })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('lists', () => {
  let other: TestFirm;
  const inOther = (person: string) => as(other, person);
  /** The page that so many presses on "Next" lead to. */
  const page = async (who: Who, target: string, number: number): Promise<Card> => {
    let card = await show(who, target);
    for (let turned = 0; turned < number; turned += 1) {
      const next = buttonsOf(card).find(({ label }) => label === 'Next');
      if (!next) throw new Error(`there are ${turned + 1} pages`);
      card = await show(who, target, next.press.input);
    }
    return card;
  };
  const titles = (card: Card) =>
    card.blocks.flatMap((block) =>
      block.kind === 'list' ? block.items.map(({ text }) => text.replace(/^#\d+ /, '')) : [],
    );
  const report = async (person: string, project: string, title: string, priority = '') => {
    const input = { project, title, description: 'It is broken', priority };
    return (await run(inOther(person), 'ticket.file-bug', input)).output as { id: string };
  };

  beforeAll(async () => {
    other = await makeFirm(app.database, 'Lists & Co');
  });

  test('an empty queue and an empty list say so', async () => {
    expect(titles(await page(inOther(other.admin), 'ticket.queue', 0))).toEqual([]);
    expect(JSON.stringify(await page(inOther(other.admin), 'ticket.queue', 0))).toContain('All caught up');
    expect(JSON.stringify(await page(inOther(other.acme.approver), 'ticket.mine', 0))).toContain('No tickets yet');
    expect(JSON.stringify(await page(inOther(other.admin), 'ticket.mine', 0))).toContain('You own no tickets');
  });

  test('the queue goes page by page, the urgent and then the old first, each ticket once', async () => {
    for (let index = 0; index < 23; index += 1) {
      await report(other.acme.approver, other.acme.project, `Bug ${index}`, index === 22 ? 'urgent' : '');
      app.clock.jump(1_000);
    }
    const pages = [];
    for (const number of [0, 1, 2]) pages.push(await page(inOther(other.member), 'ticket.queue', number));

    expect(pages.map((card) => titles(card).length)).toEqual([10, 10, 3]);
    expect(titles(pages[0] as Card).slice(0, 3)).toEqual(['Bug 22', 'Bug 0', 'Bug 1']);
    expect(new Set(pages.flatMap(titles)).size).toBe(23);
    expect(pages.map(({ actions }) => placed(actions).face.map(({ label }) => label))).toEqual([
      ['Next'],
      ['Previous', 'Next'],
      ['Previous'],
    ]);
    expect(pages[0]).toMatchObject({ status: '23 to triage', fallback: '23 tickets wait for triage.' });
    const openWords = pages[0]?.blocks.flatMap((block) =>
      block.kind === 'list' ? block.items.map((item) => item.button && replyWord(item.button)) : [],
    );
    expect(new Set(openWords).size).toBe(10);
  });

  test('the queue is the team’s, and a member’s holds the assigned clients only', async () => {
    await report(other.globex.approver, other.globex.project, 'A bug of Globex');
    for (const person of [other.acme.clientAdmin, other.acme.feedback])
      await expect(page(inOther(person), 'ticket.queue', 0)).rejects.toMatchObject({ code: 'forbidden' });
    const room: Who = { kind: 'audience', tenantId: other.tenantId, roomId: other.acme.room };
    await expect(page(room, 'ticket.queue', 0)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await page(inOther(other.admin), 'ticket.queue', 0)).status).toBe('24 to triage');
    expect((await page(inOther(other.member), 'ticket.queue', 0)).status).toBe('23 to triage');
  });

  test('a feedback-only contact sees exactly what they reported', async () => {
    await report(other.acme.feedback, other.acme.project, 'My own bug');
    expect(titles(await page(inOther(other.acme.feedback), 'ticket.mine', 0))).toEqual(['My own bug']);
    const [seen] = await withActor(
      app,
      inOther(other.acme.feedback),
      ({ sql }) =>
        sql`select count(*) as all, count(*) filter (where reporter_id = ${other.acme.feedback}) as own from ticket`,
    );
    expect(seen).toEqual({ all: 1, own: 1 });
  });

  test('a contact’s list goes page by page, open tickets first, and the team’s holds what one owns', async () => {
    const [first] = await asOwner(app.database)(`select id from ticket where tenant_id = $1 and title = 'Bug 5'`, [
      other.tenantId,
    ]);
    const declined = String(first?.id);
    await run(inOther(other.admin), 'ticket.decline', { ticket: declined, version: '1', reason: 'No' });
    const pages = [0, 1, 2].map((number) => page(inOther(other.acme.approver), 'ticket.mine', number));
    const all = (await Promise.all(pages)).flatMap(titles);
    expect(all).toHaveLength(24);
    expect(all.at(-1)).toBe('Bug 5');

    const [mine] = await asOwner(app.database)(`select id from ticket where tenant_id = $1 and title = 'Bug 7'`, [
      other.tenantId,
    ]);
    await run(inOther(other.member), 'ticket.take', { ticket: String(mine?.id) });
    expect(titles(await page(inOther(other.member), 'ticket.mine', 0))).toEqual(['Bug 7']);
  });

  test('the queue says how many wait, as data', async () => {
    const read = await readView(app, inOther(other.admin), { target: 'ticket.queue', input: {} });
    expect(read).toMatchObject({
      summary: { new: 24, needsInfo: 0, approved: 0, inProgress: 0, unowned: 23 },
      previous: null,
      next: expect.any(String),
    });
  });

  test('what is filed or decided between two pages shows no ticket twice and leaves none out', async () => {
    const firm = await makeFirm(app.database, 'Moving & Co');
    const report = async (title: string, priority = '') => {
      const input = { project: firm.acme.project, title, description: 'It is broken', priority };
      return (await run(as(firm, firm.acme.approver), 'ticket.file-bug', input)).output as { id: string };
    };
    const filed: { id: string }[] = [];
    for (let index = 0; index < 25; index += 1) {
      // Several of one instant: then the id decides.
      if (index % 3 === 0) app.clock.jump(1_000);
      filed.push(await report(`Bug ${index}`));
    }
    const at = (input: Record<string, string>) => readQueue(firm, input);
    const first = await at({});
    await report('Urgent', 'urgent');
    await report('Last');
    const [gone] = first.items;
    await run(as(firm, firm.member), 'ticket.approve', { ticket: String(gone?.id), version: '1' });
    // The very one at which the page ended.
    await run(as(firm, firm.member), 'ticket.decline', {
      ticket: String(first.items[9]?.id),
      version: '1',
      reason: 'No',
    });

    const second = await at({ after: String(first.next) });
    const third = await at({ after: String(second.next) });

    const all = [...first.items, ...second.items, ...third.items].map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining(filed.map(({ id }) => id)));
    expect(third).toMatchObject({ next: null });

    const back = await at({ before: String(third.previous) });
    expect(back.items).toEqual(second.items);
    // What was there before the second page now begins with what became urgent.
    const beginning = await at({ before: String(back.previous) });
    expect(beginning.items[0]).toMatchObject({ title: 'Urgent' });
    expect(beginning).toMatchObject({ previous: null });
  });

  test('the queue is narrowed by its buttons, and shows all again', async () => {
    const narrowed = await show(inOther(other.member), 'ticket.queue', { priority: 'urgent' });

    expect(titles(narrowed)).toEqual(['Bug 22']);
    const [all] = buttonsOf(narrowed);
    expect(all).toMatchObject({ label: 'Show all', press: { target: 'ticket.queue', input: {} } });
    expect(buttonsOf(narrowed).map(({ label }) => label)).toContain('Kind: Bug');
    const none = await show(inOther(other.member), 'ticket.queue', { priority: 'low', kind: 'change' });
    expect(JSON.stringify(none.blocks)).toContain('Nothing here is like that');
    const mine = await readQueue(other, { owner: 'me' });
    expect(mine.items.map(({ title }) => title)).toEqual(['Bug 7']);
    await expect(show(inOther(other.member), 'ticket.queue', { priority: 'huge' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('a place that cannot be read is answered with the beginning', async () => {
    for (const after of ['', 'x', '1.2.3', `${'z'.repeat(70)}`, "1.x.' or 1=1"])
      expect(
        await answerPress(app, inOther(other.member), {
          press: { target: 'ticket.queue', input: { after, kind: 'bug' } },
          requestId: `cursor ${after}`,
        }),
      ).toMatchObject({
        kind: 'refused',
        code: 'invalid',
        say: expect.stringContaining('beginning'),
        card: { title: 'Triage queue' },
      });
  });

  async function readQueue(of: TestFirm, input: Record<string, string>) {
    const read = await readView(app, as(of, of.member), { target: 'ticket.queue', input });
    return showQueue.output.parse(read);
  }
});
