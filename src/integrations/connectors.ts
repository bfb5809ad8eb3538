import type { AnyConnectorKind } from './connector.ts';
import { connectorKind } from './connector.ts';
import { JiraCredentials, jiraWants, siteForm } from './jira/credentials.ts';

/** The connectors, one entry each. */
export const connectors: AnyConnectorKind[] = [
  connectorKind({
    name: 'jira',
    wants: jiraWants,
    credentials: JiraCredentials,
    environment: ({ jira }) => jira,
    application: ({ jiraApp }) => jiraApp,
    account: 'a Jira site',
    form: siteForm,
    load: async () => (await import('./jira/index.ts')).kind,
  }),
];
