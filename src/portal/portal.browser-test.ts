import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { signLink } from '../core/kernel/links.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { CHROMIUM, chromiumIsThere } from '../simulator/browser.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { violations } from '../testing/axe.ts';
import { asOwner } from '../testing/database.ts';
import { deals, makeDeal } from '../testing/deals.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import { mountPortal } from './index.ts';

/*
 * What only a browser shows: that a form of ours passes the check of its origin although the page sends no referrer,
 * that the cookie comes along although the mail is on another site, that nothing needs scripts, and that it is readable.
 */
const given = chromiumIsThere() ? test : test.skip;
if (!chromiumIsThere()) console.log(`Not checked: the portal in a browser, because there is no ${CHROMIUM} here.`);

let app: TestApp;
let firm: TestFirm;
let server: Server;
let profile: string;
let browser: BrowserContext;
let page: Page;
let deal: string;

beforeAll(async () => {
  if (!chromiumIsThere()) return;
  app = await testApp();
  Object.assign(app, { registry: buildRegistry([deals]) });
  firm = await makeFirm(app.database);
  const web = express();
  server = await new Promise((resolve) => {
    const listening = web.listen(0, '127.0.0.1', () => resolve(listening));
  });
  mountPortal(web, app, origin(), async () => null);
  // The mail is read on another site: localhost is not 127.0.0.1.
  web.get('/mail', (request, response) => response.send(`<a id="link" href="${String(request.query.to)}">Approve</a>`));
  profile = await mkdtemp(join(tmpdir(), 'parley-portal-'));
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args,
    javaScriptEnabled: false,
  });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  await app?.close();
  if (profile) await rm(profile, { recursive: true, force: true });
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const events = async () =>
  (await owner('select name from event where entity_id = $1 order by seq', [deal])).map(({ name }) => name);

/** Clicks a link in a mail that is shown on another site. */
async function fromMail(target: string): Promise<void> {
  const path = await makeLink(target);
  await page.goto(`${origin().replace('127.0.0.1', 'localhost')}/mail?to=${encodeURIComponent(`${origin()}${path}`)}`);
  await page.click('#link');
}

async function makeLink(target: string): Promise<string> {
  deal = await makeDeal(owner, { tenantId: firm.tenantId, client: firm.acme.id, project: firm.acme.project });
  const expires = Math.floor(Date.now() / 1000) + 86_400;
  const press = { target, input: { deal, version: '1' } };
  const token = signLink(app.secrets, {
    tenantId: firm.tenantId,
    personId: firm.acme.approver,
    press,
    nonce: crypto.randomUUID(),
    expires,
  });
  return `/l/${token}`;
}

given('a link in a mail is confirmed without scripts, by one press', async () => {
  await fromMail('deal.approve');
  expect(await events()).toEqual([]);

  await page.getByRole('button', { name: 'Yes, approve' }).click();

  expect(await page.getByRole('status').textContent()).toContain('Done');
  expect(await events()).toEqual(['deal.approved']);
});

given('a form keeps what was typed, and the keyboard alone is enough', async () => {
  await fromMail('deal.dispute-form');
  await page.getByLabel('What is wrong').fill('no');
  await page.getByLabel('What is wrong').press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  const field = page.getByLabel('What is wrong');

  expect(await field.inputValue()).toBe('no');
  expect(await field.getAttribute('aria-invalid')).toBe('true');

  await field.fill('the header is broken');
  await page.getByRole('button', { name: 'Dispute' }).click();
  expect(await events()).toEqual(['deal.disputed']);
});

given('boxes are found by their heading, ticked and sent with the keyboard alone, and stay as they were', async () => {
  await fromMail('deal.choose');
  const group = page.getByRole('group', { name: 'Which parts?' });
  const [basket, receipt] = ['Basket page', 'Receipt page'].map((name) => group.getByRole('checkbox', { name }));
  expect(await group.getByRole('checkbox').count()).toBe(3);
  expect(await basket?.isChecked()).toBe(true);

  await basket?.focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Choose' }).press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await group.textContent()).toContain('needs at least 1 of the choices');
  expect(await basket?.isChecked()).toBe(false);

  await basket?.focus();
  for (const key of ['Tab', 'Tab', 'Space', 'Tab', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('status').waitFor();
  expect(await receipt?.count()).toBe(0);
  expect(await owner('select name, data from event where entity_id = $1', [deal])).toEqual([
    { name: 'deal.chosen', data: { parts: ['Receipt'] } },
  ]);
});

given.each(['light', 'dark'] as const)('axe objects to nothing on any page, %s', async (colorScheme) => {
  // axe is a script, and the pages need none: a browser of its own.
  const other = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  const looking = await (await other.newContext({ colorScheme })).newPage();
  const clean = async () => expect(await violations(looking)).toEqual([]);

  for (const path of ['/', '/l/none', await makeLink('deal.gone'), await makeLink('deal.dispute-form')]) {
    await looking.goto(`${origin()}${path}`);
    await clean();
  }
  await looking.goto(`${origin()}${await makeLink('deal.choose')}`);
  await clean();
  await looking.getByRole('checkbox', { name: 'Basket page' }).uncheck();
  await looking.getByRole('button', { name: 'Choose' }).click();
  await looking.getByRole('alert').waitFor();
  await clean();
  await looking.goto(`${origin()}${await makeLink('deal.approve')}`);
  await clean();
  await looking.getByRole('button', { name: 'Dispute…' }).click();
  await looking.getByLabel('What is wrong').fill('no');
  await looking.getByRole('button', { name: 'Dispute' }).click();
  await looking.getByRole('alert').waitFor();
  await clean();
  await looking.goto(`${origin()}${await makeLink('deal.approve')}`);
  await looking.getByRole('button', { name: 'Yes, approve' }).click();
  await looking.getByRole('status').waitFor();
  await clean();
  await other.close();
});

given('a page fits a narrow screen, its style is loaded, and its policy is not broken', async () => {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.setViewportSize({ width: 320, height: 640 });
  await fromMail('deal.approve');

  // Counted by the layout itself: no scripts run here.
  const main = await page.locator('main').boundingBox();
  const button = await page.getByRole('button', { name: 'Yes, approve' }).boundingBox();
  if (process.env.PORTAL_SHOT) await page.screenshot({ path: process.env.PORTAL_SHOT, fullPage: true });

  expect(main?.width).toBeLessThanOrEqual(320);
  expect(button?.height).toBeGreaterThanOrEqual(44);
  expect(complaints).toEqual([]);
});
