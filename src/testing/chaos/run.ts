import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutableTree } from '../mutants/tree.ts';
import { Acknowledged } from './acknowledged.ts';
import type { Act, World } from './acts.ts';
import { makeAct } from './acts.ts';
import type { Fleet } from './fleet.ts';
import { pause, startFleet } from './fleet.ts';
import { askClock, underHurriedClock } from './hurried-clock.ts';
import type { Mutant } from './mutants.ts';
import { MUTANTS } from './mutants.ts';
import { judge, untilAtRest } from './oracle.ts';
import type { Chance } from './random.ts';
import { chanceOf } from './random.ts';
import { firstTicket } from './rehearsal.ts';
import type { SettingOptions } from './setting.ts';
import { setUp } from './setting.ts';
import type { OwnTrial, Stage, Trial } from './stage.ts';
import type { Takeover } from './takeover.ts';
import { watchTakeovers } from './takeover.ts';
import { storyActs } from './traffic.ts';
import { OWN_TRIALS, TRIALS } from './trials.ts';
import { postedTwice, verifyAtRest } from './verify.ts';

const USAGE = `Usage: npm run chaos -- [--seed 7] [--kills 200] [--restarts n] [--trials <words>] [--short] [--mutant <name> | --mutants]

Kills web and worker at random and crashes the database, while presses, webhooks, mails and requests of the API arrive, one in ten of them twice at once and one in ten again later, out of order, and the clock asks for what is due.
After the kills each trial puts the hub through one fault under the same traffic: ${[...TRIALS, ...OWN_TRIALS].map((trial) => trial.name).join('; ')}.
--trials runs those whose names hold the words (or others after a |), "none" runs none; --short gives each a third of its time.
--mutants runs each of: ${MUTANTS.map((mutant) => mutant.name).join(', ')}; every one must be caught.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    kills: { type: 'string', default: '200' },
    restarts: { type: 'string' },
    trials: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});

interface Plan {
  seed: number;
  kills: number;
  restarts: number;
}

/** One killed worker's jobs must be taken over within this. */
const TAKEOVER_LIMIT = 30_000;
/** Milliseconds until all must be done: what waited behind a hanging platform, and messages that are looked for two minutes after they were sent. */
const REST_PATIENCE = 900_000;
/** Acts for each kill: enough that every moment of a request's life is hit. */
const ACTS_PER_KILL = 8;
/** And so many stories, which take turns: twelve kills come to each of them. */
const STORIES_PER_KILL = 1;
const SENDERS = 6;
/** Milliseconds for which an act is sent again: longer than a busy machine takes to start a process. */
const DELIVERY = 120_000;

const root = join(import.meta.dirname, '../../..');
process.exitCode = await main();

async function main(): Promise<number> {
  const kills = Number(values.kills);
  const plan = {
    seed: Number(values.seed),
    kills,
    restarts: Number(values.restarts ?? Math.max(1, Math.round(kills / 10))),
  };
  if (values.help || ![plan.seed, plan.kills, plan.restarts].every(Number.isInteger)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  if (values.mutants) return allMutants(plan);
  const mutant = MUTANTS.find(({ name }) => name === values.mutant);
  if (values.mutant && !mutant) {
    console.error(`There is no mutant "${values.mutant}".\n${USAGE}`);
    return 2;
  }
  const faults = await oneRun(plan, mutant);
  if (!mutant) for (const trial of OWN_TRIALS.filter(isChosen)) faults.push(...(await ownRun(trial)));
  if (!mutant) return faults.length ? 1 : 0;
  console.log(faults.length ? `mutant "${mutant.name}" was caught` : `mutant "${mutant.name}" was NOT caught`);
  return faults.length ? 0 : 1;
}

async function allMutants(plan: Plan): Promise<number> {
  const missed: string[] = [];
  for (const mutant of MUTANTS) {
    const faults = await oneRun(plan, mutant);
    console.log(faults.length ? `CAUGHT  ${mutant.name}: ${faults[0]}\n` : `MISSED  ${mutant.name}\n`);
    if (!faults.length) missed.push(mutant.name);
  }
  console.log(`${MUTANTS.length - missed.length} of ${MUTANTS.length} mutants caught`);
  return missed.length ? 1 : 0;
}

/** Kills, crashes and the trials that any surroundings will do for; returns the faults found. */
async function oneRun(plan: Plan, mutant?: Mutant): Promise<string[]> {
  console.log(
    `chaos: seed ${plan.seed}, ${plan.kills} kills, ${plan.restarts} database crashes${mutant ? `, with the mutant "${mutant.name}" (${mutant.promise})` : ''}`,
  );
  const tree = mutant?.edits.length ? await mutableTree(root) : null;
  await tree?.apply(mutant?.edits ?? []);
  const options = {
    ...(mutant?.settings ? { settings: mutant.settings } : {}),
    ...(mutant?.sql ? { sql: mutant.sql } : {}),
  };
  try {
    return await onStage(tree?.root ?? root, options, async (stage) => {
      const takeovers = await storm(stage, plan);
      await stage.fleet.waitUntilReady();
      const [worst] = takeovers.sort((a, b) => b.took - a.took);
      console.log(
        `  jobs of killed workers taken over: ${takeovers.length}, worst after ${worst?.took ?? 0} ms (limit ${TAKEOVER_LIMIT} ms)`,
      );
      const faults = takeovers
        .filter(({ took }) => took > TAKEOVER_LIMIT)
        .map(({ took, queue, attempt }) => `a job of ${queue} (try ${attempt}) was taken over after ${took} ms`);
      for (const fault of faults) console.log(`    - ${fault}`);
      if (!mutant) for (const trial of TRIALS.filter(isChosen)) faults.push(...(await tried(trial, stage)));
      return faults;
    });
  } finally {
    await tree?.remove();
  }
}

/** A trial in surroundings of its own. */
async function ownRun(trial: OwnTrial): Promise<string[]> {
  console.log(`chaos: ${trial.name}`);
  const { setting, run, close } = await trial.open();
  try {
    return await onStage(root, setting, (stage) => tried({ name: trial.name, run }, stage));
  } finally {
    await close();
  }
}

function isChosen({ name }: { name: string }): boolean {
  return values.trials !== 'none' && values.trials.split('|').some((words) => name.includes(words));
}

async function tried(trial: Trial, stage: Stage): Promise<string[]> {
  const before = stage.acts.length;
  const faults = (await trial.run(stage)).map((fault) => `${trial.name}: ${fault}`);
  console.log(`  ${trial.name}: ${stage.acts.length - before} acts, ${faults.length} faults`);
  for (const fault of faults) console.log(`    - ${fault}`);
  return faults;
}

/** Sets everything up, lets `work` be hard on it, and judges what is left at rest. */
async function onStage(
  tree: string,
  options: SettingOptions,
  work: (stage: Stage) => Promise<string[]>,
): Promise<string[]> {
  const setting = await setUp(options);
  const fleet = await startFleet(tree, setting.port, setting.environment);
  try {
    await fleet.waitUntilReady();
    const world = await firstTicket(setting);
    const pace = values.short ? 1 / 3 : 1;
    const stage: Stage = { root: tree, setting, fleet, world, acts: [], acknowledged: new Acknowledged(), pace };
    const { DATABASE_APP_URL: appUrl = '' } = setting.environment;
    const faults = await underHurriedClock(appUrl, () => work(stage));
    await fleet.waitUntilReady();
    await untilAtRest(setting.query, REST_PATIENCE);
    // What became due last may have come after the clock had asked.
    await askClock(appUrl);
    const left = await untilAtRest(setting.query, REST_PATIENCE);
    const verdict = await judge(setting.query, stage.acts, stage.acknowledged);
    faults.push(...verdict.faults, ...left, ...fleet.deaths);
    await fleet.stop();
    faults.push(...(await verifyAtRest(tree, setting)), ...postedTwice(setting));
    report(verdict.figures, fleet, faults);
    return faults;
  } finally {
    await fleet.stop();
    await setting.stop();
  }
}

/** Kills and crashes by chance while acts arrive; ends when all of both are through. */
async function storm(stage: Stage, plan: Plan): Promise<Takeover[]> {
  const { setting, fleet, acknowledged } = stage;
  const chains = chainsOf(stage.world, plan);
  stage.acts.push(...chains.flat());
  // Whoever is free takes the next one.
  const next = chains.values();
  const watch = watchTakeovers(setting.query);
  const chance = chanceOf(plan.seed + 1);
  let killing = true;
  const killer = (async () => {
    const crashEvery = plan.restarts ? plan.kills / plan.restarts : Number.POSITIVE_INFINITY;
    for (let kill = 1; kill <= plan.kills; kill += 1) {
      await pause(chance.between(200, 1_800));
      const role = chance.happens(0.5) ? 'web' : 'worker';
      fleet.kill(role, chance.between(0, 9));
      if (role === 'worker') void watch.killed();
      if (Math.floor(kill / crashEvery) > Math.floor((kill - 1) / crashEvery)) {
        // The worst moment: something was acknowledged just now.
        await acknowledged.next(5_000);
        await setting.postgres?.crash();
      }
    }
    killing = false;
  })();
  await Promise.all([
    killer,
    ...Array.from({ length: SENDERS }, (_, lane) =>
      sendAll(next, chanceOf(plan.seed + 10 + lane), acknowledged, () => killing),
    ),
  ]);
  return watch.end(2 * TAKEOVER_LIMIT);
}

/** What is sent one after the other: single acts, and stories among them. */
function chainsOf(world: World, plan: Plan): Act[][] {
  const chance = chanceOf(plan.seed);
  const together = ACTS_PER_KILL + STORIES_PER_KILL;
  return Array.from({ length: plan.kills * together }, (_, index) =>
    index % together < ACTS_PER_KILL
      ? [makeAct(world, chance, index + 1)]
      : storyActs(world, chance, Math.floor(index / together)),
  );
}

/** Sends each act until it is acknowledged, as the platforms do; one in ten goes twice at once, one in ten again later and out of order. */
async function sendAll(
  chains: Iterable<Act[]>,
  chance: Chance,
  acknowledged: Acknowledged,
  killing: () => boolean,
): Promise<void> {
  const again: Act[] = [];
  for (const chain of chains)
    for (const act of chain) {
      const [isDone] = await Promise.all([deliver(act, acknowledged), chance.happens(0.1) ? act.send() : null]);
      // What comes after it in its story needs it.
      if (!isDone) break;
      if (chance.happens(0.1)) again.push(act);
      if (again.length > 3) await again.splice(chance.between(0, again.length - 1), 1)[0]?.send();
      // Spread over the whole storm, so that the last kills still hit something.
      await pause(killing() ? chance.between(100, 800) : 0);
    }
  for (const act of again) await act.send();
}

async function deliver(act: Act, acknowledged: Acknowledged): Promise<boolean> {
  for (const until = Date.now() + DELIVERY; Date.now() < until; await pause(200)) {
    if (await act.send()) {
      acknowledged.add(act.mark);
      return true;
    }
  }
  return false;
}

function report(figures: Record<string, number>, fleet: Fleet, faults: string[]): void {
  const ready = [...fleet.readyIn].sort((a, b) => a - b);
  const at = (list: number[], share: number) =>
    Math.round(list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0);
  console.log(`  ${figures.acts} acts, ${figures.acknowledged} acknowledged, ${figures.effects} took effect`);
  console.log(`  ready again after a kill: median ${at(ready, 0.5)} ms, worst ${at(ready, 1)} ms`);
  for (const [name, value] of Object.entries(figures).slice(3)) console.log(`  ${name}: ${value}`);
  console.log(
    faults.length
      ? `  ${faults.length} FAULTS:`
      : '  no fault: nothing acknowledged is lost, nothing is doubled, the ledger balances, every card shows the present',
  );
  for (const fault of faults.slice(0, 12)) console.log(`    - ${fault.slice(0, 600)}`);
}
