import type { AnyChannelKind } from './channel.ts';
import { channelKind } from './channel.ts';
import { DiscordCredentials } from './discord/credentials.ts';
import { EmailCredentials, mailboxForm } from './email/credentials.ts';
import { SlackCredentials } from './slack/credentials.ts';
import { TeamsCredentials } from './teams/credentials.ts';

/** The channels, one entry each. */
export const channels: AnyChannelKind[] = [
  channelKind({
    name: 'slack',
    can: { edit: true, direct: true },
    path: '/slack/events',
    credentials: SlackCredentials,
    environment: ({ slack }) => slack,
    account: 'a Slack workspace',
    installs: ({ slack }) => Boolean(slack?.clientId && slack.clientSecret),
    load: async () => (await import('./slack/kind.ts')).kind,
  }),
  channelKind({
    name: 'teams',
    can: { edit: true },
    path: '/teams/messages',
    credentials: TeamsCredentials,
    environment: ({ teams }) => teams,
    account: 'a Microsoft Teams organisation',
    posts: (code) =>
      `Add the app of Parley to a team, then write there: @Parley connect ${code}. In a chat with Parley alone it is: connect ${code}.`,
    load: async () => (await import('./teams/kind.ts')).kind,
  }),
  channelKind({
    name: 'discord',
    can: { edit: true },
    path: '/discord/interactions',
    credentials: DiscordCredentials,
    environment: ({ discord }) => discord,
    installs: ({ discord }) => Boolean(discord?.clientSecret),
    account: 'a Discord server',
    posts: (code) =>
      `When Parley is in the server, somebody who may manage it types in any channel: /parley connect code:${code}.`,
    load: async () => (await import('./discord/kind.ts')).kind,
  }),
  channelKind({
    name: 'email',
    can: { edit: false },
    path: '/email/inbound',
    credentials: EmailCredentials,
    environment: ({ email }) => email,
    account: 'a mailbox',
    form: mailboxForm,
    roundTrip: {
      sent: 'Then a mail is sent to the address, and the mailbox is connected once it has arrived there.',
      unsent:
        'This hub has no mail server of its own, so a login that works is all the proof there is that the mailbox is yours.',
    },
    load: async () => (await import('./email/kind.ts')).kind,
  }),
];
