import type { DemoPlaces, PersonKey } from '../../../prisma/demo-firm.ts';
import { DEMO_CLIENTS, DEMO_FIRM, DEMO_PEOPLE } from '../../../prisma/demo-firm.ts';
import type { JumpingClock } from '../../core/kernel/clock.ts';
import type { DiscordStandIn } from '../discord/index.ts';
import { startDiscordStandIn } from '../discord/index.ts';
import { TEXT } from '../discord/state.ts';
import type { JiraStandIn } from '../jira/index.ts';
import { startJiraStandIn } from '../jira/index.ts';
import type { MailStandIn } from '../mail/index.ts';
import { startMailStandIn } from '../mail/index.ts';
import type { SlackStandIn } from '../slack/index.ts';
import { startSlackStandIn } from '../slack/index.ts';
import type { StripeStandIn } from '../stripe/index.ts';
import { startStripeStandIn } from '../stripe/index.ts';
import type { TeamsStandIn } from '../teams/index.ts';
import { startTeamsStandIn } from '../teams/index.ts';
import type { Memory } from './memory.ts';

/** The platforms of the demo. */
export interface StandIns {
  slack: SlackStandIn;
  teams: TeamsStandIn;
  discord: DiscordStandIn;
  mail: MailStandIn;
  jira: JiraStandIn;
  stripe: StripeStandIn;
}

/** What they remember between two runs. */
export type StandInStates = { [K in keyof StandIns]: ReturnType<StandIns[K]['snapshot']> };

export const MAIL = {
  from: 'hello@northwind.example',
  replyTo: 'reply@northwind.example',
  authservId: 'mx.northwind.example',
};
export const STRIPE_ACCOUNT = 'acct_1Northwind';
export const JIRA = { email: 'parley@northwind.example', project: 'STORE' };

/** Starts the platforms on the ports they had before, or on free ones. */
export async function startStandIns(memory: Memory, clock: JumpingClock): Promise<StandIns> {
  const { ports } = memory;
  const hub = `http://127.0.0.1:${ports.hub}`;
  const standIns = {
    slack: await startSlackStandIn({
      ...portOf(ports.slack),
      signingSecret: memory.slackSigningSecret,
      eventsUrl: `${hub}/slack/events`,
    }),
    teams: await startTeamsStandIn({
      ...portOf(ports.teams),
      appId: memory.teamsAppId,
      appPassword: memory.teamsPassword,
      messagesUrl: `${hub}/teams/messages`,
      tenantId: memory.teamsTenant,
    }),
    discord: await startDiscordStandIn({
      ...portOf(ports.discord),
      key: memory.discordKey,
      applicationId: memory.discordApplication,
      botToken: memory.discordToken,
      interactionsUrl: `${hub}/discord/interactions`,
    }),
    mail: await startMailStandIn({
      hubAddress: MAIL.replyTo,
      authservId: MAIL.authservId,
      now: () => clock.now().getTime(),
    }),
    jira: await startJiraStandIn({
      ...portOf(ports.jira),
      email: JIRA.email,
      apiToken: memory.jiraToken,
      project: JIRA.project,
      webhookUrl: hub,
      webhookSecret: memory.jiraWebhookSecret,
      now: () => clock.now().getTime(),
    }),
    stripe: await startStripeStandIn({
      ...portOf(ports.stripe),
      account: STRIPE_ACCOUNT,
      name: DEMO_FIRM.name,
      key: memory.stripeKey,
      webhookSecret: memory.stripeWebhookSecret,
      webhookUrl: `${hub}/webhooks/stripe/${STRIPE_ACCOUNT}`,
      now: () => clock.now().getTime(),
    }),
  };
  standIns.jira.webhooks.pointAt(`${hub}/webhooks/jira/${encodeURIComponent(standIns.jira.account)}`);
  for (const name of ['slack', 'teams', 'discord', 'jira', 'stripe'] as const)
    ports[name] = Number(new URL(standIns[name].url).port);
  return standIns;
}

function portOf(port: number | undefined): { port?: number } {
  return port === undefined ? {} : { port };
}

