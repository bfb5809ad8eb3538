import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../src/simulator/free-port.ts';

/** A server under test: a process of its own. */
export interface Server {
  name: string;
  pid: number;
  port: number;
  /** Milliseconds from the start of the process to the first 200. */
  startMs: number;
  stop(): Promise<void>;
  /** kill -9: nothing gets a chance to tidy up. */
  kill(): Promise<void>;
}

export interface ServerPlan {
  name: string;
  /** What Node is given: its flags, the file and its arguments. */
  args: string[];
  env: Record<string, string>;
  /** The folder it runs in; absent: ours. */
  cwd?: string;
  /** The path that answers 200 once it serves; null for one that serves nobody. */
  ready: string | null;
  /** Absent: any free one. */
  port?: number;
  /** Seconds that it may take to answer; absent: 30. */
  patience?: number;
}

/**
 * Starts a server and waits until it answers.
 * @throws Error with what it printed, when it ends or does not answer in time
 */
export async function startServer(plan: ServerPlan): Promise<Server> {
  const port = plan.port ?? (await freePort());
  const started = performance.now();
  const child = spawn(process.execPath, plan.args, {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...plan.env, PORT: String(port) },
    ...(plan.cwd ? { cwd: plan.cwd } : {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4_000);
    });
  while (plan.ready !== null && !(await answers(`http://127.0.0.1:${port}${plan.ready}`))) {
    if (child.exitCode !== null || performance.now() - started > (plan.patience ?? 30) * 1_000) {
      child.kill('SIGKILL');
      throw new Error(`${plan.name} did not start:\n${printed}`);
    }
    await sleep(5);
  }
  return {
    name: plan.name,
    pid: child.pid ?? 0,
    port,
    startMs: performance.now() - started,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(impatient);
}

/** The process that started that one. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** Milliseconds of CPU a process has used, from /proc; the kernel counts in hundredths of a second. */
export function cpuMs(pid: number): number {
  return own(statOf(pid));
}

/** Milliseconds of CPU of a postmaster and all its backends, those that ended included. */
export function clusterCpuMs(postmaster: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat[1] === String(postmaster));
  const parent = statOf(postmaster);
  const ended = (Number(parent[13] ?? 0) + Number(parent[14] ?? 0)) * 10;
  return own(parent) + ended + children.reduce((sum, stat) => sum + own(stat), 0);
}

function own(stat: string[]): number {
  return (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * 10;
}

/** The fields of /proc/<pid>/stat from the third on (the second, the name, may hold spaces); empty when it is gone. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** MiB of memory that a process holds now. */
export function rssMiB(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN) / 1024;
}
