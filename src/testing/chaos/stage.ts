import type { Acknowledged } from './acknowledged.ts';
import type { Act, World } from './acts.ts';
import type { Answered } from './answers.ts';
import type { Fleet } from './fleet.ts';
import { pause } from './fleet.ts';
import { chanceOf } from './random.ts';
import type { Setting, SettingOptions } from './setting.ts';
import { someActs } from './traffic.ts';

/** A running hub in its surroundings, with what was sent to it so far. */
export interface Stage {
  /** The tree that the fleet runs. */
  root: string;
  setting: Setting;
  fleet: Fleet;
  world: World;
  acts: Act[];
  acknowledged: Acknowledged;
  /** What the durations of trials are multiplied by: 1, or less where time is short. */
  pace: number;
}

/** Something that goes wrong around the hub, and what must hold meanwhile. */
export interface Trial {
  name: string;
  /** Returns what did not hold; what was lost or doubled is found afterwards. */
  run(stage: Stage): Promise<string[]>;
}

const SENDERS = 4;
/** Milliseconds for which an act is sent again once its trial is over; then the hub had every chance. */
const PATIENCE = 60_000;

/** Lets acts arrive while `work` runs, each sent again until it is acknowledged. Returns how each try was answered meanwhile. */
export async function underTraffic(
  stage: Stage,
  work: () => Promise<void>,
  hubs = [stage.world.hub],
): Promise<Answered[]> {
  const heard: Answered[] = [];
  let over = false;
  const worlds = hubs.map((hub): World => ({ ...stage.world, hub, heard: (answered) => over || heard.push(answered) }));
  const sending = Array.from({ length: SENDERS }, async (_, lane) => {
    const chance = chanceOf(stage.acts.length * 31 + lane);
    while (!over) {
      const acts = someActs(worlds[lane % worlds.length] ?? stage.world, chance, stage.acts.length + 1);
      stage.acts.push(...acts);
      for (const act of acts) {
        if (!(await untilAcknowledged(stage, act, () => over))) break;
        await pause(chance.between(100, 400));
      }
    }
  });
  await work().finally(() => {
    over = true;
  });
  await Promise.all(sending);
  return heard;
}

async function untilAcknowledged({ acknowledged }: Stage, act: Act, over: () => boolean): Promise<boolean> {
  for (let until = Number.POSITIVE_INFINITY; Date.now() < until; await pause(200)) {
    if (over()) until = Math.min(until, Date.now() + PATIENCE);
    if (!(await act.send())) continue;
    acknowledged.add(act.mark);
    return true;
  }
  return false;
}

/** Milliseconds of a trial that lasts so many seconds at full length. */
export function lasting(stage: Stage, seconds: number): number {
  return seconds * 1_000 * stage.pace;
}

/** A trial that needs a database of a kind, and so surroundings of its own. */
export interface OwnTrial {
  name: string;
  /** @throws Error where this machine cannot give what it needs */
  open(): Promise<{ setting: SettingOptions; run: Trial['run']; close(): Promise<void> }>;
}
