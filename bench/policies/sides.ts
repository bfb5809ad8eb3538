import { systemClock } from '../../src/core/kernel/clock.ts';
import { openingOf } from '../../src/core/kernel/context.ts';
import type { Database } from '../../src/core/kernel/db.ts';
import { inTransaction, openServer } from '../../src/core/kernel/db.ts';
import type { BenchDatabase } from '../cluster.ts';
import { median } from '../numbers.ts';
import { CONNECTIONS } from '../rounds.ts';
import type { Keys, Read } from './reads.ts';

/** Reads of each side in a round by one reader alone; medians of so many are steady to about a per cent. */
const ALONE = 500;
/** Reads of each side in a turn of all connections together, and turns in a round: many short ones, so that noise meets both sides. */
const TOGETHER = 64;
const TURNS = 200;

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

const OFF = 'parley_bench_off';

/**
 * Opens Parley's own door to the data with a second way through it: a transaction that asks for it continues under a role that
 * no policy holds. Nothing else differs, and both take turns on the same connections: two backends of one kind differ by as
 * much as what is measured here.
 */
export async function openSides({ owner, loginUrl }: BenchDatabase): Promise<Sides> {
  await owner.query(`create role ${OFF} nologin bypassrls noinherit`);
  await owner.query(`grant ${OFF} to "parley-runtime"`);
  await owner.query(`grant usage on schema public to ${OFF}`);
  await owner.query(`grant select on ticket to ${OFF}`);
  const { rows } = await owner.query(`select pg_get_functiondef('parley_open(jsonb)'::regprocedure) as door`);
  const door = rows[0].door as string;
  const last = door.lastIndexOf('return next;');
  const other = `if p ? 'off' then o_role := '${OFF}'; end if; `;
  await owner.query(door.slice(0, last) + other + door.slice(last));
  const database = openServer(loginUrl, { connections: CONNECTIONS, onError: () => undefined });
  return {
    compare: (read, person, keys, rounds) => compare(database, read, person, keys, rounds),
    close: async () => {
      await database.close();
      await owner.query(`drop owned by ${OFF}`);
      await owner.query(`drop role ${OFF}`);
    },
  };
}

async function compare(
  database: Database,
  read: Read,
  person: string,
  keys: Keys[],
  rounds: number,
): Promise<Compared> {
  const ask = (side: Side, index: number) => once(database, side, person, read, keys[index % keys.length] as Keys);
  // Twenty times by each connection, so that plans are made; and a comparison of nothing would always be fast.
  for (let index = 0; index < 20; index += 1)
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => mustBeTheSame(await ask('on', index), await ask('off', index))),
    );
  const all: Compared[] = [];
  for (let round = 0; round < rounds; round += 1) all.push({ ...(await alone(ask)), together: await together(ask) });
  const middle = (part: keyof Compared) => median(all.map((one) => one[part]));
  return { onMs: middle('onMs'), offMs: middle('offMs'), alone: middle('alone'), together: middle('together') };
}

type Ask = (side: Side, index: number) => Promise<Took>;

async function alone(ask: Ask) {
  const took = { on: [] as number[], off: [] as number[] };
  for (let index = 0; index < ALONE; index += 1)
    for (const side of turnsOf(index)) took[side].push((await ask(side, index)).statement);
  const [onMs, offMs] = [median(took.on), median(took.off)];
  return { onMs, offMs, alone: onMs / offMs };
}

async function together(ask: Ask): Promise<number> {
  const took = { on: [] as number[], off: [] as number[] };
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const side of turnsOf(turn)) {
      const started = performance.now();
      await Promise.all(
        Array.from({ length: CONNECTIONS }, async (_, line) => {
          for (let index = line; index < TOGETHER; index += CONNECTIONS) await ask(side, turn + index);
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

/** Through the one door, as every read of Parley's. */
async function once(database: Database, side: Side, person: string, read: Read, keys: Keys): Promise<Took> {
  const who = { kind: 'person', tenantId: keys.tenant, personId: person, channel: 'portal', assurance: 'sso' } as const;
  const open = { ...openingOf(who, { [read.about]: keys[read.about] }), ...(side === 'off' ? { off: true } : {}) };
  return inTransaction(database, systemClock, open, async ({ sql }) => {
    const asked = performance.now();
    const rows = await read.rows(sql, keys);
    return { rows, statement: performance.now() - asked };
  });
}

function mustBeTheSame(on: Took, off: Took): void {
  if (!off.rows.length || JSON.stringify(on.rows) !== JSON.stringify(off.rows))
    throw new Error('the two sides did not read the same rows');
}
