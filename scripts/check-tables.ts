/**
 * Finds a table that is named in SQL, or read through Prisma, outside the part of the code that owns it. Whose a table is stands
 * above its model in prisma/schema.prisma: `/// Owned by core/tickets.`
 *
 * Exit code 0: all are read where they belong. 2: not, or a table has no owner, or an exception is of no use any more.
 *
 * Usage: node scripts/check-tables.ts
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isIn, namesIn, ownersOf } from './sql/tables.ts';

/** What everything belongs to: its name stands beside its things, wherever they are shown. Written by its owner alone. */
const READ_BY_ALL: readonly string[] = ['firm', 'client', 'project', 'person'];

/** Who works on another's table, and why it cannot ask the owner. A folder, or a file. */
const EXCEPTIONS: readonly { table: string; in: string; why: string }[] = [
  {
    table: 'connection',
    in: 'core/kernel',
    why: 'the kernel opens an account, keeps what it is reached with and notes how it fares, whatever the tool, and imports no area',
  },
  { table: 'credentials', in: 'core/kernel', why: 'the same' },
  {
    table: 'room',
    in: 'bots',
    why: 'a card is posted, paused and turned per room, in one statement with the room; bots import no area',
  },
  {
    table: 'identity',
    in: 'bots/hearers.ts',
    why: 'of the rooms for a person only those of accounts that are still theirs are told, in one statement with the rooms',
  },
  {
    table: 'connection',
    in: 'bots/turn.ts',
    why: 'whether an account is paused decides, in one statement, which rooms are taken, and the pauses of rooms whether it is',
  },
  {
    table: 'room',
    in: 'core/people',
    why: 'who gets an address gets the room of it with the same commit; projects owns rooms and is built on people, not the other way',
  },
  {
    table: 'endpoint',
    in: 'integrations/endpoints',
    why: 'what an endpoint is sent is stored, taken and noted in one statement with it; what sends it imports no area',
  },
  { table: 'endpoint_secret', in: 'integrations/endpoints', why: 'the same' },
  { table: 'endpoint_delivery', in: 'integrations/endpoints', why: 'the same' },
  {
    table: 'event',
    in: 'integrations/endpoints',
    why: 'whether an earlier event about the thing is still to be handed on decides, in one statement, which webhooks are taken',
  },
  {
    table: 'phase',
    in: 'core/tasks',
    why: 'a task is read with the name of its part of the project, and a new one with what it may be put in, in one statement each',
  },
  { table: 'cycle', in: 'core/tasks', why: 'the same' },
  {
    table: 'cycle',
    in: 'core/deliverables',
    why: 'a deliverable is read with the name of its cycle and whether that is completed, in one statement; cycles are built on them',
  },
];

const root = dirname(import.meta.dirname);
const source = join(root, 'src');
const { owners, faults } = ownersOf(readFileSync(join(root, 'prisma/schema.prisma'), 'utf8'));
const used = new Set<object>();

for (const path of readdirSync(source, { recursive: true }).map(String).sort()) {
  if (
    !path.endsWith('.ts') ||
    path.endsWith('test.ts') ||
    path.endsWith('/examples.ts') ||
    /^(generated|testing|simulator)\//.test(path)
  )
    continue;
  for (const { table, line, writes } of namesIn(readFileSync(join(source, path), 'utf8'), owners)) {
    const owner = owners.get(table) ?? '';
    if (isIn(path, owner) || (READ_BY_ALL.includes(table) && !writes)) continue;
    const exception = EXCEPTIONS.find((one) => one.table === table && isIn(path, one.in));
    if (exception) used.add(exception);
    else faults.push(`src/${path}:${line}: the table ${table} belongs to src/${owner}: ask that for what you need`);
  }
}
for (const one of EXCEPTIONS)
  if (!used.has(one)) faults.push(`the exception of ${one.table} in ${one.in} is of no use any more: take it out`);

for (const fault of faults) console.error(fault);
console.log(`check-tables: ${owners.size} tables, ${EXCEPTIONS.length} exceptions, ${faults.length} faults.`);
process.exitCode = faults.length ? 2 : 0;
