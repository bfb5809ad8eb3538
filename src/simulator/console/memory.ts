import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeKeys } from '../discord/requests.ts';

/** What a demo keeps between its runs besides the database: secrets, ports, how far the clock was moved. */
export interface Memory {
  secret: string;
  slackSigningSecret: string;
  teamsAppId: string;
  teamsPassword: string;
  teamsTenant: string;
  discordToken: string;
  /** The private half of the key with which Discord signs, as PEM. */
  discordKey: string;
  discordApplication: string;
  jiraToken: string;
  jiraWebhookSecret: string;
  stripeKey: string;
  stripeWebhookSecret: string;
  /** Ports that links in sent mails, or what the platforms know of one another, hold on to. */
  ports: Partial<Record<'hub' | 'slack' | 'teams' | 'discord' | 'jira' | 'stripe', number>>;
  /** How far the clock stands ahead since then, in milliseconds; oldest first. */
  jumps: { since: number; offset: number }[];
  /** What somebody did that leaves no event, as the steps of stories name it. */
  seen: string[];
}

const FILE = 'demo.json';
const STAND_INS = 'stand-ins.json';

/**
 * Reads what an earlier run of the demo left in its directory, or begins anew.
 * @throws Error when the directory holds something that is not a demo's: it may be a real firm's data
 */
export async function openMemory(directory: string, fresh: boolean): Promise<Memory> {
  await mkdir(directory, { recursive: true });
  const text = await readFile(join(directory, FILE), 'utf8').catch(() => null);
  if (text === null && (await readdir(directory)).some((name) => name !== 'parley.lock'))
    throw new Error(`${directory} holds data that is not of the demo. Choose another PARLEY_DATA_DIR for it.`);
  // A demo of an earlier version has no Discord or no Stripe yet.
  if (text !== null && !fresh) return { ...newDiscord(), ...newStripe(), ...(JSON.parse(text) as Memory) };
  for (const name of ['postgres', STAND_INS, FILE]) await rm(join(directory, name), { recursive: true, force: true });
  const memory: Memory = {
    secret: randomBytes(36).toString('base64url'),
    slackSigningSecret: randomBytes(16).toString('hex'),
    teamsAppId: randomUUID(),
    teamsPassword: randomBytes(24).toString('base64url'),
    teamsTenant: randomUUID(),
    ...newDiscord(),
    jiraToken: randomBytes(24).toString('base64url'),
    jiraWebhookSecret: randomBytes(24).toString('base64url'),
    ...newStripe(),
    ports: {},
    jumps: [],
    seen: [],
  };
  await keep(directory, FILE, memory);
  return memory;
}

function newDiscord(): Pick<Memory, 'discordToken' | 'discordKey' | 'discordApplication'> {
  return {
    discordToken: randomBytes(24).toString('base64url'),
    discordKey: makeKeys().privateKey,
    discordApplication: String(10n ** 17n + BigInt(Date.now())),
  };
}

function newStripe(): Pick<Memory, 'stripeKey' | 'stripeWebhookSecret'> {
  return {
    stripeKey: `rk_test_${randomBytes(12).toString('hex')}`,
    stripeWebhookSecret: `whsec_${randomBytes(16).toString('hex')}`,
  };
}

export async function saveMemory(directory: string, memory: Memory): Promise<void> {
  await keep(directory, FILE, memory);
}

/** What the stand-ins remembered; null in a new demo. */
export async function readStandIns<T>(directory: string): Promise<T | null> {
  const text = await readFile(join(directory, STAND_INS), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as T);
}

export async function saveStandIns(directory: string, state: unknown): Promise<void> {
  await keep(directory, STAND_INS, state);
}

/** Whole or not at all: a process that dies while writing must not leave half a file. */
async function keep(directory: string, name: string, value: unknown): Promise<void> {
  const path = join(directory, name);
  await writeFile(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
