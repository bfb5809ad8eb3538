import type { Browser, Page } from 'playwright-core';
import type { DiscordStandIn } from '../simulator/discord/index.ts';
import type { Guild } from '../simulator/discord/state.ts';
import type { JiraStandIn } from '../simulator/jira/index.ts';
import { startJiraStandIn } from '../simulator/jira/index.ts';
import type { MailStandIn } from '../simulator/mail/index.ts';
import { startMailStandIn } from '../simulator/mail/index.ts';
import type { SlackStandIn } from '../simulator/slack/index.ts';
import { startSlackStandIn } from '../simulator/slack/index.ts';
import type { StandInSettings, TeamsStandIn } from '../simulator/teams/index.ts';
import { startTeamsStandIn } from '../simulator/teams/index.ts';
import type { Conversation, User } from '../simulator/teams/state.ts';

/** A firm that is set up by its own administrator, in a browser and in its own tools. */
export interface FirmInBrowser {
  /** Where the hub is. */
  url: string;
  name: string;
  client: string;
  admin: string;
  email: string;
  contact: string;
  slack: SlackStandIn;
  mail: MailStandIn;
  jira: JiraStandIn;
  teams: TeamsStandIn;
  conversation: Conversation;
  discord: DiscordStandIn;
  guild: Guild;
  jiraToken: string;
  webhookSecret: string;
  page: Page;
  /** What its administrator did so far: presses, and fields that were typed or chosen. */
  done: { presses: number; fields: number };
}

/** What is the hub's own: where it is, and the apps that firms add to accounts of theirs. */
export interface HubAround {
  url: string;
  browser: Browser;
  signingSecret: string;
  discord: DiscordStandIn;
  microsoft: Pick<StandInSettings, 'appId' | 'appPassword' | 'directory'>;
}

/** Its tools, and an empty browser. Nothing is connected yet. */
export async function firmInBrowser(
  { url, browser, signingSecret, discord, microsoft }: HubAround,
  { name, client, domain, team }: { name: string; client: string; domain: string; team: string },
): Promise<FirmInBrowser> {
  const [jiraToken, webhookSecret] = [`jira token of ${domain}`, `webhook secret of ${domain}`];
  const email = `parley@${domain}.example`;
  const slack = await startSlackStandIn({
    signingSecret,
    eventsUrl: `${url}/slack/events`,
    team,
    // Put together here, so that no scanner takes it for somebody's.
    botToken: ['xoxb', domain, 'workspace', 'token'].join('-'),
  });
  slack.workspace.team.name = name;
  slack.addPerson('U0ADMIN', `${name} Admin`);
  slack.addPerson('U0CONTACT', `Contact of ${client}`);
  slack.addChannel('C0CLIENT', client.toLowerCase(), ['U0ADMIN', 'U0CONTACT']);
  slack.addChannel('C0TRIAGE', 'triage', ['U0ADMIN'], { private: true });
  const teams = await startTeamsStandIn({ ...microsoft, messagesUrl: `${url}/teams/messages` });
  const people = [`${name} Admin`, `Contact of ${client}`];
  const members = people.map((person) => teams.addUser(person));
  const conversation = teams.addConversation({ kind: 'channel', name: client, members });
  const guild = discord.addGuild(name, people);
  discord.addChannel(guild, client.toLowerCase());
  return {
    ...{ teams, conversation, discord, guild },
    ...{ url, name, client, slack, jiraToken, webhookSecret, done: { presses: 0, fields: 0 } },
    admin: `Admin of ${name}`,
    email: `admin@${domain}.example`,
    contact: `contact@${client.toLowerCase()}.example`,
    mail: await startMailStandIn({ hubAddress: email, authservId: `mx.${domain}.example` }),
    jira: await startJiraStandIn({ email, apiToken: jiraToken, project: 'WORK', webhookUrl: url, webhookSecret }),
    page: await (await browser.newContext()).newPage(),
  };
}

