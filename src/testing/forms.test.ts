import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerPress } from '../core/kernel/answer.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

let app: TestApp;
let firm: TestFirm;
let ticket: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const filed = await runCommand(app, as(firm, firm.acme.approver), {
    name: 'ticket.file-bug',
    input: { project: firm.acme.project, title: 'The pay button', description: 'It does nothing' },
    requestId: 'filed',
  });
  ticket = (filed.output as { id: string }).id;
});
afterAll(() => app.close());

describe('what a form may bring', () => {
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