export function statesOf({ slack, teams, discord, mail, jira, stripe }: StandIns): StandInStates {
  const inTeams = teams.snapshot();
  // Every delivery is on record there; the demo needs none of them later.
  return {
    ...{ slack: slack.snapshot(), teams: { ...inTeams, recorded: [] }, discord: discord.snapshot() },
    ...{ mail: mail.snapshot(), jira: jira.snapshot(), stripe: stripe.snapshot() },
  };
}

export function restoreStates({ slack, teams, discord, mail, jira, stripe }: StandIns, states: StandInStates): void {
  slack.restore(states.slack);
  teams.restore(states.teams);
  // A demo of an earlier version has no Discord yet.
  if (states.discord) discord.restore(states.discord);
  else furnishDiscord(discord);
  mail.restore(states.mail);
  jira.restore(states.jira);
  if (states.stripe) stripe.restore(states.stripe);
}

const CHANNELS = { juniper: 'C0JUNIPER', fathom: 'C0FATHOM', triage: 'C0TRIAGE' };

/** Fills empty platforms with the demo's people and rooms. */
export function furnish({ slack, teams, discord }: StandIns): void {
  furnishDiscord(discord);
  slack.workspace.team.name = DEMO_FIRM.name;
  const userIds = (keys: PersonKey[]) => keys.map(slackUser);
  for (const key of on('slack')) slack.addPerson(slackUser(key), DEMO_PEOPLE[key].name);
  slack.addChannel(CHANNELS.juniper, 'juniper-home', userIds(['priya', 'tom', 'lena', 'ada', 'mira', 'jonas']));
  slack.addChannel(CHANNELS.fathom, 'fathom-labs', userIds(['ines', 'ada', 'mira']));
  slack.addChannel(CHANNELS.triage, 'triage', userIds(['ada', 'mira', 'jonas']), { private: true });
  const members = Object.fromEntries(on('teams').map((key) => [key, teams.addUser(DEMO_PEOPLE[key].name)]));
  const usersOf = (keys: PersonKey[]) => keys.flatMap((key) => members[key] ?? []);
  teams.addConversation({
    kind: 'groupChat',
    name: 'Juniper Home, Northwind',
    members: usersOf(['marcus', 'dana', 'ada', 'jonas']),
  });
  teams.addConversation({ kind: 'channel', name: 'Studio', members: usersOf(['ada', 'mira', 'jonas']) });
}

/** The client's community server, with the firm's bot in it. */
function furnishDiscord(discord: DiscordStandIn): void {
  const guild = discord.addGuild(
    DEMO_CLIENTS.juniper.name,
    on('discord').map((key) => DEMO_PEOPLE[key].name),
  );
  discord.addChannel(guild, 'juniper-team');
}

/** Which accounts and rooms are whose, for the seed and the personas. */
export function placesOf({ slack, teams, discord, jira }: StandIns): DemoPlaces {
  const [juniper, studio] = teams.conversations();
  const { guilds, channels } = discord.state();
  const [guild] = guilds;
  const text = channels.find(({ type }) => type === TEXT);
  const inDiscord = new Map(guild?.members.map(({ id, name }) => [name, id]));
  const inTeams = new Map(
    teams.conversations().flatMap(({ members }) => members.map((user) => [user.name, user.aadObjectId])),
  );
  return {
    slack: {
      team: slack.team,
      users: Object.fromEntries(on('slack').map((key) => [key, slackUser(key)])),
      channels: CHANNELS,
    },
    teams: {
      tenant: teams.tenantId,
      serviceUrl: `${teams.url}/`,
      users: Object.fromEntries(on('teams').map((key) => [key, inTeams.get(DEMO_PEOPLE[key].name) ?? ''])),
      chats: { juniper: juniper?.id ?? '', studio: studio?.id ?? '' },
    },
    discord: {
      guild: guild?.id ?? '',
      users: Object.fromEntries(on('discord').map((key) => [key, inDiscord.get(DEMO_PEOPLE[key].name) ?? ''])),
      channels: { juniper: text?.id ?? '' },
    },
    email: { account: MAIL.replyTo },
    jira: { account: jira.account },
  };
}

export function slackUser(key: PersonKey): string {
  return `U0${key.toUpperCase()}`;
}

function on(channel: 'slack' | 'teams' | 'discord'): PersonKey[] {
  return (Object.keys(DEMO_PEOPLE) as PersonKey[]).filter((key) =>
    (DEMO_PEOPLE[key].on as readonly string[]).includes(channel),
  );
}
