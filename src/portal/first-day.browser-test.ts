import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { CHROMIUM, chromiumIsThere } from '../simulator/browser.ts';
import { freePort } from '../simulator/free-port.ts';
import type { MailStandIn } from '../simulator/mail/index.ts';
import { startMailStandIn } from '../simulator/mail/index.ts';
import { violations } from '../testing/axe.ts';

/*
 * A firm's first day without a terminal: a hub of its own, in a process of its own, from the address that it printed to signing
 * in again by mail. Everything by keyboard alone; each page is looked at wide and narrow, light and dark.
 */
const given = chromiumIsThere() ? test : test.skip;
if (!chromiumIsThere()) console.log(`Not checked: the first day in a browser, because there is no ${CHROMIUM} here.`);

let hub: ChildProcess;
let printed = '';
let dataDir: string;
let mail: MailStandIn;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!chromiumIsThere()) return;
  dataDir = await mkdtemp(join(tmpdir(), 'parley-first-day-'));
  mail = await startMailStandIn({ hubAddress: 'reply@hub.example', authservId: 'mx.example' });
  const port = await freePort();
  const { NODE_OPTIONS: _testRunners, ...environment } = process.env;
  hub = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: {
      PATH: environment.PATH,
      PARLEY_SECRET: 'a secret for tests, long enough to be one',
      PARLEY_DATA_DIR: dataDir,
      PARLEY_URL: `http://127.0.0.1:${port}`,
      PORT: String(port),
      MAIL_FROM: 'parley@hub.example',
      MAIL_REPLY_TO: 'reply@hub.example',
      SMTP_URL: mail.smtpUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [hub.stdout, hub.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  if (hub) {
    const ended = new Promise((resolve) => hub.once('exit', resolve));
    if (hub.kill('SIGINT')) await ended;
  }
  await mail?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

async function printedAddress(): Promise<string> {
  for (;;) {
    const found = /^(http:\/\/\S+\/begin\/\S+)$/m.exec(printed)?.[1];
    if (found) return found;
    if (hub.exitCode !== null) throw new Error(`the hub ended: ${printed}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Where the keyboard is: the label of a field, or the words on a button or link. */
const focused = () =>
  page.evaluate(
    `(document.activeElement.labels?.[0] ?? document.activeElement).textContent.replace(/\\s+/g, ' ').trim()`,
  ) as Promise<string>;

/** Goes on with the tabulator until that is focused. */
async function reach(what: string): Promise<void> {
  const passed: string[] = [];
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press('Tab');
    const at = await focused();
    if (at.startsWith(what)) return;
    passed.push(at);
  }
  throw new Error(`“${what}” cannot be reached by keyboard on ${page.url()}, only: ${passed.join(' | ')}`);
}

async function type(field: string, text: string): Promise<void> {
  await reach(field);
  await page.keyboard.type(text);
}

async function press(what: string): Promise<void> {
  await reach(what);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

/** What axe objects to, and what does not fit, in every look of the page. */
async function complaints(): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1600, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const look = `${new URL(page.url()).pathname.slice(0, 30)} ${colorScheme} ${width}`;
      found.push(...(await violations(page)).map((one) => `${look}: ${one}`));
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) found.push(`${look}: too wide`);
      if (process.env.PORTAL_SHOTS)
        await page.screenshot({
          path: join(process.env.PORTAL_SHOTS, `${look.replaceAll(/\W+/g, '-')}.png`),
          fullPage: true,
        });
    }
  return found;
}

given(
  'a firm begins in a browser: its administrator, its first client, and signing in again by mail',
  async () => {
    await page.goto(await printedAddress());
    const pages = [await complaints()];
    await type('Name of your firm', 'Northwind Studio');
    await type('Your name', 'Ada Admin');
    await type('Your mail address', 'ada@northwind.example');
    await type('Time zone', 'Europe/Berlin');
    await press('Make the firm');

    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Set up your firm');
    pages.push(await complaints());
    await press('Connect a tool');
    pages.push(await complaints());
    await press('Connect a Jira site');
    await type('Site address', 'http://127.0.0.1:9');
    await type('E-mail of the account', 'parley@northwind.example');
    await type('API token', 'a token of no site');
    await type('Project key', 'ACME');
    await press('Connect');
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe('Nothing was connected');
    pages.push(await complaints());
    await press('Home');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('My work');
    pages.push(await complaints());

    await press('Add a client');
    pages.push(await complaints());
    await type('Name', 'Acme');
    await press('Add a client');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Acme is a client now.');
    pages.push(await complaints());

    await press('Sign out');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in');
    pages.push(await complaints());
    await type('Mail address', 'ada@northwind.example');
    await press('Send me a link');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Check your mail');
    pages.push(await complaints());

    const letter = await mail.until(
      () => mail.mailbox('ada@northwind.example').find(({ subject }) => subject === 'Sign in to Northwind Studio'),
      'the mail with the link',
      20_000,
    );
    const link = /https?:\/\/\S+\/sign-in\/[\w.-]+/.exec(letter.text)?.[0] ?? '';
    await page.goto(link);
    pages.push(await complaints());
    await press('Sign in as Ada Admin');
    expect(new URL(page.url()).pathname).toBe('/app');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('My work');

    for (const about of ['/api/v1/docs', '/api/v1/docs/invoice']) {
      await page.goto(new URL(about, page.url()).href);
      pages.push(await complaints());
    }
    expect(pages.flat()).toEqual([]);
    expect(printed.split(link.split('/').at(-1) ?? '?')).toHaveLength(1);
    const told = await mail.until(
      () => mail.mailbox('ada@northwind.example').filter(({ subject }) => subject.includes('You signed in')),
      'the notices',
      20_000,
    );
    expect(told.length).toBeGreaterThan(0);
  },
  240_000,
);
