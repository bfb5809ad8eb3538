import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { areas } from '../../src/core/areas.ts';
import { ask, openServer } from '../../src/core/kernel/db.ts';
import { livesOf } from '../../src/core/kernel/growth.ts';
import type { App } from '../../src/core/kernel/registry.ts';
import { sweepOf } from '../../src/core/kernel/sweep.ts';
import { testApp } from '../../src/testing/app.ts';
import { percentile, three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport } from '../report.ts';
import { CONNECTIONS } from '../rounds.ts';
import { countsOf, makeYears, YEARS } from './firm.ts';
import type { Asked, Times } from './reads.ts';
import { askedOf, readTogether, slowest } from './reads.ts';

/** Milliseconds that nobody notices. */
const QUICK = 150;
/** Seconds in which the firm is made. */
const SOON = 15 * 60;
/** Rows of a table that may not be read as a whole. */
const LARGE = 100_000;
/** How often each sweep is asked. */
const TIMES = 20;

/** (i) A firm after years of work: what everybody is shown, and what the clock asks. */
export async function years({ cluster, effort, log }: Bench): Promise<PartReport> {
  const place = await cluster.database('years');
  const client = new pg.Client({ connectionString: place.ownerUrl });
  await client.connect();
  const database = openServer(place.loginUrl, { connections: CONNECTIONS, onError: (error) => log(error.message) });
  try {
    const app = await testApp(database);
    const started = performance.now();
    const firm = await makeYears(app, client, { ...YEARS, tickets: Math.ceil(effort.tickets / 5_000) });
    const seeded = (performance.now() - started) / 1_000;
    const counts = await countsOf(client);
    log(`made in ${three(seeded)} s: ${JSON.stringify(counts)}`);

    const asked = await askedOf(firm);
    await readTogether(app, asked, effort.seconds);
    const before = await wholeReads(client);
    const times = await readTogether(app, asked, effort.rounds * effort.seconds);
    const sweeps = await sweepTimes(app);
    const after = await wholeReads(client);
    const whole = [...after].filter(([table, count]) => count > (before.get(table) ?? 0)).map(([table]) => table);

    const [worst, worstSweep] = [slowest(times), slowest(sweeps)];
    return {
      id: 'i',
      title: 'A firm after years',
      how: `One firm with ${Object.entries(counts)
        .map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
        .join(', ')}, made by what \`npm run seed:large\` runs.
Every view of the registry is shown to each kind of reader who may see it, of lists the first and the second page, by ${CONNECTIONS} at a time, all kinds mixed
(${asked.length} askings, ${[...times.values()].flat().length} answers): from the asking to the card, in one process beside the database. Then each schedule is asked what is due in all firms, and each table
what of it is too old, ${TIMES} times.`,
      tables: [shownTable(asked, times), sweepTable(sweeps)],
      results: [
        { name: 'the firm is made', target: '< 900 s', measured: `${three(seeded)} s`, pass: seeded < SOON },
        {
          name: 'every home, list and card, p99',
          target: `< ${QUICK} ms`,
          measured: `${three(worst.p99)} ms (${worst.view})`,
          pass: worst.p99 < QUICK,
        },
        {
          name: 'every sweep, p99',
          target: `< ${QUICK} ms`,
          measured: `${three(worstSweep.p99)} ms (${worstSweep.view})`,
          pass: worstSweep.p99 < QUICK,
        },
        {
          name: `tables of over ${LARGE.toLocaleString('en')} rows that were read as a whole`,
          target: 'none',
          measured: whole.join(', ') || 'none',
          pass: !whole.length,
        },
      ],
    };
  } finally {
    await database.close();
    await client.end();
    await place.drop();
  }
}

/** What the clock asks of all firms: what may be due, and what is too old. Nothing of it is done. */
async function sweepTimes(app: App): Promise<Times> {
  const asks = [
    ...areas.flatMap(({ schedules }) =>
      schedules.map((schedule) => ({ name: schedule.name, ask: () => sweepOf(app, schedule).parts() })),
    ),
    ...livesOf(app).flatMap(({ table, sweep }) =>
      sweep
        ? { name: `${table}: ${sweep}`, ask: () => ask(app.database, { text: `select ${sweep}($1)`, values: [1_000] }) }
        : [],
    ),
  ];
  const times = new Map<string, number[]>();
  for (const { name, ask } of asks) {
    const took: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const started = performance.now();
      await ask();
      took.push(performance.now() - started);
    }
    times.set(name, took);
  }
  return times;
}

/** How often each large table was read from its beginning. PostgreSQL counts it when a transaction has been over for a second. */
async function wholeReads(client: pg.Client): Promise<Map<string, number>> {
  await pause(1_500);
  const { rows } = await client.query(
    `select c.relname, u.seq_scan from pg_stat_user_tables u join pg_class c on c.oid = u.relid where u.schemaname = 'public' and c.reltuples > $1`,
    [LARGE],
  );
  return new Map(rows.map(({ relname, seq_scan }) => [String(relname), Number(seq_scan)]));
}

/** The slowest, which are what one wants to know of. */
const SHOWN = 20;

function shownTable(asked: readonly Asked[], times: Times) {
  const kinds = new Map(asked.map(({ view, kind }) => [view, kind]));
  const rows = [...times]
    .sort(([, one], [, other]) => percentile(other, 99) - percentile(one, 99))
    .slice(0, SHOWN)
    .map(([view, all]) => [
      ...[view, kinds.get(view) ?? '', String(all.length)],
      ...[50, 99].map((percent) => three(percentile(all, percent))),
    ]);
  return { columns: [`the ${SHOWN} slowest`, 'what it is', 'answers', 'p50, ms', 'p99, ms'], rows };
}

function sweepTable(times: Times) {
  const rows = [...times].map(([name, all]) => [name, three(percentile(all, 50)), three(percentile(all, 99))]);
  return { columns: ['asked of all firms', 'p50, ms', 'p99, ms'], rows };
}
