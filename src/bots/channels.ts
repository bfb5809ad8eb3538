import type { Config } from '../config.ts';
import type { Platform } from '../core/kernel/platform.ts';
import type { Channel, ChannelTools } from './channel.ts';

/** A channel is loaded only when it is set up: its SDK costs memory and time. */
export interface ChannelEntry {
  name: Channel['name'];
  open(config: Config, tools: ChannelTools): Promise<Channel | null>;
  /** What can be asked of it without opening it. */
  platform(config: Config): Promise<Platform | null>;
}

export const channels: ChannelEntry[] = [
  {
    name: 'slack',
    open: async ({ slack }, tools) => slack && (await import('./slack/index.ts')).openSlack(slack, tools),
    platform: async ({ slack }) => slack && (await import('./slack/platform.ts')).slackPlatform(slack),
  },
  {
    name: 'teams',
    open: async ({ teams }, tools) => teams && (await import('./teams/index.ts')).openTeams(teams, tools),
    platform: async ({ teams }) => teams && (await import('./teams/platform.ts')).teamsPlatform(teams),
  },
  {
    name: 'discord',
    open: async ({ discord }, tools) => discord && (await import('./discord/index.ts')).openDiscord(discord, tools),
    platform: async ({ discord }) => discord && (await import('./discord/platform.ts')).discordPlatform(discord),
  },
  {
    name: 'email',
    open: async ({ email }, tools) => email && (await import('./email/index.ts')).openEmail(email, tools),
    platform: async ({ email }) => email && (await import('./email/platform.ts')).emailPlatform(email),
  },
];
