import { faultsOf } from '../answers.ts';
import { pause } from '../fleet.ts';
import { readinessFaults, watchReadiness } from '../readiness.ts';
import type { Stage, Trial } from '../stage.ts';
import { lasting, underTraffic } from '../stage.ts';

/** Slack takes so long for every call, and then does what it was asked. */
export const hangs: Trial = {
  name: 'Slack hangs for 20 s',
  run: (stage) =>
    untouched(stage, async () => {
      stage.setting.slack.latency(lasting(stage, 20));
      await pause(lasting(stage, 20));
      stage.setting.slack.latency(0);
      await pause(lasting(stage, 20));
    }),
};

/** A job that takes longer than any lease: the calls that are under way when Slack slows down take 40 s. */
export const longJobs: Trial = {
  name: 'jobs take 40 s',
  run: (stage) =>
    untouched(stage, async () => {
      // Never shorter than a worker's lease: that is what is tried here.
      const longest = Math.max(20_000, lasting(stage, 40));
      stage.setting.slack.latency(longest);
      await pause(3_000);
      stage.setting.slack.latency(0);
      await pause(longest);
    }),
};

/** Slack refuses every message for half a minute, and says when to come back. */
export const refusals: Trial = {
  name: 'Slack answers 429 for 30 s',
  run: (stage) =>
    untouched(stage, async () => {
      for (const method of ['chat.postMessage', 'chat.update'])
        stage.setting.slack.failNext(method, { retryAfter: 2, times: Number.POSITIVE_INFINITY });
      await pause(lasting(stage, 30));
      stage.setting.slack.clear();
    }),
};

/** What happens at a platform must not be felt by those who press, nor by the load balancer. */
async function untouched(stage: Stage, work: () => Promise<void>): Promise<string[]> {
  const watch = watchReadiness(stage.world.hub);
  const from = performance.now();
  const answers = await underTraffic(stage, work);
  const to = performance.now();
  await watch.stop();
  return [...faultsOf(answers), ...readinessFaults(watch.looks, from, to, true)];
}
