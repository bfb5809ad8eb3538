import type { Config } from '../config.ts';
import type { Channel, ChannelTools } from './channel.ts';

/** A channel is loaded only when it is set up: its SDK costs memory and time. */
export interface ChannelEntry {
  name: Channel['name'];
  open(config: Config, tools: ChannelTools): Promise<Channel | null>;
}

export const channels: ChannelEntry[] = [
  {
    name: 'slack',
    open: async ({ slack }, tools) => slack && (await import('./slack/index.ts')).openSlack(slack, tools),
  },
  {
    name: 'teams',
    open: async ({ teams }, tools) => teams && (await import('./teams/index.ts')).openTeams(teams, tools),
  },
  {
    name: 'email',
    open: async ({ email }, tools) => email && (await import('./email/index.ts')).openEmail(email, tools),
  },
];
