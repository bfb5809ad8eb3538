import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { violations } from '../testing/axe.ts';
import type { RunningDemo, Watched } from './browser.ts';
import { CHROMIUM, chromiumIsThere, openPage, startDemo } from './browser.ts';

/*
 * Whether everybody can use the console: what axe finds, what the keyboard alone reaches, what a small screen shows, and
 * whether the page holds still while it opens. Without Chromium nothing of it can be checked, and it says so.
 */
const given = chromiumIsThere() ? test : test.skip;
if (!chromiumIsThere()) console.log(`Not checked: who can use the console, because there is no ${CHROMIUM} here.`);

const WIDE = { width: 1600, height: 1000 };
const NARROW = { width: 390, height: 844 };
/** What Google's Core Web Vitals call good. */
const MOST_SHIFT = 0.1;
/** The page had 380 in all, with what to try behind them. */
const MOST_STOPS_TO_BEGIN = 4;
const MOST_STOPS = 95;

let dataDir: string;
let demo: RunningDemo;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  if (!chromiumIsThere()) return;
  dataDir = await mkdtemp(join(tmpdir(), 'parley-access-'));
  demo = await startDemo(dataDir);
  watched = await openPage(demo.url);
  page = watched.page;
});

afterAll(async () => {
  await watched?.close();
  await demo?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

const pane = (id: string) => page.locator(`#${id}`);
const focused = (what: string) => page.evaluate(`document.activeElement.${what}`) as Promise<string>;
const open = async (size: { width: number; height: number }) => {
  await page.setViewportSize(size);
  await watched.goTo(demo.url);
};

/** The part of an element that is in sight, from 0 to 1: inside the window, and inside all that scroll around it. */
const inSight = (selector: string) =>
  page.evaluate(`new Promise((resolve) => {
    const observer = new IntersectionObserver(([entry]) => resolve(entry.intersectionRatio));
    observer.observe(document.querySelector(${JSON.stringify(selector)}));
  })`);

given.each([WIDE, NARROW])('shows the first step on the first screen, on its pane, at $width px', async (size) => {
  await open(size);

  const mark = pane('client-slack').locator('.pane-step');
  expect(await mark.textContent()).toMatch(/1.*Accept the quote.*Priya/);
  expect(await inSight('#client-slack .pane-step')).toBe(1);
  expect(await page.locator('.pane-step:visible').count()).toBe(1);
  expect(await page.locator('.next-press').textContent()).toBe('Accept…');
});

given.each([WIDE, NARROW])(
  'opens every pane with the title of its newest card in sight, at $width px',
  async (size) => {
    await open(size);

    for (const id of ['client-slack', 'client-teams', 'client-discord', 'firm-slack', 'firm-teams']) {
      const [list, top] = await Promise.all([
        pane(id).locator('[role="log"]').boundingBox(),
        pane(id)
          .locator(
            '.sk-messages > article .sk-header, .tm-messages > article .tm-frame, .dc-messages > article .dc-title',
          )
          .last()
          .boundingBox(),
      ]);
      expect([id, (top?.y ?? 0) >= (list?.y ?? 0)]).toEqual([id, true]);
    }
  },
);

given.each([WIDE, NARROW])('holds still while it opens, at $width px', async (size) => {
  await page.setViewportSize(size);
  await watched.goTo(demo.url);
  await page.waitForTimeout(500);

  // What has moved so far is kept by the browser: a script before the page would run in the mails' frames too, which allow none.
  const shifted = (await page.evaluate(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 500);
  })`)) as number;
  console.log(`layout shift while opening at ${size.width} px: ${shifted.toFixed(4)}`);
  expect(shifted).toBeLessThan(MOST_SHIFT);
});

given('fits a narrow screen: nothing reaches over its edge', async () => {
  await open(NARROW);

  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(NARROW.width);
  for (const button of await page.locator('.bar button').all()) {
    const box = await button.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(NARROW.width);
  }
});

given('names a message by who wrote it and what it says', async () => {
  await open(WIDE);

  const names = await page
    .locator('.sk-message, .tm-message, .dc-message')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => /:\s*$/.test(name))).toEqual([]);
});

given.each([
  { ...WIDE, scheme: 'light' as const },
  { ...WIDE, scheme: 'dark' as const },
  { ...NARROW, scheme: 'light' as const },
  { ...NARROW, scheme: 'dark' as const },
])('has nothing that axe objects to at $width px, $scheme, also with a form open', async ({ scheme, ...size }) => {
  await page.emulateMedia({ colorScheme: scheme });
  await open(size);
  expect(await violations(page)).toEqual([]);

  await pane('client-slack').getByLabel('Message or /parley command', { exact: true }).fill('/parley bug');
  await page.keyboard.press('Enter');
  await pane('client-slack').getByRole('dialog').waitFor();
  expect(await violations(page)).toEqual([]);

  await page.keyboard.press('Escape');
  await pane('client-slack').getByRole('dialog').waitFor({ state: 'detached' });
});

given('keeps the keyboard inside an open form, and hands it back', async () => {
  await open(WIDE);
  await pane('client-slack').getByLabel('Message or /parley command', { exact: true }).fill('/parley bug');
  await page.keyboard.press('Enter');
  const dialog = pane('client-slack').getByRole('dialog');
  await dialog.waitFor();

  for (const key of [...Array(12).fill('Tab'), ...Array(12).fill('Shift+Tab')]) {
    await page.keyboard.press(key);
    expect(await dialog.evaluate((element) => element.contains(element.ownerDocument.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');

  await dialog.waitFor({ state: 'detached' });
  expect(await focused('getAttribute("aria-label")')).toBe('Message or /parley command');
});

given('walks through messages with the arrow keys, and has few stops for Tab', async () => {
  await open(WIDE);
  const newest = pane('client-slack').locator('.sk-messages > article').last();
  // Which card came last depends on which was delivered last.
  const called = await newest.getAttribute('aria-label');
  await newest.focus();

  await page.keyboard.press('ArrowUp');
  const above = await focused('getAttribute("aria-label")');
  await page.keyboard.press('End');
  const last = await focused('getAttribute("aria-label")');

  expect(called).toContain('Parley');
  expect(last).toBe(called);
  expect(above).not.toBe(last);
  const stops = await countStops();
  console.log(`stops for Tab in all: ${stops}`);
  expect(stops).toBeLessThan(MOST_STOPS);
});

given('tells a whole story by the keyboard alone', async () => {
  await open(WIDE);
  await page.evaluate('document.activeElement.blur()');

  // To the first step: the link that skips, and the button of the step.
  let stops = 0;
  do {
    await page.keyboard.press('Tab');
    stops += 1;
    if ((await focused('className')) === 'skip') await page.keyboard.press('Enter');
  } while ((await focused('className')).includes('go') === false && stops < 50);
  console.log(`stops for Tab to the first step: ${stops}`);
  expect(stops).toBeLessThanOrEqual(MOST_STOPS_TO_BEGIN);

  // Another story is chosen, by the arrow keys as in other lists; its first step comes right behind it.
  await page.keyboard.press('End');
  expect(await focusedName()).toMatch(/A scope, a bug, and Jira/);
  await page.keyboard.press('Enter');
  await page.locator('#story').getByRole('button', { name: 'Show me: Approve the scope' }).waitFor();
  await page.keyboard.press('Tab');
  await go('Approve');
  await page.keyboard.press('Enter');
  await steps(1);

  await toNext();
  await go('Approve');
  await page.keyboard.press('Enter');
  await steps(2);

  // Its old card would answer with what changed.
  const checkout = pane('firm-slack').locator('.sk-message').filter({ hasText: 'Checkout and payments' }).last();
  await checkout.getByText('Approved by both').waitFor();
  await toNext();
  await go('Edit scope…');
  await page.keyboard.press('Enter');
  await pane('firm-slack').getByRole('dialog').waitFor();
  await tabTo('Deliverables');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Guest checkout');
  await tabTo('Save scope');
  await page.keyboard.press('Enter');
  await steps(3);

  await toNext();
  await go('Recorded presses');
  await page.keyboard.press('Space');
  await tabTo(/^Press again: Approve, Checkout and payments, Priya Raman/);
  await page.keyboard.press('Enter');
  await steps(4);

  // The old button stands in the bar: the list of steps comes right behind it.
  await toNext('Tab');
  await go('Dispute…');
  await page.keyboard.press('Enter');
  await pane('client-teams').locator('textarea.ac-input').waitFor();
  await tabTo(/^What is not as agreed/);
  await page.keyboard.type('The filters forget what was chosen when one goes back.');
  await tabTo('Dispute');
  await page.keyboard.press('Enter');
  await steps(5);

  await toNext();
  await go('Message or /parley command');
  await page.keyboard.type('/parley bug');
  await page.keyboard.press('Enter');
  await pane('client-slack').getByRole('dialog').waitFor();
  await tabTo('Project');
  await page.keyboard.type('Online');
  await tabTo('Title');
  await page.keyboard.type('The pay button stays grey');
  await tabTo('What happens?');
  await page.keyboard.type('It stays grey after the address is typed.');
  await tabTo('Report');
  await page.keyboard.press('Enter');
  await steps(6);

  await pane('firm-slack').locator('.sk-header').filter({ hasText: 'The pay button stays grey' }).waitFor();
  await toNext();
  await go('Approve');
  await page.keyboard.press('Enter');
  await steps(7);

  await pane('firm-jira').locator('.jr-card').filter({ hasText: 'The pay button stays grey' }).waitFor();
  await toNext();
  await go(/The pay button stays grey/);
  await page.keyboard.press('Enter');
  await tabTo('Add a comment');
  await page.keyboard.type('Found it. Mended tomorrow.');
  await tabTo('Visible to the client');
  await page.keyboard.press('Space');
  await tabTo('Send: Add a comment', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await steps(8);

  await toNext();
  await go('Reply to this mail');
  await page.keyboard.type('Thank you. We wait until then.');
  await page.keyboard.press('Enter');
  await steps(9);
  expect(await page.locator('.pane-step:visible').textContent()).toMatch(
    /The story is told.*A quote, until it is paid/,
  );
});

given('asks nothing of any other machine, and the page has no errors', () => {
  expect(watched.outside).toEqual([]);
  expect(watched.errors).toEqual([]);
});

/** The name of what has the focus, as it is read out. */
const focusedName = () =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    const labels = [...(element.labels ?? [])].map((label) => label.textContent);
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
    return (element.getAttribute('aria-label') || labels.join(' ') || by.join(' ') || element.textContent).trim();
  })()`) as Promise<string>;

const matches = (name: string, wanted: string | RegExp) =>
  typeof wanted === 'string' ? name === wanted : wanted.test(name);

/** Presses the step's button that has the focus, and says what the focus is on then. */
async function go(wanted: string | RegExp): Promise<void> {
  await page.keyboard.press('Enter');
  const name = await focusedName();
  expect([name, matches(name, wanted)]).toEqual([name, true]);
}

/** On to what is named so. Only keys: what cannot be reached fails. */
async function tabTo(wanted: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 40) {
    const name = await focusedName();
    if (matches(name, wanted)) return;
    passed.push(name);
    await page.keyboard.press(key);
  }
  throw new Error(`${wanted} was not reached; passed: ${passed.join(' | ')}`);
}

/** Back to the pane's own mark, which leads on to the next step. */
async function toNext(key = 'Shift+Tab'): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 60) {
    if ((await focused('className')).split(' ').includes('go')) return;
    passed.push(await focusedName());
    await page.keyboard.press(key);
  }
  throw new Error(`the mark that leads to the next step was not reached; passed: ${passed.join(' | ')}`);
}

const steps = (done: number) => page.locator('#story').getByText(`${done} of 9`, { exact: true }).waitFor();

/** How often Tab is to be pressed until it begins anew. */
async function countStops(): Promise<number> {
  await page.evaluate('document.activeElement.blur(); document.querySelector(".skip").focus()');
  for (let stops = 1; stops < 500; stops += 1) {
    await page.keyboard.press('Tab');
    if ((await focused('className')) === 'skip' || (await focused('tagName')) === 'BODY') return stops;
  }
  return 500;
}
