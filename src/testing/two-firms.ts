import { randomUUID } from 'node:crypto';
import { readConfig } from '../config.ts';
import type { Who } from '../core/kernel/actor.ts';
import type { ProvenAccount } from '../core/kernel/proven.ts';
import { connectProven } from '../core/kernel/proven.ts';
import type { Hub } from '../hub.ts';
import { startHub } from '../hub.ts';
import { openLog } from '../log.ts';
import type { DiscordStandIn } from '../simulator/discord/index.ts';
import { startDiscordStandIn } from '../simulator/discord/index.ts';
import type { Channel, Guild } from '../simulator/discord/state.ts';
import { freePort } from '../simulator/free-port.ts';
import type { JiraStandIn } from '../simulator/jira/index.ts';
import { startJiraStandIn } from '../simulator/jira/index.ts';
import type { MailStandIn } from '../simulator/mail/index.ts';
import { startMailStandIn } from '../simulator/mail/index.ts';
import type { SlackStandIn } from '../simulator/slack/index.ts';
import { startSlackStandIn } from '../simulator/slack/index.ts';
import type { TeamsStandIn } from '../simulator/teams/index.ts';
import { startTeamsStandIn } from '../simulator/teams/index.ts';
import type { Conversation, User } from '../simulator/teams/state.ts';
import type { OwnerQuery } from './database.ts';
import { ownedBy, SECRET } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';

/** A firm with an account of its own of every tool. */
export interface ConnectedFirm {
  firm: TestFirm;
  name: string;
  slack: SlackStandIn;
  teams: TeamsStandIn;
  conversation: Conversation;
  teamsUser: User;
  guild: Guild;
  guildChannel: Channel;
  mail: MailStandIn;
  replyTo: string;
  inboundSecret: string;
  jira: JiraStandIn;
  jiraSecret: string;
  /** Ids of the connections, by tool. */
  connections: Record<'slack' | 'teams' | 'discord' | 'email' | 'jira', string>;
  /** Everything that it is reached with, and nobody may read. */
  keys: string[];
}

/** Two firms on one hub that is whole, worker and all, with stand-ins for every tool. */
export interface TwoFirms {
  hub: Hub;
  url: string;
  owner: OwnerQuery;
  discord: DiscordStandIn;
  north: ConnectedFirm;
  rival: ConnectedFirm;
  signingSecret: string;
  /** All that the hub has logged so far, at the most talkative level. */
  logged(): string;
  stop(): Promise<void>;
}

const SIGNING_SECRET = 'the signing secret of the hub’s own app';

export async function startTwoFirms(): Promise<TwoFirms> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const discord = await startDiscordStandIn({ interactionsUrl: `${url}/discord/interactions` });
  const workspace = (team: string, of: string) =>
    startSlackStandIn({
      signingSecret: SIGNING_SECRET,
      eventsUrl: `${url}/slack/events`,
      team,
      // Put together here, so that no scanner takes it for somebody's.
      botToken: ['xoxb', of, 'workspace', 'token'].join('-'),
    });
  const slack = [await workspace('T0NORTH', 'north'), await workspace('T0RIVAL', 'rival')] as const;
  slack[1].joins(slack[0]);
  let log = '';
  const hub = await startHub(
    readConfig({
      PARLEY_SECRET: SECRET,
      PARLEY_DATA_DIR: 'memory://',
      PARLEY_URL: url,
      PORT: String(port),
      METRICS_PORT: '0',
      PARLEY_PRIVATE_HOSTS: '127.0.0.1',
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'client secret',
      SLACK_API_URL: slack[0].apiUrl,
      DISCORD_BOT_TOKEN: discord.botToken,
      DISCORD_PUBLIC_KEY: discord.publicKey,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_API_URL: discord.apiUrl,
    }),
    {
      web: true,
      worker: true,
      log: openLog('trace', {
        write: (line) => {
          log += line;
        },
      }),
    },
  );
  const owner = ownerOf(hub);
  ownedBy(hub.app.database, owner);
  const world = { hub, url, owner, discord };
  const north = await connected(world, {
    name: 'Northwind Studio',
    client: 'Acme',
    slack: slack[0],
    domain: 'northwind',
  });
  const rival = await connected(world, { name: 'Rival and Sons', client: 'Umbra', slack: slack[1], domain: 'rival' });
  return {
    ...world,
    north,
    rival,
    signingSecret: SIGNING_SECRET,
    logged: () => log,
    stop: async () => {
      await hub.stop();
      const standIns = [north, rival].flatMap((one) => [one.slack, one.teams, one.mail, one.jira]);
      await Promise.all([discord, ...standIns].map((one) => one.stop()));
    },
  };
}

/** The owner's way into the embedded database of a hub, which has one connection for everybody. */
function ownerOf({ app }: Hub): OwnerQuery {
  return async (text, values) => {
    const client = await app.database.pool.connect();
    try {
      await client.query('set session authorization postgres');
      return (await client.query(text, values as unknown[])).rows as Record<string, unknown>[];
    } finally {
      await client.query('set session authorization parley_login');
      client.release();
    }
  };
}

