/**
 * Directus, a widely used API in front of PostgreSQL that does more than insert: it checks a token, validates, and keeps an activity
 * and a revision of each item. It is no dependency of ours: it is installed into a temporary folder when this part runs.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flags } from '../hub.ts';
import type { Server, ServerPlan } from '../servers.ts';

const run = promisify(execFile);

/** The newest one of which the registry has every part. */
export const VERSION = '12.4.0';
/** Kept, so that a second run finds it there. */
const FOLDER = join(tmpdir(), `parley-bench-directus-${VERSION}`);
const PROGRAM = join(FOLDER, 'node_modules/directus/cli.js');
/** In it scripts of extensions and flows run, and here are none. Its native part cannot be built for Node 24. */
const SANDBOX = join(FOLDER, 'node_modules/isolated-vm/isolated-vm.js');
/** Milliseconds: it has more than a thousand packages. */
const INSTALLING = 900_000;

/** How Directus is started, and the static token of its administrator. */
export interface Directus {
  plan: ServerPlan;
  token: string;
}

/**
 * Installs it where it is not there yet, and makes its tables in an empty database.
 * @throws Error when that cannot be done here
 */
export async function prepareDirectus(ownerUrl: string, log: (line: string) => void): Promise<Directus> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies: { directus: VERSION } }));
  log(`installing directus ${VERSION} with npm in ${FOLDER}`);
  // Its install scripts compile drivers of other databases, and the sandbox.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...options], { cwd: FOLDER, timeout: INSTALLING });
  await writeFile(SANDBOX, 'module.exports = {};\n');
  const token = randomBytes(24).toString('hex');
  const env = {
    HOST: '127.0.0.1',
    SECRET: randomBytes(24).toString('hex'),
    DB_CLIENT: 'pg',
    DB_CONNECTION_STRING: ownerUrl,
    ADMIN_EMAIL: 'admin@example.com',
    ADMIN_PASSWORD: randomBytes(24).toString('hex'),
    ADMIN_TOKEN: token,
    TELEMETRY: 'false',
    LOG_LEVEL: 'error',
    RATE_LIMITER_ENABLED: 'false',
    // By default it refuses with 503 while its one core is busy, which is what is measured here.
    PRESSURE_LIMITER_ENABLED: 'false',
  };
  await run(process.execPath, [PROGRAM, 'bootstrap'], { cwd: FOLDER, env: { PATH: process.env.PATH ?? '', ...env } });
  return {
    plan: {
      name: 'Directus',
      args: [...flags('directus'), PROGRAM, 'start'],
      env,
      cwd: FOLDER,
      ready: '/server/ping',
      // It reads a thousand packages.
      patience: 180,
    },
    token,
  };
}

/**
 * Makes the collection `tickets`: what a bug is filed with, and who filed it when.
 * @throws Error with what Directus says against it
 */
export async function makeTickets({ port }: Server, token: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/collections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ collection: 'tickets', schema: {}, meta: {}, fields: FIELDS }),
  });
  if (!response.ok) throw new Error(`Directus made no collection: ${response.status} ${await response.text()}`);
}

const FIELDS = [
  { field: 'id', type: 'uuid', schema: { is_primary_key: true }, meta: { special: ['uuid'] } },
  { field: 'project', type: 'uuid', schema: { is_nullable: false } },
  { field: 'status', type: 'string', schema: { is_nullable: false, default_value: 'new' } },
  { field: 'title', type: 'string', schema: { is_nullable: false } },
  ...['description', 'steps', 'expected'].map((field) => ({ field, type: 'text', schema: {} })),
  { field: 'priority', type: 'string', schema: {} },
  { field: 'reporter', type: 'uuid', schema: {}, meta: { special: ['user-created'] } },
  { field: 'created_at', type: 'timestamp', schema: {}, meta: { special: ['date-created'] } },
];
