import { join } from 'node:path';
import { z } from 'zod';
import { readAddress } from './core/kernel/address.ts';
import { isHostOrRange, isRange } from './core/kernel/egress.ts';
import { MEGABYTE } from './core/kernel/files.ts';
import { inPlainWords } from './core/kernel/plain.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
const whole = (least: number, most: number) => {
  const say = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error: say }).int(say).min(least, say).max(most, say);
};
const port = whole(0, 65_535);
/** Its form alone: whether it can be reached is seen when it is opened. */
const database = z
  .string()
  .regex(/^postgres(ql)?:\/\//, { error: 'must start with postgres://', abort: true })
  .refine((text) => readAddress(text) !== null, 'must look like postgres://user:password@host:5432/database');
const secret = z.string().min(32, 'must be at least 32 characters; make one with: openssl rand -base64 48');

const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

const parts = (text: string) => text.split(',').map((part) => part.trim());

/** Never simply everybody: then each visitor could name their own address. */
const trustProxy = z
  .string()
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : parts(text)))
  .refine(
    (value) => (Array.isArray(value) ? value.every(isNetwork) : value >= 1 && value <= 10),
    'is how many proxies stand before Parley (1 to 10), or their addresses: loopback, uniquelocal, 10.0.0.0/8',
  );

function isNetwork(text: string): boolean {
  return NETWORKS.includes(text) || isRange(text);
}

const privateHosts = z
  .string()
  .transform((text) => parts(text).filter(Boolean))
  .refine(
    (hosts) => hosts.every(isHostOrRange),
    'is a list of hosts that firms may reach though they are private: names, addresses or ranges, like jira.internal,10.0.0.0/8',
  );

/** A directory, or a bucket with what the names of its files begin with. */
const files = z
  .string()
  .refine(
    (text) =>
      text.includes('://') ? /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./-]*)?$/.test(text) : !text.includes('\0'),
    'is a directory, or a bucket like s3://my-bucket/parley',
  )
  .transform((text): FilesPlace => {
    const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(text) ?? [];
    return bucket
      ? { kind: 's3', bucket, prefix: prefix && `${prefix.replace(/\/+$/, '')}/` }
      : { kind: 'disk', directory: text };
  });

const SCAN =
  'is where clamd listens, like 127.0.0.1:3310 or /run/clamav/clamd.ctl; or off, where files are handed out as they came';
/** `off` is said on purpose: without a word of it no files are taken. */
const scan = z
  .string()
  .refine((text) => text === 'off' || text.startsWith('/') || scanHost(text) !== null, SCAN)
  .transform((text) => (text === 'off' ? ('off' as const) : (scanHost(text) ?? { path: text })));

function scanHost(text: string): { host: string; port: number } | null {
  const [, host, port] = /^(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})$/.exec(text) ?? [];
  return host && Number(port) > 0 && Number(port) < 65_536
    ? { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
    : null;
}

