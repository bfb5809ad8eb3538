/**
 * Writes what a database of this release holds, with rows in every table and nothing left to do, as SQL: the upgrade test of the
 * next release starts from it. Run it in a checkout of the commit that was released, and commit what it wrote afterwards.
 *
 * Usage: node scripts/dump-release.ts [file to write]
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { asOwner, onServer } from '../src/testing/database.ts';
import { fillEveryTable } from '../src/testing/everything.ts';
import { makeFirm } from '../src/testing/firm.ts';
import { serverPrograms, startPostgres } from '../src/testing/postgres.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'src/testing/fixtures/previous-release.sql'));

const postgres = await startPostgres();
try {
  const database = await onServer(postgres.url);
  const owner = asOwner(database);
  for (const name of ['Northwind Studio', 'Rival & Sons'])
    await fillEveryTable(database, await makeFirm(database, name));
  // As after a long night: delivered, shown, and nothing that a worker would still do.
  await owner('update event set delivered_at = at where delivered_at is null');
  await owner(`update posted_card set state = 'gone'`);
  const [{ name } = { name: '' }] = await owner('select current_database() as name');
  const url = Object.assign(new URL(postgres.url), { pathname: `/${name}` }).toString();
  const { stdout } = await run(join(await serverPrograms(), 'pg_dump'), ['--inserts', url], { maxBuffer: 2 ** 28 });
  const { stdout: commit } = await run('git', ['rev-parse', 'HEAD'], { cwd: root });
  // psql's own commands are left out: the test sends this as it is.
  const statements = stdout.replace(/^\\(un)?restrict .*\n/gm, '');
  await writeFile(target, `-- ${commit.trim()}\n${statements}`);
  await database.close();
  console.log(`dump-release: wrote ${target}`);
} finally {
  await postgres.stop();
}
