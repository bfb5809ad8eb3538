import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import type { Config } from '../../config.ts';
import { readConfig } from '../../config.ts';
import type { Proof } from '../../core/kernel/account-form.ts';
import type { Who } from '../../core/kernel/actor.ts';
import { openedCredentials, storedConnection } from '../../core/kernel/connection.ts';
import { egressOf } from '../../core/kernel/egress.ts';
import type { InboxItem } from '../../core/kernel/inbox.ts';
import { awaitProof } from '../../core/kernel/proven.ts';
import { runCommand, showView } from '../../core/kernel/registry.ts';
import { platformsOf } from '../../platforms.ts';
import type { MailStandIn } from '../../simulator/mail/index.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner, SECRET } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { AnyChannelKind } from '../channel.ts';
import { channels } from '../channels.ts';
import { inboundFor } from '../inbound.ts';
import { lookAtWaiting } from '../round-trips.ts';
import { proofAddress } from './address.ts';
import { openEmail } from './index.ts';

const MAILBOX = 'reply@northwind.example';
const HUB = 'parley@hub.example';
const kind = channels.find(({ name }) => name === 'email') as AnyChannelKind;

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
/** The mail of the world: where mail to the mailbox really goes. */
let world: MailStandIn;
/** A server that a firm runs itself, on which every address is its own. */
let own: MailStandIn;
let config: Config;
let logged: string[];

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Rival & Sons');
});
afterAll(() => app.close());
beforeEach(async () => {
  const about = { hubAddress: MAILBOX, authservId: 'mx.northwind.example' };
  [world, own] = await Promise.all([startMailStandIn(about), startMailStandIn(about)]);
  await owner(`delete from connection where tool = 'email'`);
  await owner('delete from account_proof');
  logged = [];
  config = readConfig({
    PARLEY_SECRET: SECRET,
    PARLEY_PRIVATE_HOSTS: '127.0.0.1',
    ...{ MAIL_FROM: HUB, MAIL_REPLY_TO: 'reply@hub.example', SMTP_URL: world.smtpUrl },
    MAIL_INBOUND_SECRET: 'the secret of the hub’s own mailbox',
  });
  Object.assign(app, {
    platforms: platformsOf(config, () => app),
    log: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }),
  });
});
afterEach(() => Promise.all([world.stop(), own.stop()]));

const typed = (at: MailStandIn, more: Record<string, string> = {}) => ({
  ...{ address: MAILBOX, smtp: at.smtpUrl, imap: `imap://127.0.0.1:${at.imapPort}`, user: 'hub', password: 'stand-in' },
  ...more,
});
const proveOf = async (of: TestFirm, at: MailStandIn, more: Record<string, string> = {}) =>
  (await app.platforms.prove?.('email', typed(at, more), of.tenantId)) as Proof;

/** A firm types the mailbox and the servers into its form; the try that waits from then on. */
async function asked(of: TestFirm, at: MailStandIn): Promise<string> {
  const { waits, told: _told, ...account } = await proveOf(of, at);
  expect(waits).toBe(true);
  const who = as(of, of.admin) as Extract<Who, { kind: 'person' }>;
  const given = { tool: 'email', ...account, settings: {} };
  return (await awaitProof(app, who, given, crypto.randomUUID())).id;
}

/** A worker looks: the first time it sends, later it looks for what it sent. */
async function look(times = 2): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    app.clock.jump(31_000);
    const tools = { app, publicUrl: app.publicUrl, given: config.email, egress: egressOf(['127.0.0.1']) };
    await lookAtWaiting(kind, tools);
  }
}

const card = (id: string, of = firm) =>
  showView(app, as(of, of.admin), { target: 'connection.proof', input: { waiting: id } });
const connected = () => owner(`select tenant_id, account, listens, status from connection where tool = 'email'`);
const mailTo = (to: string, more = '', body = 'hi') =>
  Buffer.from(
    `From: ${HUB}\r\nTo: ${to}\r\n${more}Message-ID: <${crypto.randomUUID()}@hub.example>\r\n\r\n${body}\r\n`,
  );

