import pg from 'pg';
import { openServer } from '../../core/kernel/db.ts';
import { migrate } from '../../migrate.ts';
import { freePort } from '../../simulator/free-port.ts';
import { startJiraStandIn } from '../../simulator/jira/index.ts';
import { startMailStandIn } from '../../simulator/mail/index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import { ownedBy } from '../database.ts';
import type { TestFirm } from '../firm.ts';
import { makeFirm } from '../firm.ts';
import { insertKey } from '../insert-key.ts';
import type { Postgres } from '../postgres.ts';
import { startPostgres } from '../postgres.ts';
import type { World } from './acts.ts';
import type { Query } from './query.ts';

const SECRETS = {
  parley: 'a secret for the fault programme, long enough',
  slack: 'slack signing secret',
  jira: 'jira webhook secret, long',
  mail: 'mail inbound secret, long',
};
const AUTHSERV = 'mx.northwind.example';
const REPLY_TO = 'reply@northwind.example';

/** Everything around the hub, none of which is ever killed but the database. */
export interface Setting {
  firm: TestFirm;
  /** The hub's settings. */
  environment: Record<string, string>;
  port: number;
  /** The database as its owner. */
  ownerUrl: string;
  query: Query;
  /** Null when the server is somebody else's: it is not ours to crash. */
  postgres: Postgres | null;
  /** Asks another server from now on: one that took the first one's place. */
  follow(ownerUrl: string): void;
  slack: Awaited<ReturnType<typeof startSlackStandIn>>;
  /** The world once the hub has answered: acts need an issue and a mail to refer to. */
  worldFor(issue: { id: string; key: string }, replyTo: string): World;
  stop(): Promise<void>;
}

export interface SettingOptions {
  /** More lines for postgresql.conf. */
  settings?: Record<string, string>;
  /** Run as the owner after migrating. */
  sql?: string[];
  /** A server that was started for this; it is stopped with the rest. */
  postgres?: Postgres;
  /** Servers that may take the place of the first: the hub is told of them from the start. */
  others?: Postgres[];
}

/** Starts the database and the stand-ins, and founds a firm that is connected to them. */
export async function setUp(options: SettingOptions): Promise<Setting> {
  const given = options.postgres ? undefined : process.env.DATABASE_URL;
  const postgres = given ? null : (options.postgres ?? (await startPostgres(options.settings)));
  const ownerUrl = given ?? postgres?.url ?? '';
  const port = await freePort();
  const hub = `http://127.0.0.1:${port}`;
  const slack = await startSlackStandIn({ signingSecret: SECRETS.slack, eventsUrl: `${hub}/slack/events` });
  const mail = await startMailStandIn({ hubAddress: REPLY_TO, authservId: AUTHSERV });
  const jira = await startJiraStandIn({
    email: 'bot@northwind.example',
    apiToken: 'token',
    project: 'NW',
    webhookUrl: hub,
    webhookSecret: SECRETS.jira,
  });
  jira.webhooks.pointAt(`${hub}/webhooks/jira/${encodeURIComponent(jira.account)}`);
  const appUrl = await migrate({ database: { ownerUrl, appUrl: null }, secrets: [SECRETS.parley] }, () => undefined);
  let owner = ownerPool(ownerUrl);
  const query: Query = async (text, values) => (await owner.query(text, values as unknown[])).rows;
  for (const statement of options.sql ?? []) await query(statement);
  const database = openServer(appUrl, { connections: 2, onError: () => undefined });
  ownedBy(database, query);
  const firm = await makeFirm(database, 'Northwind Studio', slack.team);
  await database.close();
  await connectMore(query, firm, jira.account);
  populate(slack, firm);
  const writers = await addWriters(query, firm);
  const keys = {
    admin: await insertKey(query, firm.tenantId, firm.admin),
    approver: await insertKey(query, firm.tenantId, firm.acme.approver),
  };
  return {
    firm,
    port,
    ownerUrl,
    query,
    postgres,
    follow: (url) => {
      void owner.end();
      owner = ownerPool(url);
    },
    slack,
    environment: {
      PARLEY_SECRET: SECRETS.parley,
      PARLEY_URL: hub,
      LOG_LEVEL: 'warn',
      // Two people do here in a minute what hundreds do elsewhere.
      API_PER_MINUTE: '100000',
      DATABASE_APP_URL: withHosts(appUrl, options.others ?? []),
      DATABASE_CONNECTIONS: '8',
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: SECRETS.slack,
      SLACK_API_URL: slack.apiUrl,
      MAIL_FROM: 'parley@northwind.example',
      MAIL_REPLY_TO: REPLY_TO,
      SMTP_URL: mail.smtpUrl,
      MAIL_INBOUND_SECRET: SECRETS.mail,
      MAIL_AUTHSERV_ID: AUTHSERV,
      JIRA_BASE_URL: jira.url,
      JIRA_EMAIL: 'bot@northwind.example',
      JIRA_API_TOKEN: 'token',
      JIRA_PROJECT: 'NW',
      JIRA_WEBHOOK_SECRET: SECRETS.jira,
    },
    worldFor: (issue, replyTo) => ({
      hub,
      firm,
      slack: { team: slack.team, signingSecret: SECRETS.slack },
      jira: { account: jira.account, webhookSecret: SECRETS.jira, issue },
      mail: {
        inboundSecret: SECRETS.mail,
        authservId: AUTHSERV,
        writers,
        replyTo,
      },
      keys,
      asOwner: query,
    }),
    stop: async () => {
      await owner.end();
      await Promise.all([slack.stop(), mail.stop(), jira.stop()]);
      await postgres?.stop();
    },
  };
}

function ownerPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The connection string as an operator of several servers writes it. */
function withHosts(url: string, others: readonly Postgres[]): string {
  if (!others.length) return url;
  const { host } = new URL(url);
  const hosts = [host, ...others.map(({ port }) => `127.0.0.1:${port}`)].join(',');
  return `${url.replace(`@${host}`, `@${hosts}`)}?target_session_attrs=read-write`;
}

/** A person writes a few mails an hour; more of them in one name would be held back as a loop. */
const WRITERS = 150;

/** Contacts who answer by mail. */
async function addWriters(query: Query, firm: TestFirm): Promise<string[]> {
  const rows = await query(
    `with people as (
      insert into person (tenant_id, id, side, client_id, name, timezone, role)
      select $1, gen_random_uuid(), 'contact', $2, 'Writer ' || n, 'America/New_York', 'client_admin' from generate_series(1, $3::int) n returning tenant_id, id)
    insert into identity (tenant_id, id, person_id, provider, account, external_id, proof)
    select tenant_id, gen_random_uuid(), id, 'email', '', id || '@example.com', 'verified_email' from people returning external_id`,
    [firm.tenantId, firm.acme.id, WRITERS],
  );
  return rows.map((row) => String(row.external_id));
}

/** The firm's people and channels, as Slack has them. */
function populate(slack: Setting['slack'], firm: TestFirm): void {
  const people = [firm.admin, firm.partner, firm.member, firm.acme.approver, firm.acme.clientAdmin];
  for (const person of people) slack.addPerson(`U-${person}`, person);
  for (const client of [firm.acme, firm.globex]) slack.addChannel(`C-${client.id}`, client.id, []);
  slack.addChannel(`T-${firm.tenantId}`, 'triage', []);
}

/** The firm's other connections, and the mailbox of the client's admin as a room of the client. */
async function connectMore(query: Query, firm: TestFirm, jiraAccount: string): Promise<void> {
  for (const [tool, account] of [
    ['jira', jiraAccount],
    ['email', REPLY_TO],
  ]) {
    await query('insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), $2, $3)', [
      firm.tenantId,
      tool,
      account,
    ]);
  }
  await query(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id, person_id) values ($1, gen_random_uuid(), 'email', '', $2, 'Mailbox', 'client', $3, $4)`,
    [firm.tenantId, `${firm.acme.clientAdmin}@example.com`, firm.acme.id, firm.acme.clientAdmin],
  );
}
