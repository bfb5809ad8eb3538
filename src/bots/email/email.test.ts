import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerPress } from '../../core/kernel/answer.ts';
import { buttonsOf } from '../../core/kernel/card.ts';
import { workDelivery } from '../../core/kernel/inbox.ts';
import { readLink } from '../../core/kernel/links.ts';
import { buildRegistry, runCommand, showView } from '../../core/kernel/registry.ts';
import { projects } from '../../core/projects/index.ts';
import { tickets } from '../../core/tickets/index.ts';
import type { MailStandIn, SimMail } from '../../simulator/mail/index.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import { deals, makeDeal } from '../../testing/deals.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { Channel } from '../channel.ts';
import { announce } from '../deliver.ts';
import { inboundFor } from '../inbound.ts';
import { openEmail } from './index.ts';
import type { Receive } from './receive.ts';
import { receiver } from './receive.ts';

/* One file, since everything here needs the same: a database, a mail world, and a card in a mailbox. */
const REPLY_TO = 'reply@northwind.example';
const AUTHSERV = 'mx.northwind.example';

let app: TestApp;
let firm: TestFirm;
let mail: MailStandIn;
let channel: Channel;
let receive: Receive;
let approver: string;
let viewer: string;
let room: string;
let deal: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  Object.assign(app, { registry: buildRegistry([deals, projects, tickets]) });
  firm = await makeFirm(app.database);
  mail = await startMailStandIn({ hubAddress: REPLY_TO, authservId: AUTHSERV });
  const config = { from: 'hello@northwind.example', replyTo: REPLY_TO, smtpUrl: mail.smtpUrl, authservId: AUTHSERV };
  const inbound = inboundFor(app);
  channel = await openEmail(config, { app, inbound, publicUrl: 'https://parley.example' });
  receive = receiver({ config, inbound });
  await owner(`insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'email', $2)`, [
    firm.tenantId,
    REPLY_TO,
  ]);
  approver = `${firm.acme.approver}@example.com`;
  viewer = `${firm.acme.viewer}@example.com`;
});
afterAll(async () => {
  await mail.stop();
  await app.close();
});
beforeEach(async () => {
  // One sender may write thirty mails an hour, all tests together more.
  await owner(`update inbox set received_at = now() - interval '2 hours'`);
  room = await makeRoom(approver, firm.acme.approver);
  deal = await makeDeal(owner, { tenantId: firm.tenantId, client: firm.acme.id, project: firm.acme.project });
});

