import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load.ts';
import { meanRatio, median, three } from './numbers.ts';
import type { Result, Table } from './report.ts';
import type { Server } from './servers.ts';
import { clusterCpuMs, cpuMs, rssMiB } from './servers.ts';

/** How long and how often is measured. */
export interface Effort {
  /** An even number: each is first as often as the other. */
  rounds: number;
  seconds: number;
}

export const CONNECTIONS = 16;
/**
 * Turns of load before the first round, and seconds of each: V8 goes on optimizing for tens of thousands of requests, and what
 * is compared is a server that has been running, as all but the first minute of its life is.
 */
const WARM_UP = { turns: 4, seconds: 8 };

/** One server in one round. */
export interface Measure {
  rate: number;
  p50: number;
  p99: number;
  /** Per acknowledged request. */
  serverCpuMs: number;
  databaseCpuMs: number;
  loadCpuMs: number;
  rss: number;
  acknowledged: string[];
  others: Record<string, number>;
}

/** The load generator's process. */
export interface Load {
  send(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), { execArgv: [] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the load generator ended')));
  // Only whoever waits for an answer minds that it ended.
  ended.catch(() => undefined);
  return {
    send: (order) => {
      const answer = new Promise<LoadResult>((resolve) =>
        child.once('message', (result) => resolve(result as LoadResult)),
      );
      child.send(order);
      return Promise.race([answer, ended]);
    },
    stop: () => child.kill(),
  };
}

/** Sends load to one server for a while and reads what it cost. */
export async function measure(
  load: Load,
  server: Server,
  order: Pick<LoadOrder, 'requests' | 'params' | 'seconds'>,
  postmaster: number | null,
): Promise<Measure> {
  const before = { server: cpuMs(server.pid), database: postmaster ? clusterCpuMs(postmaster) : Number.NaN };
  const result = await load.send({
    ...order,
    port: server.port,
    connections: CONNECTIONS,
    // More than any server here answers; signing takes time, so not many more.
    prepare: Math.ceil(order.seconds * 6_000),
  });
  const count = result.acknowledged.length;
  if (!count)
    throw new Error(`${server.name} acknowledged nothing: ${JSON.stringify(result.others)} ${result.complaint ?? ''}`);
  return {
    rate: count / result.seconds,
    p50: result.p50,
    p99: result.p99,
    serverCpuMs: (cpuMs(server.pid) - before.server) / count,
    databaseCpuMs: ((postmaster ? clusterCpuMs(postmaster) : Number.NaN) - before.database) / count,
    loadCpuMs: result.cpuMs / count,
    rss: rssMiB(server.pid),
    acknowledged: result.acknowledged,
    others: result.others,
  };
}

export interface Pair {
  ours: Measure[];
  floor: Measure[];
}

/** Ours and the floor by turns, each first in every other round, so that what else the machine does meets both. */
export async function interleave(
  effort: Effort,
  ours: (seconds: number) => Promise<Measure>,
  floor: (seconds: number) => Promise<Measure>,
): Promise<Pair> {
  const pair: Pair = { ours: [], floor: [] };
  const byTurns = async (round: number, seconds: number, into: Pair) => {
    const turns = [async () => into.ours.push(await ours(seconds)), async () => into.floor.push(await floor(seconds))];
    for (const turn of round % 2 ? turns.reverse() : turns) await turn();
  };
  // A cold process compiles while it answers, and whoever is warmed up first is slower by a tenth: that is not what is compared.
  for (let turn = 0; turn < WARM_UP.turns; turn += 1) await byTurns(turn, WARM_UP.seconds, { ours: [], floor: [] });
  for (let round = 0; round < effort.rounds; round += 1) await byTurns(round, effort.seconds, pair);
  return pair;
}

function ratioOf(pair: Pair, value: (measure: Measure) => number): number {
  return meanRatio(pair.ours.map(value), pair.floor.map(value));
}

/** What a server promises beside another one: at least so much of its rate, at most so much of its p99. */
export interface Targets {
  rate: number;
  p99: number;
}

/** Beside the least that a program without Parley would do. */
const FLOOR: Targets = { rate: 0.8, p99: 1.5 };

/** The two targets that every server beside another one has. */
export function verdicts(pair: Pair, other: string, targets = FLOOR): Result[] {
  const rate = ratioOf(pair, (one) => one.rate);
  const tail = ratioOf(pair, (one) => one.p99);
  return [
    {
      name: `rate beside ${other}`,
      target: `≥ ${targets.rate} × its rate`,
      measured: `${three(rate)} × its rate`,
      pass: rate >= targets.rate,
    },
    {
      name: `p99 beside ${other}`,
      target: `≤ ${targets.p99} × its p99`,
      measured: `${three(tail)} × its p99`,
      pass: tail <= targets.p99,
    },
  ];
}

/** Both sides' medians and the median of the ratios. */
export function pairTable(pair: Pair, names: { ours: string; floor: string }): Table {
  const lines: [string, (measure: Measure) => number][] = [
    ['requests a second', (one) => one.rate],
    ['p50, ms', (one) => one.p50],
    ['p99, ms', (one) => one.p99],
    ['server CPU a request, ms', (one) => one.serverCpuMs],
    ['PostgreSQL CPU a request, ms', (one) => one.databaseCpuMs],
    ['load generator CPU a request, ms', (one) => one.loadCpuMs],
    ['server memory, MiB', (one) => one.rss],
  ];
  return {
    columns: ['median of the rounds', names.ours, names.floor, 'mean of the ratios'],
    rows: lines.map(([name, value]) => [
      name,
      three(median(pair.ours.map(value))),
      three(median(pair.floor.map(value))),
      three(ratioOf(pair, value)),
    ]),
  };
}
