import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DomainError } from '../../core/kernel/errors.ts';
import type { MailStandIn } from '../../simulator/mail/index.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import { inboundFor } from '../inbound.ts';
import { watchMailbox } from './imap.ts';
import type { MailTools } from './mail-tools.ts';
import type { MailKind, Receive } from './receive.ts';
import { receiver } from './receive.ts';

const REPLY_TO = 'reply@northwind.example';
let app: TestApp;
let firm: TestFirm;
let mail: MailStandIn;
let room: MailTools;
let stop: (() => Promise<void>) | null = null;
/** What happened, in order: a mail was stored, or seen. */
let log: string[] = [];

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const kept = async () =>
  (await owner(
    `select split_part(delivery_id, 'sha256:', 1) as delivery_id, status, kind from inbox order by seq`,
  )) as {
    delivery_id: string;
    status: string;
    kind: string;
  }[];

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());
beforeEach(async () => {
  log = [];
  mail = await startMailStandIn({ hubAddress: REPLY_TO, authservId: 'mx.northwind.example' });
  const config = { from: 'hello@northwind.example', replyTo: REPLY_TO, smtpUrl: mail.smtpUrl, imapUrl: mail.imapUrl };
  room = { app, inbound: inboundFor(app), publicUrl: 'https://parley.example', config };
  await owner(`delete from inbox; delete from connection where tool = 'email'`);
  await owner(`insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'email', $2)`, [
    firm.tenantId,
    REPLY_TO,
  ]);
});
afterEach(async () => {
  await stop?.();
  stop = null;
  await mail.stop();
});

async function watch(receive?: Receive): Promise<void> {
  const store = receiver(room);
  const noting: Receive = async (raw, kind?: MailKind) => {
    const stored = await (receive ?? store)(raw, kind);
    log.push(`stored while ${mail.hubMails().filter(({ flags }) => flags.includes('\\Seen')).length} are seen`);
    return stored;
  };
  stop = await watchMailbox(mail.imapUrl, room, noting);
}

const raw = (id: string, text = 'hi') =>
  Buffer.from(`From: bob@acme.example\r\nMessage-ID: <${id}@acme.example>\r\n\r\n${text}\r\n`);
const allSeen = () =>
  mail.until(
    () => mail.hubMails().length > 0 && mail.hubMails().every(({ flags }) => flags.includes('\\Seen')),
    'every mail being seen',
    10_000,
  );

describe('the mailbox', () => {
  test('gives what waits in it, and within a blink what comes later; each is stored before it is marked', async () => {
    mail.deliverToHub(raw('1'));
    await watch();
    await allSeen();
    const started = performance.now();
    mail.deliverToHub(raw('2'));
    await allSeen();

    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await kept()).map((row) => row.delivery_id)).toEqual(['<1@acme.example>', '<2@acme.example>']);
    expect(log).toEqual(['stored while 0 are seen', 'stored while 1 are seen']);
    expect(mail.hubMails()).toHaveLength(2);
  });

  test('gives a mail that somebody has opened in a mail program before us', async () => {
    mail.deliverToHub(raw('1'));
    await watch();
    await allSeen();
    await stop?.();
    const opened = mail.deliverToHub(raw('2'));
    opened.flags.push('\\Seen');
    mail.deliverToHub(raw('3'));
    await watch();
    await allSeen();

    expect((await kept()).map((row) => row.delivery_id)).toEqual([
      '<1@acme.example>',
      '<2@acme.example>',
      '<3@acme.example>',
    ]);
  });

  test('read for the first time gives only what is unread: it may be years old', async () => {
    mail.deliverToHub(raw('old')).flags.push('\\Seen');
    mail.deliverToHub(raw('new'));
    await watch();
    await allSeen();

    expect((await kept()).map((row) => row.delivery_id)).toEqual(['<new@acme.example>']);
  });

  test('that was restored under another UIDVALIDITY is read again; what was stored is only counted', async () => {
    mail.deliverToHub(raw('1'));
    await watch();
    await allSeen();
    await stop?.();
    mail.deliverToHub(raw('2')).flags.push('\\Seen');
    mail.restore(mail.snapshot());
    await watch();
    await mail.until(() => log.length >= 3 || null, 'both mails', 10_000);

    expect((await kept()).map((row) => [row.delivery_id, row.status])).toEqual([
      ['<1@acme.example>', 'waiting'],
      ['<1@acme.example>', 'duplicate'],
      ['<2@acme.example>', 'waiting'],
    ]);
  });

  test('is read again after the line was cut', async () => {
    await watch();
    mail.deliverToHub(raw('1'));
    await allSeen();
    mail.dropImap();
    mail.deliverToHub(raw('2'));
    await allSeen();

    expect((await kept()).map((row) => row.delivery_id)).toEqual(['<1@acme.example>', '<2@acme.example>']);
  });

  test('keeps unread what could not be stored, until it can', async () => {
    const store = receiver(room);
    let broken = true;
    mail.deliverToHub(raw('1'));
    await watch(async (body, kind) => {
      if (broken) throw new DomainError('unavailable', 'no database');
      return store(body, kind);
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(mail.hubMails()[0]?.flags).toEqual([]);

    broken = false;
    await allSeen();
    expect((await kept()).map((row) => row.delivery_id)).toEqual(['<1@acme.example>']);
  });

  test('gives the mails behind one that cannot be stored, and each of them once', async () => {
    const store = receiver(room);
    let tries = 0;
    mail.deliverToHub(raw('0'));
    await watch(async (body, kind) => {
      if (!body.includes('<2@')) return store(body, kind);
      tries += 1;
      if (tries < 3) throw new Error('this one cannot be stored yet');
      return store(body, kind);
    });
    await allSeen();
    for (const id of ['1', '2', '3']) mail.deliverToHub(raw(id));
    await allSeen();

    expect((await kept()).map((row) => [row.delivery_id, row.status])).toEqual([
      ['<0@acme.example>', 'waiting'],
      ['<1@acme.example>', 'waiting'],
      ['<3@acme.example>', 'waiting'],
      ['<2@acme.example>', 'waiting'],
    ]);
  });

  test('gives only the beginning of a mail beyond 25 MB, and the mails behind it', async () => {
    mail.deliverToHub(raw('big', 'x'.repeat(26 * 1024 * 1024)));
    mail.deliverToHub(raw('small'));
    await watch();
    await allSeen();

    expect((await kept()).map((row) => [row.delivery_id, row.kind])).toEqual([
      ['<big@acme.example>', 'stub'],
      ['<small@acme.example>', 'mail'],
    ]);
    expect((await owner(`select length(body) as bytes from inbox where kind = 'stub'`))[0]?.bytes).toBe(256 * 1024);
  });

  test('whose password is refused time and again is said to be broken, once', async () => {
    const told: string[] = [];
    const broken = async (reason: string) => void told.push(reason);
    const wrong = mail.imapUrl.replace(/:[^:@]+@/, ':another-password@');
    stop = await watchMailbox(wrong, { ...room, broken }, receiver(room));

    for (let waited = 0; waited < 150 && !told.length; waited += 1) await new Promise((go) => setTimeout(go, 100));
    expect(told).toEqual([expect.stringContaining('does not accept the user name and password any more')]);
  });

  test('waits untouched while no firm has connected its address', async () => {
    await owner(`delete from connection where tool = 'email'`);
    mail.deliverToHub(raw('1'));
    await watch();
    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(mail.hubMails()[0]?.flags).toEqual([]);
    expect(await kept()).toEqual([]);
  });
});