async function makeRoom(address: string, person: string | null): Promise<string> {
  await owner(`delete from posted_card; delete from room where channel = 'email'`);
  const [row] = await owner(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id) values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'client', $3, $4) returning id`,
    [firm.tenantId, address, firm.acme.id, person],
  );
  return row?.id as string;
}

/** Posts a card of the deal as the hub does; the mail that arrived. */
async function post(target = 'deal.show', reply = false, input: Record<string, string> = { deal }): Promise<SimMail> {
  const view = { target, input };
  await announce(app, new Map([['email', channel]]), {
    tenantId: firm.tenantId,
    roomId: room,
    key: crypto.randomUUID(),
    view,
    about: { entity: 'deal', id: deal },
    projectId: firm.acme.project,
    reply,
  });
  const [row] = await owner('select address from room where id = $1', [room]);
  return mail.mailbox(String(row?.address)).at(-1) as SimMail;
}

/** Takes what lies in the hub's mailbox last through the inbox; how it ended. */
async function arrive(
  raw = Buffer.from(mail.hubMails().at(-1)?.raw ?? '', 'base64'),
): Promise<{ status: string; outcome: string; id: string; stored: string | null }> {
  const stored = await receive(raw);
  const [row] = await owner(`select id from inbox where status = 'waiting' order by seq desc limit 1`);
  if (row)
    await workDelivery(
      app,
      new Map([['email', { name: 'email', work: (item) => channel.work?.(item) as never }]]),
      { tenantId: firm.tenantId, id: row.id as string },
      0,
    );
  const [done] = await owner('select id, status, outcome from inbox order by seq desc limit 1');
  return { ...(done as { status: string; outcome: string; id: string }), stored };
}

async function answered(to: SimMail, text: string, options?: Parameters<MailStandIn['reply']>[3]) {
  await mail.reply(to.mailbox, to.id, text, options);
  return arrive();
}

const happened = async () =>
  (await owner(`select name, data from event where entity_id = $1 order by seq`, [deal])) as {
    name: string;
    data: Record<string, unknown>;
  }[];
const lastMail = (address = approver) =>
  mail
    .mailbox(address)
    .filter(({ direction }) => direction === 'in')
    .at(-1) as SimMail;
const mailsTo = (address = approver) => mail.mailbox(address).filter(({ direction }) => direction === 'in').length;

describe('a card goes out', () => {
  test('as a mail in a language it names, that machines leave alone and whose bounces find us', async () => {
    const sent = await post();

    expect(sent).toMatchObject({
      from: 'hello@northwind.example',
      fromName: 'Northwind Studio',
      subject: 'Checkout redesign',
    });
    expect(sent.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'content-language': 'en',
      'content-type': expect.stringMatching(/^multipart\/alternative/),
    });
    expect(sent.headers).not.toHaveProperty('list-unsubscribe');
    expect(sent.replyTo).toMatch(/^reply\+[a-z2-7]{48}@northwind\.example$/);
    expect(sent.messageId).toMatch(/^<card\.[0-9a-f-]{36}@northwind\.example>$/);
    const [row] = await owner(`select ref from posted_card where room_id = $1`, [room]);
    expect(row?.ref).toEqual({
      id: sent.messageId,
      root: sent.messageId,
      subject: sent.subject,
      words: expect.objectContaining({ APPROVE: expect.stringMatching(/^deal\.approve\?/) }),
    });
  });

  test('in the thread of the first one, with what was said before below', async () => {
    const first = await post();
    const second = await post('deal.history', true);

    expect(second.subject).toBe('Re: Checkout redesign');
    expect(second.headers['in-reply-to']).toBe(first.messageId);
    expect(second.references).toEqual([first.messageId]);
    expect(second.text).toMatch(/Earlier in this conversation\n\n> Checkout redesign/);
  });

  test('without quoting what it shows itself', async () => {
    await post();

    expect((await post('deal.show', true)).text).not.toContain('Earlier in this conversation');
  });

  test('to nobody whose server refuses them for good: the mailbox is noted as faulty', async () => {
    mail.refuse(approver, { code: 550, text: '5.1.1 no such user' });
    await post();

    expect(
      await owner(`select r.fault, p.state from room r join posted_card p on p.room_id = r.id where r.id = $1`, [room]),
    ).toEqual([{ fault: expect.stringContaining('5.1.1 no such user'), state: 'undeliverable' }]);
  });

  test('later when the server is busy now', async () => {
    mail.refuse(approver, { code: 451, text: '4.3.0 come back later' });

    await expect(post()).rejects.toThrow(/4\.3\.0/);
    expect(await owner(`select fault from room where id = $1`, [room])).toEqual([{ fault: null }]);
  });
});

describe('an answer with a word', () => {
  test('presses the button once, as the person whose verified mail it is, and is confirmed in the thread', async () => {
    const sent = await post();
    const before = mailsTo();

    const first = await answered(sent, 'APPROVE');
    const again = await arrive();

    expect(first).toMatchObject({
      status: 'applied',
      outcome: 'APPROVE: You approved Checkout redesign',
      stored: 'stored',
    });
    expect(again).toMatchObject({ status: 'duplicate', stored: 'duplicate' });
    expect((await happened()).map(({ name }) => name)).toEqual(['deal.approved']);
    expect(
      await owner(`select person_id, channel, assurance, request_id from audit where entity_id = $1`, [deal]),
    ).toEqual([
      {
        person_id: firm.acme.approver,
        channel: 'email',
        assurance: 'mail',
        request_id: expect.stringMatching(/^mail:<.+@example\.com>sha256:[\w-]{43}$/),
      },
    ]);
    expect(mailsTo() - before).toBe(1);
    expect(lastMail()).toMatchObject({
      subject: 'Re: Checkout redesign',
      headers: { 'auto-submitted': 'auto-replied', 'return-path': '<>' },
    });
    expect(lastMail().references[0]).toBe(sent.messageId);
    expect(lastMail().text).toContain('Done, as you asked with APPROVE.');
  });

  test('worked twice by two workers acts once, and its answer bears the same name', async () => {
    const sent = await post();
    const { id } = await answered(sent, 'APPROVE');
    const first = lastMail().messageId;
    await owner(`update inbox set status = 'quarantined' where id = $1`, [id]);
    await workDelivery(
      app,
      new Map([['email', { name: 'email', work: (item) => channel.work?.(item) as never }]]),
      { tenantId: firm.tenantId, id },
      0,
    );

    expect((await happened()).map(({ name }) => name)).toEqual(['deal.approved']);
    expect(lastMail().messageId).toBe(first);
  });

  test('brings its files beside the thread too when the button takes none', async () => {
    await answered(await post(), 'APPROVE', { files: [{ name: 'signed.pdf', content: 'x' }] });

    expect((await happened()).map(({ name, data }) => [name, data.body])).toEqual([
      ['deal.approved', undefined],
      ['deal.answered', expect.stringContaining('signed.pdf')],
    ]);
  });

  test('fills the form of a button that needs a reason', async () => {
    const sent = await post();

    const worked = await answered(sent, 'DISPUTE the header is broken\nand so is the footer', {
      files: [{ name: 'shot.png', content: 'x' }],
    });

    expect(worked).toMatchObject({ status: 'applied', outcome: 'DISPUTE: You disputed Checkout redesign' });
    expect(await happened()).toEqual([
      {
        name: 'deal.disputed',
        data: {
          reason:
            'the header is broken\nand so is the footer\n\n(1 file was attached: shot.png – kept with the original mail)',
        },
      },
    ]);
  });

  test('without the reason it needs is asked back, with the form; the answer to that answer works', async () => {
    const sent = await post();

    const worked = await answered(sent, 'dispute');
    const back = lastMail();
    const then = await answered(back, 'DISPUTE the header is broken');

    expect(worked).toMatchObject({
      status: 'applied',
      outcome: expect.stringMatching(/^asked back: .*“What is wrong” is missing/),
    });
    expect(back.text).toMatch(/Dispute: https:\/\/parley\.example\/l\//);
    expect(then.outcome).toBe('DISPUTE: You disputed Checkout redesign');
  });

  test('with a reason the command does not take is asked back with what is wrong', async () => {
    const worked = await answered(await post(), 'DISPUTE no');

    expect(worked).toMatchObject({ status: 'applied', outcome: expect.stringContaining('must say more') });
    expect(lastMail().text).toContain('must say more');
    expect((await happened()).map(({ name, data }) => [name, data.body])).toEqual([['deal.answered', 'DISPUTE no']]);
  });

  test('that opens a form fills in its title with the line behind the word', async () => {
    const worked = await answered(
      await post('project.show', false, { project: firm.acme.project }),
      'BUG it is broken',
    );

    expect(worked).toMatchObject({ status: 'applied', outcome: expect.stringMatching(/^asked back: BUG needs more/) });
    expect(lastMail().text).toContain('- Title\n  “it is broken”');
    const [, token = ''] = /Report: https:\/\/parley\.example\/l\/(\S+)/.exec(lastMail().text) ?? [];
    const link = readLink(app.secrets, token, app.clock.now());
    expect(link?.press).toEqual({
      target: 'ticket.file-bug',
      input: { project: firm.acme.project, title: 'it is broken' },
    });
  });

  test('for a page is answered with that page', async () => {
    const worked = await answered(await post(), 'HISTORY');

    expect(worked).toMatchObject({ status: 'applied', outcome: 'HISTORY: shown History of Checkout redesign' });
    expect(lastMail().text).toContain('2 Nov, Ada Admin');
  });

  test('on an old mail changes nothing, and is answered with what changed and with what is there now', async () => {
    const sent = await post();
    await owner(`update cycle set version = 2, name = 'Checkout and basket' where id = $1`, [deal]);

    const worked = await answered(sent, 'APPROVE');
    const present = lastMail();

    expect(worked).toMatchObject({ status: 'applied', outcome: expect.stringContaining('nothing was changed') });
    expect(await happened()).toEqual([]);
    expect(present.text).toContain('It is now version 2: Checkout and basket.');

    expect((await answered(present, 'APPROVE')).outcome).toBe('APPROVE: You approved Checkout and basket');
  });

  test('on an answer of ours that is old by now presses nothing either', async () => {
    const sent = await post();
    await owner(`update cycle set version = 2 where id = $1`, [deal]);
    await answered(sent, 'APPROVE');
    const present = lastMail();
    await owner(`update cycle set version = 3 where id = $1`, [deal]);

    const worked = await answered(present, 'APPROVE');

    expect(worked.outcome).toBe('answered an old mail; nothing was changed, and the sender was shown the present card');
    expect(lastMail().text).toContain('Version: 3');
    expect(await happened()).toEqual([]);
  });

  test('with a condition behind it presses nothing: it is said, and its writer is asked', async () => {
    const worked = await answered(await post(), 'APPROVE once the header is mended');

    expect(worked).toMatchObject({
      status: 'applied',
      outcome: 'asked what is meant by APPROVE: nothing was pressed; said: Your answer was added',
    });
    expect((await happened()).map(({ name }) => name)).toEqual(['deal.answered']);
    expect(lastMail().text).toContain('answer with APPROVE alone and nothing else');
    expect(lastMail().text).toMatch(/Approve: https:\/\/parley\.example\/l\//);
    expect((await answered(lastMail(), 'APPROVE')).outcome).toBe('APPROVE: You approved Checkout redesign');
  });

  test.each([
    'APPROVE\nonly if the header is fixed first, otherwise NOT.',
    'approve\n\nBut not before Monday.',
    'APPROVE\n\nRegards,\nBob\n\nPS: only with the new logo',
  ])('and a condition below it presses nothing: all of it is kept, and its writer is asked: %j', async (text) => {
    const worked = await answered(await post(), text);

    expect(worked.outcome).toContain('asked what is meant by APPROVE');
    expect((await happened()).map(({ name, data }) => [name, data.body])).toEqual([['deal.answered', text]]);
    expect(lastMail().text).toContain('nothing was pressed');
  });

  test('of a page, with lines below it, shows the page’s owner what was said as well', async () => {
    await answered(await post(), 'HISTORY\nAnd why is it late?');

    expect((await happened()).map(({ data }) => data.body)).toEqual(['HISTORY\nAnd why is it late?']);
  });

  test('quotes none of our links that act to whoever reads the thread', async () => {
    await answered(await post(), 'Fine so far.');

    expect(String((await happened())[0]?.data.quoted)).toContain('Approve: https://parley.example/l/…');
  });

  test('of somebody who may not is refused, kept and told', async () => {
    room = await makeRoom(viewer, firm.acme.viewer);
    const worked = await answered(await post(), 'APPROVE');

    expect(worked).toMatchObject({ status: 'quarantined', outcome: 'APPROVE was refused: You may not do this.' });
    expect(lastMail(viewer).text).toContain('Nothing was done: You may not do this.');
  });

  test('that needs a surer sign than mail is refused', async () => {
    const worked = await answered(await post(), 'SEAL');

    expect(worked).toMatchObject({ status: 'quarantined', outcome: expect.stringContaining('surer sign') });
  });
});

describe('any other answer', () => {
  test('is said in answer to the card’s thing, its quote folded, without an answer of ours', async () => {
    const sent = await post();
    const before = mailsTo();

    const worked = await answered(sent, 'When will the basket be done?');

    expect(worked).toMatchObject({ status: 'applied', outcome: 'said: Your answer was added' });
    expect(await happened()).toEqual([
      {
        name: 'deal.answered',
        data: { body: 'When will the basket be done?', quoted: expect.stringContaining('> Checkout redesign') },
      },
    ]);
    expect(mailsTo()).toBe(before);
  });

  test('finds its thread by a tag in Cc, or in what the server says it delivered to', async () => {
    const sent = await post();
    for (const [name, value] of [
      ['Cc', `eve@x.example, "Parley" <${sent.replyTo.toUpperCase()}>`],
      ['X-Original-To', sent.replyTo],
    ] as const) {
      await mail.write(approver, 'bob@acme.example', `by ${name}`, { headers: { [name]: value } });
      expect(await arrive()).toMatchObject({ status: 'applied' });
    }
    expect((await happened()).map(({ data }) => data.body)).toEqual(['by Cc', 'by X-Original-To']);
  });

  test('finds its thread by the mail it refers to', async () => {
    const sent = await post();
    await mail.write(approver, REPLY_TO, 'no tag', { headers: { References: `<other@x.example> ${sent.messageId}` } });

    expect(await arrive()).toMatchObject({ status: 'applied' });
  });

  test('without a thread waits in quarantine, and is not answered', async () => {
    const before = mailsTo();
    await mail.write(approver, REPLY_TO, 'hello');

    expect(await arrive()).toMatchObject({
      status: 'quarantined',
      outcome: expect.stringContaining('nobody knows where this belongs'),
    });
    expect(mailsTo()).toBe(before);
  });

  test('with a made-up tag is nobody’s', async () => {
    await mail.write(approver, `reply+${'a'.repeat(48)}@northwind.example`, 'hello');

    expect(await arrive()).toMatchObject({ status: 'quarantined' });
  });

  test('from an address that nobody is linked to is kept, and told where to write from', async () => {
    const sent = await post();
    await mail.write('stranger@acme.example', sent.replyTo, 'APPROVE');

    expect(await arrive()).toMatchObject({
      status: 'quarantined',
      outcome: 'nobody is linked to stranger@acme.example; nothing was done',
    });
    expect(lastMail('stranger@acme.example').text).toContain('We do not know this address');
    expect(lastMail('stranger@acme.example').text).not.toContain('/l/');
    expect(await happened()).toEqual([]);
  });
});

describe('nothing is done', () => {
  test('for a sender that the receiving server did not verify', async () => {
    const sent = await post();
    const before = mailsTo();

    const worked = await answered(sent, 'APPROVE', { verified: false });

    expect(worked).toMatchObject({
      status: 'quarantined',
      outcome: 'not verified: DMARC says fail for example.com; nothing was done',
    });
    expect(await happened()).toEqual([]);
    expect(mailsTo()).toBe(before);
  });

  test.each([
    [{ 'Auto-Submitted': 'auto-replied' }],
    [{ Precedence: 'bulk' }],
    [{ 'X-Autoreply': 'yes' }],
    [{ 'Return-Path': '<>' }],
  ])('for an automatic reply, and it is not answered: %j', async (headers) => {
    const sent = await post();
    const before = mailsTo();

    const worked = await answered(sent, 'APPROVE', { headers: headers as Record<string, string> });

    expect(worked).toMatchObject({ status: 'applied', outcome: expect.stringContaining('written by a machine') });
    expect(await happened()).toEqual([]);
    expect(mailsTo()).toBe(before);
  });

  /** The last mail to the hub with these lines in its header, before everything else. */
  const arriveWith = async (lines: string[]) => {
    const raw = Buffer.from(mail.hubMails().at(-1)?.raw ?? '', 'base64').toString('latin1');
    const rest = lines.some((line) => line.startsWith('Subject:')) ? raw.replace(/^Subject:.*\r\n/im, '') : raw;
    return arrive(Buffer.from(`${lines.join('\r\n')}\r\n${rest}`, 'latin1'));
  };

  test.each([
    [['Auto-Submitted: no', 'Auto-Submitted: auto-replied']],
    [['Precedence: first-class', 'Precedence: auto_reply']],
  ])('for an automatic reply whose second field says so: %j', async (lines) => {
    const sent = await post();
    await mail.reply(sent.mailbox, sent.id, 'APPROVE');

    expect(await arriveWith(lines)).toMatchObject({
      status: 'applied',
      outcome: expect.stringContaining('written by a machine'),
    });
    expect(await happened()).toEqual([]);
  });

  test.each([
    'X-Auto-Response-Suppress: All',
    'Subject: Automatische Antwort: Checkout redesign',
    'Subject: =?utf-8?Q?Abwesenheitsnotiz=3A_Gr=C3=BC=C3=9Fe?=',
    'Subject: =?utf-8?B?UsOpcG9uc2UgYXV0b21hdGlxdWUgOiBDaGVja291dA==?=',
  ])(
    'for an absence notice that does not say what it is: it is kept for people, and not answered: %s',
    async (line) => {
      const sent = await post();
      const before = mailsTo();
      await mail.reply(sent.mailbox, sent.id, 'Ich bin bis 3. Dezember nicht im Haus.');

      expect(await arriveWith([line])).toMatchObject({
        status: 'quarantined',
        outcome: expect.stringContaining('written by a machine'),
      });
      expect(await happened()).toEqual([]);
      expect(mailsTo()).toBe(before);
    },
  );

  test('for mails of our own that come back', async () => {
    const sent = await post();
    await mail.write('hello@northwind.example', sent.replyTo, 'APPROVE');

    expect(await arrive()).toMatchObject({ status: 'applied', outcome: expect.stringContaining('our own') });
  });

  test('for the thirty-first mail of one sender within an hour', async () => {
    const sent = await post();
    await owner(
      `insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status)
       select $1, gen_random_uuid(), 'email', $2, 'flood ' || n, 'mail', jsonb_build_object('sender', $3::text, 'verified', 'yes'), '', 'applied' from generate_series(1, 30) n`,
      [firm.tenantId, REPLY_TO, approver],
    );

    expect(await answered(sent, 'APPROVE')).toMatchObject({
      status: 'quarantined',
      outcome: expect.stringContaining('more than 30 mails'),
    });
    await owner(`delete from inbox where delivery_id like 'flood %'`);
  });

  test('for a mail beyond 25 MB, which is kept', async () => {
    const sent = await post();
    const head = `From: ${approver}\r\nTo: ${sent.replyTo}\r\nMessage-ID: <big@x.example>\r\nAuthentication-Results: ${AUTHSERV}; dmarc=pass header.from=example.com\r\n\r\nAPPROVE\r\n`;

    expect(await arrive(Buffer.concat([Buffer.from(head), Buffer.alloc(25 * 1024 * 1024, 0x20)]))).toMatchObject({
      status: 'quarantined',
      outcome: expect.stringContaining('25 MB'),
    });
    await owner(`delete from inbox where delivery_id like '<big@x.example>%'`);
  });
});

describe('a mail is the same when name, sender, verdict and words are', () => {
  const raw = (to: string, text: string, { from = approver, verdict = 'pass', more = '' } = {}) =>
    Buffer.from(
      `${more}Authentication-Results: ${AUTHSERV}; dmarc=${verdict} header.from=example.com\r\nFrom: ${from}\r\nTo: ${to}\r\nMessage-ID: <${deal}@example.com>\r\n\r\n${text}\r\n`,
    );

  test('a first copy that was not verified does not keep out the real one', async () => {
    const { replyTo } = await post();

    expect(await arrive(raw(replyTo, 'APPROVE', { verdict: 'fail' }))).toMatchObject({ status: 'quarantined' });
    expect(await arrive(raw(replyTo, 'APPROVE'))).toMatchObject({ status: 'applied', stored: 'stored' });
    expect((await happened()).map(({ name }) => name)).toEqual(['deal.approved']);
  });

  test('somebody else who knows its name does not keep it out', async () => {
    const { replyTo } = await post();

    expect(await arrive(raw(replyTo, 'hello', { from: viewer }))).toMatchObject({ stored: 'stored' });
    expect(await arrive(raw(replyTo, 'APPROVE'))).toMatchObject({ status: 'applied', stored: 'stored' });
    expect((await happened()).map(({ name }) => name)).toContain('deal.approved');
  });

  test('two bodies under one name are both kept and both said', async () => {
    const { replyTo } = await post();

    expect(await arrive(raw(replyTo, 'The first thing.'))).toMatchObject({ status: 'applied', stored: 'stored' });
    expect(await arrive(raw(replyTo, 'The second thing.'))).toMatchObject({ status: 'applied', stored: 'stored' });
    expect((await happened()).map(({ data }) => data.body)).toEqual(['The first thing.', 'The second thing.']);
  });

  test('another way with other transport headers and line ends brings nothing twice', async () => {
    const { replyTo } = await post();
    const again = raw(replyTo, 'The first thing.', { more: 'Received: by mx2.northwind.example\r\n' });

    expect(await arrive(raw(replyTo, 'The first thing.'))).toMatchObject({ stored: 'stored' });
    expect(await arrive(Buffer.from(again.toString().replaceAll('\r\n', '\n')))).toMatchObject({ stored: 'duplicate' });
    expect(await happened()).toHaveLength(1);
  });
});

describe('a bounce', () => {
  const report = (to: string, status: string, action = 'failed') =>
    Buffer.from(
      [
        `Return-Path: <>`,
        `From: MAILER-DAEMON@mx.acme.example`,
        `To: ${to}`,
        `Message-ID: <${crypto.randomUUID()}@mx.acme.example>`,
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'It did not work.',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.acme.example',
        '',
        `Final-Recipient: rfc822; ${approver}`,
        `Action: ${action}`,
        `Status: ${status}`,
        'Diagnostic-Code: smtp; 550 no such user',
        '',
        '--b--',
        '',
      ].join('\r\n'),
    );
  const bounceTo = async () => {
    const sent = await post();
    return (sent.headers['return-path'] ?? '').slice(1, -1);
  };
  const fault = async () => (await owner(`select fault from room where id = $1`, [room]))[0]?.fault;

  test('for good marks the mailbox', async () => {
    const to = await bounceTo();
    expect(to).toMatch(/^reply\+[a-z2-7]{42}@northwind\.example$/);

    expect(await arrive(report(to, '5.1.1'))).toMatchObject({
      status: 'applied',
      outcome: expect.stringContaining('cannot be reached'),
    });
    expect(await fault()).toBe('the mail came back: 5.1.1 smtp; 550 no such user');
  });

  test('for good is shown in triage once, and mended by a press', async () => {
    const staff = {
      kind: 'person',
      tenantId: firm.tenantId,
      personId: firm.admin,
      channel: 'slack',
      assurance: 'chat',
    } as const;
    const told = () => owner(`select name from event where entity_id = $1 and name = 'project.room-faulted'`, [room]);
    const view = { target: 'project.room-fault', input: { room } };
    const triage = projects.announcements.find(({ on }) => on === 'project.room-faulted');
    await arrive(report(await bounceTo(), '5.1.1'));
    await arrive(report(await bounceTo(), '5.1.1'));

    const [bound] = await owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience) values ($1, gen_random_uuid(), 'slack', 'T', 'C', 'Triage', 'triage') returning id`,
      [firm.tenantId],
    );

    const card = await showView(app, { kind: 'audience', tenantId: firm.tenantId, roomId: String(bound?.id) }, view);
    const [use] = buttonsOf(card);
    const answer = await answerPress(app, staff, { press: use?.press ?? view, requestId: 'mend' });

    expect(await told()).toHaveLength(1);
    expect(triage?.audience({} as never)).toEqual([{ audience: 'triage' }]);
    expect(card).toMatchObject({
      title: 'Mailbox cannot be reached',
      fallback: expect.stringContaining('no such user'),
    });
    expect(answer.kind).toBe('done');
    expect(await fault()).toBeNull();
    expect(buttonsOf(await showView(app, staff, view))).toEqual([]);
  });

  test('sent to a reply address, which its reader knows, marks nothing', async () => {
    const { replyTo } = await post();

    expect(await arrive(report(replyTo ?? '', '5.1.1'))).toMatchObject({ status: 'applied' });
    expect(await fault()).toBeNull();
  });

  test('for now marks nothing', async () => {
    expect(await arrive(report(await bounceTo(), '4.4.7', 'delayed'))).toMatchObject({
      status: 'applied',
      outcome: expect.stringContaining('late'),
    });
    expect(await fault()).toBeNull();
  });

  test('that somebody made up marks nothing', async () => {
    await post();

    expect(await arrive(report(REPLY_TO, '5.1.1'))).toMatchObject({
      status: 'applied',
      outcome: expect.stringContaining('not one of ours'),
    });
    expect(await fault()).toBeNull();
  });
});

