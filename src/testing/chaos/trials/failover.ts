import pg from 'pg';
import type { Postgres } from '../../postgres.ts';
import { startPostgres, startStandby } from '../../postgres.ts';
import { faultsOf } from '../answers.ts';
import { pause } from '../fleet.ts';
import { readinessFaults, watchReadiness } from '../readiness.ts';
import type { OwnTrial } from '../stage.ts';
import { lasting, underTraffic } from '../stage.ts';

/** The primary is lost while people press; the synchronous standby takes its place, named in the same connection string. */
export const failover: OwnTrial = {
  name: 'the primary is lost and its synchronous standby is promoted',
  open: async () => {
    const primary = await startPostgres({ synchronous_standby_names: 'parley_standby' });
    const standby = await startStandby(primary);
    await untilSynchronous(primary);
    return {
      setting: { postgres: primary, others: [standby] },
      close: () => standby.stop(),
      run: async (stage) => {
        const watch = watchReadiness(stage.world.hub);
        let promoted = 0;
        const answers = await underTraffic(stage, async () => {
          await pause(lasting(stage, 10));
          await primary.kill();
          await pause(1_000);
          await standby.promote();
          promoted = performance.now();
          stage.setting.follow(standby.url);
          await pause(Math.max(8_000, lasting(stage, 15)));
        });
        const to = performance.now();
        await watch.stop();
        return [...faultsOf(answers), ...readinessFaults(watch.looks, promoted + 5_000, to, true)];
      },
    };
  },
};

/** Waits until a commit waits for the standby: before that, one could be lost. */
async function untilSynchronous(primary: Postgres): Promise<void> {
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rows } = await client.query(`select from pg_stat_replication where sync_state = 'sync'`);
    if (rows.length) return client.end();
    await pause(50);
  }
  await client.end();
  throw new Error('the standby does not follow its primary');
}
