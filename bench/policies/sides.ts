import pg from 'pg';
import { runTogether } from '../../src/core/kernel/batch.ts';
import type { BenchDatabase } from '../cluster.ts';
import { median } from '../numbers.ts';
import { CONNECTIONS } from '../rounds.ts';
import type { Keys, Read } from './reads.ts';

/** Reads of each side in a round by one reader alone; medians of so many are steady to about a per cent. */
const ALONE = 500;
/** Reads of each side in a turn of all connections together, and turns in a round: many short ones, so that noise meets both sides. */
const TOGETHER = 64;
const TURNS = 100;

/** Both sides of the comparison. */
export interface Sides {
  compare(read: Read, person: string, keys: Keys[], rounds: number): Promise<Compared>;
  close(): Promise<void>;
}

/** Medians over the rounds. */
export interface Compared {
  /** Milliseconds of the statement, while nobody else reads. */
  onMs: number;
  offMs: number;
  /** Their ratio. */
  alone: number;
  /** Time of the same number of transactions by 16 connections, on over off. */
  together: number;
}

const LOGIN = 'parley_bench_login';
const OFF = 'parley_bench_off';

/**
 * Opens a login that may become the readers' roles and one that no policy holds; nothing else differs between them.
 * Both take turns on the same connections: two backends of one kind differ by as much as what is measured here.
 */
export async function openSides({ owner, ownerUrl }: BenchDatabase): Promise<Sides> {
  const password = crypto.randomUUID();
  await owner.query(`create role ${OFF} nologin bypassrls noinherit`);
  await owner.query(`create role ${LOGIN} login noinherit password '${password}'`);
  await owner.query(`grant parley_staff, parley_member, parley_contact, ${OFF} to ${LOGIN}`);
  await owner.query(`grant usage on schema public to ${OFF}, ${LOGIN}`);
  await owner.query(`grant select on ticket to ${OFF}`);
  await owner.query(`grant execute on function parley_open(jsonb) to ${LOGIN}`);
  const connectionString = Object.assign(new URL(ownerUrl), { username: LOGIN, password }).toString();
  const clients = Array.from(
    { length: CONNECTIONS },
    () => new pg.Client({ connectionString, pipeline: true } as object),
  );
  await Promise.all(clients.map((client) => client.connect()));
  return {
    compare: (read, person, keys, rounds) => compare(clients, read, person, keys, rounds),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
      await owner.query(`drop owned by ${OFF}, ${LOGIN}`);
      await owner.query(`drop role ${OFF}, ${LOGIN}`);
    },
  };
}

async function compare(
  clients: pg.Client[],
  read: Read,
  person: string,
  keys: Keys[],
  rounds: number,
): Promise<Compared> {
  const ask = (client: pg.Client, side: Side, index: number) =>
    once(client, side, person, read, keys[index % keys.length] as Keys);
  // Ten times on every connection, so that plans are made; and a comparison of nothing would always be fast.
  for (const client of clients)
    for (let index = 0; index < 10; index += 1)
      mustBeTheSame(await ask(client, 'on', index), await ask(client, 'off', index));
  const all: Compared[] = [];
  for (let round = 0; round < rounds; round += 1)
    all.push({ ...(await alone(clients[0] as pg.Client, ask)), together: await together(clients, ask) });
  const middle = (part: keyof Compared) => median(all.map((one) => one[part]));
  return { onMs: middle('onMs'), offMs: middle('offMs'), alone: middle('alone'), together: middle('together') };
}

type Ask = (client: pg.Client, side: Side, index: number) => Promise<Took>;

async function alone(client: pg.Client, ask: Ask) {
  const took = { on: [] as number[], off: [] as number[] };
  for (let index = 0; index < ALONE; index += 1)
    for (const side of turnsOf(index)) took[side].push((await ask(client, side, index)).statement);
  const [onMs, offMs] = [median(took.on), median(took.off)];
  return { onMs, offMs, alone: onMs / offMs };
}

async function together(clients: pg.Client[], ask: Ask): Promise<number> {
  const took = { on: [] as number[], off: [] as number[] };
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const side of turnsOf(turn)) {
      const started = performance.now();
      await Promise.all(
        clients.map(async (client, line) => {
          for (let index = line; index < TOGETHER; index += clients.length) await ask(client, side, turn + index);
        }),
      );
      took[side].push(performance.now() - started);
    }
  return median(took.on) / median(took.off);
}

function turnsOf(index: number): Side[] {
  return index % 2 ? ['on', 'off'] : ['off', 'on'];
}

type Side = 'on' | 'off';

interface Took {
  rows: unknown[];
  /** Milliseconds. */
  statement: number;
}

const OPEN = `select set_config('role', coalesce($2, o.o_role), true) from parley_open($1::jsonb) o`;

/** As the kernel reads: one message opens the transaction, one reads, one ends it. */
async function once(client: pg.Client, side: Side, person: string, read: Read, keys: Keys): Promise<Took> {
  const open = JSON.stringify({ kind: 'person', tenant: keys.tenant, person });
  await runTogether(client, [BEGIN, { name: 'open', text: OPEN, values: [open, side === 'on' ? null : OFF] }]);
  const asked = performance.now();
  // A plan belongs to the role it was made for: each side keeps its own.
  const statement = { name: `${side} ${read.name}`, text: read.text, values: read.values(keys) };
  const [result] = await runTogether(client, [statement]);
  const took = performance.now() - asked;
  await runTogether(client, [COMMIT]);
  return { rows: result?.rows ?? [], statement: took };
}

const BEGIN = { name: 'begin', text: 'begin' };
const COMMIT = { name: 'commit', text: 'commit' };

function mustBeTheSame(on: Took, off: Took): void {
  if (!off.rows.length || JSON.stringify(on.rows) !== JSON.stringify(off.rows))
    throw new Error('the two sides did not read the same rows');
}
