import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebClient } from '@slack/web-api';
import type pg from 'pg';
import { pino } from 'pino';
import { areas } from '../../src/core/areas.ts';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { openServer } from '../../src/core/kernel/db.ts';
import { startJobs } from '../../src/core/kernel/jobs.ts';
import type { App } from '../../src/core/kernel/registry.ts';
import { buildRegistry, runCommand } from '../../src/core/kernel/registry.ts';
import { secretsFrom } from '../../src/core/kernel/secrets.ts';
import { SECRET } from '../cluster.ts';
import type { BenchFirm } from '../firm.ts';
import { addTriage, makeFirm, TRIAGE } from '../firm.ts';
import { hubPlan, SLACK_SIGNING_SECRET } from '../hub.ts';
import { NO_FILES } from '../no-files.ts';
import { meanRatio, median, three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport } from '../report.ts';
import { clusterCpuMs, cpuMs, startServer } from '../servers.ts';

const REQUESTS = fileURLToPath(new URL('../press/requests.ts', import.meta.url));
const SLACK = fileURLToPath(new URL('../slack.ts', import.meta.url));
const ROOMS = 500;
const CARDS = 2_000;
const STAGES = ['build', 'design', 'launch'];
/** Changes and as many bare calls before what is measured: after so many, their rates grow no more. */
const WARM_UP = 8;
/** Changes for each round of presses: one takes a second or two, and no two of them take the same. */
const CHANGES = 3;
/** Updates that the stand-in allows within two seconds in the second run: far below what is sent without a limit. */
const LIMIT = 200;

