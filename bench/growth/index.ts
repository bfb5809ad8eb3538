import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { openServer } from '../../src/core/kernel/db.ts';
import type { StoredTable } from '../../src/core/kernel/growth.ts';
import { storedIn } from '../../src/core/kernel/growth.ts';
import type { BenchDatabase } from '../cluster.ts';
import { addTriage, makeFirm } from '../firm.ts';
import { flags, hubPlan, JIRA_WEBHOOK_SECRET, SLACK_SIGNING_SECRET } from '../hub.ts';
import { three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport } from '../report.ts';
import { CONNECTIONS } from '../rounds.ts';
import type { Server } from '../servers.ts';
import { startServer } from '../servers.ts';
import { settled, sweep } from '../sweeps.ts';
import { ageAll, leftOver } from './age.ts';
import type { Readings } from './report.ts';
import { report } from './report.ts';

const PRESSES = fileURLToPath(new URL('../press/requests.ts', import.meta.url));
const WEBHOOKS = fileURLToPath(new URL('../webhook/requests.ts', import.meta.url));
const SLACK = fileURLToPath(new URL('../slack.ts', import.meta.url));
const FLOOR = fileURLToPath(new URL('../press/floor.ts', import.meta.url));

/** (h) The bytes that a command leaves in the database, and what of them is left once what has a declared life was swept. */
export async function growth(bench: Bench): Promise<PartReport> {
  const { cluster, effort, log } = bench;
  const [database, floorDb] = [await cluster.database('growth'), await cluster.database('growth_floor')];
  const servers: Server[] = [];
  const start = async (plan: Parameters<typeof startServer>[0]) => {
    const server = await startServer(plan);
    servers.push(server);
    return server;
  };
  try {
    const [firm, floorFirm] = [await makeFirm(database.owner), await makeFirm(floorDb.owner)];
    await addTriage(database.owner, firm.tenantId, firm.slackTeam);
    const slack = await start({
      name: 'Slack stand-in',
      args: [SLACK],
      env: { SLACK_TEAM: firm.slackTeam },
      ready: '/',
    });
    const answerTo = `http://127.0.0.1:${slack.port}/`;
    const floor = await start({
      name: 'bare Bolt app',
      args: [...flags('bolt'), FLOOR],
      env: { DATABASE_URL: floorDb.ownerUrl, SLACK_SIGNING_SECRET, BENCH_FIRM: JSON.stringify(floorFirm) },
      ready: '/healthz',
    });
    const plan = hubPlan('both', database, firm, { SLACK_API_URL: answerTo });
    const [empty, floorEmpty] = [await kept(database), await kept(floorDb)];

    const press = { secret: SLACK_SIGNING_SECRET, answerTo };
    await sendAll(bench, floor, PRESSES, { ...press, firms: JSON.stringify([floorFirm]) });
    const floorFull = await kept(floorDb);
    const hub = await start(plan);
    await sendAll(bench, hub, PRESSES, { ...press, firms: JSON.stringify([firm]) });
    await settled(database.owner);
    log(`${effort.commands} presses, and their cards`);
    const webhook = { secret: JIRA_WEBHOOK_SECRET, path: `/webhooks/jira/${firm.jiraAccount}` };
    await sendAll(bench, hub, WEBHOOKS, webhook);
    await settled(database.owner);
    log(`${effort.commands} webhooks`);
    await hub.stop();
    const full = await kept(database);

    await ageAll(database.owner);
    const aged = await leftOver(database.owner);
    const again = await start(plan);
    const sweepMs = await sweep(database, 'growth');
    const left = await untilSwept(database.owner);
    log(`swept in ${three(sweepMs)} ms; the queue's own upkeep followed`);
    await again.stop();
    const swept = await kept(database);
    const readings: Readings = { empty, full, swept, floorEmpty, floorFull };
    return report(readings, { commands: effort.commands, aged, left, sweepMs });
  } finally {
    for (const server of servers.reverse()) await server.stop();
    await database.drop();
    await floorDb.drop();
  }
}

/** Sends as many requests as there are to be commands, each of which must be acknowledged. */
async function sendAll(
  { load, effort }: Bench,
  server: Server,
  requests: string,
  params: Record<string, string>,
): Promise<void> {
  const order = {
    requests,
    params,
    port: server.port,
    connections: CONNECTIONS,
    seconds: 600,
    prepare: effort.commands,
  };
  const { acknowledged, others, complaint } = await load.send(order);
  if (acknowledged.length !== effort.commands)
    throw new Error(
      `${server.name}: ${acknowledged.length} of ${effort.commands} acknowledged, ${JSON.stringify(others)} ${complaint}`,
    );
}

/** What the tables hold, written anew first: what is left is what is kept, not the room of rows that are gone. */
async function kept({ owner, loginUrl }: BenchDatabase): Promise<StoredTable[]> {
  await owner.query('vacuum full');
  const login = openServer(loginUrl, { connections: 1, patience: 60_000, onError: () => undefined });
  try {
    return await storedIn(login);
  } finally {
    await login.close();
  }
}

/** The queue looks after itself once a minute; waits for it, and counts what should have gone and is there. */
async function untilSwept(owner: pg.Pool): Promise<Record<string, number>> {
  for (let wait = 0; ; wait += 1) {
    const left = await leftOver(owner);
    if (wait === 100 || Object.values(left).every((rows) => rows === 0)) return left;
    await pause(1_000);
  }
}