interface Given {
  name: string;
  client: string;
  slack: SlackStandIn;
  domain: string;
}

async function connected(
  { hub, url, owner, discord }: Pick<TwoFirms, 'hub' | 'url' | 'owner' | 'discord'>,
  { name, client, slack, domain }: Given,
): Promise<ConnectedFirm> {
  const firm = await makeFirm(hub.app.database, name, slack.team);
  const { tenantId, acme, admin } = firm;
  await renamed(owner, firm, client);
  const connect = async (account: Omit<ProvenAccount, 'name'>) => {
    const who = as(firm, admin) as Extract<Who, { kind: 'person' }>;
    return (await connectProven(hub.app, who, { ...account, name }, randomUUID())).id;
  };
  const key = (of: string) => `${of} of ${domain}, which nobody reads`;
  const slackId = await connect({
    tool: 'slack',
    account: slack.team,
    credentials: { botToken: slack.botToken, apiUrl: slack.apiUrl },
  });
  for (const person of [admin, acme.approver, acme.clientAdmin]) slack.addPerson(`U-${person}`, person);
  slack.addChannel(`C-${acme.id}`, client.toLowerCase(), []);
  slack.addChannel(`T-${tenantId}`, 'triage', []);

  let teamsId = '';
  const [appId, appPassword] = [randomUUID(), key('the password of the Teams app')];
  const messagesUrl = () => `${url}/teams/messages/${teamsId}`;
  const teams = await startTeamsStandIn({ appId, appPassword, messagesUrl });
  const { loginUrl, openIdUrl } = teams;
  teamsId = await connect({
    tool: 'teams',
    account: teams.tenantId,
    credentials: { appId, appPassword, tenantId: teams.tenantId, loginUrl, openIdUrl },
  });
  const teamsUser = teams.addUser(`${client} Approver`);
  const conversation = teams.addConversation({ kind: 'channel', name: client, members: [teamsUser] });

  const guild = discord.addGuild(name, [`${client} Approver`]);
  const guildChannel = discord.addChannel(guild, client.toLowerCase());
  const [discordRow] = await owner(
    `insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), 'discord', $2) returning id`,
    [tenantId, guild.id],
  );

  const [replyTo, inboundSecret] = [`reply@${domain}.example`, key('the secret of the mail server')];
  const authservId = `mx.${domain}.example`;
  const mail = await startMailStandIn({ hubAddress: replyTo, authservId });
  const emailId = await connect({
    tool: 'email',
    account: replyTo,
    credentials: { from: `hello@${domain}.example`, replyTo, smtpUrl: mail.smtpUrl, inboundSecret, authservId },
  });

  const [apiToken, webhookSecret] = [key('the token of Jira'), key('the secret of the webhooks')];
  const email = `parley@${domain}.example`;
  const jira = await startJiraStandIn({ email, apiToken, project: 'WORK', webhookUrl: url, webhookSecret });
  const jiraId = await connect({
    tool: 'jira',
    account: jira.account,
    credentials: { baseUrl: jira.url, email, apiToken, project: 'WORK', webhookSecret },
  });
  jira.webhooks.pointAt(`${url}/webhooks/jira/${encodeURIComponent(jira.account)}`);

  const room = (channel: string, account: string, address: string, person: string | null = null) =>
    owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id)
      values ($1, gen_random_uuid(), $2, $3, $4, $5, 'client', $6, $7)`,
      [tenantId, channel, account, address, client, acme.id, person],
    );
  await room('teams', teams.tenantId, conversation.id);
  await room('discord', guild.id, guildChannel.id);
  await room('email', '', `${acme.clientAdmin}@example.com`, acme.clientAdmin);
  for (const [provider, account, externalId] of [
    ['teams', teams.tenantId, teamsUser.aadObjectId],
    ['discord', guild.id, guild.members[0]?.id],
  ])
    await owner(
      `insert into identity (tenant_id, id, person_id, provider, account, external_id, proof) values ($1, gen_random_uuid(), $2, $3, $4, $5, 'code')`,
      [tenantId, acme.approver, provider, account, externalId],
    );
  await teams.install(conversation.id, teamsUser);
  return {
    ...{ firm, name, slack, teams, conversation, teamsUser, guild, guildChannel, mail, replyTo, inboundSecret, jira },
    jiraSecret: webhookSecret,
    connections: { slack: slackId, teams: teamsId, discord: String(discordRow?.id), email: emailId, jira: jiraId },
    keys: [slack.botToken, appPassword, inboundSecret, apiToken, webhookSecret],
  };
}

/** Each firm's client has a name of its own, by which it would be known where it does not belong. */
async function renamed(owner: OwnerQuery, { acme }: TestFirm, client: string): Promise<void> {
  await owner(`update client set name = $2 where id = $1`, [acme.id, client]);
  await owner(`update project set name = replace(name, 'Acme', $2) where client_id = $1`, [acme.id, client]);
  await owner(`update person set name = replace(name, 'Acme', $2) where client_id = $1`, [acme.id, client]);
  await owner(`update room set name = '#' || lower($2) where id = $1`, [acme.room, client]);
}
