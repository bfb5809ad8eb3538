import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { RunningDemo, Watched } from './browser.ts';
import { CHROMIUM, chromiumIsThere, openPage, startDemo, timesUntil } from './browser.ts';
import type { Panes } from './panes.ts';
import { panesOf } from './panes.ts';

/*
 * The demo as somebody who tries it: one story, told in order, in a real browser against the real hub. Without Chromium
 * nothing of it can be checked, and it says so.
 */
const given = chromiumIsThere() ? test : test.skip;
if (!chromiumIsThere()) console.log(`Not checked: the demo in a browser, because there is no ${CHROMIUM} here.`);

let dataDir: string;
let demo: RunningDemo;
let watched: Watched;
let page: Page;
let panes: Panes;

beforeAll(async () => {
  if (!chromiumIsThere()) return;
  dataDir = await mkdtemp(join(tmpdir(), 'parley-demo-'));
  demo = await startDemo(dataDir);
  watched = await openPage(demo.url);
  page = watched.page;
  panes = panesOf(page);
  console.log(`first start: ${demo.seconds.toFixed(1)} s to the console's address`);
});

afterAll(async () => {
  await watched?.close();
  await demo?.stop();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

const pane = (id: string) => panes.pane(id);
const card = (id: string, title: string) => panes.card(id, title);
const says = (locator: Locator, text: string | RegExp) => panes.says(locator, text);
const shot = (name: string, of?: Page | Locator) => panes.shot(name, of);

given('begins with a cycle that waits for both approvals, in every pane', async () => {
  for (const id of ['client-slack', 'client-teams', 'client-discord', 'firm-teams'])
    await says(card(id, 'Checkout and payments'), 'Waiting for both approvals');

  // The state stands in the mail; the subject is the thread's and stays. The last mail of the seed opens by itself.
  await says(pane('client-mail').locator('.ml-row[aria-current="true"]'), 'Gift cards for the online store');
  await pane('client-mail').locator('.ml-row').filter({ hasText: 'Checkout and payments' }).first().click();
  await page.frameLocator('#client-mail .ml-frame').getByText('Waiting for both approvals').first().waitFor();
  await says(pane('firm-slack'), /Let customers choose a delivery day/);
  await says(pane('firm-jira'), /Gift note is lost/);
});

given('shows an approval from Slack at once in Teams, in the mailbox and in triage', async () => {
  const waiting = 'Waiting for Northwind Studio';
  const texts = { 'client-teams': waiting, 'firm-teams': waiting, 'firm-slack': waiting, 'client-mail': 'Re: ' };
  const times = timesUntil(page, texts);

  await card('client-slack', 'Checkout and payments').getByRole('button', { name: 'Approve' }).click();
  const seen = await times;

  console.log(
    `from the press to the other panes: ${Object.entries(seen)
      .map(([id, time]) => `${id} ${time} ms`)
      .join(', ')}`,
  );
  expect(Object.keys(seen).sort()).toEqual(Object.keys(texts).sort());
  await says(card('client-slack', 'Checkout and payments'), /Waiting for Northwind Studio/);
  await shot('console');
});

given('has both approvals once staff sign in Teams', async () => {
  await card('firm-teams', 'Checkout and payments').getByRole('button', { name: 'Approve' }).click();

  for (const id of ['client-slack', 'client-teams', 'firm-slack'])
    await says(card(id, 'Checkout and payments'), 'Approved by both');
});

given('makes version 2 when staff edit the scope, and both sides see what is new', async () => {
  await card('firm-slack', 'Checkout and payments').getByRole('button', { name: 'Edit scope…' }).click();
  const deliverables = pane('firm-slack').getByLabel('Deliverables');
  await deliverables.fill(`${await deliverables.inputValue()}\nGuest checkout — no account needed`);
  await pane('firm-slack').getByRole('button', { name: 'Save scope' }).click();

  for (const id of ['client-slack', 'client-teams']) {
    await says(card(id, 'Checkout and payments'), /Version 2/);
    await says(card(id, 'Checkout and payments'), /Guest checkout/);
    await says(card(id, 'Checkout and payments'), 'Waiting for both approvals');
  }
});

given('answers the old button with what changed, and changes nothing', async () => {
  await pressRecorded('Press again');

  const answer = pane('client-slack').locator('.sk-ephemeral').last();
  await says(answer, 'Only visible to you');
  await says(answer, /not the one you were shown/);
  await says(answer, /Added: Guest checkout/);
  await says(card('firm-teams', 'Checkout and payments'), 'Waiting for both approvals');
  await shot('console-stale-button', pane('client-slack'));

  const before = await approvals();
  await pressRecorded('Deliver twice');
  await page.waitForTimeout(500);
  expect(await approvals()).toBe(before);
});

given('opens a dispute with its reason, and alerts triage', async () => {
  const review = card('client-teams', 'Product pages');
  await review.getByRole('button', { name: 'Dispute…' }).click();
  const form = card('client-teams', 'Dispute');
  await form.getByRole('button', { name: 'Dispute', exact: true }).click();
  await says(form, /is needed/);
  await form.locator('textarea').fill('The filters forget what was chosen when one goes back.');
  await form.getByRole('button', { name: 'Dispute', exact: true }).click();

  await says(card('firm-slack', 'Product pages'), /The filters forget/);
  await says(card('client-slack', 'Product pages'), 'Disputed');
});

given('closes a form with Escape and hands the focus back', async () => {
  const slack = pane('client-slack');
  await command('/parley bug');
  await slack.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');

  await slack.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Message or /parley command');
});

given('takes a bug by a form of Slack, with the field errors of Slack and of Parley', async () => {
  const slack = pane('client-slack');
  await command('/parley bug');
  await slack.getByRole('button', { name: 'Report', exact: true }).click();
  await says(slack, 'Please complete this required field.');

  await slack.getByLabel('Project').selectOption({ label: 'Online store' });
  await slack.getByLabel('Title').fill('Ab');
  await slack.getByLabel('What happens?').fill('The button stays grey after the address is typed.');
  await slack.getByRole('button', { name: 'Report', exact: true }).click();
  await says(slack, /at least 3 characters/);
  await shot('console-form', pane('client-slack'));

  await slack.getByLabel('Title').fill('The pay button stays grey');
  await slack.getByRole('button', { name: 'Report', exact: true }).click();
  await slack.getByRole('dialog').waitFor({ state: 'detached' });
  await says(pane('firm-slack'), /The pay button stays grey/);
});

given('gives an approved bug to Jira, and a comment for the client back', async () => {
  await card('firm-slack', 'The pay button stays grey').getByRole('button', { name: 'Approve' }).click();
  const jira = pane('firm-jira');
  await jira.locator('.jr-card').filter({ hasText: 'The pay button stays grey' }).click();
  await jira
    .getByLabel('Add a comment', { exact: true })
    .fill('Found it: the check of the postcode never ends. Mended tomorrow.');
  await jira.getByLabel('Visible to the client').check();
  await jira.getByRole('button', { name: /Add a comment/ }).click();

  for (const id of ['client-slack', 'client-teams']) await says(pane(id), /the check of the postcode never ends/);
  await says(pane('client-mail'), /pay button stays grey/);
  await shot('console-firm', page.locator('.row[data-side="firm"]'));
});

given('brings an answer by mail into the thread of the chat', async () => {
  const mail = pane('client-mail');
  await mail.locator('.ml-row').filter({ hasText: 'pay button stays grey' }).first().click();
  await mail.getByLabel('Reply to this mail', { exact: true }).fill('Thank you. We tell our shops to wait until then.');
  await page.keyboard.press('Enter');

  await says(pane('client-slack'), /We tell our shops to wait/);
  await says(pane('firm-slack'), /We tell our shops to wait/);
});

given('opens a page of the portal by the link in a mail, which changes nothing by itself', async () => {
  await pane('client-mail').locator('.ml-row').filter({ hasText: 'Checkout and payments' }).first().click();
  const opening = watched.context.waitForEvent('page');
  await page.frameLocator('.ml-frame').getByRole('link', { name: 'Approve' }).first().click();
  const portal = await opening;
  await portal.waitForLoadState();

  expect(new URL(portal.url()).hostname).toBe('127.0.0.1');
  await portal.getByRole('button').first().waitFor();
  await shot('console-portal', portal.locator('body'));
  await portal.close();
  await says(card('client-slack', 'Checkout and payments'), 'Waiting for both approvals');
});

given('shows what people write as text, in every pane', async () => {
  const slack = pane('client-slack');
  const hostile = '<img src=x onerror=alert(1)> *stars* [link](https://evil.example) <!channel>';
  await command('/parley change');
  await slack.getByLabel('Project').selectOption({ label: 'Online store' });
  await slack.getByLabel('Title').fill(hostile);
  await slack.getByRole('dialog').locator('textarea').first().fill(hostile);
  await slack.getByRole('dialog').getByRole('button').last().click();

  for (const id of ['client-slack', 'client-teams', 'client-discord', 'client-mail', 'firm-slack', 'firm-teams'])
    await pane(id).getByText('<img src=x onerror=alert(1)>').first().waitFor();
  expect(await page.locator('img[src="x"], a[href*="evil"]').count()).toBe(0);
});

given('works in Discord alike: a form of two pages, and a mistake that loses nothing', async () => {
  const discord = pane('client-discord');
  await discord.getByLabel('Message or /parley command', { exact: true }).fill('/parley bug Ab');
  await page.keyboard.press('Enter');
  await discord.getByLabel('Project').selectOption({ label: 'Online store' });
  await discord.getByLabel('What happens?').fill('It shows yesterday’s stock.');
  await discord.getByRole('button', { name: 'Submit' }).click();
  const own = discord.locator('.dc-ephemeral').last();
  await says(own, 'Only you can see this');
  await own.getByRole('button', { name: 'Report', exact: true }).click();
  await says(own, /at least 3 characters/);

  await own.getByRole('button', { name: 'Fill in (1 of 2)…' }).click();
  expect(await discord.getByLabel('What happens?').inputValue()).toBe('It shows yesterday’s stock.');
  await discord
    .getByRole('dialog')
    .getByLabel(/^Title/)
    .fill('The stock is old');
  await discord.getByRole('button', { name: 'Submit' }).click();
  await own.getByRole('button', { name: 'Report', exact: true }).click();
  await says(pane('firm-slack'), /The stock is old/);

  await says(card('client-discord', 'The stock is old'), 'Reply in thread');
  await shot('console-discord', discord);
});

given('opens a review by itself when the clock jumps past the end of a cycle', async () => {
  for (let weeks = 0; weeks < 3; weeks += 1) await page.getByRole('button', { name: '+1 week' }).click();

  await says(card('client-teams', 'Clickable prototype'), 'In review');
});

given('keeps everything through a reload, and through a restart', async () => {
  await page.reload();
  await says(pane('client-slack'), /We tell our shops to wait/);

  await expect(startDemo(dataDir)).rejects.toThrow(/Another Parley .* is using/);
  await watched.leave();
  await demo.stop();
  demo = await startDemo(dataDir);
  console.log(`second start: ${demo.seconds.toFixed(1)} s`);
  await watched.goTo(demo.url);
  await says(pane('client-slack'), /We tell our shops to wait/);
  await says(pane('firm-jira'), /The pay button stays grey/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('console-dark');

  await card('client-slack', 'Checkout and payments').getByRole('button', { name: 'Approve' }).click();
  await says(card('client-teams', 'Checkout and payments'), /Waiting for Northwind Studio/);
});

given('asks nothing of any other machine, and the page has no errors', () => {
  expect(watched.outside).toEqual([]);
  expect(watched.errors).toEqual([]);
});

async function command(text: string): Promise<void> {
  await pane('client-slack').getByLabel('Message or /parley command', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

async function pressRecorded(how: 'Press again' | 'Deliver twice'): Promise<void> {
  await page.getByRole('button', { name: 'Recorded presses' }).click();
  await page
    .locator('.presses li')
    .filter({ hasText: 'Priya Raman' })
    .filter({ hasText: 'Approve' })
    .last()
    .getByRole('button', { name: how })
    .click();
}

/** How many approvals of the cycle the strip of events knows of. */
async function approvals(): Promise<number> {
  return page.locator('.event').filter({ hasText: 'cycle.approved' }).filter({ hasText: 'Checkout' }).count();
}
