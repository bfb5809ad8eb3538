import type { AnyConnectorKind } from './connector.ts';
import { connectorKind } from './connector.ts';
import { JiraCredentials, jiraWants, siteForm } from './jira/credentials.ts';
import { accountForm, StripeCredentials, stripeWants } from './stripe/credentials.ts';

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
  connectorKind({
    name: 'stripe',
    wants: stripeWants,
    credentials: StripeCredentials,
    // Money comes to a firm's own account alone: the hub has none.
    environment: () => null,
    api: ({ stripeApiUrl }) => stripeApiUrl,
    account: 'a Stripe account',
    form: accountForm,
    load: async () => (await import('./stripe/index.ts')).kind,
  }),
];
