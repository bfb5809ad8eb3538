import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { startPostgres, startStandby } from '../../src/testing/postgres.ts';
import { openClusterAt } from '../cluster.ts';
import type { BenchFirm } from '../firm.ts';
import { addTriage, makeFirm } from '../firm.ts';
import { hubPlan, SLACK_SIGNING_SECRET } from '../hub.ts';
import { CONNECTIONS, startLoad } from '../rounds.ts';
import type { Server } from '../servers.ts';
import { clusterCpuMs, rssMiB, startServer } from '../servers.ts';
import { startBouncer } from './bouncer.ts';

const REQUESTS = fileURLToPath(new URL('../press/requests.ts', import.meta.url));
const SLACK = fileURLToPath(new URL('../slack.ts', import.meta.url));
/** A room's cards are posted one after the other: with one firm alone it would be the room that is measured. */
const FIRMS = 32;
/** Seconds of load before it is measured: V8 goes on optimizing for thousands of requests. */
const WARM_UP = 8;
/** Seconds after which what the presses led to must be done. */
const PATIENCE = 600;

/** How many processes of each kind run, and what stands between them and the data. */
export interface Installation {
  name: string;
  webs: number;
  workers: number;
  both: number;
  standby?: boolean;
  bouncer?: boolean;
}

/** What it carried. */
export interface Carried {
  /** Presses acknowledged in a second, each a new ticket, by 16 connections together. */
  rate: number;
  p50: number;
  p99: number;
  /** Cards posted to Slack in a second, from the first press until the last card was there. */
  cards: number;
  /** The most server connections of Parley that were seen at once. */
  connections: number;
  memory: number;
  databaseCpuMs: number;
}

/** Starts an installation, presses for so many seconds, and waits until all that followed is done. */
export async function carry(installation: Installation, seconds: number): Promise<Carried> {
  const primary = await startPostgres(installation.standby ? { synchronous_standby_names: 'parley_standby' } : {});
  const standby = installation.standby ? await startStandby(primary) : null;
  const cluster = await openClusterAt(primary.url, true);
  const database = await cluster.database('scale');
  const slack = await startServer({ name: 'Slack stand-in', args: [SLACK], env: { SLACK_TEAM: team(0) }, ready: '/' });
  const bouncer = installation.bouncer ? await startBouncer(primary, database.loginUrl) : null;
  const servers: Server[] = [];
  try {
    const firms = await manyFirms(database.owner);
    const [first] = firms;
    if (!first) throw new Error('there is no firm');
    const login = bouncer?.url ?? database.loginUrl;
    const answerTo = `http://127.0.0.1:${slack.port}/`;
    const start = (role: 'web' | 'worker' | 'both') =>
      startServer({
        ...hubPlan(role, { ...database, loginUrl: login }, first, { SLACK_API_URL: answerTo }),
        ...(role === 'worker' ? { ready: null } : {}),
      });
    const webs: Server[] = [];
    for (let n = 0; n < installation.both; n += 1) webs.push(await start('both'));
    for (let n = 0; n < installation.webs; n += 1) webs.push(await start('web'));
    servers.push(...webs);
    for (let n = 0; n < installation.workers; n += 1) servers.push(await start('worker'));
    await pressAll(webs, firms, answerTo, WARM_UP);
    await drained(database.owner);
    const watch = watchConnections(database.owner);
    const cpu = cluster.pid ? clusterCpuMs(cluster.pid) : Number.NaN;
    const cardsBefore = await postedCards(database.owner);
    const started = performance.now();
    const results = await pressAll(webs, firms, answerTo, seconds);
    await drained(database.owner);
    const took = (performance.now() - started) / 1_000;
    const pressed = results.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    return {
      rate: results.reduce((sum, one) => sum + one.acknowledged.length / one.seconds, 0),
      p50: Math.max(...results.map(({ p50 }) => p50)),
      p99: Math.max(...results.map(({ p99 }) => p99)),
      cards: ((await postedCards(database.owner)) - cardsBefore) / took,
      connections: await watch(),
      memory: servers.reduce((sum, { pid }) => sum + rssMiB(pid), 0),
      databaseCpuMs: ((cluster.pid ? clusterCpuMs(cluster.pid) : Number.NaN) - cpu) / pressed,
    };
  } finally {
    for (const server of servers.reverse()) await server.stop();
    await bouncer?.stop();
    await slack.stop();
    await database.drop();
    await cluster.stop();
    await standby?.stop();
    await primary.stop();
  }
}

/** Each web process has a share of the connections, and a load generator of its own. */
async function pressAll(webs: readonly Server[], firms: readonly BenchFirm[], answerTo: string, seconds: number) {
  const loads = webs.map(() => startLoad());
  const results = await Promise.all(
    webs.map((web, index) =>
      loads[index]?.send({
        requests: REQUESTS,
        params: { secret: SLACK_SIGNING_SECRET, firms: JSON.stringify(firms), answerTo },
        seconds,
        port: web.port,
        connections: CONNECTIONS / webs.length,
        prepare: Math.ceil(seconds * 3_000),
      }),
    ),
  );
  for (const load of loads) load.stop();
  return results.filter((result) => result !== undefined);
}

function team(index: number): string {
  return `T0BENCH${String(index).padStart(2, '0')}`;
}

/** Each has a workspace and a triage room of its own. */
async function manyFirms(owner: pg.Pool): Promise<BenchFirm[]> {
  const firms: BenchFirm[] = [];
  for (let index = 0; index < FIRMS; index += 1) {
    const firm = await makeFirm(owner, `jira${index}.bench.example`, team(index));
    await addTriage(owner, firm.tenantId, firm.slackTeam);
    firms.push(firm);
  }
  return firms;
}

async function postedCards(owner: pg.Pool): Promise<number> {
  return (await owner.query(`select count(*)::int as n from posted_card where state = 'posted'`)).rows[0].n as number;
}

/** Waits until no event and no job is left. */
async function drained(owner: pg.Pool): Promise<void> {
  const until = Date.now() + PATIENCE * 1_000;
  while (Date.now() < until) {
    const { rows } = await owner.query(`select
      exists (select from event where delivered_at is null) or exists (select from pgboss.job where state in ('created', 'active', 'retry') and name <> 'dead') as open`);
    if (!rows[0].open) return;
    await sleep(100);
  }
  throw new Error(`what the presses led to was not done within ${PATIENCE} s`);
}

/** Counts Parley's connections every quarter of a second; what is returned ends it and gives the most. */
function watchConnections(owner: pg.Pool): () => Promise<number> {
  let most = 0;
  let over = false;
  const looking = (async () => {
    while (!over) {
      const { rows } = await owner.query(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and usename like 'parley%'`,
      );
      most = Math.max(most, rows[0].n as number);
      await sleep(250);
    }
  })();
  return async () => {
    over = true;
    await looking;
    return most;
  };
}
