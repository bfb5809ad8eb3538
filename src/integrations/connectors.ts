import type { Config } from '../config.ts';
import type { Connector, ConnectorTools } from './connector.ts';

/** A connector is loaded only when it is set up. */
export interface ConnectorEntry {
  name: string;
  open(config: Config, tools: ConnectorTools): Promise<Connector | null>;
}

export const connectors: ConnectorEntry[] = [
  { name: 'jira', open: async ({ jira }, tools) => jira && (await import('./jira/index.ts')).openJira(jira, tools) },
];
