import type { AnyConnectorKind } from './connector.ts';
import { connectorKind } from './connector.ts';
import { JiraCredentials, jiraWants } from './jira/credentials.ts';

/** The connectors, one entry each. */
export const connectors: AnyConnectorKind[] = [
  connectorKind({
    name: 'jira',
    wants: jiraWants,
    credentials: JiraCredentials,
    environment: ({ jira }) => jira,
    load: async () => (await import('./jira/index.ts')).kind,
  }),
];