/** The environment, with the name of each setting and what it must look like. */
const Environment = z.object({
  PARLEY_SECRET: secret.optional(),
  PARLEY_SECRET_PREVIOUS: secret.optional(),
  PARLEY_URL: url.optional(),
  PARLEY_DATA_DIR: z.string().min(1).default('.parley'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  WORKER_PORT: port.optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: port.optional(),
  TRUST_PROXY: trustProxy.optional(),
  PARLEY_PRIVATE_HOSTS: privateHosts.default([]),
  API_PER_MINUTE: whole(1, 1_000_000).default(600),
  PARLEY_FILES: files.optional(),
  PARLEY_SCAN: scan.optional(),
  PARLEY_FILE_MB: whole(1, 2_000).default(25),
  FILES_S3_REGION: z.string().min(1).default('us-east-1'),
  FILES_S3_URL: url.optional(),
  FILES_S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  FILES_S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATABASE_URL: database.optional(),
  DATABASE_APP_URL: database.optional(),
  DATABASE_WAIT: whole(0, 3_600).default(60),
  DATABASE_CONNECTIONS: whole(2, 200).default(10),

  SLACK_BOT_TOKEN: z
    .string()
    .startsWith('xoxb-', 'is the bot token of your Slack app; it starts with xoxb-')
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith('xapp-', 'is the app-level token for Socket Mode; it starts with xapp-')
    .optional(),
  SLACK_CLIENT_ID: z.string().min(1).optional(),
  SLACK_CLIENT_SECRET: z.string().min(1).optional(),
  SLACK_API_URL: url.optional(),

  TEAMS_APP_ID: z.string().min(1).optional(),
  TEAMS_APP_PASSWORD: z.string().min(1).optional(),
  TEAMS_TENANT_ID: z.string().min(1).optional(),
  TEAMS_LOGIN_URL: url.optional(),
  TEAMS_OPENID_URL: url.optional(),

  DISCORD_BOT_TOKEN: z.string().min(1).optional(),
  DISCORD_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'is 64 hexadecimal digits; copy it from the app’s page “General Information”')
    .optional(),
  DISCORD_APPLICATION_ID: z
    .string()
    .regex(/^\d{15,20}$/, 'is a number; copy it from the app’s page “General Information”')
    .optional(),
  DISCORD_CLIENT_SECRET: z.string().min(1).optional(),
  DISCORD_API_URL: url.optional(),

  MAIL_FROM: z.email('must be the mail address Parley writes from').optional(),
  MAIL_REPLY_TO: z
    .email('must be the mail address whose +tagged variants reach the inbox, e.g. reply@example.com')
    .optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must look like smtp://user:password@host:587')
    .optional(),
  IMAP_URL: z
    .string()
    .regex(/^imaps?:\/\//, 'must look like imaps://user:password@host:993')
    .optional(),
  MAIL_INBOUND_SECRET: z.string().min(16, 'must be at least 16 characters').optional(),
  MAIL_AUTHSERV_ID: z.string().min(1).optional(),

  JIRA_BASE_URL: url.optional(),
  JIRA_EMAIL: z.email().optional(),
  JIRA_API_TOKEN: z.string().min(1).optional(),
  JIRA_PROJECT: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]+$/, 'is the key of a Jira project, like ACME')
    .optional(),
  JIRA_WEBHOOK_SECRET: z.string().min(16, 'must be at least 16 characters').optional(),
  JIRA_WEBHOOK_SECRET_PREVIOUS: z.string().min(16, 'must be at least 16 characters').optional(),
  JIRA_CLIENT_ID: z.string().min(1).optional(),
  JIRA_CLIENT_SECRET: z.string().min(1).optional(),
  JIRA_AUTH_URL: url.optional(),
  JIRA_API_URL: url.optional(),

  STRIPE_API_URL: url.optional(),
});

export interface SlackConfig {
  /** Missing where the app is only installed by firms, each into a workspace of its own. */
  botToken?: string;
  /** Missing for a workspace that has the hub's own app: the hub knows its secret. */
  signingSecret?: string;
  appToken?: string;
  apiUrl?: string;
  /** Of the hub's own app, which firms then add to workspaces of theirs. */
  clientId?: string;
  clientSecret?: string;
}
export interface TeamsConfig {
  appId: string;
  appPassword: string;
  tenantId?: string;
  loginUrl?: string;
  openIdUrl?: string;
}
export interface DiscordConfig {
  botToken: string;
  publicKey: string;
  applicationId: string;
  /** Missing where firms do not add the bot to servers of theirs by themselves. */
  clientSecret?: string;
  apiUrl?: string;
}
export interface EmailConfig {
  from: string;
  replyTo: string;
  smtpUrl: string;
  imapUrl?: string;
  inboundSecret?: string;
  /** The authserv-id of the receiving mail server, whose Authentication-Results are believed. */
  authservId?: string;
}
export interface JiraConfig {
  baseUrl: string;
  email: string;
  apiToken: string;
  project: string;
  webhookSecret: string;
  /** Still accepted while the webhook's secret is being changed. */
  webhookSecretPrevious?: string;
}
/** The hub's own app at Atlassian, by which firms connect sites of theirs without typing a token. */
export interface JiraAppConfig {
  clientId: string;
  clientSecret: string;
  /** Where people are asked and tokens are given. */
  authUrl: string;
  /** Where the sites that it is allowed are reached. */
  apiUrl: string;
}

/** Where files lie. */
export type FilesPlace = { kind: 'disk'; directory: string } | { kind: 's3'; bucket: string; prefix: string };

/** How a bucket is reached; without keys by what the machine itself has. */
export interface S3Config {
  region: string;
  url?: string;
  keys?: { id: string; secret: string };
}

