import { fileURLToPath } from 'node:url';
import { insertKey } from '../../src/testing/insert-key.ts';
import type { BenchDatabase, EmptyDatabase } from '../cluster.ts';
import type { BenchFirm } from '../firm.ts';
import { makeFirm } from '../firm.ts';
import { hubPlan } from '../hub.ts';
import type { Bench } from '../part.ts';
import { committed } from '../press/index.ts';
import type { PartReport, Result } from '../report.ts';
import type { Measure, Pair } from '../rounds.ts';
import { CONNECTIONS, interleave, measure, pairTable, verdicts } from '../rounds.ts';
import type { Server } from '../servers.ts';
import { startServer } from '../servers.ts';
import type { Directus } from './directus.ts';
import { makeTickets, prepareDirectus, VERSION } from './directus.ts';
import type { Sender } from './requests.ts';

const REQUESTS = fileURLToPath(new URL('./requests.ts', import.meta.url));
const OTHER = `Directus ${VERSION}`;
/** A whole product beside a whole product: an order of magnitude. */
const TARGETS = { rate: 10, p99: 0.1 };

/** (j) A ticket filed through the API with a key until it is committed, beside an item created in Directus. */
export async function api(bench: Bench): Promise<PartReport> {
  const { cluster, log } = bench;
  const theirs = await cluster.empty('directus');
  try {
    const directus = await prepareDirectus(theirs.ownerUrl, log).catch((error: Error) => error);
    if (!(directus instanceof Error)) return await compared(bench, directus, theirs);
    log(`Directus could not be installed: ${directus.message}`);
    return notMeasured();
  } finally {
    await theirs.drop();
  }
}

async function compared(bench: Bench, directus: Directus, theirs: EmptyDatabase): Promise<PartReport> {
  const { cluster, effort, load, log } = bench;
  const ours = await cluster.database('api');
  const servers: Server[] = [];
  const start = async (plan: Parameters<typeof startServer>[0]) => {
    const server = await startServer(plan);
    servers.push(server);
    return server;
  };
  try {
    const firm = await makeFirm(ours.owner);
    const keys = await keysOf(ours, firm);
    // More than anything here answers: what is measured is what it can do, not what it is let to.
    const parley = await start(hubPlan('web', ours, firm, { API_PER_MINUTE: '1000000' }));
    const other = await start(directus.plan);
    await makeTickets(other, directus.token);

    const acknowledged = { ours: 0, theirs: 0 };
    const side =
      (which: 'ours' | 'theirs', server: Server, path: string, senders: Sender[]) =>
      async (seconds: number): Promise<Measure> => {
        const params = { path, senders: JSON.stringify(senders) };
        const measured = await measure(load, server, { requests: REQUESTS, params, seconds }, cluster.pid);
        acknowledged[which] += measured.acknowledged.length;
        log(`${server.name}: ${measured.rate.toFixed(0)}/s, p99 ${measured.p99.toFixed(1)} ms`);
        return measured;
      };
    const pair = await interleave(
      effort,
      side('ours', parley, '/api/v1/ticket/file-bug', keys),
      side(
        'theirs',
        other,
        '/items/tickets',
        keys.map(({ projects }) => ({ token: directus.token, projects })),
      ),
    );
    return report(pair, [
      await committed('Parley', ours, acknowledged.ours),
      await created(theirs, acknowledged.theirs),
      refused(pair),
    ]);
  } finally {
    for (const server of servers.reverse()) await server.stop();
    await ours.drop();
  }
}

/** An API key for each of the firm's contacts. */
async function keysOf({ owner }: BenchDatabase, { tenantId, people }: BenchFirm): Promise<Sender[]> {
  const write = (text: string, values: unknown[]) => owner.query(text, values);
  return Promise.all(
    people.map(async ({ personId, projects }) => ({ token: await insertKey(write, tenantId, personId), projects })),
  );
}

/** What an item leaves in Directus' own tables. */
const LEFT = {
  tickets: 'tickets',
  activities: `directus_activity where collection = 'tickets' and action = 'create'`,
  revisions: `directus_revisions where collection = 'tickets'`,
};

/** Every acknowledged item has left its own row, an activity and a revision. */
async function created({ owner }: EmptyDatabase, acknowledged: number): Promise<Result> {
  const counting = Object.entries(LEFT).map(([what, rows]) => `(select count(*)::int from ${rows}) as ${what}`);
  const { rows } = await owner.query(`select ${counting.join(', ')}`);
  const counts = Object.entries(rows[0] as Record<string, number>);
  return {
    name: `${OTHER}: rows of each kind`,
    target: `${acknowledged} acknowledged`,
    measured: counts.map(([what, count]) => `${count} ${what}`).join(', '),
    pass: counts.every(([, count]) => count === acknowledged),
  };
}

/** Whoever refuses is quick: a request that was not done counts for nothing, and neither side may have any. */
function refused({ ours, floor }: Pair): Result {
  const count = [...ours, ...floor].flatMap(({ others }) => Object.values(others)).reduce((sum, one) => sum + one, 0);
  return { name: 'requests that were not done', target: '0', measured: String(count), pass: count === 0 };
}

const HOW = `The same bug by the same bytes (but for path and token), each with an \`Idempotency-Key\` of its own, by ${CONNECTIONS} connections.
Parley's web process (\`POST /api/v1/ticket/file-bug\`, 16 API keys of 16 contacts, \`API_PER_MINUTE\` raised) finds the key and its person, opens the
transaction with row level security, claims the request, reads the project, files the ticket with its audit row, event and job, and commits. ${OTHER} creates
an item of a collection with the same fields (\`POST /items/tickets\`) in a database of its own on the same server, and keeps an activity
and a revision of it. It runs as it is installed from npm, in one process, with its defaults (ten connections to PostgreSQL, as Parley has) and what favours it: the
static token of an administrator, for whom no permission is looked up; no relation of the project that would be checked; telemetry,
its rate limiter and its pressure limiter off; errors alone in its log; without its sandbox for scripts (isolated-vm), which cannot be built for this Node and of
which nothing is used here.`;

function report(pair: Pair, counts: Result[]): PartReport {
  return {
    id: 'j',
    title: 'A ticket by the API',
    how: HOW,
    tables: [pairTable(pair, { ours: 'Parley', floor: OTHER })],
    results: [...verdicts(pair, OTHER, TARGETS), ...counts],
  };
}

function notMeasured(): PartReport {
  const measured = `${OTHER} could not be installed`;
  return {
    id: 'j',
    title: 'A ticket by the API',
    how: HOW,
    tables: [],
    results: [
      { name: `rate beside ${OTHER}`, target: `≥ ${TARGETS.rate} × its rate`, measured, pass: null },
      { name: `p99 beside ${OTHER}`, target: `≤ ${TARGETS.p99} × its p99`, measured, pass: null },
    ],
  };
}
