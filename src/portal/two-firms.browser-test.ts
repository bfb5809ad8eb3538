import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { migrate } from '../migrate.ts';
import { CHROMIUM, chromiumIsThere } from '../simulator/browser.ts';
import type { DiscordStandIn } from '../simulator/discord/index.ts';
import { startDiscordStandIn } from '../simulator/discord/index.ts';
import { freePort } from '../simulator/free-port.ts';
import { recordOf } from '../simulator/slack/requests.ts';
import type { User } from '../simulator/teams/state.ts';
import { nothingCrossed, nothingReadable } from '../testing/crossings.ts';
import type { FirmInBrowser } from '../testing/firm-in-browser.ts';
import { arrived, bindHere, firmInBrowser, fromSetUp, postCodes, send, setUp } from '../testing/firm-in-browser.ts';
import { waited } from '../testing/firm-in-channels.ts';
import { filedAndPressed, inTriage, joinEverywhere } from '../testing/in-every-channel.ts';
import type { Postgres } from '../testing/postgres.ts';
import { serverPrograms, startPostgres } from '../testing/postgres.ts';

/*
 * Two firms on one hub, each set up by its own administrator in a browser and in its own tools, from an address that the hub
 * printed to the first card in a client's channel; then whether anything of one is seen at the other.
 */
const run = promisify(execFile);
const SECRET = 'a secret for two firms, long enough to be one';
const SIGNING_SECRET = 'the signing secret of the hub’s own app';
const programs = await serverPrograms().catch((error: Error) => {
  console.log(`Not checked: two firms on one hub. ${error.message}`);
  return null;
});
if (!chromiumIsThere()) console.log(`Not checked: two firms in a browser, because there is no ${CHROMIUM} here.`);
const given = programs && chromiumIsThere() ? test : test.skip;

let server: Postgres;
let hub: ChildProcess;
let printed = '';
let url: string;
let environment: Record<string, string>;
let browser: Browser;
let discord: DiscordStandIn;
let firms: [FirmInBrowser, FirmInBrowser];

beforeAll(async () => {
  if (given === test.skip) return;
  server = await startPostgres();
  await migrate({ database: { ownerUrl: server.url, appUrl: null }, secrets: [SECRET] }, () => undefined);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  discord = await startDiscordStandIn({ interactionsUrl: `${url}/discord/interactions` });
  const microsoft = { appId: randomUUID(), appPassword: randomUUID() };
  const around = { url, browser, signingSecret: SIGNING_SECRET, discord, microsoft };
  const north = await firmInBrowser(around, {
    ...{ name: 'Northwind Studio', client: 'Acme', domain: 'northwind', team: 'T0NORTH' },
  });
  // Both organisations are of one Microsoft.
  const beside = { ...around, microsoft: { ...microsoft, directory: north.teams.directory } };
  firms = [
    north,
    await firmInBrowser(beside, { name: 'Rival and Sons', client: 'Umbra', domain: 'rival', team: 'T0RIVAL' }),
  ];
  firms[1].slack.joins(firms[0].slack);
  environment = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: server.url,
    PARLEY_SECRET: SECRET,
    PARLEY_URL: url,
    PORT: String(port),
    PARLEY_PRIVATE_HOSTS: '127.0.0.1',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'client secret',
    SLACK_API_URL: firms[0].slack.apiUrl,
    TEAMS_APP_ID: microsoft.appId,
    TEAMS_APP_PASSWORD: microsoft.appPassword,
    TEAMS_LOGIN_URL: north.teams.loginUrl,
    TEAMS_OPENID_URL: north.teams.openIdUrl,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_API_URL: discord.apiUrl,
  };
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (hub) {
    const ended = new Promise((resolve) => hub.once('exit', resolve));
    if (hub.kill('SIGINT')) await ended;
  }
  await Promise.all(
    (firms ?? []).flatMap(({ slack, mail, jira, teams }) => [slack, mail, jira, teams].map((one) => one.stop())),
  );
  await discord?.stop();
  await server?.stop();
});

