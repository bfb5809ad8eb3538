import type { OwnTrial, Trial } from './stage.ts';
import { wrongClock } from './trials/clock.ts';
import { frozen, lockedRow } from './trials/database.ts';
import { fullDisk } from './trials/disk.ts';
import { failover } from './trials/failover.ts';
import { hangs, longJobs, refusals } from './trials/platform.ts';
import { behindReport, newSecret } from './trials/rollout.ts';

/** Faults that come after the kills, on the same hub and database. */
export const TRIALS: readonly Trial[] = [
  hangs,
  longJobs,
  refusals,
  frozen,
  lockedRow,
  wrongClock,
  behindReport,
  newSecret,
];

/** Faults of a kind of database. */
export const OWN_TRIALS: readonly OwnTrial[] = [fullDisk, failover];