export interface Config {
  /** Current secret first. */
  secrets: [string, ...string[]];
  /** The address under which people reach this hub, without a trailing slash. */
  publicUrl: string;
  dataDir: string;
  host: string;
  port: number;
  /** Where a worker alone answers /healthz and /readyz; null: nowhere. */
  workerPort: number | null;
  /** Where /metrics is answered: an address that people and platforms do not reach; null: nowhere. */
  metrics: { host: string; port: number } | null;
  /** Whose X-Forwarded-For is believed: so many proxies in front of us, or these networks; false: nobody's. */
  trustProxy: number | string[] | false;
  /** Hosts that connections of firms may reach though they are not on the internet: names, addresses, ranges. */
  privateHosts: string[];
  /** Requests that an API key may make in a minute, in each process. */
  apiPerMinute: number;
  /** `scan`: where clamd listens; `off` on purpose; null takes no files. `most`: bytes of the largest. */
  files: {
    place: FilesPlace;
    s3: S3Config;
    scan: { host: string; port: number } | { path: string } | 'off' | null;
    most: number;
  };
  logLevel: string;
  /** `wait`: seconds for which a start waits for a server that cannot be reached. */
  database: { ownerUrl: string | null; appUrl: string | null; connections: number; wait: number };
  slack: SlackConfig | null;
  teams: TeamsConfig | null;
  discord: DiscordConfig | null;
  email: EmailConfig | null;
  jira: JiraConfig | null;
  jiraApp: JiraAppConfig | null;
  /** Where Stripe's API is instead of at its own address; null: there. */
  stripeApiUrl: string | null;
}