/** Starts the hub as an operator does; the address that it prints on an empty database. */
async function start(): Promise<string> {
  hub = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [hub.stdout, hub.stderr])
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  for (;;) {
    const found = /^(http:\/\/\S+\/begin\/\S+)$/m.exec(printed)?.[1];
    if (found) return found;
    if (hub.exitCode !== null) throw new Error(`the hub ended: ${printed}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

given(
  'two firms set themselves up on one hub, and nothing of one reaches the other',
  async () => {
    const [north, rival] = firms;
    const began = performance.now();
    await setUp(north, await start());
    await north.page.goto(`${url}/app/cycle.plan`);
    const days = { startsOn: '2026-12-07', endsOn: '2026-12-18' };
    const planned = (client: string) => ({
      name: `Checkout for ${client}`,
      ...days,
      deliverables: `Basket of ${client}`,
    });
    await send(north, { project: 'Acme website (Acme)', ...planned('Acme') }, 'Plan cycle');
    await arrived(north, 'Checkout for Acme');
    const seconds = (performance.now() - began) / 1_000;
    console.log(
      `from npm start to the first card in the client's channel: ${seconds.toFixed(1)} s, ${north.done.presses} presses, ${north.done.fields} fields`,
    );
    expect(seconds).toBeLessThan(300);

    // Whoever runs the hub invites the second firm.
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, '../cli.ts'), 'invite-firm'], {
      env: environment,
    });
    await setUp(rival, stdout.trim());
    await rival.page.goto(`${url}/app/cycle.plan`);
    await send(rival, { project: 'Umbra website (Umbra)', ...planned('Umbra') }, 'Plan cycle');
    await arrived(rival, 'Checkout for Umbra');

    for (const firm of firms) await postCodes(firm);
    await Promise.all(firms.map(toldOfCodes));
    await Promise.all(firms.map(work));
    await Promise.all(firms.map(pressEverywhere));
    await nothingCrossed(firms, server.url);
    await removedOneByOne(north, rival);
    await disconnectJira(rival);
    const issues = rival.jira.issues().length;
    await approved(rival, `${rival.client} goes on`);
    expect(rival.jira.issues()).toHaveLength(issues);
    await nothingCrossed(firms, server.url);
    await nothingReadable(firms, { databaseUrl: server.url, programs: programs ?? '', printed });
  },
  280_000,
);

/** While no triage room is bound, the administrators read by mail who posted a code in which of their workspaces. */
async function toldOfCodes({ mail, email, name }: FirmInBrowser): Promise<void> {
  for (const poster of ['Posted by', `${name} Admin`])
    await mail.until(
      () =>
        mail.mailbox(email).find(({ subject, text }) => /connected by a code/.test(subject) && text.includes(poster)),
      `the mail that says who posted a code, with ${poster}`,
      40_000,
    );
}

async function filed(firm: FirmInBrowser, title: string): Promise<void> {
  const { page, client } = firm;
  await page.goto(`${url}/app/ticket.file-bug`);
  const project = `${client} · ${client} website`;
  await send(firm, { project, title, description: `It is about ${client}.` }, 'Report');
}

/** Files a report on the pages and approves it in the firm's triage room; its card stands in the client's channel too. */
async function approved(firm: FirmInBrowser, title: string): Promise<void> {
  const { slack } = firm;
  await filed(firm, title);
  await arrived(firm, title);
  const inTriage = () =>
    slack.workspace.channels.C0TRIAGE?.messages.find(({ blocks }) => JSON.stringify(blocks).includes(title));
  const card = await slack.until(inTriage, 'the card in triage', 40_000);
  await slack.pressButton('C0TRIAGE', card.ts, 'Approve', 'U0ADMIN');
}

/** A report is approved in Slack, becomes an issue in the firm's own Jira, and is answered from there and by mail. */
async function work(firm: FirmInBrowser): Promise<void> {
  const { slack, jira, mail, client, contact } = firm;
  await fromSetUp(firm, 'Invite a contact');
  await send(
    firm,
    { client, name: `Contact of ${client}`, email: contact, role: 'client_admin', byMail: 'yes' },
    'Invite',
  );
  await bindHere(firm, 'C0TRIAGE', { readers: 'The firm: what comes in and must be sorted', name: '#triage' });
  await approved(firm, `Broken at ${client}`);
  await slack.until(() => jira.issues().length > 0, 'the issue', 40_000);
  jira.comment(String(jira.issues()[0]?.key), `@client We are on it, ${client}.`, 'Developer');
  await arrived(firm, `We are on it, ${client}.`);
  const letter = await mail.until(
    () => mail.mailbox(contact).find(({ text }) => text.includes(`We are on it, ${client}.`)),
    'the mail to the contact',
    40_000,
  );
  await mail.reply(contact, letter.id, `Thank you, says ${client}.`);
  await arrived(firm, `Thank you, says ${client}.`);
}

