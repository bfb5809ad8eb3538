/**
 * Writes the typed database client to src/generated/prisma, offline. `postinstall` calls this, so that a fresh clone
 * type-checks and runs after `npm ci`. Plain JavaScript: an install may run it on a host's Node that strips no types.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const schema = `${root}prisma/schema.prisma`;
const prisma = `${root}node_modules/prisma/build/index.js`;

if (!existsSync(schema)) skip('prisma/schema.prisma is not there');
if (!existsSync(prisma)) skip('the prisma command is a development dependency, and this install left those out');

const run = spawnSync(process.execPath, [prisma, 'generate', '--no-hints', '--schema', schema], {
  cwd: root,
  encoding: 'utf8',
  env: {
    ...process.env,
    // Generating needs no schema engine, but the command downloads one unless some executable stands in for it.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    CHECKPOINT_DISABLE: '1',
  },
});
if (run.status !== 0) {
  console.error(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`);
  process.exit(run.status ?? 1);
}
console.log('generate-client: wrote src/generated/prisma');

function skip(reason) {
  console.log(`generate-client: nothing generated, because ${reason}.`);
  process.exit(0);
}
