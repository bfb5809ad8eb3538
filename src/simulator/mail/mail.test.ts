import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { CommandReader, inSet, tokensOf } from './imap-syntax.ts';
import type { MailStandIn } from './index.ts';
import { startMailStandIn } from './index.ts';

const HUB = 'reply@northwind.example';
let mail: MailStandIn;

beforeEach(async () => {
  mail = await startMailStandIn({
    hubAddress: HUB,
    authservId: 'mx.northwind.example',
    now: () => Date.UTC(2026, 10, 21, 9, 30),
  });
});
afterEach(() => mail.stop());

const send = (to: string, text = 'Hello there', more: Record<string, unknown> = {}) =>
  createTransport(mail.smtpUrl).sendMail({
    from: '"Northwind" <hello@northwind.example>',
    to,
    replyTo: 'reply+tag@northwind.example',
    subject: 'Plan',
    text,
    html: `<p>${text}</p>`,
    messageId: '<1@northwind.example>',
    ...more,
  });

function client(more: Partial<ConstructorParameters<typeof ImapFlow>[0]> = {}): ImapFlow {
  const url = new URL(mail.imapUrl);
  return new ImapFlow({
    host: url.hostname,
    port: Number(url.port),
    secure: false,
    auth: { user: url.username, pass: url.password },
    logger: false,
    ...more,
  });
}

/** Speaks IMAP by hand; gives everything that was answered until the last command's tag came back. */
async function speak(...commands: string[]): Promise<string> {
  const socket = connect(mail.imapPort, '127.0.0.1');
  let heard = '';
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => heard.includes(text) && resolve();
      socket.on('data', look);
      look();
    });
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
  });
  await until('ready');
  for (const [index, command] of [`LOGIN hub stand-in`, ...commands].entries()) {
    socket.write(`a${index} ${command}\r\n`);
    await until(`\r\na${index} `);
  }
  socket.end();
  return heard;
}

describe('mail that is sent', () => {
  test('lies in each recipient’s mailbox, as a mail program shows it', async () => {
    await send('Bob+news@acme.example, eve@acme.example');

    expect(mail.mailbox('bob@acme.example')).toEqual([
      expect.objectContaining({
        direction: 'in',
        from: 'hello@northwind.example',
        fromName: 'Northwind',
        subject: 'Plan',
        text: expect.stringContaining('Hello there'),
        html: '<p>Hello there</p>',
        at: Date.UTC(2026, 10, 21, 9, 30),
      }),
    ]);
    expect(mail.mailbox('eve@acme.example')).toHaveLength(1);
  });

  test('to the hub lies in the mailbox that IMAP shows', async () => {
    await send('reply+abc@northwind.example');

    expect(mail.mails()).toEqual([]);
    expect(mail.hubMails()).toHaveLength(1);
  });

  test('is refused once, where a fault was injected', async () => {
    mail.refuse('bob@acme.example', { code: 550, text: 'no such user' });

    await expect(send('bob@acme.example')).rejects.toMatchObject({ responseCode: 550 });
    await expect(send('bob@acme.example')).resolves.toBeDefined();
  });
});

describe('a person', () => {
  test('answers in the thread, quoting what they answer, and the receiving server vouches for them', async () => {
    await send('bob@acme.example');
    const [got] = mail.mailbox('bob@acme.example');
    const copy = await mail.reply('bob@acme.example', got?.id ?? '', 'APPROVE');
    const raw = Buffer.from(mail.hubMails()[0]?.raw ?? '', 'base64').toString('utf8');

    expect(copy).toMatchObject({
      direction: 'out',
      to: 'reply+tag@northwind.example',
      subject: 'Re: Plan',
      references: ['<1@northwind.example>'],
    });
    expect(raw).toMatch(
      /^Return-Path: <bob@acme\.example>\r\nDelivered-To: reply\+tag@northwind\.example\r\nAuthentication-Results: mx\.northwind\.example; dmarc=pass header\.from=acme\.example/,
    );
    expect(raw).toContain('In-Reply-To: <1@northwind.example>');
    expect(raw).toMatch(
      /APPROVE\r\n\r\nOn Sat, 21 Nov 2026 09:30:00 GMT, Northwind <hello@northwind\.example> wrote:\r\n\r\n> Hello there/,
    );
  });

  test('is not vouched for when asked so', async () => {
    await mail.write('eve@acme.example', HUB, 'hi', { verified: false });

    expect(Buffer.from(mail.hubMails()[0]?.raw ?? '', 'base64').toString()).toContain('dmarc=fail');
  });
});

