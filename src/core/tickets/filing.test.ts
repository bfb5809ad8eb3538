import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { formOf } from '../kernel/card.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const run = (who: Who, name: string, input: Record<string, unknown>, requestId = `test ${++count}`) =>
  runCommand(app, who, { name, input, requestId });
const bug = (more: Record<string, unknown> = {}) => ({
  project: firm.acme.project,
  title: 'The pay button does nothing',
  description: 'I press it and nothing happens.',
  ...more,
});
const rows = (requestId: string) =>
  asOwner(app.database)('select * from event where request_id = $1', [requestId]) as Promise<Record<string, unknown>[]>;

describe('filing', () => {
  test('a contact reports a bug with everything there is to say', async () => {
    const { card, output } = await run(
      as(firm, firm.acme.approver),
      'ticket.file-bug',
      bug({
        expected: 'A page to pay',
        steps: '1. Fill the basket\n2. Press Pay',
        links: 'https://acme.example/basket\nhttps://acme.example/pay',
        priority: 'high',
      }),
      'file 1',
    );

    const { id, number } = output as { id: string; number: number };
    const [row] = await asOwner(app.database)('select * from ticket where id = $1', [id]);
    const [event] = await rows('file 1');
    expect(row).toMatchObject({
      number,
      kind: 'bug',
      status: 'new',
      version: 1,
      client_id: firm.acme.id,
      project_id: firm.acme.project,
      expected: 'A page to pay',
      links: ['https://acme.example/basket', 'https://acme.example/pay'],
      priority: 'high',
      reporter_id: firm.acme.approver,
      reporter_name: 'Acme Approver',
    });
    expect(card).toMatchObject({
      title: `#${number} The pay button does nothing`,
      status: 'New',
      about: { entity: 'ticket', id, version: 1 },
    });
    expect(event).toMatchObject({
      name: 'ticket.filed',
      entity: 'ticket',
      entity_id: id,
      client_id: firm.acme.id,
      project_id: firm.acme.project,
      data: {
        kind: 'bug',
        number,
        title: 'The pay button does nothing',
        priority: 'high',
        status: 'new',
        reporterName: 'Acme Approver',
      },
    });
    expect(event?.data).not.toHaveProperty('steps');
    const [audit] = await asOwner(app.database)(`select before, after from audit where request_id = 'file 1'`);
    expect(audit).toMatchObject({
      before: null,
      after: { number, steps: '1. Fill the basket\n2. Press Pay', expected: 'A page to pay', status: 'new' },
    });
    expect(audit?.after).not.toHaveProperty('dueOn');
  });

  test('the card that answers is the card that the ticket shows later', async () => {
    const contact = as(firm, firm.acme.approver);
    const { card, output } = await run(contact, 'ticket.file-bug', bug({ steps: 'Look' }));

    const { id } = output as { id: string };
    expect(await showView(app, contact, { target: 'ticket.show', input: { ticket: id } })).toEqual(card);
  });

  test('a change is asked for with a date', async () => {
    const { output } = await run(as(firm, firm.acme.clientAdmin), 'ticket.file-change', {
      ...bug({ project: firm.acme.otherProject }),
      due: '2026-12-24',
    });
    const { id } = output as { id: string };
    expect(await asOwner(app.database)('select kind, due_on from ticket where id = $1', [id])).toEqual([
      { kind: 'change', due_on: '2026-12-24' },
    ]);
  });

  test('what a form left empty counts as absent', async () => {
    const empty = { expected: '', steps: '  ', links: '', priority: '' };
    const { output } = await run(as(firm, firm.acme.feedback), 'ticket.file-bug', bug(empty));
    expect(output).toMatchObject({ expected: null, steps: null, links: [], priority: 'normal' });
  });

  test('faulty fields are named one by one', async () => {
    const faulty = { title: 'Hi', description: ' no ', links: 'javascript:alert(1)', priority: 'panic', project: '' };
    await expect(run(as(firm, firm.acme.approver), 'ticket.file-bug', faulty)).rejects.toMatchObject({
      code: 'invalid',
      detail: {
        fields: {
          title: 'needs at least 3 characters',
          description: 'needs at least 5 characters',
          links: 'must be web addresses (https://…), one per line',
          priority: 'must be low, normal, high or urgent',
          project: 'choose a project',
        },
      },
    });
    await expect(
      run(as(firm, firm.acme.approver), 'ticket.file-change', bug({ due: '2026-02-30' })),
    ).rejects.toMatchObject({ detail: { fields: { due: expect.any(String) } } });
  });

  test('what no database can hold does not stop a report', async () => {
    const { output } = await run(
      as(firm, firm.acme.approver),
      'ticket.file-bug',
      bug({ title: 'A \0 and \ud800 half' }),
    );
    expect(output).toMatchObject({ title: 'A and \ufffd half' });
  });

  test('staff and every contact but the viewer may file, each where they belong', async () => {
    for (const person of [firm.admin, firm.partner, firm.member, firm.acme.clientAdmin, firm.acme.feedback]) {
      await expect(run(as(firm, person), 'ticket.file-bug', bug())).resolves.toMatchObject({ replayed: false });
    }
    await expect(run(as(firm, firm.acme.viewer), 'ticket.file-bug', bug())).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('a project of somebody else is not there', async () => {
    for (const [person, project] of [
      [firm.acme.approver, firm.globex.project],
      [firm.acme.approver, firm.acme.otherProject],
      [firm.acme.feedback, firm.acme.otherProject],
      [firm.member, firm.globex.project],
    ] as const) {
      await expect(run(as(firm, person), 'ticket.file-bug', bug({ project }))).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  test('neither a connector nor the system files: a ticket has a reporter', async () => {
    const { tenantId } = firm;
    for (const who of [
      { kind: 'integration', tenantId, connector: 'jira', account: 'x' },
      { kind: 'system', tenantId, reason: 'test' },
    ] as const) {
      await expect(run(who, 'ticket.file-bug', bug())).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('the same request files once and answers the same card', async () => {
    const contact = as(firm, firm.acme.approver);
    const first = await run(contact, 'ticket.file-bug', bug(), 'twice');
    const again = await run(contact, 'ticket.file-bug', bug(), 'twice');

    expect(again).toMatchObject({ replayed: true, output: first.output, card: first.card });
    expect(await rows('twice')).toHaveLength(1);
  });

  test('filing costs three round trips: open, insert, close', async () => {
    const { pool } = app.database;
    const texts: string[] = [];
    const client = await pool.connect();
    const { query } = client;
    client.query = ((...parts: [{ text?: string } | string]) => {
      texts.push((typeof parts[0] === 'string' ? parts[0] : (parts[0].text ?? '')).trim());
      return (query as (...all: unknown[]) => unknown).apply(client, parts);
    }) as typeof client.query;
    const { connect } = pool;
    pool.connect = (async () => client) as unknown as typeof pool.connect;
    const { release } = client;
    client.release = () => undefined;
    try {
      await run(as(firm, firm.acme.approver), 'ticket.file-bug', bug());
    } finally {
      Object.assign(client, { query, release });
      pool.connect = connect;
      client.release();
    }

    const [open, insert, close] = ['parley_open', 'insert into ticket ', 'parley_close'].map((text) =>
      expect.stringContaining(text),
    );
    // On a server what opens and what closes the transaction are one message each, named by its first statement.
    const reset = ['reset all', expect.stringContaining('pg_advisory_unlock_all')];
    expect(texts).toEqual(
      app.database.embedded ? ['begin', open, insert, close, 'commit', ...reset] : ['begin', insert, close],
    );
  });
});

test.each([
  ['line breaks', 'Pay button\r\nBcc: eve@evil.example', 'Pay button Bcc: eve@evil.example'],
  ['marks that turn the reading order', 'Invoice \u202egnp.exe\u202c \u2066x\u2069\u200f', 'Invoice gnp.exe x'],
])('a title is one line that reads as it stands, without %s', async (_, title, kept) => {
  const { output } = await run(as(firm, firm.acme.approver), 'ticket.file-bug', bug({ title }));

  const [row] = await asOwner(app.database)('select title from ticket where id = $1', [(output as { id: string }).id]);
  expect(row?.title).toBe(kept);
});

describe('the form of a new ticket', () => {
  const form = async (person: string, input: Record<string, string> = {}, target = 'ticket.file-bug') =>
    showView(app, as(firm, person), { target, input });
  const choice = (card: Card) => formOf(card)?.fields.find((field) => field.name === 'project');

  test('offers the projects one may file for, and chooses the only one', async () => {
    expect(choice(await form(firm.acme.approver))).toMatchObject({
      options: [{ value: firm.acme.project, label: 'Acme website' }],
      value: firm.acme.project,
    });
    const both = choice(await form(firm.acme.clientAdmin));
    expect(both).toMatchObject({ options: [{ label: 'Acme app' }, { label: 'Acme website' }] });
    expect(both).not.toHaveProperty('value');
  });

  test('tells staff whose project it is, and chooses the wanted one', async () => {
    const card = await form(firm.admin, { project: firm.globex.project }, 'ticket.file-change');
    expect(choice(card)).toMatchObject({ value: firm.globex.project });
    expect(JSON.stringify(choice(card))).toContain('Acme · Acme website');
    expect(formOf(card)?.submit.press).toEqual({ target: 'ticket.file-change', input: {} });
  });

  test('proposes a project and still offers the others to a member of several', async () => {
    const admin = as(firm, firm.admin);
    const { output } = await run(admin, 'people.add-contact', {
      client: firm.acme.id,
      name: 'Sven Several',
      email: 'several@example.com',
      timezone: 'Europe/Berlin',
    });
    const person = (output as { id: string }).id;
    await run(admin, 'people.join-project', { person, project: firm.acme.project, role: 'approver' });
    await run(admin, 'people.join-project', { person, project: firm.acme.otherProject, role: 'feedback' });

    expect(choice(await form(person, { project: firm.acme.project }))).toMatchObject({
      options: [{ label: 'Acme website' }, { label: 'Acme app' }],
      value: firm.acme.project,
    });
  });

  test('shows the title that was written before there was a field for it, as far as it fits', async () => {
    const title = async (words: string) =>
      formOf(await form(firm.acme.approver, { title: words }))?.fields.find(({ name }) => name === 'title')?.value;

    expect(await title(' It is broken ')).toBe('It is broken');
    expect(await title('x'.repeat(5_000))).toBe('x'.repeat(200));
    expect(await title('')).toBeUndefined();
  });

  test('has no fields for somebody who may not file anywhere', async () => {
    const card = await form(firm.acme.viewer);
    expect(formOf(card)).toBeNull();
    expect(card.blocks).toEqual([{ kind: 'text', text: expect.stringContaining('no project') }]);
  });

  test('a project of another client is not chosen and not offered', async () => {
    const card = await form(firm.acme.clientAdmin, { project: firm.globex.project });
    expect(choice(card)).not.toHaveProperty('value');
    expect(JSON.stringify(card)).not.toContain(firm.globex.project);
  });

  test('what its fields are called is what the command takes', async () => {
    for (const command of ['ticket.file-bug', 'ticket.file-change']) {
      const fields = formOf(await form(firm.acme.approver, {}, command))?.fields ?? [];
      const typed = Object.fromEntries(fields.map((field) => [field.name, field.value ?? '']));
      const filed = run(as(firm, firm.acme.approver), command, {
        ...typed,
        title: 'From the form',
        description: 'With every field it has',
      });
      await expect(filed).resolves.toMatchObject({ output: { title: 'From the form' } });
    }
  });
});
