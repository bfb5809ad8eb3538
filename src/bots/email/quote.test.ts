import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { workDelivery } from '../../core/kernel/inbox.ts';
import { runCommand } from '../../core/kernel/registry.ts';
import type { MailStandIn, SimMail } from '../../simulator/mail/index.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Channel } from '../channel.ts';
import { announce } from '../deliver.ts';
import { inboundFor } from '../inbound.ts';
import { openEmail } from './index.ts';
import type { Receive } from './receive.ts';
import { receiver } from './receive.ts';

/* A quote that is answered by mail: a word accepts it, and a word with anything more than the options does not. */
const REPLY_TO = 'reply@northwind.example';
const AUTHSERV = 'mx.northwind.example';

let app: TestApp;
let firm: TestFirm;
let mail: MailStandIn;
let channel: Channel;
let receive: Receive;
let room: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
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
  const [row] = await owner(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
      values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'client', $3, $4) returning id`,
    [firm.tenantId, `${firm.acme.approver}@example.com`, firm.acme.id, firm.acme.approver],
  );
  room = row?.id as string;
});
afterAll(async () => {
  await mail.stop();
  await app.close();
});
beforeEach(() => owner(`update inbox set received_at = now() - interval '2 hours'`));

/** A quote that was sent, in the approver's mailbox. */
async function mailed(options: boolean): Promise<{ quote: string; sent: SimMail }> {
  const run = async (name: string, input: Record<string, unknown>) =>
    (await runCommand(app, as(firm, firm.admin), { name, input, requestId: crypto.randomUUID() })).output as {
      quote: string;
      version: number;
    };
  const line = { text: 'Checkout', quantity: '1', price: '1000', vat: '19' };
  const place = { client: firm.acme.id, project: firm.acme.project };
  let { quote, version } = await run('quote.draft', { ...place, title: 'Shop', currency: 'EUR', ...line });
  if (options)
    ({ version } = await run('quote.add-line', { quote, version, ...line, text: 'Photos', optional: 'yes' }));
  await run('quote.send', { quote, version });
  await announce(app, new Map([['email', channel]]), {
    ...{ tenantId: firm.tenantId, roomId: room, key: crypto.randomUUID(), projectId: firm.acme.project, reply: false },
    ...{ view: { target: 'quote.show', input: { quote } }, about: { entity: 'quote', id: quote } },
  });
  return { quote, sent: mail.mailbox(`${firm.acme.approver}@example.com`).at(-1) as SimMail };
}

/** Answers the mail; how that ended, and how the quote stands then. */
async function answered({ quote, sent }: { quote: string; sent: SimMail }, text: string) {
  await mail.reply(sent.mailbox, sent.id, text);
  await receive(Buffer.from(mail.hubMails().at(-1)?.raw ?? '', 'base64'));
  const [row] = await owner(`select id from inbox where status = 'waiting' order by seq desc limit 1`);
  const work = new Map([['email', { name: 'email', work: (item: never) => channel.work?.(item) as never }]]);
  if (row) await workDelivery(app, work, { tenantId: firm.tenantId, id: row.id as string }, 0);
  const [done] = await owner('select outcome from inbox order by seq desc limit 1');
  const [now] = await owner(
    `select q.status, a.taken, a.channel, a.assurance from quote q left join quote_acceptance a on a.quote_id = q.id where q.id = $1`,
    [quote],
  );
  return {
    outcome: done?.outcome,
    status: now?.status,
    taken: now?.taken,
    channel: now?.channel,
    assurance: now?.assurance,
  };
}

test('a quote is accepted with the word ACCEPT, as the person whose verified mail it is', async () => {
  expect(await answered(await mailed(false), 'ACCEPT')).toMatchObject({
    ...{ status: 'accepted', taken: [], channel: 'email', assurance: 'mail' },
    outcome: expect.stringMatching(/^ACCEPT: Q-\d+ is accepted/),
  });
});

test.each([
  'ACCEPT, but only if it is done by Christmas',
  'ACCEPT\nbut only if the header is fixed first',
  'accept\n\nRegards,\nBob\n\nPS: only with the new logo',
])('a quote is not accepted with a condition: %j', async (text) => {
  const { status, outcome } = await answered(await mailed(false), text);

  expect(status).toBe('sent');
  expect(outcome).toContain('nothing was pressed');
});

test.each(['ACCEPT', 'ACCEPT, but only if it is done by Christmas', 'ACCEPT 7', 'ACCEPT 2 and then we will see'])(
  'a quote with options is not accepted with what names no options: %j',
  async (text) => {
    expect(await answered(await mailed(true), text)).toMatchObject({ status: 'sent', taken: null });
  },
);

test.each([
  ['ACCEPT 2', [2]],
  ['ACCEPT none', []],
  ['ACCEPT all', [2]],
  ['ACCEPT 2, 2', [2]],
  ['ACCEPT 2. Photos', [2]],
  ['accept\n2', [2]],
])('a quote with options is accepted with them behind the word: %j', async (text, taken) => {
  expect(await answered(await mailed(true), text)).toMatchObject({ status: 'accepted', taken });
});

test('who answers ACCEPT alone is told how to say which options', async () => {
  const one = await mailed(true);

  await answered(one, 'ACCEPT');

  const { text } = mail.mailbox(one.sent.mailbox).at(-1) as SimMail;
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    '“Which options do you take?” is missing. Write it behind the word, like: ACCEPT 2, or none (several with commas between them, or all).',
  );
  expect(text).toContain('☐ 2. Photos');
});

test('a quote is declined with the reason behind the word', async () => {
  const one = await mailed(false);

  await answered(one, 'DECLINE too dear for this year');

  expect(await owner('select status, reason from quote where id = $1', [one.quote])).toEqual([
    { status: 'declined', reason: 'too dear for this year' },
  ]);
});
