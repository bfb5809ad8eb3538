import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { egressOf } from '../../core/kernel/egress.ts';
import { workInbox } from '../../core/kernel/inbox.ts';
import type { Jobs } from '../../core/kernel/jobs.ts';
import { startJobs } from '../../core/kernel/jobs.ts';
import type { App } from '../../core/kernel/registry.ts';
import { buildRegistry } from '../../core/kernel/registry.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import { deals, makeDeal } from '../../testing/deals.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { Channel } from '../channel.ts';
import { announce } from '../deliver.ts';
import { inboundFor } from '../inbound.ts';
import type { MailServers } from './fixtures/mail-servers.ts';
import { noServersBecause, startMailServers } from './fixtures/mail-servers.ts';
import { openEmail } from './index.ts';
import { roundTrip } from './round-trip.ts';

/*
 * A card goes out and its answer comes back through mail servers of the world: nodemailer → OpenSMTPD → Dovecot (LMTP)
 * → the contact's mailbox, and back → the hub's mailbox → IMAP IDLE → inbox → command.
 */
const REPLY_TO = 'reply@northwind.example';
const AUTHSERV = 'mx.northwind.example';
const reason = noServersBecause();
const given = reason ? test.skip : test;
if (reason) console.log(`Not checked: mail through real servers, because ${reason}.`);

let servers: MailServers;
let base: TestApp;
let app: App;
let jobs: Jobs;
let firm: TestFirm;
let channel: Channel;
let stop: () => Promise<void>;
let deal: string;

const owner = (text: string, values?: unknown[]) => asOwner(base.database)(text, values);

beforeAll(async () => {
  if (reason) return;
  servers = await startMailServers(['northwind.example', 'example.com']);
  base = await testApp();
  jobs = await startJobs(base.database, { works: true, onError: () => undefined });
  app = { ...base, jobs, registry: buildRegistry([deals]) };
  firm = await makeFirm(base.database);
  await owner(`insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'email', $2)`, [
    firm.tenantId,
    REPLY_TO,
  ]);
  deal = await makeDeal(owner, { tenantId: firm.tenantId, client: firm.acme.id, project: firm.acme.project });
  const config = {
    from: 'hello@northwind.example',
    replyTo: REPLY_TO,
    smtpUrl: servers.smtpUrl,
    imapUrl: servers.imapUrl(REPLY_TO),
    authservId: AUTHSERV,
  };
  channel = await openEmail(config, { app, inbound: inboundFor(app), publicUrl: 'https://parley.example' });
  const source = { name: 'email', work: (item: never) => channel.work?.(item) as never };
  await jobs.work<{ tenantId: string; ids: string[] }>('inbox', { together: 1 }, ({ data, attempt }) =>
    workInbox(app, new Map([['email', source]]), data, attempt),
  );
  stop = (await channel.listen?.()) ?? (async () => undefined);
});
afterAll(async () => {
  if (reason) return;
  await stop();
  await jobs.stop();
  await base.close();
  await servers.stop();
});

