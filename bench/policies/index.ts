import { openServer } from '../../src/core/kernel/db.ts';
import { assertProtection } from '../../src/core/kernel/protection.ts';
import { three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport, Result } from '../report.ts';
import { CONNECTIONS } from '../rounds.ts';
import { CLIENTS, fill, PROJECTS_OF_A_CLIENT } from './fill.ts';
import { keysOf, mayAll, READS } from './reads.ts';
import { openSides } from './sides.ts';

/** (c) What row level security costs on reads of a large table. */
export async function policies({ cluster, effort, log }: Bench): Promise<PartReport> {
  const database = await cluster.database('policies');
  try {
    log(`filling ${effort.tickets} tickets`);
    const filled = await fill(database.owner, effort.tickets);
    await assertNoVolatilePolicy(database.loginUrl);
    const sides = await openSides(database);
    const rows: string[][] = [];
    const results: Result[] = [];
    for (const read of READS)
      for (const reader of filled.readers) {
        if (!mayAll(read, reader)) continue;
        const keys = await keysOf(database.owner, filled, reader);
        const found = await sides.compare(read, reader.person, keys, effort.rounds);
        const measured = three(found.together);
        const name = `${read.name}, ${reader.name}`;
        log(`${name}: ${measured}`);
        rows.push([read.name, reader.name, three(found.onMs), three(found.offMs), three(found.alone), measured]);
        results.push({ name, target: `≤ ${read.limit} of off`, measured, pass: found.together <= read.limit });
      }
    await sides.close();
    results.push({ name: 'policies that call a volatile function', target: 'none', measured: 'none', pass: true });
    const columns = ['read', 'reader', 'statement alone on, ms', 'off, ms', 'on / off', '16 connections on / off'];
    return {
      id: 'c',
      title: 'Row level security on reads',
      how: how(effort.tickets),
      tables: [{ columns, rows }],
      results,
    };
  } finally {
    await database.drop();
  }
}

/** @throws Error naming every breach of the protection, volatile functions in policies among them */
async function assertNoVolatilePolicy(url: string): Promise<void> {
  const database = openServer(url, { connections: 2, onError: () => undefined });
  await assertProtection(database);
  await database.close();
}

function how(tickets: number): string {
  return `${tickets.toLocaleString('en')} tickets of ${CLIENTS} clients with ${PROJECTS_OF_A_CLIENT} projects each in one firm. A read
is a transaction, opened as Parley opens one for what the read is about; "on" continues under the reader's role and policies, "off" under a role with
BYPASSRLS and the same grants. The two take turns on the same connections, and are checked to read the same rows. The contact is a member of all four projects of
the client, another one of two of them; the staff member works for twenty clients, the partner for all. What a member reads across
their clients, or such a contact across their projects, goes by a list and is not among these reads. What counts is the time
of the same number of reads by ${CONNECTIONS} connections; what the statement takes for one reader alone stands beside it: there the
microseconds for reading the context weigh most. Parley has no search yet: what is measured is an ILIKE over the titles of one client, as a
query on the same table.`;
}