test('whatever bytes come as a mail, they are kept, and end applied or in quarantine', async () => {
  const sent = await post();
  const head = `From: ${approver}\r\nTo: ${sent.replyTo}\r\nAuthentication-Results: ${AUTHSERV}; dmarc=pass header.from=example.com\r\n`;
  const types = fc.constantFrom(
    'text/plain',
    'text/html',
    'multipart/mixed; boundary=b',
    'multipart/report; boundary=b',
    'message/rfc822',
    'text/plain; charset=utf-7',
    'text/plain; charset=nonsense',
    'application/octet-stream',
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
  );
  const mailOf = fc.oneof(
    body,
    fc
      .tuple(types, fc.constantFrom('', 'base64', 'quoted-printable', 'x'), body)
      .map(([type, encoding, content]) =>
        Buffer.concat([
          Buffer.from(`${head}Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`),
          Buffer.from(type.startsWith('multipart') ? '--b\r\n\r\n' : ''),
          content,
        ]),
      ),
    body.map((content) => Buffer.concat([Buffer.from(head), content])),
  );
  await fc.assert(
    fc.asyncProperty(mailOf, async (raw) => {
      await owner(
        `update inbox set received_at = now() - interval '2 hours' where received_at > now() - interval '1 hour'`,
      );
      const { status, id } = await arrive(raw);
      if (status === 'duplicate') return;
      expect(['applied', 'quarantined']).toContain(status);
      const [row] = await owner('select body, outcome from inbox where id = $1', [id]);
      expect(Buffer.compare(row?.body as Buffer, raw)).toBe(0);
      expect(row?.outcome).not.toMatch(/^failed/);
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('without a server to trust everything waits in quarantine, and the log says so at the start', async () => {
  const warnings: string[] = [];
  const config = { from: 'hello@northwind.example', replyTo: REPLY_TO, smtpUrl: mail.smtpUrl };
  const warned = { ...app, log: { ...app.log, warn: (text: string) => warnings.push(text) } as never };
  const trusting = await openEmail(config, {
    app: warned,
    inbound: inboundFor(app),
    publicUrl: 'https://parley.example',
  });
  const sent = await post();
  await mail.reply(sent.mailbox, sent.id, 'APPROVE');
  const raw = Buffer.from(mail.hubMails().at(-1)?.raw ?? '', 'base64');
  const item = {
    tenantId: firm.tenantId,
    id: crypto.randomUUID(),
    source: 'email',
    account: REPLY_TO,
    deliveryId: '<x@y>',
    kind: 'mail',
    headers: {},
    body: raw,
    receivedAt: new Date(),
  };

  expect(await trusting.work?.(item)).toMatchObject({
    status: 'quarantined',
    outcome: expect.stringContaining('MAIL_AUTHSERV_ID'),
  });
  expect(warnings).toEqual([expect.stringContaining('MAIL_AUTHSERV_ID')]);
});

test('the files of a mail that answers a ticket are named by its message, which says where they are kept', async () => {
  const who = {
    kind: 'person',
    tenantId: firm.tenantId,
    personId: firm.acme.approver,
    channel: 'slack',
    assurance: 'chat',
  } as const;
  const bug = { project: firm.acme.project, title: 'Pay button', description: 'It does nothing.' };
  const { output } = await runCommand(app, who, { name: 'ticket.file-bug', input: bug, requestId: 'file' });
  const { id } = output as { id: string };
  await announce(app, new Map([['email', channel]]), {
    tenantId: firm.tenantId,
    roomId: room,
    key: crypto.randomUUID(),
    view: { target: 'ticket.show', input: { ticket: id } },
    about: { entity: 'ticket', id },
    projectId: firm.acme.project,
    reply: false,
  });
  const files = [
    { name: 'shot.png', content: 'picture' },
    { name: '../plan.pdf', content: 'plan' },
  ];
  const sent = lastMail();
  const mail = await answered(sent, 'Here it is', { files });
  const empty = await answered(sent, '', { files: files.slice(1), quote: false });

  expect([mail.status, empty.status]).toEqual(['applied', 'applied']);
  expect(
    await owner('select body, mail_id, files from ticket_message where ticket_id = $1 order by created_at', [id]),
  ).toEqual([
    {
      body: 'Here it is',
      mail_id: mail.id,
      files: [
        { name: 'shot.png', size: 7, type: expect.stringContaining('/') },
        { name: 'plan.pdf', size: 4, type: expect.stringContaining('/') },
      ],
    },
    { body: '(no words, only files)', mail_id: empty.id, files: [expect.objectContaining({ name: 'plan.pdf' })] },
  ]);
});
