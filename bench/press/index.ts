import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchDatabase } from '../cluster.ts';
import { makeFirm } from '../firm.ts';
import { flags, hubPlan, SLACK_SIGNING_SECRET } from '../hub.ts';
import type { Bench } from '../part.ts';
import type { PartReport, Result } from '../report.ts';
import type { Measure, Pair } from '../rounds.ts';
import { interleave, measure, pairTable, verdicts } from '../rounds.ts';
import type { Server } from '../servers.ts';
import { startServer } from '../servers.ts';

const REQUESTS = fileURLToPath(new URL('./requests.ts', import.meta.url));
const FLOOR = 'bare Bolt app';

/** (a) A signed press in Slack until its ticket is committed, beside a bare Bolt app that commits the same rows. */
export async function press(bench: Bench): Promise<PartReport> {
  const { cluster, effort, load, log } = bench;
  const [oursDb, floorDb] = [await cluster.database('press'), await cluster.database('press_floor')];
  const servers: Server[] = [];
  const start = async (plan: Parameters<typeof startServer>[0]) => {
    const server = await startServer(plan);
    servers.push(server);
    return server;
  };
  try {
    const [firm, floorFirm] = [await makeFirm(oursDb.owner), await makeFirm(floorDb.owner)];
    const slack = await start({
      name: 'Slack stand-in',
      args: [fileURLToPath(new URL('./slack.ts', import.meta.url))],
      env: { SLACK_TEAM: firm.slackTeam },
      ready: '/',
    });
    const answerTo = `http://127.0.0.1:${slack.port}/`;
    const ours = await start(hubPlan('web', oursDb, firm, { SLACK_API_URL: answerTo }));
    const floor = await start({
      name: FLOOR,
      args: [...flags('bolt'), fileURLToPath(new URL('./floor.ts', import.meta.url))],
      env: { DATABASE_URL: floorDb.ownerUrl, SLACK_SIGNING_SECRET, BENCH_FIRM: JSON.stringify(floorFirm) },
      ready: '/healthz',
    });

    const acknowledged = { ours: 0, floor: 0 };
    const side =
      (which: 'ours' | 'floor', server: Server, of: typeof firm) =>
      async (seconds: number): Promise<Measure> => {
        const params = { secret: SLACK_SIGNING_SECRET, firms: JSON.stringify([of]), answerTo };
        const measured = await measure(load, server, { requests: REQUESTS, params, seconds }, cluster.pid);
        acknowledged[which] += measured.acknowledged.length;
        log(`${server.name}: ${measured.rate.toFixed(0)}/s, p99 ${measured.p99.toFixed(1)} ms`);
        return measured;
      };
    const pair = await interleave(effort, side('ours', ours, firm), side('floor', floor, floorFirm));
    return report(pair, [
      await answered(`${answerTo}answers`, acknowledged.ours + acknowledged.floor),
      await committed('Parley', oursDb, acknowledged.ours),
      await committed(FLOOR, floorDb, acknowledged.floor),
    ]);
  } finally {
    for (const server of servers.reverse()) await server.stop();
    await oursDb.drop();
    await floorDb.drop();
  }
}

/** Both confirm each press by the same one call, which follows its acknowledgement. */
async function answered(counted: string, acknowledged: number): Promise<Result> {
  let count = 0;
  for (let look = 0; look < 20 && count < acknowledged; look += 1) {
    await sleep(100);
    count = Number(await (await fetch(counted)).text());
  }
  return {
    name: 'calls that confirm a press',
    target: `${acknowledged} acknowledged`,
    measured: String(count),
    pass: count === acknowledged,
  };
}

/** Every acknowledged request has left each of a ticket's rows once, and nothing else has. */
export async function committed(name: string, { owner }: BenchDatabase, acknowledged: number): Promise<Result> {
  const { rows } = await owner.query(`
    select (select count(*) from ticket) as tickets, (select count(*) from event) as events, (select count(*) from audit) as audits,
      (select count(*) from request where outcome is not null) as requests, (select count(*) from pgboss.job where name = 'event') as jobs`);
  const counts = Object.entries(rows[0] as Record<string, string>).map(
    ([what, count]) => [what, Number(count)] as const,
  );
  return {
    name: `${name}: rows of each kind`,
    target: `${acknowledged} acknowledged`,
    measured: counts.map(([what, count]) => `${count} ${what}`).join(', '),
    pass: counts.every(([, count]) => count === acknowledged),
  };
}

function report(pair: Pair, counts: Result[]): PartReport {
  return {
    id: 'a',
    title: 'A press in Slack',
    how: `Signed submissions of the form "Report a bug", each of a modal of its own, by 16 connections. Parley's web process checks the
signature, finds firm and person, opens the transaction with row level security, claims the request, reads the project, files the ticket with
its audit row, event and job, commits and answers. The floor is a bare Bolt app (HTTPReceiver, the faster of Bolt's two) that knows
firm, person and project beforehand and inserts the same five rows one by one in an ordinary transaction with plain pg. Both then confirm to
the person by one call to Slack, a stand-in here.`,
    tables: [pairTable(pair, { ours: 'Parley', floor: FLOOR })],
    results: [...verdicts(pair, FLOOR), ...counts],
  };
}
