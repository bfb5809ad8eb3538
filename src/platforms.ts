import { channels } from './bots/channels.ts';
import type { Config } from './config.ts';
import type { Platforms } from './core/kernel/platform.ts';
import { connectors } from './integrations/connectors.ts';

/** What this hub is set up for, and how to ask it: in the hub itself and from the command line alike. */
export function platformsOf(config: Config): Platforms {
  const { slack, teams, discord, email, jira } = config;
  const settings: Readonly<Record<string, unknown>> = { slack, teams, discord, email, jira };
  return {
    has: (tool) => Object.hasOwn(settings, tool) && settings[tool] !== null,
    open: async (tool) => {
      const entry = [...channels, ...connectors].find(({ name }) => name === tool);
      return entry ? entry.platform(config) : null;
    },
  };
}
