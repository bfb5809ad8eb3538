import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { mutableTree } from '../../mutants/tree.ts';
import { faultsOf } from '../answers.ts';
import { pause } from '../fleet.ts';
import { readinessFaults, watchReadiness } from '../readiness.ts';
import type { Trial } from '../stage.ts';
import { lasting, underTraffic } from '../stage.ts';

const run = promisify(execFile);

/** The secret changes one process after the other, while those with the old one and those with the new one serve. */
export const newSecret: Trial = {
  name: 'PARLEY_SECRET changes while the hub serves',
  run: async (stage) => {
    const { fleet, setting, world } = stage;
    const old = setting.environment.PARLEY_SECRET ?? '';
    const more = { PARLEY_SECRET: `${old}, and changed`, PARLEY_SECRET_PREVIOUS: old };
    await migrateWith(stage.root, { ...setting.environment, ...more, DATABASE_URL: setting.ownerUrl });
    const watch = watchReadiness(world.hub);
    const from = performance.now();
    let to = from;
    const beside = await fleet.addWeb(more);
    const answers = await underTraffic(stage, async () => {
      await pause(lasting(stage, 5));
      to = performance.now();
      await fleet.roll('worker', more);
      await pause(lasting(stage, 5));
    }, [world.hub, beside.url]);
    await watch.stop();
    await beside.stop();
    await fleet.roll('web', more);
    Object.assign(setting.environment, more);
    return [...faultsOf(answers), ...readinessFaults(watch.looks, from, to, true)];
  },
};

/** A migration needs a table that a long report reads. Those who press must not wait behind the two of them. */
export const behindReport: Trial = {
  name: 'a migration waits behind a report that takes 20 s',
  run: async (stage) => {
    const { setting, world } = stage;
    const tree = await mutableTree(stage.root);
    const folder = join(tree.root, 'prisma/migrations/99990101000000_trial');
    await mkdir(folder);
    await writeFile(join(folder, 'migration.sql'), 'alter table ticket add column trial text;\n');
    const reader = new pg.Client({ connectionString: setting.ownerUrl });
    await reader.connect();
    const watch = watchReadiness(world.hub);
    const from = performance.now();
    let migrated = false;
    const answers = await underTraffic(stage, async () => {
      await reader.query('begin');
      await reader.query('select count(*) from ticket');
      const migrating = migrateWith(tree.root, { ...setting.environment, DATABASE_URL: setting.ownerUrl });
      await pause(lasting(stage, 20));
      await reader.query('commit');
      await migrating;
      const { rows } = await reader.query(
        `select from information_schema.columns where table_name = 'ticket' and column_name = 'trial'`,
      );
      migrated = rows.length === 1;
      await reader.query('alter table ticket drop column trial');
      await reader.query(`delete from _prisma_migrations where migration_name like '%_trial'`);
    });
    const to = performance.now();
    await watch.stop();
    await reader.end();
    await tree.remove();
    return [
      ...faultsOf(answers),
      ...(migrated ? [] : ['the migration was not applied once the report was done']),
      ...readinessFaults(watch.looks, from, to, true),
    ];
  },
};

async function migrateWith(root: string, environment: Record<string, string>): Promise<void> {
  const { DATABASE_APP_URL: _none, ...settings } = environment;
  await run(process.execPath, [join(root, 'src/cli.ts'), 'migrate'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...settings },
    timeout: 120_000,
  });
}
