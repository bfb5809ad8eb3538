import { withActor } from '../../core/kernel/context.ts';
import type { Sql } from '../../core/kernel/db.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { Connection } from '../connector.ts';
import type { Scope } from './claims.ts';
import type { Jira } from './client.ts';

/** What the connector works with: Jira on one side, the firm's rows on the other. */
export interface Side {
  jira: Jira;
  /** The key of the project that new issues go to. */
  project: string;
  /** Runs queries as the connector in one transaction. No call to Jira belongs inside. */
  read<T>(connection: Connection, work: (sql: Sql, now: Date) => Promise<T>): Promise<T>;
  /** Where people see an issue. */
  urlOf(issueKey: string): string;
}

export function sideOf(app: App, jira: Jira, settings: { baseUrl: string; project: string }): Side {
  return {
    jira,
    project: settings.project,
    read: ({ tenantId, account }, work) =>
      withActor(app, { kind: 'integration', tenantId, connector: 'jira', account }, ({ sql, now }) => work(sql, now)),
    urlOf: (issueKey) => `${settings.baseUrl.replace(/\/+$/, '')}/browse/${issueKey}`,
  };
}

export function scopeOf({ tenantId, account }: Connection): Scope {
  return { tenantId, account };
}