/** The contact files and presses in every tool, answers a mail with a word, and the firm's Jira changes a ticket. */
async function pressEverywhere(firm: FirmInBrowser): Promise<void> {
  const { client, contact, jira, mail } = firm;
  await joinEverywhere(firm);
  for (const tool of ['slack', 'teams', 'discord'] as const)
    await filedAndPressed(firm, tool, `From ${tool} of ${client}`);
  const letter = await mail.until(
    () => mail.mailbox(contact).find(({ text }) => text.includes(`From discord of ${client}`) && /REPLY/.test(text)),
    'the card by mail',
    40_000,
  );
  await mail.reply(contact, letter.id, `REPLY Pressed by mail, says ${client}.`);
  await arrived(firm, `Pressed by mail, says ${client}.`);
  const title = `From slack of ${client}`;
  const issue = await waited(() => jira.issues().find(({ summary }) => summary.includes(title)), 'the issue in Jira');
  jira.move(issue.key, 'Done', 'Developer');
  await inTriage(firm, title, 'Resolved');
}

/** One firm loses one account after the other, and is told in its triage room; the other one's work on, and so does the rest. */
async function removedOneByOne(one: FirmInBrowser, other: FirmInBrowser): Promise<void> {
  discord.removeBot(one.guild);
  await inTriage(one, 'Parley was removed from this Discord server', 'Reconnect');
  await filedAndPressed(other, 'discord', `${other.client} in Discord goes on`);
  await filedAndPressed(one, 'teams', `${one.client} without Discord`);

  await one.teams.uninstall(one.conversation.id, one.conversation.members[0] as User);
  await inTriage(one, 'Parley was removed from this Teams organisation', 'Reconnect');
  await filedAndPressed(other, 'teams', `${other.client} in Teams goes on`);

  one.jira.failNext('any', { status: 401, times: Number.POSITIVE_INFINITY });
  await filedAndPressed(one, 'slack', `${one.client} without Teams`);
  await inTriage(one, 'Jira does not accept the API token', 'Reconnect');
  const issues = other.jira.issues().length;
  await filedAndPressed(other, 'slack', `${other.client} in Slack goes on`);
  await waited(() => other.jira.issues().length > issues, 'the issue of the firm whose token works');

  one.mail.changePassword('another one');
  await inTriage(one, 'does not accept the user name and password', 'Reconnect');
  const letter = await other.mail.until(
    () => other.mail.mailbox(other.contact).find(({ text }) => text.includes(`${other.client} in Slack goes on`)),
    'the mail of the firm whose password works',
    40_000,
  );
  await other.mail.reply(other.contact, letter.id, `REPLY Still by mail, says ${other.client}.`);
  await arrived(other, `Still by mail, says ${other.client}.`);

  const time = Math.floor(Date.now() / 1_000) + 1;
  const gone = { type: 'tokens_revoked', tokens: { bot: ['U0BOT'] } };
  const event = { type: 'event_callback', team_id: one.slack.team, event_id: 'EvGone', event_time: time, event: gone };
  await one.slack.resend(recordOf('event', event));
  // Its triage room is in that very workspace: the pages say it as well.
  const list = one.page.locator('main li').filter({ hasText: 'Slack' });
  await waitedOn(one, async () => /removed/.test(await list.innerText()));
  await list.getByRole('button').first().click();
  await one.page.locator('main').getByRole('button', { name: 'Reconnect' }).first().waitFor();
  await filedAndPressed(other, 'slack', `${other.client} has its Slack`);
}

async function waitedOn({ page }: FirmInBrowser, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 40_000; ; ) {
    await page.goto(`${url}/app/connection.list`);
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`the connections say: ${await page.locator('main').innerText()}`);
  }
}

async function disconnectJira({ page }: FirmInBrowser): Promise<void> {
  await page.goto(`${url}/app/connection.list`);
  const row = page.locator('main li').filter({ hasText: 'Jira' });
  await row.getByRole('button').first().click();
  await page
    .getByRole('button', { name: /Disconnect/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Disconnect', exact: true }).first().click();
}
