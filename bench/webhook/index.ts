import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchDatabase } from '../cluster.ts';
import type { BenchFirm } from '../firm.ts';
import { makeFirm } from '../firm.ts';
import { flags, hubPlan, JIRA_WEBHOOK_SECRET } from '../hub.ts';
import type { Bench } from '../part.ts';
import type { PartReport, Result } from '../report.ts';
import type { Measure, Pair } from '../rounds.ts';
import { CONNECTIONS, interleave, measure, pairTable, verdicts } from '../rounds.ts';
import type { Server } from '../servers.ts';
import { startServer } from '../servers.ts';

const REQUESTS = fileURLToPath(new URL('./requests.ts', import.meta.url));
const FLOOR = 'bare Express';

/** (b) A signed webhook until it is stored, beside bare Express that stores the same row; and what kill -9 loses. */
export async function webhook(bench: Bench): Promise<PartReport> {
  const { cluster, effort, load, log } = bench;
  const [oursDb, floorDb] = [await cluster.database('webhook'), await cluster.database('webhook_floor')];
  const servers: Server[] = [];
  try {
    const [firm, floorFirm] = [await makeFirm(oursDb.owner), await makeFirm(floorDb.owner)];
    const plan = hubPlan('web', oursDb, firm, { SLACK_BOT_TOKEN: '', SLACK_SIGNING_SECRET: '' });
    const ours = await startServer(plan);
    servers.push(ours);
    const floor = await startServer({
      name: FLOOR,
      args: [...flags('express'), fileURLToPath(new URL('./floor.ts', import.meta.url))],
      env: { DATABASE_URL: floorDb.ownerUrl, JIRA_WEBHOOK_SECRET, BENCH_FIRM: JSON.stringify(floorFirm) },
      ready: '/healthz',
    });
    servers.push(floor);

    const params = { secret: JIRA_WEBHOOK_SECRET, path: `/webhooks/jira/${firm.jiraAccount}` };
    const acknowledged: string[] = [];
    const side =
      (server: Server) =>
      async (seconds: number): Promise<Measure> => {
        const measured = await measure(load, server, { requests: REQUESTS, params, seconds }, cluster.pid);
        if (server === ours) acknowledged.push(...measured.acknowledged);
        log(`${server.name}: ${measured.rate.toFixed(0)}/s, p99 ${measured.p99.toFixed(1)} ms`);
        return measured;
      };
    const pair = await interleave(effort, side(ours), side(floor));
    const kept = await lost('acknowledged in the rounds and lost', oursDb, firm, acknowledged);

    log('kill -9 in the middle of a round');
    const seconds = Math.max(4, effort.seconds);
    const order = { requests: REQUESTS, params, seconds, connections: CONNECTIONS, prepare: seconds * 6_000 };
    const sending = load.send({ ...order, port: ours.port });
    // Signing comes first; then somewhere in the middle.
    await sleep(seconds * 700);
    await ours.kill();
    servers.push(await startServer({ ...plan, port: ours.port }));
    const result = await sending;
    const after = await lost('acknowledged around kill -9 and lost', oursDb, firm, result.acknowledged);
    after.measured += `; ${result.others.lost ?? 0} went without an answer`;
    return report(pair, [kept, after]);
  } finally {
    for (const server of servers.reverse()) await server.stop();
    await oursDb.drop();
    await floorDb.drop();
  }
}

async function lost(name: string, { owner }: BenchDatabase, firm: BenchFirm, acknowledged: string[]): Promise<Result> {
  const { rows } = await owner.query(
    `select count(*)::int as missing from unnest($2::text[]) as given (delivery)
     where not exists (select from inbox i
       where i.tenant_id = $1 and i.source = 'jira' and i.delivery_id = given.delivery and i.status <> 'duplicate')`,
    [firm.tenantId, acknowledged],
  );
  const { missing } = rows[0] as { missing: number };
  return {
    name,
    target: '0',
    measured: `${missing} of ${acknowledged.length}`,
    pass: missing === 0 && acknowledged.length > 0,
  };
}

function report(pair: Pair, losses: Result[]): PartReport {
  return {
    id: 'b',
    title: 'A webhook of Jira',
    how: `Signed webhooks, each about a comment of its own, by ${CONNECTIONS} connections. Parley's web process checks the signature, reads what the
delivery is, and stores it with the job that will work it before it answers 200; what arrives while a transaction is under way goes into
the next one together. The floor is bare Express that checks the same signature and inserts the same row (without a job) with
plain pg. Afterwards every acknowledged delivery must be in the inbox, also when the process was killed in the middle.`,
    tables: [pairTable(pair, { ours: 'Parley', floor: FLOOR })],
    results: [...verdicts(pair, FLOOR), ...losses],
  };
}