describe('IMAP', () => {
  test('serves a real client: it searches, fetches and flags', async () => {
    mail.deliverToHub(Buffer.from('From: a@b.example\r\nSubject: one\r\n\r\nfirst\r\n'));
    mail.deliverToHub(Buffer.from('From: a@b.example\r\nSubject: zwei – ü\r\n\r\nsecond\r\n'));
    const imap = client();
    await imap.connect();
    const box = await imap.mailboxOpen('INBOX');
    await imap.messageFlagsAdd('1', ['\\Seen'], { uid: true });

    expect(box).toMatchObject({ exists: 2, uidNext: 3 });
    expect(await imap.search({ seen: false }, { uid: true })).toEqual([2]);
    expect(await imap.search({ uid: '2:*' }, { uid: true })).toEqual([2]);
    expect(await imap.status('INBOX', { unseen: true, messages: true })).toMatchObject({ unseen: 1, messages: 2 });
    const found = (await imap.fetchOne('2', { source: true, size: true, flags: true }, { uid: true })) || undefined;
    expect(found?.source?.toString('utf8')).toContain('zwei – ü');
    expect(found?.flags?.size).toBe(0);
    const part = (await imap.fetchOne('1', { source: { start: 6, maxLength: 11 } }, { uid: true })) || undefined;
    expect(part?.source?.toString('utf8')).toBe('a@b.example');
    expect(mail.hubMails().map(({ flags }) => flags)).toEqual([['\\Seen'], []]);
    await imap.logout();
  });

  test('tells a client that idles at once', async () => {
    const imap = client({ disableAutoIdle: true });
    await imap.connect();
    await imap.mailboxOpen('INBOX');
    const told = new Promise<{ count: number }>((resolve) => imap.on('exists', resolve));
    imap.idle().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    mail.deliverToHub(Buffer.from('From: a@b.example\r\n\r\nx\r\n'));

    expect(await told).toMatchObject({ count: 1 });
    imap.close();
  });

  test('lets nobody in with another password, by either way', async () => {
    await expect(client({ auth: { user: 'hub', pass: 'guess' } }).connect()).rejects.toMatchObject({
      authenticationFailed: true,
    });
    await expect(
      client({ auth: { user: 'hub', pass: 'guess', loginMethod: 'LOGIN' } }).connect(),
    ).rejects.toMatchObject({ authenticationFailed: true });
    expect(await speak('LOGOUT')).toContain('* BYE');
  });

  test('marks as seen what is read without PEEK, but not what is only examined', async () => {
    mail.deliverToHub(Buffer.from('From: a@b.example\r\n\r\nx\r\n'));
    await speak('EXAMINE INBOX', 'FETCH 1 BODY[]', 'STORE 1 +FLAGS (\\Seen)');
    expect(mail.hubMails()[0]?.flags).toEqual([]);

    await speak('SELECT INBOX', 'FETCH 1 (FLAGS BODY[HEADER])');
    expect(mail.hubMails()[0]?.flags).toEqual(['\\Seen']);
  });

  test('says BAD or NO to what it does not speak, and goes on', async () => {
    const heard = await speak(
      'FETCH 1 FLAGS',
      'SELECT Nowhere',
      'SELECT INBOX',
      'FETCH 1 (ENVELOPE',
      'SEARCH LARGER 5',
      'DANCE',
      'NOOP',
    );

    expect(heard.match(/^a\d+ \w+/gm)).toEqual([
      'a0 OK',
      'a1 BAD',
      'a2 NO',
      'a3 OK',
      'a4 BAD',
      'a5 OK',
      'a6 BAD',
      'a7 OK',
    ]);
  });

  test('reads commands with literals and quotes, however they are cut', () => {
    const text =
      'a LOGIN {3+}\r\nhub "a \\"b\\\\"\r\nb FETCH 1:2,5 (UID BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.10>)\r\n';
    for (const size of [1, 7, 1000]) {
      const reader = new CommandReader(() => undefined);
      const commands = [];
      for (let at = 0; at < text.length; at += size)
        commands.push(...reader.take(Buffer.from(text.slice(at, at + size))));

      expect(commands.map(tokensOf)).toEqual([
        ['a', 'LOGIN', 'hub', 'a "b\\'],
        ['b', 'FETCH', '1:2,5', ['UID', 'BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.10>']],
      ]);
    }
    expect([1, 2, 3, 4, 5, 9].filter((number) => inSet('1,3:4,8:*', number, 9))).toEqual([1, 3, 4, 9]);
  });
});

test('its state survives a restart of the stand-in, and numbers never mean other mails', async () => {
  await send('bob@acme.example');
  mail.deliverToHub(Buffer.from('From: a@b.example\r\n\r\nx\r\n'));
  const state = JSON.parse(JSON.stringify(mail.snapshot())) as ReturnType<MailStandIn['snapshot']>;
  const changes: string[] = [];
  mail.changes.on('change', () => changes.push('change'));
  await send('bob@acme.example');
  mail.restore(state);

  expect(mail.mailbox('bob@acme.example')).toHaveLength(1);
  expect(mail.hubMails()).toEqual(state.hub);
  expect(mail.snapshot().uidValidity).toBeGreaterThan(state.uidValidity);
  expect(changes.length).toBeGreaterThanOrEqual(2);

  const next = await startMailStandIn({ hubAddress: HUB, authservId: 'mx.northwind.example' });
  next.restore(state);
  expect(next.snapshot()).toEqual(state);
  await next.stop();
});
