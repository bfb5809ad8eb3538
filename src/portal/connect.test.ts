import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { AnyChannelKind } from '../bots/channel.ts';
import { channels } from '../bots/channels.ts';
import { lookAtWaiting } from '../bots/round-trips.ts';
import { readConfig } from '../config.ts';
import { openedCredentials, storedConnection } from '../core/kernel/connection.ts';
import { egressOf } from '../core/kernel/egress.ts';
import { showView } from '../core/kernel/registry.ts';
import { platformsOf } from '../platforms.ts';
import type { JiraStandIn } from '../simulator/jira/index.ts';
import { startJiraStandIn } from '../simulator/jira/index.ts';
import type { MailStandIn } from '../simulator/mail/index.ts';
import { startMailStandIn } from '../simulator/mail/index.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import type { Browser } from '../testing/browser.ts';
import { asOwner, SECRET } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { fromChat } from '../testing/new-browser.ts';
import { servePages } from '../testing/pages.ts';

const TOKEN = 'a-token-of-the-stand-in';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let jira: JiraStandIn;
let mail: MailStandIn;
const logged: string[] = [];

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const connections = () =>
  owner('select tool, account, settings, status, listens, version from connection order by tool');

beforeAll(async () => {
  app = await testApp();
  const config = readConfig({ PARLEY_SECRET: SECRET, PARLEY_PRIVATE_HOSTS: '127.0.0.1' });
  Object.assign(app, {
    platforms: platformsOf(config, () => app),
    log: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }),
  });
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Rival & Sons');
  await owner('delete from connection');
  pages = await servePages(app);
  jira = await startJiraStandIn({
    email: 'parley@northwind.example',
    apiToken: TOKEN,
    project: 'NORTH',
    webhookUrl: 'http://127.0.0.1:9/',
    webhookSecret: 'the secret of the webhook',
  });
  mail = await startMailStandIn({ hubAddress: 'reply@northwind.example', authservId: 'mx.northwind.example' });
});
afterAll(async () => {
  await Promise.all([jira.stop(), mail.stop(), pages.stop()]);
  await app.close();
});
afterEach(async () => {
  await owner('delete from connection');
  app.clock.jump(600_000);
});

const signedIn = (person = firm.admin, of = firm) => fromChat(app, as(of, person));

const site = (more: Record<string, string> = {}) => ({
  'field-baseUrl': jira.url,
  'field-email': 'parley@northwind.example',
  'field-apiToken': TOKEN,
  'field-project': 'NORTH',
  ...more,
});
const mailbox = (more: Record<string, string> = {}) => ({
  'field-address': 'Reply@northwind.example',
  'field-smtp': mail.smtpUrl,
  'field-imap': `imap://127.0.0.1:${mail.imapPort}`,
  'field-user': 'hub',
  'field-password': 'stand-in',
  'field-authservId': 'mx.northwind.example',
  ...more,
});

async function tryAt(tool: 'jira' | 'email', fields: Record<string, string>, visitor?: Browser): Promise<Browser> {
  const browser = visitor ?? (await signedIn());
  await browser.open(`/app/connection.new?tool=${tool}`);
  await browser.press('Connect', fields);
  return browser;
}

async function credentialsOf(tool: string, account: string): Promise<unknown> {
  const stored = await storedConnection(app, firm.tenantId, tool, { account });
  return stored && openedCredentials(app, stored);
}

/** What is said beside a field. */
const fault = ({ html }: Browser, field: string) =>
  new RegExp(`id="field-${field}-fault">([^<]*)<`).exec(html)?.[1] ?? null;

