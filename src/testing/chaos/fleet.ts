import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../simulator/free-port.ts';

export type Role = 'web' | 'worker';

/** Two workers: what one leaves behind when it dies, the other takes over. */
const WORKERS = 2;

/** The hub's own processes, each started again as soon as it ends: what a supervisor does in production. */
export interface Fleet {
  /** Ends the nth process of that role at once, as if the machine had taken it away. */
  kill(role: Role, nth: number): void;
  /** Milliseconds from each start of a web process to its first answer. */
  readyIn: number[];
  /** The last words of processes that ended by themselves: a hub must survive what the world does to it. */
  deaths: string[];
  waitUntilReady(): Promise<void>;
  /** Ends each process of that role in order, one after the other, and starts it again with these settings more. */
  roll(role: Role, more: Record<string, string>): Promise<void>;
  /** Starts one more web process, at a port of its own; resolves once it answers, ready or not. */
  addWeb(more: Record<string, string>): Promise<Extra>;
  stop(): Promise<void>;
}

/** A process beside those that a supervisor keeps. */
export interface Extra {
  url: string;
  stop(): Promise<void>;
}

/** @param root the tree to run, so that a changed copy of it can be tried */
export async function startFleet(root: string, port: number, environment: Record<string, string>): Promise<Fleet> {
  const running = new Map<string, ChildProcess>();
  const readyIn: number[] = [];
  const deaths: string[] = [];
  const killed = new WeakSet<ChildProcess>();
  let stopping = false;

  const settings: Record<Role, Record<string, string>> = { web: {}, worker: {} };
  const start = (role: Role, nth: number) => {
    const { child, words } = launch(root, role, { ...environment, PORT: String(port), ...settings[role] });
    running.set(`${role} ${nth}`, child);
    if (role === 'web') void firstAnswer(port, child).then((took) => took !== null && readyIn.push(took));
    child.once('exit', (code) => {
      if (stopping) return;
      if (!killed.has(child)) deaths.push(`${role} ended by itself with ${code}: ${words()}`);
      // A process that cannot start is tried again like any other, with a pause.
      setTimeout(() => !stopping && start(role, nth), killed.has(child) ? 50 : 500);
    });
  };
  start('web', 0);
  for (let nth = 0; nth < WORKERS; nth += 1) start('worker', nth);
  return {
    readyIn,
    deaths,
    kill: (role, nth) => {
      const child = running.get(`${role} ${role === 'web' ? 0 : nth % WORKERS}`);
      if (!child) return;
      killed.add(child);
      child.kill('SIGKILL');
    },
    waitUntilReady: () => ready(port, () => deaths.at(-1)),
    roll: async (role, more) => {
      settings[role] = more;
      for (let nth = 0; nth < (role === 'web' ? 1 : WORKERS); nth += 1) {
        const child = running.get(`${role} ${nth}`);
        if (child) killed.add(child);
        if (child) await end(child);
      }
      if (role === 'web') await ready(port, () => deaths.at(-1));
    },
    addWeb: async (more) => {
      const own = await freePort();
      const { child, words } = launch(root, 'web', { ...environment, PORT: String(own), ...more });
      await ready(own, words, (status) => status !== null);
      return { url: `http://127.0.0.1:${own}`, stop: () => end(child) };
    },
    stop: async () => {
      stopping = true;
      await Promise.all([...running.values()].map((child) => end(child)));
    },
  };
}

function launch(root: string, role: Role, environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), role], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const keep = (text: Buffer) => {
    said = (said + text).slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, words: () => said };
}

async function ready(
  port: number,
  lastWords: () => string | undefined,
  is: (status: number | null) => boolean = (status) => status === 200,
): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (is(await readiness(port))) return;
    await pause(50);
  }
  throw new Error(`the hub did not become ready within a minute; ${lastWords() ?? 'it said nothing'}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(impatient);
}

async function firstAnswer(port: number, child: ChildProcess): Promise<number | null> {
  const started = performance.now();
  while (child.exitCode === null && child.signalCode === null) {
    if ((await readiness(port)) === 200) return performance.now() - started;
    await pause(20);
  }
  return null;
}

async function readiness(port: number): Promise<number | null> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1_000) })).status;
  } catch {
    return null;
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