describe('a mailbox', () => {
  test('is the firm’s once the mail that was sent to it is in it, read with what the firm typed', async () => {
    const id = await asked(firm, world);
    expect(await connected()).toEqual([]);
    expect((await card(id)).title).toBe(`Waiting for our mail to arrive in ${MAILBOX}`);

    await look();

    expect(await connected()).toEqual([
      { tenant_id: firm.tenantId, account: MAILBOX, listens: true, status: 'active' },
    ]);
    expect((await card(id)).title).toBe(`Mail ${MAILBOX} is connected`);
    const stored = await storedConnection(app, firm.tenantId, 'email', { account: MAILBOX });
    expect(stored && (await openedCredentials(app, stored))).toMatchObject({ replyTo: MAILBOX });
    expect(await owner('select sealed from account_proof')).toEqual([{ sealed: null }]);
    const [mail] = world.hubMails();
    expect(mail?.flags).toEqual(['\\Seen']);
    expect(Buffer.from(mail?.raw ?? '', 'base64').toString()).toContain('Ada Admin of Northwind Studio is connecting');
  });

  test('of somebody else is not the firm’s that runs a server on which every address is its own', async () => {
    const id = await asked(other, own);
    await look(4);

    expect(world.hubMails()).toHaveLength(1);
    expect(own.hubMails()).toEqual([]);
    expect(await connected()).toEqual([]);

    app.clock.jump(31 * 60_000);
    await look(1);
    const told = await card(id, other);
    expect(told).toMatchObject({ title: `Our mail did not arrive in ${MAILBOX}`, status: 'Not connected' });
    expect(JSON.stringify(told.blocks)).toContain('among the spam');
    expect(told.actions.map(({ label }) => label)).toEqual(['Send again']);
  });

  test('is not proven by the mail of another try, a changed one, or one that was forwarded', async () => {
    const [mine, theirs] = [await asked(other, own), await asked(firm, world)];
    const address = proofAddress(app.secrets, MAILBOX, mine);
    const foreign = proofAddress(app.secrets, MAILBOX, theirs);
    const changed = address.replace(/(.)@/, (_whole, last: string) => `${last === 'a' ? 'b' : 'a'}@`);
    const quoted = `---------- Forwarded message ----------\r\nTo: ${address}`;
    for (const raw of [
      mailTo(foreign),
      mailTo(changed),
      mailTo(MAILBOX),
      mailTo('somebody@rival.example', `References: <proof.${mine}@hub.example>\r\nSubject: ${address}\r\n`, quoted),
      mailTo(address.replace('northwind', 'rival')),
    ])
      own.deliverToHub(raw);
    await owner('delete from account_proof where id = $1', [theirs]);
    await look(4);
    expect(await connected()).toEqual([]);

    // The very mail does, however its address is spelt by the servers on the way.
    own.deliverToHub(mailTo(address.toUpperCase()));
    await look(1);
    expect(await connected()).toMatchObject([{ tenant_id: other.tenantId }]);
  });

  test('that two firms wait for is the one’s that gets the mail; the other learns that, and not whose', async () => {
    const [mine, theirs] = [await asked(firm, world), await asked(other, own)];
    await look();
    expect(await connected()).toMatchObject([{ tenant_id: firm.tenantId }]);

    own.deliverToHub(mailTo(proofAddress(app.secrets, MAILBOX, theirs)));
    await look(1);
    const told = JSON.stringify(await card(theirs, other));
    expect(told).toContain('is connected by another firm');
    expect(told).not.toContain('Northwind Studio');
    expect(await connected()).toMatchObject([{ tenant_id: firm.tenantId }]);
    for (const [id, of] of [
      [mine, other],
      [theirs, firm],
    ] as const)
      await expect(card(id, of)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is proven once, by however many processes, and however often the mail was sent before one died', async () => {
    const events = () =>
      owner(`select from event where name = 'connection.connected' and data ->> 'account' = $1`, [MAILBOX]);
    const before = (await events()).length;
    await asked(firm, world);
    await look(1);
    await owner('update account_proof set sent_at = null');
    await look(1);
    expect(world.hubMails()).toHaveLength(2);

    await owner('update account_proof set look_at = created_at');
    await Promise.all([look(1), look(1)]);
    await look(1);
    expect(await events()).toHaveLength(before + 1);
    expect(await connected()).toHaveLength(1);

    // The mail counts once: of a mailbox that was given up it proves nothing.
    await owner(`delete from connection where tool = 'email'`);
    await look(2);
    expect(await connected()).toEqual([]);
  });

  test('whose server refuses the mail is said to be, without what would prove it', async () => {
    const id = await asked(firm, world);
    const address = proofAddress(app.secrets, MAILBOX, id);
    world.refuse(address, { code: 550, text: `5.1.1 <${address}>: no such mailbox` });
    await look(1);

    const told = await card(id);
    expect(told.title).toBe(`Our mail did not arrive in ${MAILBOX}`);
    expect(JSON.stringify(told.blocks)).toContain('refused our mail to this address');
    const tag = address.slice(address.indexOf('+') + 1, address.indexOf('@'));
    const kept = [
      await owner('select * from event'),
      await owner('select * from audit'),
      await owner('select * from account_proof'),
    ];
    expect(JSON.stringify([told, kept, logged])).not.toContain(tag);
  });

  test('of which a report says that the mail could not be delivered is not connected, and may be tried again', async () => {
    const id = await asked(other, own);
    await look(1);
    const address = proofAddress(app.secrets, MAILBOX, id);
    own.deliverToHub(
      mailTo(HUB, 'Content-Type: multipart/report\r\n', `Final-Recipient: rfc822; ${address}\r\nStatus: 5.1.1`),
    );
    await look(2);
    expect(await connected()).toEqual([]);
  });

  test('is not connected by somebody who is no administrator any more', async () => {
    const id = await asked(firm, world);
    await look(1);
    await owner(`update person set role = 'member' where id = $1`, [firm.admin]);
    await look(1);
    await owner(`update person set role = 'admin' where id = $1`, [firm.admin]);

    expect(await connected()).toEqual([]);
    expect(JSON.stringify(await card(id))).toContain('no administrator any more');
  });

  test('waits while the hub’s mail server is away, and says so when that lasted too long', async () => {
    const away = readConfig({
      ...{ PARLEY_SECRET: SECRET, MAIL_FROM: HUB, MAIL_REPLY_TO: 'reply@hub.example', SMTP_URL: 'smtp://127.0.0.1:9' },
      MAIL_INBOUND_SECRET: 'the secret of the hub’s own mailbox',
    });
    const id = await asked(firm, world);
    const working = config;
    config = away;
    await look(1);
    expect((await card(id)).title).toBe(`Waiting for our mail to arrive in ${MAILBOX}`);
    app.clock.jump(31 * 60_000);
    await look(1);
    expect(JSON.stringify(await card(id))).toContain('the mail server of this hub does not answer');

    config = working;
    await again(id);
    await look();
    expect(await connected()).toHaveLength(1);
  });

  test('that is the firm’s already is connected again with other credentials, and nothing is sent', async () => {
    await asked(firm, world);
    await look();
    expect((await proveOf(firm, world)).waits).toBe(false);
    expect((await proveOf(other, own)).waits).toBe(true);
  });
});

const again = (id: string, who: Who = as(firm, firm.admin)) =>
  runCommand(app, who, {
    name: 'connection.send-proof-again',
    input: { waiting: id },
    requestId: crypto.randomUUID(),
  });

describe('sending it again', () => {
  test('begins the time anew; the first mail counts too, should it come late', async () => {
    const id = await asked(firm, own);
    await look(1);
    app.clock.jump(31 * 60_000);
    await look(1);
    expect((await card(id)).title).toContain('did not arrive');

    await again(id);
    await look(1);
    expect(world.hubMails()).toHaveLength(2);
    expect((await card(id)).title).toContain('Waiting for our mail');
    own.deliverToHub(Buffer.from(world.hubMails()[0]?.raw ?? '', 'base64'));
    await look(1);
    expect(await connected()).toHaveLength(1);
    await expect(again(id)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is an administrator’s of that firm alone, and ends after a few times', async () => {
    const id = await asked(firm, own);
    for (const who of [
      as(firm, firm.partner),
      as(firm, firm.member),
      as(firm, firm.acme.clientAdmin),
      as(other, other.admin),
    ])
      await expect(again(id, who)).rejects.toMatchObject({ code: expect.stringMatching(/forbidden|not_found/) });
    for (let time = 0; time < 4; time += 1) await again(id);
    await expect(again(id)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('lets no firm write to others without end', async () => {
    for (let time = 0; time < 10; time += 1) await asked(firm, own);
    await expect(asked(firm, own)).rejects.toMatchObject({ code: 'rate_limited' });
    await asked(other, own);
  });
});

/** The try of a firm, with what the hub itself signed of it: a test that signs says nothing of what the hub does. */
async function askedAndSigned(of: TestFirm): Promise<{ id: string; signed: { proof: string; signature: string } }> {
  const sign = jest.spyOn(app.secrets, 'sign');
  const id = await asked(of, own);
  const at = sign.mock.calls.findIndex(([, text]) => text.includes(MAILBOX));
  const [, proof] = sign.mock.calls[at] ?? ['', ''];
  const signature = String(sign.mock.results[at]?.value);
  sign.mockRestore();
  return { id, signed: { proof, signature } };
}

describe('nobody proves a mailbox by a press', () => {
  test('neither an administrator who says that the mail came, nor what was signed to wait', async () => {
    const { id, signed } = await askedAndSigned(firm);
    await expect(
      runCommand(app, as(firm, firm.admin), {
        name: 'connection.finish-proof',
        input: { waiting: id },
        requestId: crypto.randomUUID(),
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });

    await expect(
      runCommand(app, as(firm, firm.admin), {
        name: 'connection.add',
        input: signed,
        requestId: crypto.randomUUID(),
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await connected()).toEqual([]);
  });

  test('of another firm, by what was signed for that one', async () => {
    const { signed } = await askedAndSigned(firm);
    const begin = (who: Who) =>
      runCommand(app, who, { name: 'connection.begin-proof', input: signed, requestId: crypto.randomUUID() });
    await expect(begin(as(other, other.admin))).rejects.toMatchObject({ code: 'not_found' });
    expect(await owner('select tenant_id from account_proof')).toEqual([{ tenant_id: firm.tenantId }]);
    await begin(as(firm, firm.admin));
  });
});

describe('an address', () => {
  test.each([
    ['Reply@NORTHWIND.example', MAILBOX],
    ['reply@MÜNCHEN.example', 'reply@xn--mnchen-3ya.example'],
    ['reply@xn--mnchen-3ya.example', 'reply@xn--mnchen-3ya.example'],
    ['reply@почта.рф', 'reply@xn--80a1acny.xn--p1ai'],
  ])('that is written %s is one mailbox with %s', async (address, account) => {
    expect(await proveOf(firm, own, { address })).toMatchObject({ account });
  });

  test.each([
    ['reply+more@northwind.example', 'leaves no room'],
    ['northwind.example', 'is not a mail address'],
    ['reply@northwind', 'is not a mail address'],
    ['reply@north wind.example', 'is not a mail address'],
    ['reply@nоrthwind', 'is not a mail address'],
  ])('like %s is refused beside its field', async (address, say) => {
    await expect(proveOf(firm, own, { address })).rejects.toMatchObject({
      detail: { fields: { address: expect.stringContaining(say) } },
    });
  });

  test('that only looks like another is another mailbox', async () => {
    // The second letter is of another script.
    expect((await proveOf(firm, own, { address: 'reply@nоrthwind.example' })).account).not.toBe(MAILBOX);
  });
});

test('the mail that proves a mailbox is nothing to sort, and answers nobody', async () => {
  await asked(firm, world);
  await look();
  const [mail] = world.hubMails();
  const channel = await openEmail(
    { from: MAILBOX, replyTo: MAILBOX, smtpUrl: world.smtpUrl, authservId: 'mx.northwind.example' },
    { app, inbound: inboundFor(app), publicUrl: app.publicUrl },
  );
  const item = { tenantId: firm.tenantId, id: 'i', source: 'email', account: MAILBOX, deliveryId: 'd', kind: 'mail' };
  const body = Buffer.from(mail?.raw ?? '', 'base64');

  expect(await channel.work?.({ ...item, headers: {}, body, receivedAt: new Date() } as InboxItem)).toEqual({
    status: 'applied',
    outcome: 'the mail that proves this mailbox; nothing was done',
  });
  expect(world.mails()).toEqual([]);
});

test('a hub without a mail server of its own says that a login is all the proof, and takes it', async () => {
  const without = readConfig({ PARLEY_SECRET: SECRET, PARLEY_PRIVATE_HOSTS: '127.0.0.1' });
  expect(app.platforms.asks?.('email')?.lead).toContain('connected once it has arrived there');
  Object.assign(app, { platforms: platformsOf(without, () => app) });

  expect(app.platforms.asks?.('email')?.lead).toContain('a login that works is all the proof');
  expect((await proveOf(firm, own)).waits).toBe(false);
});