describe('the page that connects a tool', () => {
  test('is reached from “Set up” and from the connections, and leads to a form of the tool', async () => {
    const browser = await signedIn();
    for (const path of ['/app/home.setup', '/app/connection.list']) {
      await browser.open(path);
      expect(browser.html).toContain(`href="${pages.origin}/app/connection.new" rel="noreferrer">Connect a tool</a>`);
    }
    await browser.open('/app/connection.new');
    expect(browser.html).toContain('>Connect a Jira site</a>');
    expect(browser.html).toContain('>Connect a mailbox</a>');

    await browser.open('/app/connection.new?tool=jira');
    expect(browser.html).toMatch(/<input type="password" autocomplete="off" id="field-apiToken"/);
    expect(browser.html).toContain('make one at id.atlassian.com');
  });

  test('is an administrator’s alone, whatever form somebody else sends', async () => {
    const admin = await signedIn();
    await admin.open('/app/connection.new?tool=jira');
    for (const person of [firm.partner, firm.member, firm.acme.clientAdmin]) {
      const browser = await signedIn(person);
      await browser.open('/app/connection.new?tool=jira');
      expect(browser.status).toBe(404);
      await browser.send('/app', { ...admin.formOf('>Connect</button>'), ...site() });
      expect(browser.status).toBe(403);
    }
    expect(await connections()).toEqual([]);
  });

  test('takes no form of another site', async () => {
    const browser = await signedIn();
    await browser.open('/app/connection.new?tool=jira');
    const form = { ...browser.formOf('>Connect</button>'), ...site() };
    await browser.send('/app', form, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });

    expect(browser.status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('asks for nothing in a chat: its card leads to the page', async () => {
    const card = await showView(app, as(firm, firm.admin), { target: 'connection.new', input: { tool: 'jira' } });

    expect(card.blocks.map(({ kind }) => kind)).not.toContain('form');
    expect(card.actions.map(({ label }) => label)).toEqual(['Open the page']);
  });

  test('does not let a firm try passwords without end', async () => {
    const browser = await signedIn();
    const answers: number[] = [];
    for (let time = 0; time < 11; time += 1)
      answers.push((await tryAt('jira', site({ 'field-apiToken': `guess-${time}` }), browser)).status);

    expect(answers).toEqual([...Array(10).fill(422), 429]);
  });
});

describe('a Jira site', () => {
  test('is connected when its token works, and the webhook’s secret is shown this once', async () => {
    const browser = await tryAt('jira', site());

    const { host } = new URL(jira.url);
    expect(browser.html).toContain(`Jira ${host} is connected.`);
    expect(browser.html).toContain(`${pages.origin}/webhooks/jira/${host}`);
    const secret = /<dt>Secret<\/dt><dd>([\w-]{43})<\/dd>/.exec(browser.html)?.[1];
    expect(await credentialsOf('jira', host)).toEqual({
      baseUrl: jira.url,
      email: 'parley@northwind.example',
      apiToken: TOKEN,
      project: 'NORTH',
      webhookSecret: secret,
    });
    expect(await connections()).toMatchObject([{ tool: 'jira', account: host, status: 'active', version: 1 }]);
  });

  test.each([
    ['apiToken', { 'field-apiToken': 'another-token' }, 'is not accepted'],
    ['project', { 'field-project': 'SOUTH' }, 'is not there for this account'],
    ['project', { 'field-project': 'north' }, 'is the key of a Jira project'],
    ['baseUrl', { 'field-baseUrl': 'http://127.0.0.1:9' }, 'does not answer as a Jira site does'],
    ['baseUrl', { 'field-baseUrl': 'our jira' }, 'must be the http or https address'],
    ['webhookSecret', { 'field-webhookSecret': 'short' }, 'must be at least 16 characters'],
    ['email', { 'field-email': '' }, 'Please fill this in.'],
  ])(
    'is not kept with a wrong %s, which is said beside the field',
    async (field, wrong: Record<string, string>, say) => {
      const browser = await tryAt('jira', site(wrong));

      expect(browser.status).toBe(422);
      expect(fault(browser, field)).toContain(say);
      expect(await connections()).toEqual([]);
      // What is not secret need not be typed again; what is secret is not sent back.
      expect(browser.html).toContain(`value="${wrong['field-project'] ?? 'NORTH'}"`);
      expect(browser.html).not.toContain(wrong['field-apiToken'] ?? TOKEN);
    },
  );

  test('pressed twice is connected once', async () => {
    const browser = await signedIn();
    await browser.open('/app/connection.new?tool=jira');
    const form = { ...browser.formOf('>Connect</button>'), ...site() };
    await Promise.all([browser.send('/app', form), browser.send('/app', form)]);
    await browser.send('/app', form);

    expect(browser.html).toContain('This was done already');
    expect(await connections()).toMatchObject([{ version: 1 }]);
  });

  test('of one firm is refused to another, and nothing is said of whose it is', async () => {
    await tryAt('jira', site());
    const browser = await tryAt('jira', site(), await signedIn(other.admin, other));

    expect(browser.status).toBe(409);
    expect(browser.html).toContain('is connected by another firm');
    expect(browser.html).not.toContain('Northwind');
    expect(await connections()).toMatchObject([{ version: 1 }]);
  });
});

describe('reconnecting', () => {
  const reconnect = async (fields: Record<string, string>) => {
    const [row] = await owner('select id from connection');
    const browser = await signedIn();
    await browser.open(`/app/connection.show?connection=${row?.id}`);
    await browser.press('Reconnect');
    expect(browser.html).toContain('value="parley@northwind.example"');
    expect(browser.html).not.toContain(TOKEN);
    await browser.press('Reconnect', fields);
    return browser;
  };

  test('mends a broken account, and keeps the secret that its webhook is signed with', async () => {
    await tryAt('jira', site());
    const { host } = new URL(jira.url);
    const before = (await credentialsOf('jira', host)) as { webhookSecret: string };
    await owner(`update connection set status = 'broken', fault = 'Refused.'`);

    const browser = await reconnect(site());
    expect(browser.html).toContain('is connected again.');
    expect(browser.html).not.toContain('<dt>Secret</dt>');
    expect(await connections()).toMatchObject([{ status: 'active', version: 2 }]);
    expect(await credentialsOf('jira', host)).toMatchObject({ webhookSecret: before.webhookSecret });
  });

  test('does not put another account in its place', async () => {
    await tryAt('jira', site());
    await owner(`update connection set account = 'acme.example'`);

    const browser = await reconnect(site());
    expect(browser.status).toBe(409);
    expect(browser.html).toContain('which is another account than the one to be reconnected');
    expect(await connections()).toMatchObject([{ account: 'acme.example', version: 1 }]);
  });
});

describe('a mailbox', () => {
  test('is connected when both of its servers let Parley in, and is listened to from then on', async () => {
    const browser = await tryAt('email', mailbox());

    expect(browser.html).toContain('Mail reply@northwind.example is connected.');
    expect(await connections()).toMatchObject([{ tool: 'email', account: 'reply@northwind.example', listens: true }]);
    expect(await credentialsOf('email', 'reply@northwind.example')).toEqual({
      from: 'reply@northwind.example',
      replyTo: 'reply@northwind.example',
      smtpUrl: `smtp://hub:stand-in@127.0.0.1:${mail.smtpPort}`,
      imapUrl: `imap://hub:stand-in@127.0.0.1:${mail.imapPort}`,
      authservId: 'mx.northwind.example',
    });
  });

  test.each([
    ['password', { 'field-password': 'wrong' }, 'is not accepted for that user name'],
    ['imap', { 'field-imap': 'imap://127.0.0.1:9' }, 'does not answer there'],
    ['smtp', { 'field-smtp': '127.0.0.1:9' }, 'does not answer there'],
    ['smtp', { 'field-smtp': 'smtp://user:word@mail.example' }, 'is the name of a server and its port'],
    ['address', { 'field-address': 'a-very-long-name-of-a-mailbox@northwind.example' }, 'leaves no room'],
  ])(
    'is not kept with a wrong %s, which is said beside the field',
    async (field, wrong: Record<string, string>, say) => {
      const browser = await tryAt('email', mailbox(wrong));

      expect(browser.status).toBe(422);
      expect(fault(browser, field)).toContain(say);
      expect(browser.html).not.toContain('stand-in');
      expect(await connections()).toEqual([]);
    },
  );
});

describe('a mailbox of a hub that has a mail server of its own', () => {
  const kind = channels.find(({ name }) => name === 'email') as AnyChannelKind;
  const withServer = () =>
    readConfig({
      ...{ PARLEY_SECRET: SECRET, PARLEY_PRIVATE_HOSTS: '127.0.0.1', SMTP_URL: mail.smtpUrl },
      ...{ MAIL_FROM: 'parley@hub.example', MAIL_REPLY_TO: 'reply@hub.example' },
      MAIL_INBOUND_SECRET: 'the secret of the hub’s own mailbox',
    });

  test('is waited for on the page, and in the list, until the mail is in it', async () => {
    const config = withServer();
    const before = app.platforms;
    Object.assign(app, { platforms: platformsOf(config, () => app) });
    const browser = await tryAt('email', mailbox());
    expect(browser.html).toContain('Waiting for our mail to arrive in reply@northwind.example');
    expect(browser.html).toContain('>Send again</button>');
    expect(await connections()).toEqual([]);
    await browser.open('/app/connection.new?tool=email');
    expect(browser.html).toContain('connected once it has arrived there');
    await browser.open('/app/connection.list');
    expect(browser.html).toContain('waits for our mail to arrive');

    for (let time = 0; time < 2; time += 1) {
      app.clock.jump(6_000);
      await lookAtWaiting(kind, {
        app,
        publicUrl: app.publicUrl,
        given: config.email,
        egress: egressOf(['127.0.0.1']),
      });
    }
    await browser.press('Show');
    expect(browser.html).toContain('Mail reply@northwind.example is connected');
    expect(await connections()).toMatchObject([{ tool: 'email', account: 'reply@northwind.example', listens: true }]);
    Object.assign(app, { platforms: before });
  });

  test('is tried once, however often the form is sent', async () => {
    const before = app.platforms;
    Object.assign(app, { platforms: platformsOf(withServer(), () => app) });
    const browser = await signedIn();
    await browser.open('/app/connection.new?tool=email');
    const form = { ...browser.formOf('>Connect</button>'), ...mailbox() };
    await owner('delete from account_proof');
    for (let time = 0; time < 2; time += 1) await browser.send('/app', form);
    expect(browser.html).toContain('This was done already');
    expect(await owner('select from account_proof')).toHaveLength(1);
    Object.assign(app, { platforms: before });
  });
});

describe('a private host that nobody allowed', () => {
  let heard = 0;
  let port = 0;
  const listening = createServer((socket) => {
    heard += 1;
    socket.destroy();
  });
  const allowing = (hosts: string) => {
    const config = readConfig({ PARLEY_SECRET: SECRET, PARLEY_PRIVATE_HOSTS: hosts });
    Object.assign(app, { platforms: platformsOf(config, () => app) });
  };
  beforeAll(async () => {
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    port = (listening.address() as AddressInfo).port;
  });
  afterAll(() => {
    allowing('127.0.0.1');
    listening.close();
  });
  /** What the forms say of a site and a mailbox there. */
  const said = async (at: string) => {
    const wanted = await tryAt('jira', site({ 'field-baseUrl': `http://${at}` }));
    const servers = { 'field-smtp': `smtp://${at}`, 'field-imap': `imap://${at}` };
    const box = await tryAt('email', mailbox(servers));
    return [fault(wanted, 'baseUrl'), fault(box, 'smtp'), fault(box, 'imap')];
  };

  test('is told of in the words for a port that is closed and a name that is not known, and hears nothing', async () => {
    allowing('');
    const refused = await said(`127.0.0.1:${port}`);
    const others = [await said('127.0.0.1:9'), await said('nobody-tls.invalid:25')];
    expect(heard).toBe(0);
    allowing('127.0.0.1');
    others.push(await said('127.0.0.1:9'));

    expect(refused.map((say) => say?.includes('ask whoever runs the hub to allow it'))).toEqual([true, true, true]);
    expect(others).toEqual([refused, refused, refused]);
    expect(await connections()).toEqual([]);
  });

  test.each(['localhost', '2130706433', '0x7f000001', '0177.0.0.1'])('hears nothing as %s either', async (host) => {
    allowing('');
    const before = heard;
    expect(await said(`${host}:${port}`)).toEqual(await said('127.0.0.1:9'));
    expect(heard).toBe(before);
  });
});

test('what is secret stands in no log and readable in no table', async () => {
  logged.length = 0;
  await tryAt('jira', site({ 'field-apiToken': 'a-token-that-is-refused' }));
  await tryAt('jira', site());
  await tryAt('email', mailbox({ 'field-password': 'a-password-that-is-refused' }));
  await tryAt('email', mailbox());
  const tables =
    await owner(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname in ('public', 'gate', 'pgboss')`);
  let stored = '';
  for (const { name } of tables)
    stored += JSON.stringify(await owner(`select row_to_json(t)::text as line from ${String(name)} t`));

  expect(await connections()).toHaveLength(2);
  for (const secret of [TOKEN, 'a-token-that-is-refused', 'a-password-that-is-refused', 'stand-in@']) {
    expect(logged.join('')).not.toContain(secret);
    expect(stored).not.toContain(secret);
  }
});
