import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { FakeChannel } from '../testing/channel.ts';
import { fakeChannel } from '../testing/channel.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { newBrowser } from '../testing/new-browser.ts';
import { servePages } from '../testing/pages.ts';
import { runJobs } from '../testing/worker.ts';

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let mail: FakeChannel;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const run = async (person: string, name: string, input: Record<string, string>) =>
  (await runCommand(app, as(firm, person), { name, input, requestId: crypto.randomUUID() })).output as Record<
    string,
    string
  >;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  mail = fakeChannel('email');
});
afterAll(async () => {
  await pages.stop();
  await app.close();
});

const browser = () => newBrowser(pages.origin);
const contact = (more: Record<string, string> = {}) => ({
  client: firm.acme.id,
  name: 'Nora New',
  email: `${crypto.randomUUID()}@example.com`,
  role: 'client_member',
  timezone: 'America/New_York',
  ...more,
});

/** Adds somebody, does the worker's part, and gives the link of the mail; '' when none came. */
async function invited(by: string, name: string, input: Record<string, string>) {
  const { id: person = '' } = await run(by, name, input);
  await runJobs(app, new Map([['email', mail]]));
  return { person, link: await lastLink(person) };
}

async function lastLink(person: string): Promise<string> {
  const [row] = await owner('select id from invitation where person_id = $1 order by created_at desc limit 1', [
    person,
  ]);
  if (!row) return '';
  const card = await cardOf(person, String(row.id));
  const [action] = card.actions;
  return action?.kind === 'link' ? action.url.slice(pages.origin.length) : '';
}

const cardOf = (person: string, invitation: string) =>
  showView(app, as(firm, person, 'link', 'email'), { target: 'session.invitation', input: { invitation } });

describe('somebody who is added with an invitation', () => {
  test('is sent one mail that says who invites them to what, and signs in by one press in any browser', async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const { person, link } = await invited(firm.admin, 'people.add-contact', contact({ invite: 'yes', email }));

    expect(link).toMatch(/^\/sign-in\//);
    const [row] = await owner('select id from invitation where person_id = $1', [person]);
    const card = await cardOf(person, String(row?.id));
    expect(card.title).toBe('Ada Admin invites you to work with Northwind Studio');
    expect(card.fallback).not.toContain('/sign-in/');
    const told = await owner(`select data from event where name = 'session.invited' and entity_id = $1`, [row?.id]);
    expect(told).toEqual([{ data: { person } }]);
    expect(mail.messages.filter((one) => one.card.title === card.title)).toHaveLength(1);
    expect(mail.messages.find((one) => one.card.title === card.title)?.room.address).toBe(email);

    // A scanner that opens it does nothing.
    await browser().open(link);
    const visitor = browser();
    await visitor.open(link);
    expect(visitor.html).toContain('Sign in to Northwind Studio?');
    await visitor.press('Sign in as Nora New');
    expect(visitor.at).toBe('/app');
    expect(visitor.html).toContain('Nora New');
  });

  test('comes in once by it: whoever finds the mail later does not', async () => {
    const { link } = await invited(firm.admin, 'people.add-contact', contact({ invite: 'yes' }));
    const first = browser();
    await first.open(link);
    await first.pressAny('Sign in as');
    const second = browser();
    await second.open(link);
    await second.pressAny('Sign in as');
    expect(second.status).toBe(403);
    expect(second.html).toContain('This link was used already');
    expect(second.html).toContain('Ask for a new link');
  });

  test('has a week, and is told what to do afterwards', async () => {
    const { link } = await invited(firm.admin, 'people.add-contact', contact({ invite: 'yes' }));
    app.clock.jump(7 * 86_400_000 - 60_000);
    const early = browser();
    await early.open(link);
    expect(early.status).toBe(200);
    app.clock.jump(120_000);
    const late = browser();
    await late.open(link);
    expect(late.status).toBe(403);
    expect(late.html).toContain('an invitation for a week');
  });

  test('does not come in when their access has ended meanwhile', async () => {
    const { person, link } = await invited(firm.admin, 'people.add-contact', contact({ invite: 'yes' }));
    await run(firm.admin, 'people.deactivate', { person });
    const visitor = browser();
    await visitor.open(link);
    expect(visitor.status).toBe(403);
    expect(visitor.html).toContain('no access any longer');
  });

  test('may be of the team, and may be invited by the client’s own administrator', async () => {
    const staff = { name: 'Sam Staff', email: `${crypto.randomUUID()}@example.com`, role: 'member', timezone: 'UTC' };
    expect((await invited(firm.admin, 'people.add-staff', { ...staff, invite: 'yes' })).link).not.toBe('');
    const own = await invited(firm.acme.clientAdmin, 'people.add-contact', contact({ invite: 'yes' }));
    const [row] = await owner('select by_name from invitation where person_id = $1', [own.person]);
    expect(row?.by_name).toBe('Acme Admin');
  });
});

describe('no invitation is sent', () => {
  test('to whoever is added without one, as scripts and earlier forms do', async () => {
    expect((await invited(firm.admin, 'people.add-contact', contact())).link).toBe('');
    expect((await invited(firm.admin, 'people.add-contact', contact({ invite: 'no' }))).link).toBe('');
  });

  test('more than three times an hour, however often it is asked for', async () => {
    const { person } = await invited(firm.admin, 'people.add-contact', contact());
    for (let time = 0; time < 5; time += 1) await invited(firm.admin, 'session.invite-again', { person });
    const sent = () => owner('select id from invitation where person_id = $1', [person]);
    expect((await sent()).length).toBe(3);
    app.clock.jump(3_600_001);
    await invited(firm.admin, 'session.invite-again', { person });
    expect((await sent()).length).toBe(4);
  });

  test('by whoever does not manage that team, nor to oneself', async () => {
    for (const person of [firm.acme.viewer, firm.globex.clientAdmin])
      await expect(run(person, 'session.invite-again', { person: firm.acme.approver })).rejects.toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });
    await expect(run(firm.admin, 'session.invite-again', { person: firm.admin })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('and its link is shown to nobody else', async () => {
    const { person } = await invited(firm.admin, 'people.add-contact', contact({ invite: 'yes' }));
    const [row] = await owner('select id from invitation where person_id = $1', [person]);
    for (const other of [firm.admin, firm.acme.clientAdmin, firm.acme.approver])
      await expect(cardOf(other, String(row?.id))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('where no mail is sent, and the form does not propose it there', async () => {
    const proposed = async () => {
      const card = await showView(app, as(firm, firm.admin), { target: 'people.add-contact', input: {} });
      const form = card.blocks.find(({ kind }) => kind === 'form');
      return form?.kind === 'form' ? form.fields.find(({ name }) => name === 'invite')?.value : undefined;
    };
    expect(await proposed()).toBe('yes');
    const { has } = app.platforms;
    app.platforms.has = (channel) => channel !== 'email' && has.call(app.platforms, channel);
    expect(await proposed()).toBe('no');
    app.platforms.has = has;
  });
});