/** Looks again and again until something is there; how long it took. */
async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
): Promise<{ found: T; milliseconds: number }> {
  const started = performance.now();
  while (performance.now() - started < 15_000) {
    const found = await look();
    if (found) return { found, milliseconds: Math.round(performance.now() - started) };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} did not come within 15 s. The servers say:\n${await servers.log()}`);
}

/** Looks into a mailbox as its owner. */
async function inMailbox<T>(mailbox: string, look: (client: ImapFlow) => Promise<T>): Promise<T> {
  const { hostname, port, username, password } = new URL(servers.imapUrl(mailbox));
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  const client = new ImapFlow({ host: hostname, port: Number(port), secure: false, auth, logger: false });
  await client.connect();
  await client.mailboxOpen('INBOX');
  const found = await look(client);
  await client.logout();
  return found;
}

/** The newest mail in a mailbox, as it lies there. */
function newest(mailbox: string): Promise<string | null> {
  return inMailbox(mailbox, async (client) => {
    const found = client.mailbox && client.mailbox.exists > 0 ? await client.fetchOne('*', { source: true }) : null;
    return found ? (found.source?.toString('utf8') ?? null) : null;
  });
}

given('a card goes to a contact’s mailbox and its answer runs the command', async () => {
  const contact = `${firm.acme.approver}@example.com`;
  const tagged = contact.replace('@', '+projects@');
  const [room] = await owner(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id) values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'client', $3, $4) returning id`,
    [firm.tenantId, tagged, firm.acme.id, firm.acme.approver],
  );

  await announce(app, new Map([['email', channel]]), {
    tenantId: firm.tenantId,
    roomId: room?.id as string,
    key: 'first',
    view: { target: 'deal.show', input: { deal } },
    about: { entity: 'deal', id: deal },
    projectId: null,
    reply: false,
  });
  const out = await until('the card', () => newest(contact));

  const [, replyTo = ''] = /^Reply-To: .*?(reply\+[a-z2-7]{48}@northwind\.example)/ms.exec(out.found) ?? [];
  const [, messageId = ''] = /^Message-ID: (<card\.[^>]+>)/im.exec(out.found) ?? [];
  expect(out.found).toMatch(new RegExp(`^Delivered-To: ${contact}|^Delivered-To: ${tagged.replace('+', '\\+')}`, 'm'));
  expect(out.found).toMatch(/^Return-Path: <reply\+[a-z2-7]{42}@northwind\.example>/m);
  expect(replyTo).not.toBe('');

  // Nothing on this machine can check DKIM or SPF: what a border server would have found out is written above the mail.
  const verdict = { key: 'Authentication-Results', value: `${AUTHSERV}; dmarc=pass header.from=example.com` };
  await createTransport(servers.smtpUrl).sendMail({
    from: contact,
    to: replyTo,
    subject: 'Re: it',
    text: `APPROVE\n\nOn Saturday, Northwind wrote:\n> – Write your answer above this line –\n> Checkout redesign`,
    inReplyTo: messageId,
    headers: [verdict],
  });
  const back = await until(
    'the command',
    async () => (await owner(`select name from event where entity_id = $1`, [deal]))[0],
  );
  const confirmed = await until(
    'the confirmation',
    async () => (await newest(contact))?.includes('Done, as you asked with APPROVE.') ?? false,
  );

  expect(back.found).toEqual({ name: 'deal.approved' });
  expect(await owner(`select status, outcome from inbox`)).toEqual([
    { status: 'applied', outcome: 'APPROVE: You approved Checkout redesign' },
  ]);
  console.log(
    `Through OpenSMTPD and Dovecot: the card in the mailbox after ${out.milliseconds} ms, the answer's command run after ${back.milliseconds} ms, its confirmation ${confirmed.milliseconds} ms later.`,
  );
});

given('a mailbox is proven by a mail that came through both servers, and is nothing to sort there', async () => {
  const waiting = { id: crypto.randomUUID(), account: REPLY_TO, firm: 'Northwind Studio', person: 'Ada Admin' };
  const own = { from: 'parley@example.com', replyTo: 'reply@example.com', smtpUrl: servers.smtpUrl };
  const typed = { from: REPLY_TO, replyTo: REPLY_TO, smtpUrl: servers.smtpUrl, imapUrl: servers.imapUrl(REPLY_TO) };
  const arrived = (id = waiting.id) =>
    roundTrip.arrived(typed, { ...waiting, id }, { app, egress: egressOf(['127.0.0.1', 'localhost']) });
  expect(await arrived()).toBe(false);

  await roundTrip.send(own, waiting, { app, publicUrl: 'https://parley.example' });
  const { milliseconds } = await until('the mail that proves it', () => arrived());
  expect(await arrived(crypto.randomUUID())).toBe(false);
  await until('its end', async () => {
    const [row] = await owner(
      `select from inbox where outcome = 'the mail that proves this mailbox; nothing was done'`,
    );
    return row ?? null;
  });
  console.log(`A mailbox was proven through OpenSMTPD and Dovecot ${milliseconds} ms after the mail was sent.`);
});

given('what was read stays in the mailbox, marked as seen', async () => {
  const { found } = await until('the mark', () =>
    inMailbox(REPLY_TO, async (client) => {
      const unread = await client.search({ seen: false });
      return unread && !unread.length ? client.search({ all: true }) : null;
    }),
  );

  expect(found).toHaveLength(2);
});
