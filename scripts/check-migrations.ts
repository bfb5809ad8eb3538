/**
 * Compares prisma/migrations with migrations/landed.txt, the list of the migrations that were released and their SHA-256: a
 * landed migration never changes, because somebody's database was already brought there by it. A migration that is not listed
 * may still be edited, and must come after the landed ones, in which order an upgraded database applies it too.
 *
 * Exit code 0: all landed migrations are as they were. 2: one was changed, is gone, or would come too late for upgraded databases.
 *
 * Usage: node scripts/check-migrations.ts [folder that holds migrations/] [--land, at a release: lists what is not listed yet]
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { land: { type: 'boolean' } } });
const folder = resolve(positionals[0] ?? join(import.meta.dirname, '../prisma'), 'migrations');
/** As sha256sum writes and reads it: in the folder, `sha256sum --check landed.txt` says the same. */
const list = join(folder, 'landed.txt');

const landed = readList();
const present = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'migration.sql')))
  .sort();
const faults = [...landed.keys()].flatMap(faultOfLanded).concat(present.flatMap(faultOfNew));

if (faults.length > 0) {
  console.error(`check-migrations: ${faults.join('\n                  ')}`);
  process.exitCode = 2;
} else {
  if (values.land) writeFileSync(list, present.map((name) => `${checksumOf(name)}  ${fileOf(name)}\n`).join(''));
  const added = present.length - landed.size;
  console.log(
    `check-migrations: ${landed.size} landed migrations are as they were, ${added} ${values.land ? 'are listed now' : 'not yet landed'}.`,
  );
}

/** Name of a migration → its checksum. */
function readList(): Map<string, string> {
  const lines = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [, checksum, name] = /^([0-9a-f]{64}) {2}([^/]+)\/migration\.sql$/.exec(line) ?? [];
      if (!checksum || !name) throw new Error(`landed.txt has a line that is none of sha256sum's: ${line}`);
      return [name, checksum];
    }),
  );
}

function faultOfLanded(name: string): string[] {
  if (!present.includes(name)) return [`${name} has landed and is gone. Restore it: git log -- prisma/migrations`];
  if (checksumOf(name) === landed.get(name)) return [];
  return [`${name} has landed and was changed. Restore it, and put the change into a new migration.`];
}

function faultOfNew(name: string): string[] {
  const last = [...landed.keys()].sort().at(-1) ?? '';
  if (landed.has(name) || name > last) return [];
  return [`${name} sorts before ${last}, which has landed. Give its folder a later time.`];
}

function checksumOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, fileOf(name))))
    .digest('hex');
}

function fileOf(name: string): string {
  return `${name}/migration.sql`;
}
