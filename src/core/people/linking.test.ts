import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inboundFor } from '../../bots/inbound.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { FakeChannel } from '../../testing/channel.ts';
import { fakeChannel } from '../../testing/channel.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { runJobs } from '../../testing/worker.ts';
import type { Who } from '../kernel/actor.ts';
import { runCommand, showView } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let count = 0;

beforeEach(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterEach(() => app.close());

const run = (who: Who, name: string, input: Record<string, unknown>) =>
  runCommand(app, who, { name, input, requestId: `test ${++count}` });
const system = (): Who => ({ kind: 'system', tenantId: firm.tenantId, reason: 'linking' });
const sender = (externalId = 'U-stranger') => ({ provider: 'slack', account: firm.tenantId, externalId });
const byMail = (person: string) => as(firm, person, 'link', 'email');
const mailOf = (person: string) => `${person}@example.com`;

async function askCode(person: string, more: Record<string, string> = {}): Promise<string> {
  const input = { ...sender(), email: mailOf(person), ...more };
  return ((await run(system(), 'identity.request-code', input)).output as { id: string }).id;
}

const cardOf = (person: string, target: string, link: string) =>
  showView(app, byMail(person), { target, input: { link } });
const codeIn = async (person: string, link: string) =>
  (await cardOf(person, 'identity.code', link)).title.replaceAll(/\D/g, '');
const ownerOf = async (externalId: string) =>
  (await asOwner(app.database)('select person_id from identity where external_id = $1', [externalId]))[0]?.person_id;

describe('the mail and the page that ask', () => {
  test.each(['identity.code', 'identity.asking'])('name workspace, account and time (%s)', async (target) => {
    await asOwner(app.database)(`update connection set settings = '{"name": "Northwind Studio"}'`);
    const link = await askCode(firm.acme.approver, { calledAs: 'Tom\nApprover' });
    await asOwner(app.database)(`update link_code set created_at = '2026-11-25T13:32:00Z' where id = $1`, [link]);

    const shown = JSON.stringify(await cardOf(firm.acme.approver, target, link));

    expect(shown).toContain(`“Tom Approver” (U-stranger) in Slack, workspace Northwind Studio (${firm.tenantId})`);
    expect(shown).toContain('25 Nov 2026, 08:32 (America/New_York)');
  });

  test('come for accounts of workspaces alone that the firm connected', async () => {
    await expect(askCode(firm.acme.approver, { account: 'T-elsewhere' })).rejects.toMatchObject({
      code: 'forbidden',
      say: expect.stringContaining('not connected'),
    });
  });
});

describe('the team', () => {
  test('links by typing the code where it was asked for, never by a press', async () => {
    const link = await askCode(firm.admin);

    for (const target of ['identity.code', 'identity.asking'])
      expect((await cardOf(firm.admin, target, link)).actions).toEqual([]);
    await expect(run(byMail(firm.admin), 'identity.confirm', { link })).rejects.toMatchObject({ code: 'forbidden' });
    await run(system(), 'identity.confirm-code', { ...sender(), link, code: await codeIn(firm.admin, link) });

    expect(await ownerOf('U-stranger')).toBe(firm.admin);
  });
});

test('a code that was used links nothing again, neither typed nor by a press', async () => {
  const link = await askCode(firm.acme.approver);
  const typed = { ...sender(), link, code: await codeIn(firm.acme.approver, link) };
  await run(system(), 'identity.confirm-code', typed);
  await asOwner(app.database)(`delete from identity where external_id = 'U-stranger'`);

  await expect(run(system(), 'identity.confirm-code', typed)).rejects.toMatchObject({
    say: 'This code was used already.',
  });
  await expect(run(byMail(firm.acme.approver), 'identity.confirm', { link })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await ownerOf('U-stranger')).toBeUndefined();
});

test('a press in the mail is answered with what was linked, and with no way back to what asked', async () => {
  const link = await askCode(firm.acme.approver);
  const { card } = await run(byMail(firm.acme.approver), 'identity.confirm', { link });

  expect(card).toMatchObject({
    title: 'Your Slack account is linked. You can use every button now.',
    actions: [],
    about: { entity: 'link', id: link },
  });
  await expect(run(system(), 'identity.attach', { link: await askCode(firm.acme.viewer) })).rejects.toMatchObject({
    code: 'not_found',
  });
  await run(system(), 'identity.attach', { link });
  expect(await ownerOf('U-stranger')).toBe(firm.acme.approver);
});

describe('after a new link', () => {
  let slack: FakeChannel;
  let email: FakeChannel;
  beforeEach(async () => {
    slack = Object.assign(fakeChannel('slack'), { can: { edit: true, direct: true } });
    email = fakeChannel('email', false);
    await asOwner(app.database)(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
       values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'person', $3, $4)`,
      [firm.tenantId, mailOf(firm.acme.approver), firm.acme.id, firm.acme.approver],
    );
  });

  async function link(): Promise<void> {
    const asked = await askCode(firm.acme.approver);
    const code = await codeIn(firm.acme.approver, asked);
    await run(system(), 'identity.confirm-code', { ...sender(), link: asked, code });
    await runJobs(app, new Map([slack, email].map((channel) => [channel.name, channel])));
  }

  const noticesIn = (channel: FakeChannel) =>
    channel.messages.filter(({ card }) => card.title === 'A Slack account was linked to you');

  test('the person is told on every channel they have', async () => {
    await link();

    expect(noticesIn(email).map(({ room }) => room.address)).toEqual([mailOf(firm.acme.approver)]);
    const told = noticesIn(slack).map(({ room }) => room.address);
    expect(told.sort()).toEqual([`U-${firm.acme.approver}`, 'U-stranger'].sort());
  });

  test('the code itself goes to the mailbox alone', async () => {
    await link();
    await askCode(firm.acme.approver, { externalId: 'U-another' });
    await runJobs(app, new Map([slack, email].map((channel) => [channel.name, channel])));

    expect(JSON.stringify(slack.messages)).not.toContain('Your code is');
    expect(JSON.stringify(email.messages)).toContain('Your code is');
  });

  test('one press in the mail takes the account off again, by its person alone', async () => {
    await link();
    const [button] = noticesIn(email)[0]?.card.actions ?? [];
    if (button?.kind !== 'button') throw new Error('there is no button');
    const { target, input } = button.press;

    await expect(run(byMail(firm.acme.viewer), target, input)).rejects.toMatchObject({ code: 'not_found' });
    await expect(run(byMail(firm.admin), target, input)).rejects.toMatchObject({ code: 'forbidden' });
    await run(byMail(firm.acme.approver), target, input);

    expect(await ownerOf('U-stranger')).toBeUndefined();
  });
});

describe('how often', () => {
  test('codes for one address are counted, whoever asks', async () => {
    for (let asked = 0; asked < 5; asked += 1) await askCode(firm.acme.approver, { externalId: `U-${asked}` });

    await expect(askCode(firm.acme.approver, { externalId: 'U-another' })).rejects.toMatchObject({
      code: 'rate_limited',
    });
    await askCode(firm.acme.viewer, { externalId: 'U-another' });
  });

  test('of many who ask for one address at the same time, five get a code', async () => {
    const many = Array.from({ length: 12 }, (_, asked) => askCode(firm.acme.approver, { externalId: `U-${asked}` }));

    const done = await Promise.allSettled(many);

    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });
});

test('a stored code cannot be found by trying all eight digits without the secret', async () => {
  const { createHash } = await import('node:crypto');
  const link = await askCode(firm.acme.approver);
  const code = await codeIn(firm.acme.approver, link);
  const [row] = await asOwner(app.database)('select * from link_code where id = $1', [link]);
  const hashes = [`${link}:${code}`, code, `${code}${link}`].map((text) =>
    createHash('sha256').update(text).digest('base64url'),
  );

  expect(hashes).not.toContain(row?.code_hash);
  expect(JSON.stringify(row)).not.toContain(mailOf(firm.acme.approver));
});

describe('a code from an administrator', () => {
  const stranger = () => ({
    install: { tool: 'slack' as const, account: firm.tenantId },
    provider: 'slack' as const,
    account: 'T-of-the-client',
    externalId: 'U-guest',
    assurance: 'chat' as const,
  });

  async function issue(who: Who = as(firm, firm.admin)): Promise<string> {
    const { output } = await run(who, 'identity.issue-code', { person: firm.acme.approver });
    const { title } = await showView(app, who, {
      target: 'identity.issued-code',
      input: { link: (output as { link: string }).link },
    });
    return title.replaceAll(/\D/g, '');
  }

  const use = (code: string, person = firm.acme.approver) =>
    inboundFor(app).press({
      who: stranger(),
      press: { target: 'identity.use-code', input: {} },
      requestId: `use ${++count}`,
      form: { email: mailOf(person), code },
    });

  test('is what an unknown user is asked for where no mail is sent', async () => {
    Object.assign(app, { platforms: { has: (tool: string) => tool !== 'email', open: async () => null } });
    const answer = await inboundFor(app).press({
      who: stranger(),
      press: { target: 'home.work', input: {} },
      requestId: 'work',
    });

    expect(JSON.stringify(answer)).toContain('identity.use-code');
    expect(JSON.stringify(answer)).not.toContain('identity.request-code');
    await expect(askCode(firm.acme.approver)).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each(['an administrator', 'the command line'])(
    'of %s links, without mail and from any workspace',
    async (by) => {
      await use(await issue(by === 'the command line' ? system() : undefined));

      expect(await ownerOf('U-guest')).toBe(firm.acme.approver);
    },
  );

  test('counts once, for its person alone, and for five tries', async () => {
    const code = await issue();
    await use(code, firm.acme.viewer);
    for (let tries = 0; tries < 5; tries += 1) await use('00000000');
    await use(code);
    expect(await ownerOf('U-guest')).toBeUndefined();

    const fresh = await issue();
    await use(fresh);
    await asOwner(app.database)(`delete from identity where external_id = 'U-guest'`);
    await use(fresh);
    expect(await ownerOf('U-guest')).toBeUndefined();
  });

  test('is made by administrators alone, and shown to whoever had it made', async () => {
    for (const other of [firm.partner, firm.member, firm.acme.clientAdmin])
      await expect(run(as(firm, other), 'identity.issue-code', { person: firm.acme.approver })).rejects.toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });
    const { output } = await run(as(firm, firm.admin), 'identity.issue-code', { person: firm.acme.approver });
    const press = { target: 'identity.issued-code', input: { link: (output as { link: string }).link } };

    for (const other of [firm.partner, firm.acme.approver])
      await expect(showView(app, as(firm, other), press)).rejects.toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });
  });

  test('that is wrong is answered like an address that nobody has', async () => {
    await issue();
    const words = (answer: unknown) => JSON.stringify(answer).replaceAll(/[0-9a-f-]{36}/g, 'ID');

    expect(words(await use('12345678', 'nobody'))).toBe(words(await use('12345678')));
  });
});
