import { randomInt } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Router } from 'express';
import { AppHooks } from './app-hooks.ts';
import type { Call, Fault, Route } from './faults.ts';
import { Faults } from './faults.ts';
import { jiraApi, jiraRoutes } from './routes.ts';
import { shapesFor } from './shapes.ts';
import { JiraSite } from './site.ts';
import type { JiraState, SimIssue } from './state.ts';
import { WORKFLOW } from './state.ts';
import type { Sent } from './webhooks.ts';
import { WebhookSender } from './webhooks.ts';

export interface JiraStandInOptions {
  port?: number;
  email: string;
  apiToken: string;
  /** The key of its one project. */
  project: string;
  /** The keys of all projects that its account sees; by default that one. */
  projects?: string[];
  /** Where the webhook of an administrator leads; '' when there is none. */
  webhookUrl: string;
  webhookSecret: string;
  /** Milliseconds between tries of a webhook. */
  retryPauses?: number[];
  /** Milliseconds that its search runs behind what was written. */
  searchLag?: number;
  now?: () => number;
}

/** A stand-in of Jira Cloud on this machine: the REST API, a site to act on, and signed webhooks. */
export interface JiraStandIn {
  url: string;
  /** The account as the hub names it: host and port. */
  account: string;
  /** Its API without its sign-in, for the way through Atlassian's. */
  api: Router;
  /** The webhooks that apps registered. */
  appHooks: AppHooks;
  statuses: readonly string[];
  issues(): readonly SimIssue[];
  issue(idOrKey: string): SimIssue;
  /** Acts as a person: writes a comment. Returns its id. */
  comment(issueKey: string, text: string, author: string): string;
  move(issueKey: string, status: string, author: string): void;
  create(summary: string, author: string, labels?: string[]): SimIssue;
  remove(issueKey: string, author: string): void;
  webhooks: {
    sent: readonly Sent[];
    hold(): void;
    release(reorder?: (waiting: Sent[]) => Sent[]): void;
    resend(n: number): void;
    lose(n: number): void;
    settled(): Promise<void>;
    pointAt(url: string): void;
  };
  /** The API calls that came in. */
  calls: readonly Call[];
  failNext(route: Route | 'any', fault: Fault): void;
  setSearchLag(milliseconds: number): void;
  snapshot(): JiraState;
  restore(state: JiraState): void;
  /** Emits 'change' whenever there is something new to show. */
  changes: EventEmitter;
  stop(): Promise<void>;
}

/** The name under which what the API writes is shown. */
const API_USER = 'Parley';
const RETRY_PAUSES = [500, 2_000, 5_000, 10_000, 30_000];

/** Starts the stand-in on the loopback address. */
export async function startJiraStandIn(options: JiraStandInOptions): Promise<JiraStandIn> {
  const now = options.now ?? Date.now;
  const site = new JiraSite(options.project, now, API_USER);
  const faults = new Faults();
  const retryPauses = options.retryPauses ?? RETRY_PAUSES;
  const appHooks = new AppHooks(now, randomInt(1_000, 1_000_000));
  const addressees = (event: string) => appHooks.addressees(event, options.project);
  const sender = new WebhookSender(
    { url: options.webhookUrl, secret: options.webhookSecret, retryPauses, addressees },
    () => site.changes.emit('change'),
  );
  let url = '';
  const shapes = shapesFor(
    () => site.state,
    () => url,
    options.project,
  );
  site.connect(shapes, sender);
  const { project, projects = [project], searchLag = 0 } = options;
  const settings = { ...options, projects, now, searchLag };
  const api = jiraApi(site, shapes, faults, appHooks, settings);
  const web = jiraRoutes(api, settings);
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = web.listen(options.port ?? 0, '127.0.0.1', (error?: Error) =>
      error ? reject(error) : resolve(listening),
    );
  });
  const account = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `http://${account}`;
  return {
    url,
    account,
    api,
    appHooks,
    statuses: WORKFLOW.map(({ name }) => name),
    issues: () => site.state.issues,
    issue: (idOrKey) => site.get(idOrKey),
    comment: (key, text, author) => site.comment(site.get(key), site.typed(text), site.person(author)).id,
    move: (key, status, author) => site.move(site.get(key), status, site.person(author)),
    create: (summary, author, labels = []) => site.create({ summary, type: 'Task', labels }, site.person(author)),
    remove: (key, author) => site.remove(site.get(key), site.person(author)),
    webhooks: {
      sent: sender.sent,
      hold: () => sender.hold(),
      release: (reorder) => sender.release(reorder),
      resend: (n) => sender.resend(n),
      lose: (n) => sender.lose(n),
      settled: () => sender.settled(),
      pointAt: (address) => {
        sender.settings.url = address;
      },
    },
    calls: faults.calls,
    failNext: (route, fault) => faults.failNext(route, fault),
    setSearchLag: (milliseconds) => {
      settings.searchLag = milliseconds;
    },
    snapshot: () => structuredClone(site.state),
    restore: (state) => {
      site.state = structuredClone(state);
      site.changes.emit('change');
    },
    changes: site.changes,
    stop: async () => {
      await sender.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