/** Fills in the form of a page, by the names of its fields, and sends it. */
export async function send(
  { page, done }: FirmInBrowser,
  fields: Record<string, string>,
  button: string,
): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name="field-${name}"]`);
    if (await page.locator(`main select[name="field-${name}"]`).count()) await field.selectOption(value);
    else await field.fill(value);
    done.fields += 1;
  }
  await page.locator('main').getByRole('button', { name: button, exact: true }).first().click();
  done.presses += 1;
}

async function follow({ page, done }: FirmInBrowser, link: string): Promise<void> {
  await page.getByRole('link', { name: link }).first().click();
  done.presses += 1;
}

/** To the page that says what is missing, and from there on. */
export async function fromSetUp(firm: FirmInBrowser, link: string): Promise<void> {
  await firm.page.goto(`${firm.url}/app/home.setup`);
  firm.done.presses += 1;
  await follow(firm, link);
}

async function says({ page }: FirmInBrowser, text: string | RegExp): Promise<void> {
  await page
    .locator('main')
    .getByText(text)
    .first()
    .waitFor({ timeout: 20_000 })
    .catch(async (error: unknown) => {
      throw new Error(`${page.url()} says: ${await page.locator('main').innerText()}`, { cause: error });
    });
}

/** What a firm's administrator does in the browser and in Slack until its client's channel is bound. */
export async function setUp(firm: FirmInBrowser, address: string): Promise<void> {
  const { page, name, client, admin, email, mail, jira } = firm;
  await page.goto(address);
  await send(firm, { firm: name, name: admin, email, timezone: 'Europe/Berlin' }, 'Make the firm');
  await says(firm, 'Set up your firm');

  await follow(firm, 'Connect a tool');
  await follow(firm, 'Connect a mailbox');
  const [smtp, imap] = [new URL(mail.smtpUrl), new URL(mail.imapUrl)];
  const mailbox = {
    ...{ address: `parley@${email.split('@')[1]}`, smtp: `smtp://${smtp.host}`, imap: `imap://${imap.host}` },
    ...{ user: imap.username, password: imap.password, authservId: `mx.${email.split('@')[1]}` },
  };
  await send(firm, mailbox, 'Connect');
  await says(firm, /is connected/);

  await fromSetUp(firm, 'Connect a tool');
  await follow(firm, 'Connect a Jira site');
  const site = { baseUrl: jira.url, email: `parley@${email.split('@')[1]}`, apiToken: firm.jiraToken, project: 'WORK' };
  await send(firm, { ...site, webhookSecret: firm.webhookSecret }, 'Connect');
  await says(firm, /is connected/);
  // The address of the webhook is copied into Jira from the page that just said it.
  const text = await page.locator('main').innerText();
  jira.webhooks.pointAt(/http\S+\/webhooks\/jira\/\S+/.exec(text)?.[0] ?? '');

  await fromSetUp(firm, 'Connect a tool');
  await follow(firm, 'Connect a Slack workspace');
  await follow(firm, 'Continue to Slack');
  // Slack's own page, on which the administrator chooses the workspace and says yes.
  await follow(firm, `Allow in ${name}`);
  await says(firm, `${name} is connected`);

  await fromSetUp(firm, 'Add a client');
  await send(firm, { name: client, timezone: 'America/New_York' }, 'Add a client');
  await says(firm, `${client} is a client now.`);
  await fromSetUp(firm, 'Open a project');
  await send(firm, { client, name: `${client} website` }, 'Open a project');
  await bind(firm);
}

/** The workspaces in which the hub's bot is already: they are the firm's whose code is posted there. */
export async function postCodes(firm: FirmInBrowser): Promise<void> {
  const { page, teams, conversation, discord, guild } = firm;
  const codeFor = async (account: string) => {
    await fromSetUp(firm, 'Connect a tool');
    await follow(firm, `Connect ${account}`);
    await page.locator('main').getByRole('button', { name: 'Make a code' }).first().click();
    await page.locator('main').getByRole('button', { name: 'Show the code' }).first().click();
    firm.done.presses += 2;
    await says(firm, /\d{4}-\d{4}/);
    return /\d{4}-\d{4}/.exec(await page.locator('main').innerText())?.[0] ?? '';
  };
  const inTeams = await codeFor('a Microsoft Teams organisation');
  await teams.install(conversation.id, conversation.members[0] as User);
  await teams.say(conversation.id, `connect ${inTeams}`, conversation.members[0] as User);
  const inDiscord = await codeFor('a Discord server');
  const channel = discord.state().channels.find(({ guild: of }) => of === guild.id);
  await discord.command('connect', String(guild.members[0]?.id), String(channel?.id), inDiscord);
  await page.goto(`${firm.url}/app/connection.list`);
  for (const tool of ['Slack', 'Microsoft Teams', 'Discord', 'Mail', 'Jira']) await says(firm, new RegExp(`^${tool} `));
}

/** In the client's channel: /parley bind, which links the account first. */
async function bind(firm: FirmInBrowser): Promise<void> {
  const { slack, mail, client, email, done } = firm;
  const modal = (title: RegExp) =>
    slack.until(
      () => slack.workspace.modals.find((one) => title.test(JSON.stringify(one.view))),
      `the form ${title}`,
      20_000,
    );
  const typed = async (title: RegExp, values: Record<string, string>) => {
    await slack.submitModal((await modal(title)).id, values, 'U0ADMIN');
    done.presses += 1;
    done.fields += Object.keys(values).length;
  };
  await slack.slashCommand('bind', 'U0ADMIN', 'C0CLIENT');
  await typed(/Link your account/, { email });
  const letter = await mail.until(
    () => mail.mailbox(email).find(({ text }) => /\b\d{4} ?\d{4}\b/.test(text)),
    'the mail with the code',
    30_000,
  );
  const asked = await slack.until(
    () => slack.workspace.ephemerals.find((one) => JSON.stringify(one).includes('Enter code')),
    'the way to enter the code',
    20_000,
  );
  await slack.pressButton('C0CLIENT', asked.ts, 'Enter code', 'U0ADMIN');
  await typed(/Code from the mail/, { code: /\b\d{4} ?\d{4}\b/.exec(letter.text)?.[0] ?? '' });
  await bindHere(firm, 'C0CLIENT', { readers: `${client} and the firm`, name: `#${client.toLowerCase()}` });
  done.presses += 2;
}

export async function bindHere(
  { slack, done }: FirmInBrowser,
  channel: string,
  values: Record<string, string>,
): Promise<void> {
  await slack.slashCommand('bind', 'U0ADMIN', channel);
  const form = await slack.until(
    () => slack.workspace.modals.find((one) => JSON.stringify(one.view).includes('Bind this channel')),
    'the form that binds',
    20_000,
  );
  await slack.submitModal(form.id, values, 'U0ADMIN');
  done.presses += 2;
  done.fields += Object.keys(values).length;
}

const inSlack = ({ slack }: FirmInBrowser) => JSON.stringify(slack.workspace.channels.C0CLIENT?.messages ?? []);
/** Waits until something stands in the client's channel. */
export const arrived = (firm: FirmInBrowser, text: string | RegExp) =>
  firm.slack.until(() => inSlack(firm).search(text) >= 0, `${text} in Slack`, 40_000);
