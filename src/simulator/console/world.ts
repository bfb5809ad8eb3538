import { mkdir } from 'node:fs/promises';
import { pino } from 'pino';
import type { DemoPlaces } from '../../../prisma/demo-firm.ts';
import { seed } from '../../../prisma/seed.ts';
import { readConfig } from '../../config.ts';
import { JumpingClock } from '../../core/kernel/clock.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { holdDirectory } from '../../core/kernel/lock.ts';
import { connectProven } from '../../core/kernel/proven.ts';
import type { Hub } from '../../hub.ts';
import { startHub } from '../../hub.ts';
import { openLog } from '../../log.ts';
import { freePort } from '../free-port.ts';
import type { Memory } from './memory.ts';
import { openMemory, readStandIns, saveMemory, saveStandIns } from './memory.ts';
import type { StandInStates, StandIns } from './stand-ins.ts';
import { furnish, JIRA, MAIL, placesOf, restoreStates, STRIPE_ACCOUNT, startStandIns, statesOf } from './stand-ins.ts';
import { STORIES } from './stories/index.ts';
import { seenWanted } from './stories/ticks.ts';
import { watchViews } from './watch-views.ts';

/** Everything of a demo that runs: the real hub, and the platforms around it. */
export interface World extends StandIns {
  hub: Hub;
  tenantId: string;
  clock: JumpingClock;
  memory: Memory;
  places: DemoPlaces;
  /** Notes that somebody did what leaves no event. */
  see(what: string): void;
  /** Writes down soon what is to survive a restart. */
  remember(): void;
  stop(): Promise<void>;
}

export interface WorldOptions {
  dataDir: string;
  fresh: boolean;
  logLevel: string;
}

/** Starts the platforms, then the hub that believes in them, and founds the firm if it is not there yet. */
export async function startWorld({ dataDir, fresh, logLevel }: WorldOptions): Promise<World> {
  const memory = await openMemory(dataDir, fresh);
  memory.ports.hub ??= await freePort();
  const clock = new JumpingClock();
  clock.jump(memory.jumps.at(-1)?.offset ?? 0);
  const standIns = await startStandIns(memory, clock);
  const earlier = await readStandIns<StandInStates>(dataDir);
  if (earlier) restoreStates(standIns, earlier);
  else furnish(standIns);
  // At once: the firm that is founded next knows the accounts and rooms by their ids.
  await saveMemory(dataDir, memory);
  await saveStandIns(dataDir, statesOf(standIns));
  const places = placesOf(standIns);
  const config = readConfig(environmentOf(memory, standIns, dataDir));
  const log = openLog(logLevel, pino.destination(2));
  const hub = await startHub(config, { web: true, worker: true, clock, log });
  const tenantId = await seedOnce(hub, places);
  await connectStripe(hub, tenantId, memory);
  await addToChats(standIns);
  const saving = savingTo(dataDir, memory, standIns);
  await saving.now();
  const see = (what: string) => {
    if (memory.seen.includes(what)) return;
    memory.seen.push(what);
    saving.soon();
  };
  watchViews(hub.app.registry, seenWanted(STORIES), see);
  return {
    ...standIns,
    hub,
    tenantId,
    clock,
    memory,
    places,
    see,
    remember: saving.soon,
    stop: async () => {
      await hub.stop();
      await saving.stop();
      for (const standIn of Object.values(standIns)) await standIn.stop();
    },
  };
}

/** Refuses a data directory that another demo uses, before anything of it is touched or any port is taken. */
export async function assertFree(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const release = await holdDirectory(dataDir);
  await release();
}