/** (g) One event that changes two thousand posted cards, and another firm's press meanwhile. */
export async function delivery({ cluster, load, effort, log }: Bench): Promise<PartReport> {
  const database = await cluster.database('delivery');
  const [busy, other] = [
    await makeFirm(database.owner),
    await makeFirm(database.owner, 'other.bench.example', 'T0BENCH02'),
  ];
  const project = String(busy.people[0]?.projects[0]);
  await postedCards(database.owner, busy, project);
  await addTriage(database.owner, other.tenantId, other.slackTeam);
  const slack = await startServer({
    name: 'Slack stand-in',
    args: [SLACK],
    env: { SLACK_TEAM: busy.slackTeam },
    ready: '/',
  });
  const answerTo = `http://127.0.0.1:${slack.port}/`;
  const hub = await startServer(hubPlan('both', database, busy, { SLACK_API_URL: answerTo }));
  const app = await actingApp(database.loginUrl);
  try {
    const counts = async (path: string) =>
      (await (await fetch(answerTo + path)).json()) as {
        calls: number;
        refused: number;
        posts: { channel: string; at: number }[];
      };
    let changes = 0;
    const change = async () => {
      const { rows } = await database.owner.query('select version from project where id = $1', [project]);
      const who = {
        kind: 'person',
        tenantId: busy.tenantId,
        personId: busy.adminId,
        channel: 'cli',
        assurance: 'sso',
      } as const;
      changes += 1;
      const input = { project, stage: STAGES[changes % STAGES.length], version: String(rows[0]?.version) };
      await runCommand(app, who, { name: 'project.set-stage', input, requestId: crypto.randomUUID() });
    };
    const press = (seconds: number) =>
      load.send({
        requests: REQUESTS,
        params: { secret: SLACK_SIGNING_SECRET, firms: JSON.stringify([other]), answerTo },
        port: hub.port,
        connections: 1,
        seconds,
        prepare: seconds * 1_000,
      });

    await press(effort.seconds);
    await changed(database.owner);
    await counts('reset');

    // The first change shows what the bare calls are to send: the same message, byte for byte.
    await change();
    await changed(database.owner);
    const message = (await (await fetch(`${answerTo}last`)).json()) as Record<string, string>;
    const [floors, rates]: [number[], number[]] = [[], []];
    const cpu = { floor: 0, hub: 0, database: 0 };
    const bare = async () => {
      const before = cpuMs(process.pid);
      floors.push(await bareCalls(answerTo, message));
      cpu.floor += cpuMs(process.pid) - before;
    };
    const cards = async () => {
      const [ofHub, ofDatabase] = [cpuMs(hub.pid), cluster.pid ? clusterCpuMs(cluster.pid) : Number.NaN];
      const started = performance.now();
      await change();
      await changed(database.owner);
      rates.push(CARDS / ((performance.now() - started) / 1_000));
      cpu.hub += cpuMs(hub.pid) - ofHub;
      cpu.database += cluster.pid ? clusterCpuMs(cluster.pid) - ofDatabase : Number.NaN;
    };
    // Both have been running for a while before they are compared, and each is first as often as the other.
    for (let turn = 0; turn < WARM_UP; turn += 1) {
      await bareCalls(answerTo, message);
      await change();
      await changed(database.owner);
    }
    for (let round = 0; round < CHANGES * effort.rounds; round += 1) {
      for (const turn of round % 2 ? [cards, bare] : [bare, cards]) await turn();
      log(`bare calls: ${three(Number(floors.at(-1)))}/s, cards: ${three(Number(rates.at(-1)))}/s`);
    }
    const beside = meanRatio(rates, floors);

    const [resting, meanwhile]: [number[], number[]] = [[], []];
    const atRest = async () => {
      resting.push((await press(effort.seconds)).p99);
      await changed(database.owner);
    };
    const duringChange = async () => {
      await change();
      meanwhile.push((await press(effort.seconds)).p99);
      await changed(database.owner);
    };
    for (let round = 0; round < effort.rounds; round += 1)
      for (const turn of round % 2 ? [duringChange, atRest] : [atRest, duringChange]) await turn();
    const slower = meanRatio(meanwhile, resting);
    log(`presses, p99: at rest ${resting.map(three).join(', ')}, meanwhile ${meanwhile.map(three).join(', ')}`);

    await change();
    await sleep(100);
    await counts('reset');
    const pressed = Date.now();
    await oneTicket(app, other);
    const card = await posted(counts, TRIAGE);
    await changed(database.owner);

    await counts(`limit?to=${LIMIT}`);
    await change();
    await changed(database.owner);
    const { calls, refused } = await counts('reset');
    const wasted = refused / calls;
    log(`${refused} of ${calls} calls refused`);
    return {
      id: 'g',
      title: 'Two thousand cards',
      how: `One change of a project that stands on ${CARDS.toLocaleString('en')} posted cards in ${ROOMS} rooms, delivered by one process to a stand-in of Slack. The floor sends
the same message as often to the same stand-in with the bare SDK, eight calls at a time; both are warmed up, take turns,
and are first as often as the other. Then changes while another firm presses (some of the
presses come when the change is delivered), one while another firm files a ticket whose card is waited for, and one with a stand-in that refuses
more than ${LIMIT} updates within two seconds. A hub has one bot token: the other firm is told apart by its workspace, and so are its pauses and its share.`,
      tables: [
        {
          columns: ['', ''],
          rows: [
            ['cards a second', three(median(rates))],
            ['bare calls a second', three(median(floors))],
            ['CPU of a bare call, ms', three(cpu.floor / floors.length / CARDS)],
            ['CPU of a card in the hub, ms', three(cpu.hub / rates.length / CARDS)],
            ['CPU of a card in PostgreSQL, ms', three(cpu.database / rates.length / CARDS)],
            ['another firm’s press at rest, p99 ms', three(median(resting))],
            ['another firm’s press meanwhile, p99 ms', three(median(meanwhile))],
            ['another firm’s card after, ms', three(card - pressed)],
            ['calls with the limit, of which refused', `${calls}, ${refused}`],
          ],
        },
      ],
      results: [
        {
          name: 'cards a second',
          target: '≥ 0.5 of the bare calls',
          measured: three(beside),
          pass: beside >= 0.5,
        },
        { name: 'calls refused', target: '< 5 %', measured: `${three(100 * wasted)} %`, pass: wasted < 0.05 },
        {
          name: 'another firm’s press, p99',
          target: '≤ 1.5 × that at rest',
          measured: `${three(slower)} ×`,
          pass: slower <= 1.5,
        },
        {
          name: 'another firm’s card',
          target: '≤ 1 s',
          measured: `${three(card - pressed)} ms`,
          pass: card - pressed <= 1_000,
        },
      ],
    };
  } finally {
    await app.jobs.stop();
    await app.database.close();
    await hub.stop();
    await slack.stop();
    await database.drop();
  }
}

