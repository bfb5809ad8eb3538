/**
 * Applies each mutant of the list to a copy of the tree, runs the tests that should notice it, and says which did.
 * Every mutant must be noticed, or stand in the list with the reason why not.
 */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS } from './list.ts';
import type { Mutant } from './mutant.ts';
import type { MutableTree } from './tree.ts';
import { mutableTree } from './tree.ts';

const USAGE = `Usage: npm run mutants [-- --only <words of a name or file>|<others>] [--sample <n> --seed <s>] [--lanes 2]

--sample runs so many of them, chosen by the seed; without it all are run.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '2' },
    help: { type: 'boolean', short: 'h' },
  },
});

/** Milliseconds after which the tests of a mutant count as hanging: it may wait for ever. */
const PATIENCE = 240_000;
/** All the tests at once, without a mutant, take longer. */
const PATIENCE_FOR_ALL = 3_600_000;

type Fate =
  | { fate: 'noticed'; by: string }
  | { fate: 'survived' }
  /** The mutant cannot be judged: its edit does not fit, or its tests do not even load. */
  | { fate: 'unusable'; why: string };

const root = join(import.meta.dirname, '../../..');
process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const chosen = choose(MUTANTS);
  const lanes = Number(values.lanes);
  if (!chosen.length || !(lanes >= 1)) {
    console.error(chosen.length ? USAGE : `No mutant is called "${values.only}".`);
    return 2;
  }
  console.log(`${chosen.length} of ${MUTANTS.length} mutants`);
  const healthy = await unmutated(chosen);
  if (healthy) {
    console.error(`The tests fail without a mutant, so that they can prove nothing:\n${healthy}`);
    return 1;
  }
  const waiting = [...chosen];
  const faults: string[] = [];
  const survivors: string[] = [];
  const lane = async () => {
    const tree = await mutableTree(root);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const fate = await judge(tree, next);
      const excused = next.survives !== undefined;
      if (fate.fate === 'unusable') faults.push(`${next.name}: ${fate.why}`);
      if (fate.fate === 'survived' && !excused) faults.push(`${next.name}: no test noticed`);
      if (fate.fate === 'survived' && excused) survivors.push(`${next.name}: ${next.survives}`);
      if (fate.fate === 'noticed' && excused) faults.push(`${next.name}: is noticed after all; take its reason away`);
      console.log(line(next, fate));
    }
    await tree.remove();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const noticed = chosen.length - survivors.length - faults.length;
  console.log(`\n${noticed} noticed, ${survivors.length} survive with a reason, ${faults.length} faults`);
  for (const survivor of survivors) console.log(`  survives  ${survivor}`);
  for (const fault of faults) console.log(`  FAULT     ${fault}`);
  return faults.length ? 1 : 0;
}

function choose(mutants: readonly Mutant[]): Mutant[] {
  const { only, sample } = values;
  const words = only?.split('|') ?? [''];
  const named = mutants.filter(({ name, edits }) =>
    [name, ...edits.map(({ file }) => file)].some((text) => words.some((word) => text.includes(word))),
  );
  if (sample === undefined) return named;
  // A plain linear congruential order is enough: over many seeds each is run.
  const rank = (index: number) => ((index + 1) * 2_654_435_761 + Number(values.seed) * 40_503) % 4_294_967_296;
  return named
    .map((one, index) => ({ one, rank: rank(index) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, Number(sample))
    .map(({ one }) => one);
}

/** Runs the tests on the tree as it is. Returns what failed, or nothing. */
async function unmutated(chosen: readonly Mutant[]): Promise<string> {
  const tree = await mutableTree(root);
  const tests = [...new Set(chosen.flatMap((one) => one.tests))];
  const result = await runTests(tree.root, tests, {
    workers: Number(values.lanes),
    patience: PATIENCE_FOR_ALL,
    untilOneFails: false,
  });
  await tree.remove();
  return result.failed.concat(result.broken).join('\n');
}

async function judge(tree: MutableTree, { edits, tests }: Mutant): Promise<Fate> {
  try {
    await tree.apply(edits);
    const { failed, broken } = await runTests(tree.root, tests, {
      workers: 1,
      patience: PATIENCE,
      untilOneFails: true,
    });
    if (failed[0]) return { fate: 'noticed', by: failed[0] };
    return broken[0] ? { fate: 'unusable', why: broken[0] } : { fate: 'survived' };
  } catch (error) {
    return { fate: 'unusable', why: error instanceof Error ? error.message : String(error) };
  } finally {
    await tree.revert();
  }
}

interface Report {
  numTotalTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

interface Effort {
  workers: number;
  patience: number;
  /** Leaves out what comes after the first failure. */
  untilOneFails: boolean;
}

async function runTests(
  at: string,
  tests: readonly string[],
  { workers, patience, untilOneFails }: Effort,
): Promise<{ failed: string[]; broken: string[] }> {
  const output = join(at, 'report.json');
  await rm(output, { force: true });
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(at, 'node_modules/jest/bin/jest.js'),
  ];
  args.push('--json', `--outputFile=${output}`, '--silent', `--maxWorkers=${workers}`);
  if (untilOneFails) args.push('--bail', `--testEnvironment=${join(at, 'src/testing/mutants/first-failure.mjs')}`);
  args.push(...tests);
  const ended = await run(at, args, patience);
  if (ended.late) return { failed: [`(the tests did not end within ${patience / 1000} s)`], broken: [] };
  const text = await readFile(output, 'utf8').catch(() => '');
  if (!text) {
    // Whoever stops at the first failure writes no report.
    const [, first] = /^ {2}● (?!Test suite failed to run)(.+)$/m.exec(ended.said) ?? [];
    return first
      ? { failed: [first], broken: [] }
      : { failed: [], broken: [`the tests said nothing: ${ended.said.slice(-500)}`] };
  }
  const report = JSON.parse(text) as Report;
  if (!report.numTotalTests && !report.testResults.length)
    return { failed: [], broken: [`there are no tests at ${tests.join(', ')}`] };
  const failed = report.testResults.flatMap(({ assertionResults, status: file }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    // What nobody catches would end the process: Jest fails the file for it, and none of its tests. A file in which some are
    // skipped is "focused".
    return tests.length || file !== 'failed' || !assertionResults.length ? tests : ['an error that nobody caught'];
  });
  const broken = report.testResults
    .filter(({ assertionResults, message }) => !assertionResults.length && message)
    .map(({ name, message }) => `${name}: ${message.slice(0, 500)}`);
  return { failed, broken };
}

function run(cwd: string, args: string[], patience: number): Promise<{ late: boolean; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let said = '';
    let late = false;
    const keep = (text: Buffer) => {
      said = (said + text).slice(-1_000_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const impatient = setTimeout(() => {
      late = true;
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    }, patience);
    child.once('exit', () => {
      clearTimeout(impatient);
      resolve({ late, said });
    });
  });
}

function line({ name, survives }: Mutant, fate: Fate): string {
  switch (fate.fate) {
    case 'noticed':
      return `noticed   ${name}\n            by: ${fate.by}`;
    case 'survived':
      return `${survives === undefined ? 'SURVIVED ' : 'survived '} ${name}`;
    case 'unusable':
      return `UNUSABLE  ${name}: ${fate.why}`;
  }
}
