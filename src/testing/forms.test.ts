import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerPress } from '../core/kernel/answer.ts';
import { formOf } from '../core/kernel/card.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import { commandForm } from '../portal/command-form.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { areaCards } from './area-cards.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

let app: TestApp;
let firm: TestFirm;
let ticket: string;
let cycle: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const filed = await runCommand(app, as(firm, firm.acme.approver), {
    name: 'ticket.file-bug',
    input: { project: firm.acme.project, title: 'The pay button', description: 'It does nothing' },
    requestId: 'filed',
  });
  ticket = (filed.output as { id: string }).id;
  const planned = await runCommand(app, as(firm, firm.admin), {
    name: 'cycle.plan',
    input: {
      project: firm.acme.project,
      name: 'Checkout',
      startsOn: '2026-11-02',
      endsOn: '2026-11-27',
      deliverables: 'One',
    },
    requestId: 'planned',
  });
  cycle = (planned.output as { cycle: string }).cycle;
});
afterAll(() => app.close());

/** Every form there is: those of the pictures, and those that only a view with data draws. */
async function forms() {
  const drawn = await Promise.all(
    [
      { target: 'ticket.file-bug', input: {} },
      { target: 'ticket.file-change', input: {} },
      { target: 'ticket.set-details', input: { ticket, version: '1' } },
      { target: 'cycle.plan', input: {} },
      { target: 'cycle.reply', input: { cycle } },
      { target: 'cycle.note', input: { cycle } },
    ].map((press) => showView(app, as(firm, firm.admin), press)),
  );
  return [...Object.values(areaCards), ...drawn].flatMap((card) => formOf(card) ?? []);
}

describe('what a form may bring', () => {
  test('is what it shows: every field of every form is its command’s to take, and no more are', async () => {
    const shown = new Map<string, Set<string>>();
    for (const { submit, fields } of await forms())
      for (const { name } of fields)
        shown.set(submit.press.target, (shown.get(submit.press.target) ?? new Set()).add(name));
    // What nobody drew a form for has one on the pages.
    for (const target of [...app.registry.commands.keys()].filter((name) => !shown.has(name))) {
      const page = await commandForm(app, as(firm, firm.admin), { target, input: {} }).catch(() => null);
      if (page) shown.set(target, new Set(formOf(page)?.fields.map(({ name }) => name)));
    }

    const sorted = (fields: Iterable<string>) => [...fields].sort().join(', ');
    const taken = [...app.registry.commands.values()].map(({ name, fields = [] }) => `${name}: ${sorted(fields)}`);
    expect(taken).toEqual([...app.registry.commands.keys()].map((name) => `${name}: ${sorted(shown.get(name) ?? [])}`));
  });

  test('a field that was not shown is not taken, from the form or from a button', async () => {
    const forged = { saidIn: firm.acme.room, quoted: 'What nobody wrote' };
    const form = { body: 'Any news?', ...forged };
    const reply = (input: Record<string, string>, requestId: string) =>
      answerPress(app, as(firm, firm.acme.approver), {
        press: { target: 'ticket.reply', input: { ticket, ...input } },
        requestId,
        form,
      });

    expect(await reply({}, 'by form')).toMatchObject({ kind: 'done' });
    expect(await reply(forged, 'by button')).toMatchObject({ kind: 'done' });
    expect(await asOwner(app.database)(`select body, quoted from ticket_message`)).toEqual([
      { body: 'Any news?', quoted: null },
      { body: 'Any news?', quoted: null },
    ]);
    expect(
      await asOwner(app.database)(`select data ->> 'saidIn' as said_in from event where name = 'ticket.replied'`),
    ).toEqual([{ said_in: null }, { said_in: null }]);
  });

  test('what the channel itself knows is taken from nowhere else', async () => {
    const answer = await answerPress(app, as(firm, firm.acme.approver), {
      press: { target: 'ticket.reply', input: { ticket } },
      requestId: 'said',
      form: { body: 'Said in a thread' },
      known: { saidIn: firm.acme.room },
    });

    expect(answer).toMatchObject({ kind: 'done' });
    expect(
      await asOwner(app.database)(
        `select data ->> 'saidIn' as said_in from event where data ->> 'body' = 'Said in a thread'`,
      ),
    ).toEqual([{ said_in: firm.acme.room }]);
  });

  test('typing never overrides the button', async () => {
    const other = crypto.randomUUID();
    await answerPress(app, as(firm, firm.acme.approver), {
      press: { target: 'ticket.reply', input: { ticket } },
      requestId: 'overridden',
      form: { body: 'Here', ticket: other },
    });

    expect(await asOwner(app.database)(`select ticket_id from ticket_message where body = 'Here'`)).toEqual([
      { ticket_id: ticket },
    ]);
  });
});