async function actingApp(url: string): Promise<App> {
  const onError = (error: Error) => console.error(error.message);
  const database = openServer(url, { connections: 4, onError });
  return {
    database,
    jobs: await startJobs(database, { works: false, onError }),
    clock: systemClock,
    log: pino({ level: 'silent' }),
    secrets: secretsFrom([SECRET]),
    publicUrl: 'https://parley.example',
    registry: buildRegistry(areas),
    platforms: { has: () => false, open: async () => null },
    files: NO_FILES,
  };
}

async function postedCards(owner: pg.Pool, { tenantId, slackTeam }: BenchFirm, project: string): Promise<void> {
  await owner.query(
    `with r as (insert into room (tenant_id, id, channel, account, address, name, audience)
       select $1::uuid, gen_random_uuid(), 'slack', $2, 'C0ROOM' || n, '#room-' || n, 'internal' from generate_series(1, $3::int) n returning tenant_id, id)
     insert into posted_card (tenant_id, id, key, room_id, channel, ref, view, entity, entity_id, state)
     select tenant_id, gen_random_uuid(), 'card:' || n || ':' || id, id, 'slack', jsonb_build_object('id', '17.' || n),
       jsonb_build_object('target', 'project.show', 'input', jsonb_build_object('project', $4::uuid::text)), 'project', $4::uuid, 'posted'
     from r, generate_series(1, $5::int) n`,
    [tenantId, slackTeam, ROOMS, project, CARDS / ROOMS],
  );
  await owner.query('analyze');
}

async function oneTicket(app: App, { tenantId, people }: BenchFirm): Promise<void> {
  const [person] = people;
  const who = {
    kind: 'person',
    tenantId,
    personId: String(person?.personId),
    channel: 'slack',
    assurance: 'chat',
  } as const;
  const input = { project: person?.projects[0], title: 'Pay button', description: 'It does nothing.' };
  await runCommand(app, who, { name: 'ticket.file-bug', input, requestId: crypto.randomUUID() });
}

/** When the room's next card arrived. */
async function posted(
  counts: (path: string) => Promise<{ posts: { channel: string; at: number }[] }>,
  room: string,
): Promise<number> {
  for (let wait = 0; wait < 1_000; wait += 1) {
    const found = (await counts('')).posts.find(({ channel }) => channel === room);
    if (found) return found.at;
    await sleep(20);
  }
  throw new Error('the other firm’s card did not come within 20 s');
}

/** Waits until no card is to be drawn or sent any more. */
async function changed(owner: pg.Pool): Promise<void> {
  for (let wait = 0; wait < 6_000; wait += 1) {
    const { rows } = await owner.query(
      `select from posted_card where state = 'sending' or drawn < changes union all
       select from pgboss.job where name = 'event' and state in ('created', 'retry', 'active') limit 1`,
    );
    if (!rows.length) return;
    await sleep(20);
  }
  throw new Error('the cards were not brought to date within two minutes');
}

/** Updates a second with the SDK alone, of the message that the hub sends. */
async function bareCalls(slackApiUrl: string, message: Record<string, string>): Promise<number> {
  const web = new WebClient('xoxb-bench', { slackApiUrl, retryConfig: { retries: 0 } });
  const { channel = '', ts = '', text = '', blocks = '[]', metadata = '{}' } = message;
  const update = { channel, ts, text, blocks: JSON.parse(blocks), metadata: JSON.parse(metadata) };
  let left = CARDS;
  const started = performance.now();
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await web.chat.update(update);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return CARDS / ((performance.now() - started) / 1_000);
}
