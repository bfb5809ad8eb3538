import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FrameLocator, Locator, Page } from 'playwright-core';
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
const LOGO = 'The logo as a vector file';
const ACCESS = 'The password of the old shop';
const CAMPAIGN = 'Autumn campaign';
const CHECKOUT = 'Checkout and payments';
const SECRET = 'correct horse battery staple';
const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"/>';

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

given('2: a file and a secret are given on pages of one’s own, and the secret is shown once', async () => {
  await begin('A file and a secret');
  await showMe('Send the logo');
  await press(card('client-slack', LOGO), 'Provide…');
  const files = await signIn(pane('client-slack').getByRole('button', { name: 'Open the page' }).last());
  await files
    .getByLabel('Files')
    .setInputFiles([{ name: 'juniper.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(DRAWING) }]);
  await files.getByRole('button', { name: 'Send the files' }).click();
  await files.getByText('is provided with 1 file').waitFor();
  await files.close();
  await ticked(1);

  await showMe('Accept the file');
  await says(card('firm-slack', LOGO), 'juniper.svg');
  await press(card('firm-slack', LOGO), 'Accept');
  await ticked(2);

  await showMe('Type the password');
  await press(card('client-teams', ACCESS), 'Provide…');
  const typing = await signIn(card('client-teams', ACCESS).getByRole('link', { name: 'Open the page' }));
  await typing.getByLabel('The secret').fill(SECRET);
  await typing.getByRole('button', { name: 'Keep it sealed' }).click();
  await typing.getByText('is provided and sealed').waitFor();
  await typing.close();
  await ticked(3);

  await showMe('Look at it, once');
  await press(card('firm-teams', ACCESS), 'Show the secret');
  const looking = await signIn(card('firm-teams', 'On a page of yours').getByRole('link', { name: 'Open the page' }));
  await looking.getByRole('button', { name: 'Yes, show the secret' }).click();
  await looking.getByText(SECRET).waitFor();
  expect(await violations(looking)).toEqual([]);
  await panes.shot('story-2-secret', looking.getByRole('main'));
  await looking.reload();
  expect(await looking.getByText(SECRET).count()).toBe(0);
  await looking.close();
  await ticked(4);
  await says(card('client-slack', ACCESS), /The firm looked at it once, last Ada Lindqvist/);
  expect(await page.getByText(SECRET).count()).toBe(0);
});

given('3: more hours than were agreed on are approved in Discord, before they are worked', async () => {
  await begin('More hours than agreed');
  await showMe('Log seven hours');
  await say('firm-slack', '/parley log 7h on Showroom: Wish list on all devices');
  const dialog = pane('firm-slack').getByRole('dialog');
  await press(dialog, 'Log');
  await ticked(1);

  await showMe('Ask for more');
  await press(card('firm-teams', /^.*Hours of .*Used of what is agreed/), 'Ask for more hours…');
  const form = card('firm-teams', 'How many more hours?');
  await form.locator('input').first().fill('5h');
  await form.locator('textarea').first().fill('Tablets need a layout of their own.');
  await press(form, 'Ask');
  await ticked(2);

  await showMe('Approve them');
  await says(card('client-discord', '5h more'), 'Tablets need a layout of their own.');
  await panes.shot('story-3-more-hours', pane('client-discord'));
  await press(card('client-discord', '5h more'), 'Approve');
  await ticked(3);
  await says(card('firm-teams', '5h more'), 'Approved');
});

given('4: somebody invited comes in by mail, and both sign what takes two', async () => {
  await begin('Invite a colleague, approve as two');
  await showMe('Invite Theo Lang');
  await say('client-slack', '/parley invite');
  const dialog = pane('client-slack').getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Theo Lang');
  await dialog.getByLabel('Mail address').fill('theo@fathomlabs.example');
  await dialog.getByLabel('Role').selectOption({ label: 'administrator of the client' });
  await press(dialog, 'Invite');
  await ticked(1);

  await showMe('Accept the invitation');
  await mailSays('Ines Duarte invites you to work with Northwind Studio');
  const home = await signIn(mailed().getByRole('link', { name: /^Accept the invitation/ }));
  await home.getByRole('heading', { name: 'My work' }).waitFor();
  await home.close();
  await ticked(2);

  await showMe('Approve the scope');
  await press(card('client-slack', CAMPAIGN), 'Approve');
  await ticked(3);
  await says(card('client-slack', CAMPAIGN), /\(1 of 2\)/);

  await showMe('Approve it too');
  await mailSays(/\(1 of 2\)/);
  await panes.shot('story-4-one-of-two', page.locator('.row[data-side="client"]'));
  await answer('APPROVE');
  await ticked(4);
  await says(card('firm-teams', CAMPAIGN), 'Approved by both');
});

given('5: what is told once a day comes as one mail, which says why', async () => {
  await begin('One mail a day, and why it came');
  await showMe('Ask for a daily digest');
  await say('client-teams', 'notices');
  await press(card('client-teams', 'What opens here'), 'How you are told');
  const topics = card('client-teams', 'How you are told');
  await press(topics.locator('.ac-columnSet').filter({ hasText: /^Tickets/ }), 'Change…');
  const form = card('client-teams', 'How are you told?');
  await form.getByLabel(/^How fast/).selectOption({ label: 'In the daily digest' });
  await press(form, 'Save');
  await ticked(1);

  await showMe('Ask about a ticket');
  await press(card('firm-slack', 'Let customers choose a delivery day'), 'Ask…');
  const dialog = pane('firm-slack').getByRole('dialog');
  await dialog.locator('textarea').fill('Which days does your carrier deliver on?');
  await press(dialog, 'Ask');
  await ticked(2);

  await page.getByRole('button', { name: '+1 day' }).click();
  await ticked(3);

  await showMe('Why did I get this?');
  await mailSays('Your digest');
  await mailSays(/Which days does your carrier deliver on\?/);
  const [why] = await Promise.all([
    watched.context.waitForEvent('page'),
    mailed().getByRole('link', { name: 'Why did I get this?' }).click(),
  ]);
  await why.getByText('you chose the daily digest for Tickets').first().waitFor();
  await panes.shot('story-5-why', why.getByRole('main'));
  await why.close();
  await ticked(4);
});

given('6: the team sees what a contact sees, can press nothing there, and the client reads who looked', async () => {
  await begin('See it as the client does');
  await showMe('Choose whose eyes');
  await say('firm-slack', '/parley clients');
  const answered = pane('firm-slack').locator('.sk-ephemeral').last();
  await openLine(answered, 'Juniper Home');
  await openLine(answered, 'Priya Raman');
  await answered.locator('summary').click();
  await press(answered, 'See it as they do');
  await ticked(1);

  await showMe('Look around');
  await press(answered, 'Open what they see');
  const look = await signIn(answered.getByRole('button', { name: 'Open the pages' }));
  await look.getByText('You see this as').waitFor();
  expect(await violations(look)).toEqual([]);
  await look.getByRole('listitem').filter({ hasText: CHECKOUT }).getByRole('button').first().click();
  await look.getByRole('heading', { level: 1, name: CHECKOUT }).waitFor();
  expect(await look.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true);
  await panes.shot('story-6-look', look.getByRole('main'));
  await look.close();
  await ticked(2);

  await showMe('Read who looked');
  await say('client-teams', 'portal');
  await press(card('client-teams', 'What opens here'), 'Open the portal');
  const portal = await signIn(card('client-teams', 'in your browser').getByRole('link', { name: 'Open the portal' }));
  await portal.locator('summary').filter({ hasText: 'Menu' }).click();
  const menu = portal.getByRole('navigation', { name: 'All pages' });
  await menu.getByRole('link', { name: 'Who saw what a contact sees' }).click();
  await portal.getByText('Ada Lindqvist saw what Priya Raman of Juniper Home sees').waitFor();
  await portal.close();
  await ticked(3);
});

given('asks nothing of any other machine, and the console has no errors', () => {
  expect(watched.outside).toEqual([]);
  expect(watched.errors).toEqual([]);
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

/** What stands in the mail that is open. */
function mailed(): FrameLocator {
  return page.frameLocator('#client-mail .ml-frame');
}

/** The mail that is open says so: a new one opens by itself. */
async function mailSays(text: string | RegExp): Promise<void> {
  await mailed().getByText(text).first().waitFor({ timeout: 15_000 });
}

/** Writes to Parley where one writes in a pane. */
async function say(id: string, text: string): Promise<void> {
  await pane(id).locator('.sk-foot textarea, .tm-foot textarea').fill(text);
  await page.keyboard.press('Enter');
}

/** Opens what a line of a list leads to. */
async function openLine(list: Locator, words: string): Promise<void> {
  await list.locator('.sk-section').filter({ hasText: words }).getByRole('button', { name: 'Open' }).click();
  await list.locator('.sk-header').filter({ hasText: words }).waitFor();
}

/** Opens a page by a link that signs in, and presses that it may. */
async function signIn(link: Locator): Promise<Page> {
  const [opened] = await Promise.all([watched.context.waitForEvent('page'), link.click()]);
  await opened.getByRole('button', { name: /^Sign in as/ }).click();
  await opened.waitForLoadState();
  return opened;
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
