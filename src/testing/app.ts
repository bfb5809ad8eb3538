import { Readable } from 'node:stream';
import { pino } from 'pino';
import { areas } from '../core/areas.ts';
import { JumpingClock } from '../core/kernel/clock.ts';
import type { Database } from '../core/kernel/db.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Storage } from '../core/kernel/files.ts';
import { filesIn, MEGABYTE } from '../core/kernel/files.ts';
import type { Job, Jobs } from '../core/kernel/jobs.ts';
import type { Platform, Platforms } from '../core/kernel/platform.ts';
import type { App } from '../core/kernel/registry.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { secretsFrom } from '../core/kernel/secrets.ts';
import type { AnyView } from '../core/kernel/view.ts';
import { SECRET, testDatabase } from './database.ts';

/** An app without a worker: jobs are noted, not run. */
export interface TestApp extends App {
  clock: JumpingClock;
  /** What was asked of the queue so far. */
  asked: Job[];
  close(): Promise<void>;
}

/** An app on a database of its own. */
export async function testApp(database?: Database): Promise<TestApp> {
  const own = database ?? (await testDatabase());
  const asked: Job[] = [];
  return {
    database: own,
    jobs: notedJobs(asked),
    clock: new JumpingClock(),
    log: pino({ level: 'silent' }),
    secrets: secretsFrom([SECRET]),
    publicUrl: 'https://parley.example',
    registry: buildRegistry(areas),
    platforms: everyPlatform(),
    files: filesIn(memoryStorage(), 'off', 25 * MEGABYTE),
    asked,
    close: () => own.close(),
  };
}

/** Every channel and tool is set up, and agrees to whatever it is asked. A test that is about their answers brings its own. */
export function everyPlatform(answers: Readonly<Record<string, Platform>> = {}): Platforms {
  return { has: () => true, open: async (tool) => answers[tool] ?? {}, posts: () => (code) => `Post ${code} there.` };
}

/** Files that are gone with the process. */
export function memoryStorage(kept = new Map<string, Buffer>()): Storage {
  return {
    put: async (name, content) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(piece);
      kept.set(name, Buffer.concat(pieces));
    },
    get: async (name) => {
      const all = kept.get(name);
      return all ? Readable.from([all]) : null;
    },
    remove: async (name) => {
      kept.delete(name);
    },
  };
}

function notedJobs(asked: Job[]): Jobs {
  return {
    enqueue: (ending, jobs) => ending.afterCommit(() => asked.push(...jobs)),
    ask: async (jobs) => {
      asked.push(...jobs);
    },
    work: async () => undefined,
    dead: async () => [],
    redrive: async () => 0,
    counts: async () => ({}),
    stop: async () => undefined,
  };
}

/** Runs something while a view answers as in an outage, which may begin between a command and the drawing of its answer. */
export async function withoutView<T>(app: App, name: string, run: () => Promise<T>): Promise<T> {
  const views = app.registry.views as Map<string, AnyView>;
  const view = views.get(name) as AnyView;
  const away = new DomainError('unavailable', 'The database is away.');
  views.set(name, { ...view, read: () => Promise.reject(away) });
  try {
    return await run();
  } finally {
    views.set(name, view);
  }
}
