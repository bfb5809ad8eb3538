import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { violations } from '../testing/axe.ts';
import type { RunningDemo, Watched } from './browser.ts';
import { CHROMIUM, chromiumIsThere, openPage, startDemo } from './browser.ts';
import type { Panes } from './panes.ts';
import { panesOf } from './panes.ts';

/*
 * The guided stories of the demo, by the presses that they ask for: each step is done in its pane, and ticked. They are told one after
 * the other in one demo, so that each works whatever was tried before it.
 */
const given = chromiumIsThere() ? test : test.skip;
if (!chromiumIsThere()) console.log(`Not checked: the stories of the demo, because there is no ${CHROMIUM} here.`);

let dataDir: string;
let demo: RunningDemo;
let watched: Watched;
let page: Page;
let panes: Panes;

beforeAll(async () => {
  if (!chromiumIsThere()) return;
  dataDir = await mkdtemp(join(tmpdir(), 'parley-stories-'));
  demo = await startDemo(dataDir);
  watched = await openPage(demo.url);
  page = watched.page;
  panes = panesOf(page);
});

afterAll(async () => {
  await watched?.close();
  await demo?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

const pane = (id: string) => panes.pane(id);
const card = (id: string, words: string | RegExp) => panes.card(id, words);
const says = (locator: Locator, text: string | RegExp) => panes.says(locator, text);
const press = (at: Locator, name: string) => at.getByRole('button', { name, exact: true }).last().click();
const QUOTE = 'Gift cards for the online store';

given('1: a quote is accepted with an option, and its deposit is paid on the page of the card', async () => {
  await begin('A quote, until it is paid');
  await showMe('Accept the quote');
  await press(card('client-slack', QUOTE), 'Accept…');
  const dialog = pane('client-slack').getByRole('dialog');
  await dialog.getByLabel(/Printed cards for the showrooms/).check();
  await panes.shot('story-1-accept', pane('client-slack'));
  await press(dialog, 'Accept');
  await says(card('client-teams', QUOTE), 'Accepted');
  await ticked(1);

  await showMe('Ask for the deposit');
  await press(card('firm-teams', /Draft.*Gift cards for the online store/), 'Issue');
  await ticked(2);

  await showMe('Pay it');
  await pay(/Deposit invoice.*Gift cards/, 'story-1-pay');
  await ticked(3);
});

given('1: what was agreed on is reviewed, disputed, resolved, and completed by a word in a mail', async () => {
  await weeks(2);
  await ticked(4);

  await showMe('Dispute the delivery');
  await press(card('client-slack', /Gift cards.*In review/), 'Dispute…');
  const dispute = pane('client-slack').getByRole('dialog');
  await dispute.locator('textarea').fill('A card that was printed at home is not taken in the checkout.');
  await press(dispute, 'Dispute');
  await ticked(5);

  await showMe('Resolve the dispute');
  await press(card('firm-slack', /Gift cards.*Disputed/), 'Resolve…');
  const resolve = pane('firm-slack').getByRole('dialog');
  await resolve.locator('textarea').fill('Mended: the code of printed cards is read now.');
  await resolve.locator('select').selectOption({ label: 'Back to review: the client looks again' });
  await panes.shot('story-1-dispute', pane('firm-slack'));
  await press(resolve, 'Resolve');
  await ticked(6);

  await showMe('Complete it');
  await mailSays('Resolved by Jonas Weber');
  await answer('COMPLETE');
  await says(card('client-teams', /Gift cards/), 'Completed');
  await ticked(7);
});

given('1: it is billed without the deposit, reminded of, paid, and reminded of no more', async () => {
  await showMe('Bill it');
  await press(card('firm-teams', /Accepted by Priya Raman/), 'Bill it…');
  const form = card('firm-teams', 'What do you bill?');
  await form.locator('select').last().selectOption({ label: 'What is billed on completion' });
  await press(form, 'Draft invoice');
  await press(card('firm-teams', /Draft.*Deposit, billed by/), 'Issue');
  await ticked(8);

  await weeks(2);
  await ticked(9);

  await showMe('Pay the invoice');
  await pay(/Invoice 20.*Gift cards/);
  await says(card('client-slack', /Invoice 20.*Gift cards/), 'Paid');
  await panes.shot('story-1-paid', pane('client-slack'));
  await ticked(10);

  const reminders = page.locator('.event').filter({ hasText: 'invoice.reminded' });
  expect(await reminders.count()).toBe(1);
  await weeks(1);
  await ticked(11);
  expect(await reminders.count()).toBe(1);
  await says(page.locator('#story'), /^1 of \d stories$/);
});

/** Chooses a story of the list. */
async function begin(title: string): Promise<void> {
  const story = page.locator('#story details details').filter({ hasText: title });
  if ((await story.getAttribute('open')) === null) await story.locator('summary').click();
}

/** The step's own button leads to its pane, as its person. */
async function showMe(what: string): Promise<void> {
  await page
    .locator('#story')
    .getByRole('button', { name: `Show me: ${what}`, exact: true })
    .click();
}

/** So many steps of the chosen story are ticked. */
async function ticked(done: number): Promise<void> {
  const story = page.locator('#story details details[open]');
  await story
    .locator('summary')
    .getByText(new RegExp(`^${done} of`))
    .waitFor({ timeout: 15_000 });
}

async function weeks(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) {
    await page.getByRole('button', { name: '+1 week' }).click();
    await page.waitForTimeout(1_500);
  }
}

/** The mail that is open says so: a new one opens by itself. */
async function mailSays(text: string | RegExp): Promise<void> {
  await page.frameLocator('#client-mail .ml-frame').getByText(text).first().waitFor({ timeout: 15_000 });
}

/** Answers the mail that is open. */
async function answer(text: string): Promise<void> {
  await pane('client-mail').getByLabel('Reply to this mail', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

/** As Marcus in Teams: asks for the link, opens the page, and pays there by card. */
async function pay(invoice: RegExp, picture?: string): Promise<void> {
  await press(card('client-teams', invoice), 'Pay…');
  await press(card('client-teams', 'you get a link to a page'), 'Get the link');
  await press(card('client-teams', /The link to pay/), 'Open the link');
  const link = card('client-teams', /by card or from your bank/).getByRole('link', { name: /^Pay €/ });
  const again = card('client-teams', /comes in a moment/).getByRole('button', { name: 'Look again' });
  await link.or(again).waitFor();
  while (await again.isVisible()) {
    await again.click();
    await page.waitForTimeout(500);
  }
  const [stripe] = await Promise.all([watched.context.waitForEvent('page'), link.click()]);
  await stripe.getByRole('button', { name: /^Pay .* by card$/ }).waitFor();
  expect(await violations(stripe)).toEqual([]);
  if (picture) await panes.shot(picture, stripe.getByRole('main'));
  await stripe.getByRole('button', { name: /^Pay .* by card$/ }).click();
  await stripe.waitForLoadState();
  await stripe.close();
}