/** The environment as an administrator would write it, with the stand-ins' addresses in place of the platforms'. */
function environmentOf(
  memory: Memory,
  { slack, teams, discord, mail, jira, stripe }: StandIns,
  dataDir: string,
): Record<string, string> {
  return {
    PARLEY_SECRET: memory.secret,
    PARLEY_URL: `http://127.0.0.1:${memory.ports.hub}`,
    PARLEY_DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: String(memory.ports.hub),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: memory.slackSigningSecret,
    SLACK_API_URL: slack.apiUrl,
    // Accounts of the stand-ins may be connected on the pages as well.
    PARLEY_PRIVATE_HOSTS: '127.0.0.1',
    // Nothing scans files here: a demo holds nobody's.
    PARLEY_SCAN: 'off',
    TEAMS_APP_ID: memory.teamsAppId,
    TEAMS_APP_PASSWORD: memory.teamsPassword,
    TEAMS_TENANT_ID: teams.tenantId,
    TEAMS_LOGIN_URL: teams.loginUrl,
    TEAMS_OPENID_URL: teams.openIdUrl,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_API_URL: discord.apiUrl,
    MAIL_FROM: MAIL.from,
    MAIL_REPLY_TO: MAIL.replyTo,
    MAIL_AUTHSERV_ID: MAIL.authservId,
    SMTP_URL: mail.smtpUrl,
    IMAP_URL: mail.imapUrl,
    JIRA_BASE_URL: jira.url,
    JIRA_EMAIL: JIRA.email,
    JIRA_API_TOKEN: memory.jiraToken,
    JIRA_PROJECT: JIRA.project,
    JIRA_WEBHOOK_SECRET: memory.jiraWebhookSecret,
    STRIPE_API_URL: stripe.url,
  };
}

/** How often a platform is asked again that did not answer: a machine that is busy with all of this starting answers late. */
const TRIES = 3;

/** @throws Error with the cure when the directory holds the firm of another version of the demo */
async function seedOnce(hub: Hub, places: DemoPlaces, tries = TRIES): Promise<string> {
  try {
    return await seed(hub.app, places);
  } catch (error) {
    const code = error instanceof DomainError ? error.code : null;
    // What is seeded already is not done again.
    if (code === 'unavailable' && tries > 1) return seedOnce(hub, places, tries - 1);
    await hub.stop();
    if (code !== 'conflict') throw error;
    throw new Error('This demo was begun by another version. Begin anew: npm run demo -- --fresh', { cause: error });
  }
}

/** As the page does it that an administrator types the key into. */
async function connectStripe(
  hub: Hub,
  tenantId: string,
  { stripeKey: key, stripeWebhookSecret }: Memory,
): Promise<void> {
  const who = { kind: 'system', tenantId, reason: 'the demo' } as const;
  const credentials = { account: STRIPE_ACCOUNT, key, webhookSecret: stripeWebhookSecret };
  const account = { tool: 'stripe', account: STRIPE_ACCOUNT, name: null, credentials };
  await connectProven(hub.app, who, account, crypto.randomUUID());
}

/** Somebody adds the app to each chat of Teams; from then on the hub knows how to write there. */
async function addToChats({ teams }: StandIns): Promise<void> {
  for (const { id, members, installed } of teams.conversations()) {
    const [someone] = members;
    if (someone && !installed) await teams.install(id, someone);
  }
}

/** Saves what the stand-ins remember, shortly after it changed and at the end. */
function savingTo(dataDir: string, memory: Memory, standIns: StandIns) {
  let timer: NodeJS.Timeout | null = null;
  let last = Promise.resolve();
  const now = () => {
    last = last.then(async () => {
      await saveMemory(dataDir, memory);
      await saveStandIns(dataDir, statesOf(standIns));
    });
    return last;
  };
  // Soon enough that little is lost with a killed process, seldom enough that a burst of cards is written once.
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      now().catch((error: unknown) => console.error('The demo could not save its state:', error));
    }, 300);
  };
  for (const { changes } of Object.values(standIns)) changes.on('change', soon);
  return {
    now,
    soon,
    stop: async () => {
      for (const { changes } of Object.values(standIns)) changes.off('change', soon);
      if (timer) clearTimeout(timer);
      await now();
    },
  };
}
