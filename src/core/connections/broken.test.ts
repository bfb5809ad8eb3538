import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { everyPlatform, testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { readBeginning } from '../kernel/connect-link.ts';
import { connectProven } from '../kernel/proven.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let id: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());
beforeEach(async () => {
  const who = as(firm, firm.admin) as Extract<Who, { kind: 'person' }>;
  const account = { tool: 'jira', account: 'acme.example', name: null, credentials: { apiToken: 'token' } };
  ({ id } = await connectProven(app, who, account, crypto.randomUUID()));
});

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const system = (): Who => ({ kind: 'system', tenantId: firm.tenantId, reason: 'test' });
const run = (who: Who, name: string, input: object = {}) =>
  runCommand(app, who, { name, input: { connection: id, ...input }, requestId: crypto.randomUUID() });
const show = (who: Who) => showView(app, who, { target: 'connection.show', input: { connection: id } });
const row = async () => (await owner('select status, fault, version from connection where id = $1', [id]))[0];
const buttons = (card: Awaited<ReturnType<typeof show>>) => card.actions.map(({ label }) => label);
const room = (): Who => ({ kind: 'audience', tenantId: firm.tenantId, roomId: firm.triageRoom });

test('a broken connection is a card in the triage room, with what is wrong and a button that tries again', async () => {
  await run(system(), 'connection.note-broken', { reason: 'Jira does not accept the token.' });

  const card = await show(room());
  expect(card).toMatchObject({ title: 'Jira acme.example cannot be reached', tone: 'danger' });
  expect(JSON.stringify(card)).toContain('Jira does not accept the token.');
  expect(buttons(card)).toEqual(['Try again', 'Reconnect']);
  const told = app.registry.areas
    .flatMap(({ announcements }) => announcements)
    .filter(({ on }) => on === 'connection.broken')
    .map(({ audience }) => audience({} as never));
  expect(told).toEqual([[{ audience: 'triage' }]]);
});

test('is said once, and not of credentials that were replaced meanwhile', async () => {
  const before = (await row())?.version;
  await run(system(), 'connection.note-broken', { reason: 'Refused.', version: before });
  await expect(run(system(), 'connection.note-broken', { reason: 'Refused.' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await run(as(firm, firm.admin), 'connection.mend');

  await expect(run(system(), 'connection.note-broken', { reason: 'Refused.', version: before })).rejects.toMatchObject({
    code: 'stale',
  });
  expect(await row()).toMatchObject({ status: 'active', fault: null });
});

test('is mended by an administrator alone; what is in use needs no mending', async () => {
  await run(system(), 'connection.note-broken', { reason: 'Refused.' });

  for (const person of [firm.partner, firm.member, firm.acme.clientAdmin])
    await expect(run(as(firm, person), 'connection.mend')).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not_found/),
    });
  expect(await row()).toMatchObject({ status: 'broken' });
  await run(as(firm, firm.admin), 'connection.mend');
  expect(await row()).toMatchObject({ status: 'active' });
  await expect(run(as(firm, firm.admin), 'connection.mend')).rejects.toMatchObject({ code: 'conflict' });
});

test('where Parley was removed nothing is kept to get in with, and connecting again is what helps', async () => {
  await run(system(), 'connection.note-broken', { reason: 'Parley was removed.', revoked: true });

  expect(await owner('select from credentials where connection_id = $1', [id])).toEqual([]);
  expect(buttons(await show(room()))).toEqual(['Reconnect']);
  await expect(run(as(firm, firm.admin), 'connection.mend')).rejects.toMatchObject({
    say: 'Jira acme.example is removed: connect it again.',
  });
});

test('an administrator is led to the tool’s own page by a link that is theirs alone; nobody else is', async () => {
  const ways = () => [{ tool: 'slack', account: 'a Slack workspace' }];
  Object.assign(app, {
    platforms: { ...everyPlatform(), ways, installs: (tool: string) => tool === 'slack', posts: () => null },
  });
  const choose = { target: 'connection.new', input: {} };
  const linksOf = async (who: Who) =>
    (await showView(app, who, choose)).actions.flatMap((action) => (action.kind === 'link' ? [action.url] : []));

  const [link] = await linksOf(as(firm, firm.admin));
  const signed = link?.split('/slack/install/')[1] ?? '';
  expect(readBeginning(app.secrets, signed, 'slack', app.clock.now())).toMatchObject({ personId: firm.admin });
  expect(readBeginning(app.secrets, signed, 'jira', app.clock.now())).toBeNull();
  expect(await linksOf(as(firm, firm.admin, 'mail'))).toEqual(['https://parley.example/app/connection.new?tool=slack']);
  for (const person of [firm.partner, firm.member, firm.acme.clientAdmin])
    for (const view of [choose, { target: 'connection.list', input: {} }])
      await expect(showView(app, as(firm, person), view)).rejects.toMatchObject({ code: 'forbidden' });
});

test('is given up after a question that says what that means', async () => {
  expect(buttons(await show(as(firm, firm.admin)))).toEqual(['Reconnect', 'Disconnect…']);
  const leave = { target: 'connection.leave', input: { connection: id } };
  const card = await showView(app, as(firm, firm.admin), leave);

  expect(card.title).toBe('Disconnect Jira acme.example?');
  expect(JSON.stringify(card)).toContain('cannot be brought back');
  expect(buttons(card)).toEqual(['Disconnect', 'Keep it']);
  expect(await row()).toMatchObject({ status: 'active' });
  await expect(showView(app, as(firm, firm.partner), leave)).rejects.toMatchObject({ code: 'forbidden' });

  const { card: gone } = await run(as(firm, firm.admin), 'connection.drop');
  expect(gone).toMatchObject({ title: 'Jira acme.example is disconnected.', actions: [] });
  expect(await row()).toBeUndefined();
});

test('two who find out at once that it is refused, and one who mends it meanwhile, overwrite nothing of each other', async () => {
  const reason = { reason: 'Refused.' };
  const noted = await Promise.allSettled([1, 2].map(() => run(system(), 'connection.note-broken', reason)));
  expect(noted.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

  const mended = await Promise.allSettled([1, 2].map(() => run(as(firm, firm.admin), 'connection.mend')));
  expect(mended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await row()).toMatchObject({ status: 'active', version: 3 });
});

test('no role of people mends one by writing to its row', async () => {
  for (const person of [firm.admin, firm.partner])
    await expect(
      acting(app, as(firm, person), (attempt) => attempt(`update connection set status = 'active'`)),
    ).rejects.toMatchObject({ code: 'forbidden' });
});
