import { afterAll, beforeAll, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { CHROMIUM, chromiumIsThere } from '../simulator/browser.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import type { TestFirm } from './firm.ts';
import { makeFirm } from './firm.ts';
import { servePages } from './pages.ts';

/** A test with Chromium, which is left out, and said to be, where there is none. */
export const given = chromiumIsThere() ? test : test.skip;

/** What a test in Chromium works with. */
export interface Surfing {
  app: TestApp;
  firm: TestFirm;
  origin: string;
  page: Page;
}

/**
 * The pages of a firm in Chromium, for the tests of one file.
 * @param what is not checked where there is no Chromium
 * @returns gives them once the tests run
 */
export function surfing(what: string): () => Surfing {
  if (!chromiumIsThere()) console.log(`Not checked: ${what} in a browser, because there is no ${CHROMIUM} here.`);
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
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.stop();
    await app?.close();
  });
  return () => ({ app, firm, origin: pages.origin, page });
}
