import type { StoredTable } from '../../src/core/kernel/growth.ts';
import { three } from '../numbers.ts';
import type { PartReport, Result, Table } from '../report.ts';

export interface Readings {
  empty: StoredTable[];
  full: StoredTable[];
  swept: StoredTable[];
  floorEmpty: StoredTable[];
  floorFull: StoredTable[];
}

interface Run {
  commands: number;
  /** Rows whose life was over before the sweeps. */
  aged: Record<string, number>;
  /** The same after them. */
  left: Record<string, number>;
  sweepMs: number;
}

export function report(readings: Readings, run: Run): PartReport {
  const { empty, full, swept, floorEmpty, floorFull } = readings;
  const each = (now: StoredTable[], before: StoredTable[]) => (total(now) - total(before)) / run.commands;
  const [before, after, floor] = [each(full, empty), each(swept, empty), each(floorFull, floorEmpty)];
  const rowsOf = (of: StoredTable[], name: string) => of.find((table) => table.name === name)?.rows ?? 0;
  const stays = (name: string): Result => ({
    name: `rows of ${name} after the sweeps`,
    target: `${rowsOf(full, name)}, as before`,
    measured: String(rowsOf(swept, name)),
    pass: rowsOf(full, name) >= run.commands && rowsOf(swept, name) === rowsOf(full, name),
  });
  return {
    id: 'h',
    title: 'Bytes kept',
    how: `${run.commands.toLocaleString('en')} presses of "Report a bug" with the card that the worker posts for each, and as many webhooks of Jira. Then all that is
stored is made older by the owner of the tables: requests and half of the deliveries by 91 days, the other half by 31, jobs by two hours,
events and audit by nine years; half of the cards become cards of the past. A hub then runs the sweep of every life, and the queue its own upkeep.
Bytes are those of tables, indexes and long values right after \`vacuum full\`, less what the same database held before the first press: what is kept, not
room that is free again. The floor is the bare Bolt app of part (a), which inserts its five rows for each of as many presses and sweeps nothing.`,
    tables: [
      tables(readings, run.commands),
      {
        columns: ['bytes a command', '', 'of the floor'],
        rows: [
          ['before the sweeps', three(before), three(before / floor)],
          ['after the sweeps', three(after), three(after / floor)],
          ['floor: five bare rows', three(floor), '1'],
        ],
      },
      { columns: ['', ''], rows: [['the sweeps of all lives, ms', three(run.sweepMs)]] },
    ],
    results: [
      stays('event'),
      stays('audit'),
      {
        name: 'rows whose declared life is over',
        target: '0 left',
        measured: Object.entries(run.left)
          .map(([name, rows]) => `${rows} of ${run.aged[name]} ${name}`)
          .join(', '),
        pass: Object.entries(run.left).every(([name, rows]) => rows === 0 && Number(run.aged[name]) > 0),
      },
      {
        name: 'bytes a command after the sweeps',
        target: `below the ${three(before)} before`,
        measured: three(after),
        pass: after < before,
      },
      {
        name: 'the same beside five bare rows',
        target: '≤ 1 of the floor',
        measured: `${three(after / floor)} of the floor`,
        pass: after <= floor,
      },
    ],
  };
}

/** What grew, by table, the largest first. */
function tables({ empty, full, swept }: Readings, commands: number): Table {
  const grown = full.map(({ name, bytes, rows }) => {
    const [base, after] = [find(empty, name), find(swept, name)];
    return {
      name,
      bytes: bytes - (base?.bytes ?? 0),
      after: (after?.bytes ?? 0) - (base?.bytes ?? 0),
      rows,
      rowsAfter: after?.rows ?? null,
    };
  });
  return {
    columns: ['table', 'rows', 'bytes', 'bytes a command', 'rows after', 'bytes after', 'bytes a command after'],
    rows: grown
      .filter(({ bytes, after }) => bytes > 0 || after > 0)
      .sort((a, b) => b.bytes - a.bytes)
      .map(({ name, rows, bytes, rowsAfter, after }) => [
        name,
        count(rows),
        count(bytes),
        three(bytes / commands),
        count(rowsAfter),
        count(after),
        three(after / commands),
      ]),
  };
}

function find(of: StoredTable[], name: string): StoredTable | undefined {
  return of.find((table) => table.name === name);
}

function total(of: StoredTable[]): number {
  return of.reduce((sum, { bytes }) => sum + bytes, 0);
}

function count(value: number | null): string {
  return value === null ? '' : value.toLocaleString('en');
}
