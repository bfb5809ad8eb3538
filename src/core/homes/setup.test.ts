import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Assurance } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const show = (tenantId: string, personId: string, assurance: Assurance = 'chat', channel = 'slack') =>
  showView(app, { kind: 'person', tenantId, personId, channel, assurance }, { target: 'home.setup', input: {} });
const steps = ({ blocks }: Card) =>
  blocks.flatMap((block) => (block.kind === 'list' ? block.items.map(({ text, mark }) => `${mark} ${text}`) : []));
const links = ({ actions }: Card) => actions.flatMap((action) => (action.kind === 'link' ? [action] : []));

test('a new firm is told what is missing, and is led where it can be done now', async () => {
  const tenantId = crypto.randomUUID();
  await app.database.pool.query('select parley_found($1, $2, $3)', [tenantId, 'New & Co', 'Europe/Berlin']);
  const system = { kind: 'system', tenantId, reason: 'test' } as const;
  const input = { name: 'Una', email: 'una@new.example', role: 'admin', timezone: 'Europe/Berlin' };
  const { output } = await runCommand(app, system, { name: 'people.add-staff', input, requestId: 'una' });
  const una = (output as { id: string }).id;
  const card = await show(tenantId, una);

  expect(card.status).toBe('6 to do');
  expect(steps(card).every((step) => step.startsWith('open '))).toBe(true);
  // Contacts and projects need a client first.
  expect(links(card).map(({ label }) => label)).toEqual(['Connect a tool', 'Add a client…', 'Add to the team…']);

  await runCommand(
    app,
    { kind: 'person', tenantId, personId: una, channel: 'slack', assurance: 'chat' },
    {
      name: 'people.add-client',
      input: { name: 'Acme', timezone: 'America/New_York' },
      requestId: 'acme',
    },
  );
  const next = await show(tenantId, una);
  expect(next.status).toBe('5 to do');
  expect(steps(next)).toContain('done Add a client');
  expect(links(next).map(({ label }) => label)).toContain('Open a project…');
});

test('what is there is done', async () => {
  const card = await show(firm.tenantId, firm.admin);
  expect(steps(card).filter((step) => step.startsWith('open '))).toEqual([]);
  expect(card.status).toBe('All done');
});

test('in a chat its ways sign in; by a mail’s link and on the pages they are plain', async () => {
  const [chat] = links(await show(firm.tenantId, firm.admin));
  expect(chat?.url).toMatch(/^https:\/\/parley\.example\/sign-in\/[\w.-]+$/);
  for (const [assurance, channel] of [
    ['link', 'email'],
    ['mail', 'email'],
    ['chat', 'portal'],
  ] as const) {
    const [link] = links(await show(firm.tenantId, firm.admin, assurance, channel));
    expect(link?.url).toBe('https://parley.example/app/connection.new');
  }
});

test('a member is offered what they may do, and a contact nothing of it', async () => {
  const member = await show(firm.tenantId, firm.member);
  expect(links(member).map(({ label }) => label)).toEqual(['Invite a contact…', 'Open a project…']);
  expect(JSON.stringify(member)).not.toContain('Globex');
  await expect(
    showView(app, as(firm, firm.acme.clientAdmin), { target: 'home.setup', input: {} }),
  ).rejects.toMatchObject({
    code: 'forbidden',
  });
  const room = { kind: 'audience', tenantId: firm.tenantId, roomId: firm.triageRoom } as const;
  const shown = await showView(app, room, { target: 'home.setup', input: {} });
  expect(JSON.stringify(shown)).not.toContain('/sign-in/');
});