/** All faults of the environment at once, each with its cure. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`The settings need attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads the environment once. A channel or connector without any of its settings is off; one with some of them is a fault.
 * @throws ConfigError naming every fault and its cure
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(given, { error: inPlainWords });
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  // Groups are checked on what was given, so that one faulty setting does not hide another.
  // An app that firms add to their workspaces needs no token of its own.
  const added = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'];
  const slackNeeds = added.some((name) => given[name]) ? added : ['SLACK_BOT_TOKEN'];
  const slack = group(
    'Slack',
    given,
    [...slackNeeds, 'SLACK_SIGNING_SECRET'],
    ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN', ...added],
    faults,
  );
  const teams = group('Teams', given, ['TEAMS_APP_ID', 'TEAMS_APP_PASSWORD'], ['TEAMS_TENANT_ID'], faults);
  const discord = group(
    'Discord',
    given,
    ['DISCORD_BOT_TOKEN', 'DISCORD_PUBLIC_KEY', 'DISCORD_APPLICATION_ID'],
    ['DISCORD_CLIENT_SECRET'],
    faults,
  );
  const email = group(
    'E-mail',
    given,
    ['MAIL_FROM', 'MAIL_REPLY_TO', 'SMTP_URL'],
    ['IMAP_URL', 'MAIL_INBOUND_SECRET'],
    faults,
  );
  const jira = group(
    'Jira',
    given,
    ['JIRA_BASE_URL', 'JIRA_EMAIL', 'JIRA_API_TOKEN', 'JIRA_PROJECT', 'JIRA_WEBHOOK_SECRET'],
    [],
    faults,
  );
  const s3Keys = group('Files on S3', given, ['FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'], [], faults);
  const jiraApp = group('Jira by OAuth', given, ['JIRA_CLIENT_ID', 'JIRA_CLIENT_SECRET'], [], faults);
  if (!given.PARLEY_SECRET)
    faults.push('PARLEY_SECRET is missing: set it to a long random text; make one with: openssl rand -base64 48');
  if (!parsed.success || faults.length) throw new ConfigError(faults);
  const env = parsed.data;
  const text = (value: string | undefined): string => value ?? '';
  return {
    secrets: env.PARLEY_SECRET_PREVIOUS
      ? [text(env.PARLEY_SECRET), env.PARLEY_SECRET_PREVIOUS]
      : [text(env.PARLEY_SECRET)],
    publicUrl: (env.PARLEY_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, ''),
    dataDir: env.PARLEY_DATA_DIR,
    host: env.HOST,
    port: env.PORT,
    workerPort: env.WORKER_PORT ?? null,
    metrics: env.METRICS_PORT === undefined ? null : { host: env.METRICS_HOST, port: env.METRICS_PORT },
    trustProxy: env.TRUST_PROXY ?? false,
    privateHosts: env.PARLEY_PRIVATE_HOSTS,
    apiPerMinute: env.API_PER_MINUTE,
    files: {
      place: env.PARLEY_FILES ?? { kind: 'disk', directory: join(env.PARLEY_DATA_DIR, 'files') },
      s3: {
        region: env.FILES_S3_REGION,
        ...given1('url', env.FILES_S3_URL),
        ...(s3Keys
          ? { keys: { id: text(env.FILES_S3_ACCESS_KEY_ID), secret: text(env.FILES_S3_SECRET_ACCESS_KEY) } }
          : {}),
      },
      scan: env.PARLEY_SCAN ?? null,
      most: env.PARLEY_FILE_MB * MEGABYTE,
    },
    logLevel: env.LOG_LEVEL,
    database: {
      ownerUrl: env.DATABASE_URL ?? null,
      appUrl: env.DATABASE_APP_URL ?? null,
      connections: env.DATABASE_CONNECTIONS,
      wait: env.DATABASE_WAIT,
    },
    slack: slack
      ? {
          signingSecret: text(env.SLACK_SIGNING_SECRET),
          ...given1('botToken', env.SLACK_BOT_TOKEN),
          ...given1('appToken', env.SLACK_APP_TOKEN),
          ...given1('clientId', env.SLACK_CLIENT_ID),
          ...given1('clientSecret', env.SLACK_CLIENT_SECRET),
          ...given1('apiUrl', env.SLACK_API_URL),
        }
      : null,
    teams: teams
      ? {
          appId: text(env.TEAMS_APP_ID),
          appPassword: text(env.TEAMS_APP_PASSWORD),
          ...given1('tenantId', env.TEAMS_TENANT_ID),
          ...given1('loginUrl', env.TEAMS_LOGIN_URL),
          ...given1('openIdUrl', env.TEAMS_OPENID_URL),
        }
      : null,
    discord: discord
      ? {
          botToken: text(env.DISCORD_BOT_TOKEN),
          publicKey: text(env.DISCORD_PUBLIC_KEY),
          applicationId: text(env.DISCORD_APPLICATION_ID),
          ...given1('clientSecret', env.DISCORD_CLIENT_SECRET),
          ...given1('apiUrl', env.DISCORD_API_URL),
        }
      : null,
    email: email
      ? {
          from: text(env.MAIL_FROM),
          replyTo: text(env.MAIL_REPLY_TO),
          smtpUrl: text(env.SMTP_URL),
          ...given1('imapUrl', env.IMAP_URL),
          ...given1('inboundSecret', env.MAIL_INBOUND_SECRET),
          ...given1('authservId', env.MAIL_AUTHSERV_ID),
        }
      : null,
    jira: jira
      ? {
          baseUrl: text(env.JIRA_BASE_URL),
          email: text(env.JIRA_EMAIL),
          apiToken: text(env.JIRA_API_TOKEN),
          project: text(env.JIRA_PROJECT),
          webhookSecret: text(env.JIRA_WEBHOOK_SECRET),
          ...given1('webhookSecretPrevious', env.JIRA_WEBHOOK_SECRET_PREVIOUS),
        }
      : null,
    jiraApp: jiraApp
      ? {
          clientId: text(env.JIRA_CLIENT_ID),
          clientSecret: text(env.JIRA_CLIENT_SECRET),
          authUrl: (env.JIRA_AUTH_URL ?? 'https://auth.atlassian.com').replace(/\/+$/, ''),
          apiUrl: (env.JIRA_API_URL ?? 'https://api.atlassian.com').replace(/\/+$/, ''),
        }
      : null,
    stripeApiUrl: env.STRIPE_API_URL?.replace(/\/+$/, '') ?? null,
  };
}

/** A tool is on when all its needed settings are there, off when none is; anything between is a fault. */
function group(
  tool: string,
  given: Record<string, unknown>,
  needed: string[],
  optional: string[],
  faults: string[],
): boolean {
  const missing = needed.filter((name) => !given[name]);
  if (!missing.length) return true;
  const present = [...new Set([...needed, ...optional])].filter((name) => given[name]);
  if (present.length)
    faults.push(
      `${tool} is half set up: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing. Set ${missing.length > 1 ? 'them' : 'it'}, or unset ${present.join(', ')} to turn ${tool} off`,
    );
  return false;
}

function given1<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

/** What is on and what is off, for the start-up log. */
export function describeConfig(config: Config): { on: string[]; off: string[] } {
  const all: [string, boolean][] = [
    ['Slack', config.slack !== null],
    ['Teams', config.teams !== null],
    ['Discord', config.discord !== null],
    ['E-mail', config.email !== null],
    ['Jira', config.jira !== null || config.jiraApp !== null],
  ];
  return {
    on: all.filter(([, on]) => on).map(([name]) => name),
    off: all.filter(([, on]) => !on).map(([name]) => name),
  };
}
