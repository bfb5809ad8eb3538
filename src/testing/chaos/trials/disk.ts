import { startPostgres } from '../../postgres.ts';
import { faultsOf } from '../answers.ts';
import { pause } from '../fleet.ts';
import { readinessFaults, watchReadiness } from '../readiness.ts';
import { smallDisk } from '../small-disk.ts';
import type { OwnTrial } from '../stage.ts';
import { lasting, underTraffic } from '../stage.ts';

/** Megabytes: room for the database, the hub's and its queue's tables, and little more. */
const SIZE = 256;

/** The database's disk is full for a while: nothing is acknowledged that was not kept, and what fails is told in words. */
export const fullDisk: OwnTrial = {
  name: 'the database’s disk is full for 20 s',
  open: async () => {
    const disk = await smallDisk(SIZE);
    const postgres = await startPostgres({}, disk.folder);
    return {
      setting: { postgres },
      close: () => disk.remove(),
      run: async (stage) => {
        const watch = watchReadiness(stage.world.hub);
        const from = performance.now();
        let over = from;
        const answers = await underTraffic(stage, async () => {
          await pause(2_000);
          await disk.fill();
          await pause(lasting(stage, 20));
          await disk.empty();
          over = performance.now();
          await pause(5_000);
        });
        const to = performance.now();
        await watch.stop();
        const refused = answers.filter(({ status }) => status !== 200).length;
        return [
          ...faultsOf(answers),
          ...readinessFaults(watch.looks, over + 2_000, to, true),
          ...(refused || stage.pace < 1 ? [] : ['nothing was refused: the disk was never full']),
        ];
      },
    };
  },
};
