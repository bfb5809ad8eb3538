import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf } from '../answers.ts';
import { pause } from '../fleet.ts';
import { watchReadiness } from '../readiness.ts';
import type { Stage, Trial } from '../stage.ts';
import { lasting, underTraffic } from '../stage.ts';

/** The clocks of all the hub's processes are wrong by more than Slack's signatures allow, first ahead, then behind. */
export const wrongClock: Trial = {
  name: 'the clock is wrong by 400 s, ahead and behind',
  run: async (stage) => {
    const library = fakeTime();
    if (!library) return ['libfaketime is not installed here: the clock could not be tried'];
    const faults: string[] = [];
    for (const skew of ['+400s', '-400s']) {
      const more = { LD_PRELOAD: library, FAKETIME: skew, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
      faults.push(...(await withClock(stage, skew, more)));
    }
    await stage.fleet.roll('web', {});
    await stage.fleet.roll('worker', {});
    return faults;
  },
};

async function withClock(stage: Stage, skew: string, more: Record<string, string>): Promise<string[]> {
  let told = false;
  const answers = await underTraffic(stage, async () => {
    await stage.fleet.roll('worker', more);
    // What the right clock would accept is refused now, and sent again until the clock is right.
    const skewed = await stage.fleet.addWeb(more);
    const own = watchReadiness(skewed.url);
    await pause(lasting(stage, 10));
    await own.stop();
    await skewed.stop();
    told = own.looks.some(({ body }) => /clock/i.test(body));
  });
  return [...faultsOf(answers), ...(told ? [] : [`${skew}: /readyz does not say that the clock is wrong`])];
}

function fakeTime(): string | null {
  const root = '/usr/lib';
  for (const folder of readdirSync(root)) {
    const library = join(root, folder, 'faketime/libfaketime.so.1');
    if (existsSync(library)) return library;
  }
  return null;
}
