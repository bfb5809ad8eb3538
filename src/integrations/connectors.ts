import type { Config } from '../config.ts';
import type { Platform } from '../core/kernel/platform.ts';
import type { Connector, ConnectorTools } from './connector.ts';

/** A connector is loaded only when it is set up. */
export interface ConnectorEntry {
  name: string;
  open(config: Config, tools: ConnectorTools): Promise<Connector | null>;
  /** What can be asked of it without opening it. */
  platform(config: Config): Promise<Platform | null>;
}

export const connectors: ConnectorEntry[] = [
  {
    name: 'jira',
    open: async ({ jira }, tools) => jira && (await import('./jira/index.ts')).openJira(jira, tools),
    platform: async ({ jira }) => jira && (await import('./jira/platform.ts')).jiraPlatform(jira),
  },
];
