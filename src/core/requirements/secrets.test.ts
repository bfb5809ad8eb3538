import { hash } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { Browser } from '../../testing/browser.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { servePages } from '../../testing/pages.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import type { Card } from '../kernel/card.ts';
import { buttonsOf } from '../kernel/card.ts';
import { runCommand, showView } from '../kernel/registry.ts';
import { Secret } from '../kernel/secret.ts';

const PASSWORD = 'correct horse battery staple';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let count = 0;
/** One that asks for something secret. */
let requirement: string;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  pages = await servePages(app);
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});
beforeEach(async () => {
  const typed = { project: firm.acme.project, kind: 'secret', title: 'The password of the shop' };
  requirement = String((await run(as(firm, firm.admin), 'requirement.ask', typed)).output.id);
});

/** Whoever is signed in to the pages. */
const onPage = (personId: string): Who => at(personId, 'portal');
const at = (personId: string, channel: string): Who => ({
  ...{ kind: 'person', tenantId: firm.tenantId, personId, channel },
  assurance: channel === 'portal' || channel === 'email' ? 'mail' : 'chat',
});
const run = async (who: Who, name: string, input: Record<string, unknown>, requestId = `test ${++count}`) => {
  const done = await runCommand(app, who, { name, input, requestId });
  return { ...done, output: done.output as Record<string, string> };
};
const provide = (who: Who, secret = PASSWORD, version = '1', requestId?: string) =>
  run(who, 'requirement.provide-secret', { requirement, version, secret }, requestId);
const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string; say: string }) => `${error.code}: ${error.say}`,
  );
const labels = (card: Card) => buttonsOf(card).map(({ label }) => label);
const show = (who: Who) => showView(app, who, { target: 'requirement.show', input: { requirement } });

/** Who looked at the secret, by the audit. */
async function looks(): Promise<unknown[]> {
  const rows = await owner('select event, by_name from audit where entity_id = $1 order by at, id', [requirement]);
  return rows.filter(({ event }) => event === 'requirement.revealed').map(({ by_name: by }) => by);
}

