import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { runCommand, showView } from '../core/kernel/registry.ts';
import { CHROMIUM, chromiumIsThere } from '../simulator/browser.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { violations } from '../testing/axe.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { servePages } from '../testing/pages.ts';

/*
 * Files as a browser sends and saves them: in the order in which it writes a form, under the names that it gives.
 */
const given = chromiumIsThere() ? test : test.skip;
if (!chromiumIsThere()) console.log(`Not checked: files in a browser, because there is no ${CHROMIUM} here.`);

let app: TestApp;
let firm: TestFirm;
let pages: Awaited<ReturnType<typeof servePages>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!chromiumIsThere()) return;
  app = await testApp();
  firm = await makeFirm(app.database);
  pages = await servePages(app);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await pages?.stop();
  await app?.close();
});

given('a client chooses two files, sends them, and saves one of them again', async () => {
  const typed = { project: firm.acme.project, kind: 'files', title: 'The logo' };
  const asked = { name: 'requirement.ask', input: typed, requestId: 'asked' };
  const { output } = await runCommand(app, as(firm, firm.admin), asked);
  const { id: requirement } = output as { id: string };
  const form = { target: 'requirement.provide-files', input: { requirement, version: '1' } };
  const [way] = (await showView(app, as(firm, firm.acme.approver), form)).actions;
  if (way?.kind !== 'link') throw new Error('no card leads to the page');

  await page.goto(way.url);
  await page.getByRole('button', { name: /^Sign in as/ }).click();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send the files' }).click();
  expect(
    await page.getByLabel('Files').evaluate((field: { validity: { valid: boolean } }) => field.validity.valid),
  ).toBe(false);

  const drawing = Buffer.from('89504e470d0a1a0a0000', 'hex');
  await page.getByLabel('Files').setInputFiles([
    { name: 'Logo – groß.png', mimeType: 'image/png', buffer: drawing },
    { name: 'fonts.zip', mimeType: 'application/zip', buffer: Buffer.alloc(3_000_000, 'zip') },
  ]);
  await page.getByRole('button', { name: 'Send the files' }).click();
  await page.getByText('is provided with 2 files').waitFor();
  expect(await violations(page)).toEqual([]);

  const coming = page.waitForEvent('download');
  await page.getByRole('listitem').filter({ hasText: 'Logo – groß.png' }).getByRole('link', { name: 'Get' }).click();
  const saved = await coming;
  expect(saved.suggestedFilename()).toBe('Logo – groß.png');
  expect((await readFile(await saved.path())).equals(drawing)).toBe(true);
});
