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
import { namesIn, ownersOf } from './sql/tables.ts';

/** What everything belongs to: its name stands beside its things, wherever they are shown. Written by its owner alone. */
const READ_BY_ALL: readonly string[] = ['firm', 'client', 'project', 'person'];

/** Who works on another's table, and why it stays so. */
const EXCEPTIONS: readonly { table: string; in: string; why: string }[] = [
  { table: 'room', in: 'bots', why: 'a card is posted, paused and turned per room, in one statement with the room' },
  { table: 'room', in: 'core/people', why: 'whoever gets a mail address gets the room that their mails go to' },
  { table: 'identity', in: 'bots', why: 'who can be reached where decides which rooms an announcement goes to' },
  { table: 'identity', in: 'core/sessions', why: 'a link to sign in is mailed to whose address it is' },
  {
    table: 'phase',
    in: 'core/tasks',
    why: 'a task is shown with the name of its phase, in one statement with a page of tasks',
  },
  { table: 'cycle', in: 'core/tasks', why: 'the same, of its cycle' },
  { table: 'connection', in: 'bots', why: 'the health and the pauses of an account are kept where it is used' },
  { table: 'connection', in: 'integrations', why: 'the same, and how far a tool was read' },
  { table: 'connection', in: 'core/kernel', why: 'accounts are opened and sealed by the kernel, whatever the tool' },
  { table: 'credentials', in: 'core/kernel', why: 'the same' },
  { table: 'connection', in: 'core/people', why: 'somebody who asks to be linked is told of which workspace' },
  { table: 'inbox', in: 'bots', why: 'a mail is looked for among those that came' },
  { table: 'inbox', in: 'integrations', why: 'a webhook is looked for among those that came' },
  { table: 'inbox', in: 'portal', why: 'a file is handed out of the mail that it came with' },
  { table: 'request', in: 'portal', why: 'a link that was used is answered with its first outcome' },
  { table: 'identity', in: 'cli', why: 'whoever runs the hub names a person by their mail address' },
  { table: 'inbox', in: 'cli', why: 'staff look at what could not be worked' },
  { table: 'event', in: 'cli', why: 'staff look at what was delivered' },
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
    if (path.startsWith(`${owner}/`) || (READ_BY_ALL.includes(table) && !writes)) continue;
    const exception = EXCEPTIONS.find((one) => one.table === table && path.startsWith(`${one.in}/`));
    if (exception) used.add(exception);
    else faults.push(`src/${path}:${line}: the table ${table} belongs to src/${owner}: ask that for what you need`);
  }
}
for (const one of EXCEPTIONS)
  if (!used.has(one)) faults.push(`the exception of ${one.table} in ${one.in} is of no use any more: take it out`);

for (const fault of faults) console.error(fault);
console.log(`check-tables: ${owners.size} tables, ${EXCEPTIONS.length} exceptions, ${faults.length} faults.`);
process.exitCode = faults.length ? 2 : 0;