/** All that is stored, of every table, as text. */
async function stored(): Promise<string> {
  const tables = await owner(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const rows: unknown[] = [];
  for (const { name } of tables) rows.push(await owner(`select row_to_json(t)::text as row from "${name}" t`));
  return JSON.stringify(rows);
}

test('a secret is asked for on a page alone: every channel leads there, and takes none', async () => {
  for (const channel of ['slack', 'teams', 'discord', 'email', 'cli']) {
    const who = at(firm.acme.approver, channel);
    const press = { target: 'requirement.provide-secret', input: { requirement, version: '1' } };
    const answer = await answerPress(app, who, { press, requestId: `opened ${channel}` });
    expect(answer).toMatchObject({ kind: 'card', card: { actions: [{ kind: 'link', label: 'Open the page' }] } });
    // Whatever a channel sends, nothing is taken there.
    const typed = await answerPress(app, who, { press, requestId: `typed ${channel}`, form: { secret: PASSWORD } });
    expect(typed).toMatchObject({ kind: 'refused', code: 'forbidden' });
  }
  expect(await stored()).not.toContain(PASSWORD);
});

test('what was typed is sealed, and stands in no request, event, audit row, card or log', async () => {
  await provide(onPage(firm.acme.approver));

  const all = await stored();
  expect(all).not.toContain(PASSWORD);
  expect(all).not.toContain(Buffer.from(PASSWORD).toString('hex'));
  expect(all).not.toContain(Buffer.from(PASSWORD).toString('base64'));
  const [row] = await owner('select status, answer from requirement where id = $1', [requirement]);
  expect(row).toEqual({ status: 'provided', answer: null });
  for (const who of [as(firm, firm.admin), as(firm, firm.acme.approver), onPage(firm.admin)])
    expect(JSON.stringify(await show(who))).not.toContain(PASSWORD);
  const secret = new Secret(PASSWORD);
  const written = [JSON.stringify({ secret }), `${secret}`, inspect(secret), inspect({ deep: { secret } })];
  expect(written.join()).not.toContain(PASSWORD);
});

test('of what a request was nobody can guess the secret by trying', async () => {
  await provide(onPage(firm.acme.approver), PASSWORD, '1', 'guessed');
  const [kept] = await owner(`select input_hash from request where request_id = 'guessed'`);
  const guess = hash('sha256', JSON.stringify({ requirement, version: 1, secret: PASSWORD }), 'base64url');

  expect(kept?.input_hash).not.toBe(guess);
  // The same again is answered as before; another one under the same name is refused.
  expect((await provide(onPage(firm.acme.approver), PASSWORD, '1', 'guessed')).replayed).toBe(true);
  const other = provide(onPage(firm.acme.approver), 'another one', '1', 'guessed');
  expect(await refusal(other)).toContain('already used for something else');
});

test('each look is a row of the audit, an event and a line that the client sees; two looks are two', async () => {
  await provide(onPage(firm.acme.approver));

  const first = await run(onPage(firm.admin), 'requirement.reveal', { requirement }, 'first look');
  const second = await run(onPage(firm.admin), 'requirement.reveal', { requirement }, 'second look');

  expect([first.shown?.text, second.shown?.text]).toEqual([PASSWORD, PASSWORD]);
  expect(await looks()).toEqual(['Ada Admin', 'Ada Admin']);
  const events = await owner('select name from event where entity_id = $1', [requirement]);
  expect(events.filter(({ name }) => name === 'requirement.revealed')).toHaveLength(2);
  const card = JSON.stringify(await show(as(firm, firm.acme.approver)));
  expect(card).toContain('The firm looked at it 2 times, last Ada Admin');
  const past = { target: 'requirement.history', input: { requirement } };
  const history = await showView(app, as(firm, firm.admin), past);
  expect(JSON.stringify(history.blocks).match(/looked at the secret/g)).toHaveLength(2);
  // A repeat of the same press is no look, and shows nothing.
  const again = await run(onPage(firm.admin), 'requirement.reveal', { requirement }, 'second look');
  expect([again.replayed, again.shown]).toEqual([true, undefined]);
  expect(await stored()).not.toContain(PASSWORD);
});

test('nobody looks but people of the firm, on their page', async () => {
  await provide(onPage(firm.acme.approver));
  const look = (who: Who) => refusal(run(who, 'requirement.reveal', { requirement }));

  for (const person of [firm.acme.viewer, firm.acme.approver, firm.acme.clientAdmin])
    expect(await look(onPage(person))).toContain('forbidden');
  expect(await look(onPage(firm.acme.feedback))).toContain('not_found');
  expect(await look(onPage(firm.globex.approver))).toContain('not_found');
  expect(await look(as(firm, firm.admin))).toContain('on a page of Parley');
  expect(labels(await show(as(firm, firm.acme.approver)))).not.toContain('Show the secret');

  const press = { target: 'requirement.reveal', input: { requirement } };
  const chat = await answerPress(app, as(firm, firm.admin), { press, requestId: 'in a chat' });
  expect(chat).toMatchObject({ kind: 'card', card: { actions: [{ kind: 'link', label: 'Open the page' }] } });
  expect(JSON.stringify(chat)).not.toContain(PASSWORD);
  expect(await looks()).toEqual([]);
});

test('a viewer provides no secret, and whoever reads the table of secrets is nobody of the client', async () => {
  expect(await refusal(provide(onPage(firm.acme.viewer)))).toContain('forbidden');
  await provide(onPage(firm.acme.approver));
  const keep = `select parley_keep_requirement_secret($1, 'x')`;
  await expect(owner(keep, [requirement])).rejects.toThrow('only who provides it');
});

test('what was accepted can still be looked at, and stays accepted', async () => {
  await provide(onPage(firm.acme.approver));
  await run(as(firm, firm.admin), 'requirement.accept', { requirement, version: '2' });

  expect((await run(onPage(firm.member), 'requirement.reveal', { requirement })).shown?.text).toBe(PASSWORD);
  const [row] = await owner('select status, version, looks from requirement where id = $1', [requirement]);
  expect(row).toEqual({ status: 'accepted', version: 3, looks: 1 });
});

test('a secret that is not needed any more is not kept', async () => {
  await provide(onPage(firm.acme.approver));
  await run(as(firm, firm.admin), 'requirement.withdraw', { requirement, version: '2' });

  expect(await owner('select 1 from requirement_secret where requirement_id = $1', [requirement])).toEqual([]);
});

test('on its page the secret is typed into a field that shows nothing, and shown once to whoever presses', async () => {
  const linkTo = async (who: Who, target: string, input: Record<string, string>) => {
    const answer = await answerPress(app, who, { press: { target, input }, requestId: `way ${++count}` });
    const [action] = answer.kind === 'card' ? answer.card.actions : [];
    return action?.kind === 'link' ? action.url.slice(pages.origin.length) : '';
  };
  const client = new Browser(pages.origin, {});
  const approver = as(firm, firm.acme.approver);
  await client.open(await linkTo(approver, 'requirement.provide-secret', { requirement, version: '1' }));
  await client.pressAny('Sign in as');
  expect(client.html).toMatch(/<input type="password" autocomplete="off" id="field-secret"/);
  await client.press('Keep it sealed', { 'field-secret': PASSWORD });
  expect(client.html).toContain('is provided and sealed');
  expect(client.html).not.toContain(PASSWORD);

  const staff = new Browser(pages.origin, {});
  await staff.open(await linkTo(as(firm, firm.admin), 'requirement.reveal', { requirement }));
  await staff.pressAny('Sign in as');
  expect(staff.html).not.toContain(PASSWORD);
  await staff.pressAny('Yes, show the secret');
  expect(staff.html).toContain(PASSWORD);
  expect(await stored()).not.toContain(PASSWORD);
  expect(await looks()).toHaveLength(1);
});
