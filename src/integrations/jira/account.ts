import type { App } from '../../core/kernel/registry.ts';
import type { AnyThing } from '../../core/kernel/thing-definition.ts';
import type { Connection } from '../connector.ts';
import type { Jira } from './client.ts';
import { readSettings } from './map.ts';

/** An account of Jira as its connector works with it: the site, and the tickets of which it holds copies. */
export interface JiraAccount {
  app: App;
  jira: Jira;
  /** What our tickets are, as their area declares them. */
  tickets: AnyThing;
  /** The keys of the projects whose issues may be ours. */
  projects(connection: Connection): string[];
  /** The key of the project that a client's new issues go to. */
  projectFor(connection: Connection, clientId: string): string;
  /** Where people see an issue. */
  urlOf(issueKey: string): string;
}

/**
 * The keys of the projects whose issues may be ours.
 * @param project that of the credentials
 */
export function projectsOf(connection: Connection, project: string): string[] {
  const settings = readSettings(connection.settings);
  return [...new Set([settings.project ?? project, ...Object.values(settings.projects)])];
}

export function jiraAccount(app: App, jira: Jira, settings: { baseUrl: string; project: string }): JiraAccount {
  const usual = (connection: Connection) => readSettings(connection.settings).project ?? settings.project;
  const tickets = app.registry.things.get('ticket');
  if (!tickets) throw new Error('Jira holds copies of tickets, and there is no area of tickets here');
  return {
    ...{ app, jira, tickets },
    projects: (connection) => projectsOf(connection, settings.project),
    projectFor: (connection, clientId) => readSettings(connection.settings).projects[clientId] ?? usual(connection),
    urlOf: (issueKey) => `${settings.baseUrl.replace(/\/+$/, '')}/browse/${issueKey}`,
  };
}
