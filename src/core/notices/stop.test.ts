import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Channels } from '../../bots/channel.ts';
import { openEmail } from '../../bots/email/index.ts';
import { inboundFor } from '../../bots/inbound.ts';
import { openSlack } from '../../bots/slack/index.ts';
import type { MailStandIn, SimMail } from '../../simulator/mail/index.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import type { SlackStandIn } from '../../simulator/slack/index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { Browser } from '../../testing/browser.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { servePages } from '../../testing/pages.ts';
import { runJobs } from '../../testing/worker.ts';
import { signLink, signStop } from '../kernel/links.ts';
import { runCommand } from '../kernel/registry.ts';
import { sweepOf } from '../kernel/sweep.ts';

/* Notices as they arrive: real mails and Slack messages on the platforms' stand-ins, and the pages that a mail leads to. */
let app: TestApp;
let firm: TestFirm;
let mail: MailStandIn;
let slack: SlackStandIn;
let channels: Channels;
let pages: Awaited<ReturnType<typeof servePages>>;
let person: string;

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  person = firm.acme.clientAdmin;
  mail = await startMailStandIn({ hubAddress: 'reply@northwind.example', authservId: 'mx.northwind.example' });
  slack = await startSlackStandIn({
    ...{ signingSecret: 'a signing secret', eventsUrl: `${pages.origin}/slack/events`, team: firm.tenantId },
  });
  slack.addPerson(`U-${person}`, 'Acme Admin');
  slack.addChannel(`C-${firm.acme.id}`, 'acme', [`U-${person}`]);
  slack.addChannel(`T-${firm.tenantId}`, 'triage', [`U-${person}`]);
  const tools = { app, inbound: inboundFor(app), publicUrl: pages.origin };
  const config = { from: 'hello@northwind.example', replyTo: 'reply@northwind.example', smtpUrl: mail.smtpUrl };
  channels = new Map([
    ['email', await openEmail({ ...config, authservId: 'mx.northwind.example' }, tools)],
    [
      'slack',
      await openSlack({ botToken: slack.botToken, signingSecret: 'a signing secret', apiUrl: slack.apiUrl }, tools),
    ],
  ]);
  for (const [channel, account, address, audience] of [
    ['email', '', `${person}@example.com`, 'client'],
    ['slack', firm.tenantId, `U-${person}`, 'person'],
  ])
    await owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
       values ($1, gen_random_uuid(), $2, $3, $4, 'Theirs', $5, $6, $7)`,
      [firm.tenantId, channel, account, address, audience, firm.acme.id, person],
    );
  // Both platforms' libraries are loaded.
}, 120_000);
afterAll(async () => {
  for (const channel of channels.values()) await channel.close?.();
  await Promise.all([mail.stop(), slack.stop(), pages.stop()]);
  await app.close();
});
beforeEach(async () => {
  await owner('delete from notice_setting');
});

const run = (name: string, input: Record<string, string>) =>
  runCommand(app, as(firm, person), { name, input, requestId: crypto.randomUUID() });
const mailbox = () => mail.mailbox(`${person}@example.com`);
const settings = async () =>
  (await owner('select digest, topics from notice_setting where person_id = $1', [person]))[0];

async function fileBug(title: string): Promise<void> {
  const input = { project: firm.acme.project, title, description: 'It does nothing.' };
  const request = { name: 'ticket.file-bug', input, requestId: crypto.randomUUID() };
  await runCommand(app, as(firm, firm.acme.approver), request);
  await runJobs(app, channels);
}

/** The digest of what happened, as it arrives by mail. */
async function digestMail(title: string): Promise<SimMail> {
  await run('notice.set-topic', { topic: 'tickets', pace: 'daily', channel: 'any' });
  await fileBug(title);
  app.clock.jump(25 * 3_600_000);
  for (const schedule of app.registry.areas.find(({ name }) => name === 'notices')?.schedules ?? []) {
    const sweep = sweepOf(app, schedule);
    for (const part of await sweep.parts()) await sweep.work(part, new AbortController().signal);
  }
  await runJobs(app, channels);
  return mailbox().at(-1) as SimMail;
}

const stopPathOf = ({ headers }: SimMail) =>
  new URL(/^<(.*)>$/.exec(headers['list-unsubscribe'] ?? '')?.[1] ?? 'missing:').pathname;

describe('by mail and in Slack', () => {
  test('somebody is told by the channel that they chose', async () => {
    await run('notice.set-topic', { topic: 'tickets', pace: 'now', channel: 'slack' });
    const before = mailbox().length;
    await fileBug('Chosen');

    expect(mailbox().length).toBe(before);
    const said = JSON.stringify(slack.snapshot());
    expect(said).toContain('Chosen');
    await run('notice.set-topic', { topic: 'tickets', pace: 'now', channel: 'email' });
    await fileBug('By mail');
    expect(mailbox().at(-1)?.text).toContain('By mail');
  });

  test('a mail that is not optional offers no way to stop it; a digest does, as RFC 8058 says', async () => {
    await fileBug('Standard');
    expect(mailbox().at(-1)?.headers).not.toHaveProperty('list-unsubscribe');

    const digest = await digestMail('Gathered');

    expect(digest.text).toContain('Gathered');
    expect(digest.headers['list-unsubscribe']).toMatch(/^<http.*\/stop\/[\w.-]+>$/);
    expect(digest.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  });
});

describe('the link that stops a digest', () => {
  test('opened by a scanner changes nothing', async () => {
    const path = stopPathOf(await digestMail('Scanned'));
    const browser = new Browser(pages.origin, {});
    for (let time = 0; time < 3; time += 1) await browser.open(path);

    expect(browser.status).toBe(200);
    expect(browser.html).toContain('Stop it');
    expect(await settings()).toMatchObject({ digest: true });
  });

  test('stops it by one POST of a mail program, without signing in, and again does no harm', async () => {
    const path = stopPathOf(await digestMail('One click'));
    const post = () =>
      fetch(`${pages.origin}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      });

    expect((await post()).status).toBe(200);
    expect(await settings()).toMatchObject({ digest: false });
    expect((await post()).status).toBe(200);
    expect(await settings()).toMatchObject({ digest: false });
  });

  test('stops it from its page, and one press undoes that', async () => {
    const browser = new Browser(pages.origin, {});
    await browser.open(stopPathOf(await digestMail('By hand')));
    await browser.press('Stop it');
    expect(await settings()).toMatchObject({ digest: false });

    await browser.press('Undo');

    expect(await settings()).toMatchObject({ digest: true });
  });

  test('that was altered, or was made for something else, does nothing', async () => {
    const path = stopPathOf(await digestMail('Altered'));
    const [payload = '', signature = ''] = path.replace('/stop/', '').split('.');
    const forged = Buffer.from(JSON.stringify([firm.tenantId, firm.acme.viewer, 'digest'])).toString('base64url');
    const press = { target: 'notice.unsubscribe', input: { what: 'digest' } };
    const action = { tenantId: firm.tenantId, personId: person, press, nonce: 'n', expires: 4_000_000_000 };

    for (const token of [
      `${forged}.${signature}`,
      `${payload}.${signature.slice(0, -2)}AA`,
      payload,
      signLink(app.secrets, action),
    ]) {
      const answer = await fetch(`${pages.origin}/stop/${token}`, {
        method: 'POST',
        body: 'List-Unsubscribe=One-Click',
      });
      expect(answer.status).toBe(404);
    }
    expect(await settings()).toMatchObject({ digest: true });
    expect(await owner('select from notice_setting where person_id = $1', [firm.acme.viewer])).toEqual([]);
  });

  test('stops nothing but what it is for, and nobody else’s', async () => {
    const path = stopPathOf(await digestMail('Somebody’s'));
    await fetch(`${pages.origin}${path}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' });

    expect(await owner('select person_id from notice_setting where not digest')).toEqual([{ person_id: person }]);
    // The same token signs nobody in and presses nothing.
    const token = path.replace('/stop/', '');
    expect((await fetch(`${pages.origin}/l/${token}`)).status).toBe(404);
    expect((await fetch(`${pages.origin}/sign-in/${token}`)).status).not.toBe(200);
  });

  test('of somebody who has no access any more is answered as one of nobody', async () => {
    const token = signStop(app.secrets, { tenantId: firm.tenantId, personId: firm.acme.feedback, what: 'digest' });
    await owner('update person set active = false where id = $1', [firm.acme.feedback]);

    expect((await fetch(`${pages.origin}/stop/${token}`)).status).toBe(404);
  });
});
