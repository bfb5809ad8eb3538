import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Card } from '../kernel/card.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
/** A bug of Acme that nobody looked at yet, and one that the partner answered after two hours. */
let answered: string;

const press = (target: string) => ({ target, input: {} });
const run = async (person: string, name: string, input: Record<string, unknown>) => {
  const { output } = await runCommand(app, as(firm, person), { name, input, requestId: crypto.randomUUID() });
  return output as { id: string; version: number };
};
const linesOf = ({ blocks }: Card) =>
  blocks.flatMap((block) =>
    block.kind === 'list' ? block.items.map(({ text, detail }) => `${text} | ${detail ?? ''}`) : [],
  );

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const { project } = firm.acme;
  const file = (title: string) =>
    run(firm.acme.approver, 'ticket.file-bug', { project, title, description: 'It does nothing.' });
  await file('The pay button');
  ({ id: answered } = await file('The buy button'));
  await asOwner(app.database)(`update ticket set created_at = now() - interval '2 hours' where id = $1`, [answered]);
  await run(firm.partner, 'ticket.reply', { ticket: answered, body: 'Which browser?' });
});
afterAll(() => app.close());

describe('A home', () => {
  test('counts for the team what is to be triaged, and leads there', async () => {
    const { figures } = (await readView(app, as(firm, firm.admin), press('home.work'))) as {
      figures: { label: string; value: string; view: unknown }[];
    };

    expect(figures).toContainEqual({ label: 'To triage', value: '2', isLate: false, view: press('ticket.queue') });
  });

  test('tells a contact of their own requests and projects, and of no other client', async () => {
    const acme = linesOf(await showView(app, as(firm, firm.acme.clientAdmin), press('home.work')));
    const globex = linesOf(await showView(app, as(firm, firm.globex.clientAdmin), press('home.work')));

    expect(acme).toContainEqual(expect.stringContaining('Open requests: 2'));
    expect(globex).toContainEqual(expect.stringContaining('Open requests: 0'));
    expect(acme.some((line) => line.includes('2 open tickets'))).toBe(true);
    expect(JSON.stringify(globex)).not.toContain('Acme');
  });

  test('counts nothing of a module that was taken from somebody', async () => {
    await asOwner(app.database)(`update person set grants = '{"tickets": "none"}' where id = $1`, [firm.globex.viewer]);
    const viewer = as(firm, firm.globex.viewer);
    const home = JSON.stringify(await showView(app, viewer, press('home.work')));

    // What leads to a list that they may not read stands on no card; what is read holds nothing of it either.
    expect(await readView(app, viewer, press('home.work'))).toMatchObject({ figures: [] });
    expect(home).not.toContain('Open requests');
    expect(home).not.toContain('open ticket');
  });

  test('of whoever may only report lists no project', async () => {
    const home = linesOf(await showView(app, as(firm, firm.acme.feedback), press('home.work')));

    expect(home).toContainEqual(expect.stringContaining('Open requests'));
    expect(home.some((line) => line.startsWith('Website'))).toBe(false);
  });
});

describe('How clients stand', () => {
  test('says what is open of each and how long its people wait for a first answer', async () => {
    const lines = linesOf(await showView(app, as(firm, firm.partner), press('home.clients')));

    expect(lines).toContainEqual('Acme | 2 open tickets · first answer after 2 h');
    expect(lines).toContainEqual('Globex | nothing open');
  });

  test('takes the first reply: what is said later changes nothing', async () => {
    await run(firm.partner, 'ticket.reply', { ticket: answered, body: 'Still there?' });
    await run(firm.partner, 'ticket.take', { ticket: answered, version: 1 });

    const lines = linesOf(await showView(app, as(firm, firm.partner), press('home.clients')));
    expect(lines).toContainEqual(expect.stringContaining('first answer after 2 h'));
  });

  test('does not take a note of the team, nor what the client says, for an answer', async () => {
    const { id } = await run(firm.acme.approver, 'ticket.file-bug', {
      project: firm.acme.project,
      title: 'The menu',
      description: 'It is empty.',
    });
    await run(firm.partner, 'ticket.note', { ticket: id, body: 'Again?' });
    await run(firm.acme.approver, 'ticket.reply', { ticket: id, body: 'Since Monday.' });

    await asOwner(app.database)(`update ticket set created_at = now() - interval '9 days' where id = $1`, [id]);
    const lines = linesOf(await showView(app, as(firm, firm.partner), press('home.clients')));
    expect(lines).toContainEqual(expect.stringContaining('first answer after 2 h'));
  });

  test('shows a member the clients that they work for', async () => {
    const lines = linesOf(await showView(app, as(firm, firm.member), press('home.clients')));

    expect(lines.map((line) => line.split(' | ')[0])).toEqual(['Acme']);
  });

  test('is not for clients', async () => {
    await expect(showView(app, as(firm, firm.acme.clientAdmin), press('home.clients'))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('The workload', () => {
  test('says what each of the team has to do', async () => {
    const lines = linesOf(await showView(app, as(firm, firm.admin), press('home.team')));

    expect(lines).toContainEqual('Paul Partner | Partner · 1 open ticket');
    expect(lines).toContainEqual('Mia Member | Member · nothing open');
    expect(lines.some((line) => line.includes('Contact'))).toBe(false);
  });

  test.each(['member', 'client admin'] as const)('is not for a %s', async (who) => {
    const person = who === 'member' ? firm.member : firm.acme.clientAdmin;
    await expect(showView(app, as(firm, person), press('home.team'))).rejects.toMatchObject({ code: 'forbidden' });
  });
});
