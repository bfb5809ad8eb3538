/**
 * The one list that people and CI run before a change is done. Each step's name, time and outcome is printed; what a step
 * says is shown when it fails. Every step runs even after a failure, so that one run shows all there is to mend.
 *
 * Usage: npm run check [-- --skip tests,secrets] [-- --only types,lint]
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

interface Step {
  name: string;
  command: string;
  /** Why there is nothing to do, if so. */
  idle?: string | undefined;
}

const root = join(import.meta.dirname, '..');
const codeFolders = ['src', 'webhooks', 'bench'].filter((folder) => existsSync(join(root, folder)));

const steps: Step[] = [
  { name: 'types', command: 'tsc --pretty' },
  { name: 'lint', command: 'biome check --error-on-warnings --no-errors-on-unmatched .' },
  {
    name: 'imports',
    command: `depcruise --config .dependency-cruiser.cjs ${codeFolders.join(' ')}`,
    idle: codeFolders.length === 0 ? 'no code yet' : undefined,
  },
  { name: 'unused code', command: 'knip' },
  {
    name: 'schema drift',
    command: 'node --disable-warning=ExperimentalWarning scripts/check-drift.ts',
    idle: existsSync(join(root, 'prisma/schema.prisma')) ? undefined : 'no prisma/schema.prisma yet',
  },
  { name: 'sql', command: 'node --disable-warning=ExperimentalWarning scripts/check-sql.ts' },
  { name: 'tables', command: 'node --disable-warning=ExperimentalWarning scripts/check-tables.ts' },
  { name: 'migrations', command: 'node scripts/check-migrations.ts' },
  { name: 'lock file', command: 'node scripts/check-lockfile.ts' },
  { name: 'secrets', command: 'secretlint --maskSecrets "**/*"' },
  { name: 'tests', command: 'npm test --silent' },
];

const chosen = chooseSteps(process.argv.slice(2));
let failed = 0;
for (const step of chosen) {
  if (step.idle) {
    report(step, 'skipped', 0, step.idle);
    continue;
  }
  const started = performance.now();
  const { code, output } = await run(step.command);
  report(step, code === 0 ? 'ok' : 'FAILED', performance.now() - started);
  if (code === 0) continue;
  failed += 1;
  process.stdout.write(`${output.trimEnd()}\n\n`);
}
console.log(
  failed === 0 ? `check: ${chosen.length} steps, all well` : `check: ${failed} of ${chosen.length} steps failed`,
);
process.exitCode = failed === 0 ? 0 : 1;

function chooseSteps(args: string[]): Step[] {
  const { values } = parseArgs({ args, options: { skip: { type: 'string' }, only: { type: 'string' } } });
  const skip = names(values.skip);
  const only = names(values.only);
  const unknown = [...skip, ...only].filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(`no step is called ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}`);
  }
  return steps.filter((step) => !skip.includes(step.name) && (only.length === 0 || only.includes(step.name)));
}

function names(list: string | undefined): string[] {
  return list ? list.split(',').map((name) => name.trim()) : [];
}

function report(step: Step, outcome: string, milliseconds: number, note = ''): void {
  const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
  console.log(`${step.name.padEnd(14)}${seconds.padStart(8)}  ${outcome}${note && `: ${note}`}`);
}

/** Runs one command with the project's own tools and this very Node first on the PATH. */
function run(command: string): Promise<{ code: number; output: string }> {
  const path = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, { cwd: root, shell: true, env: { ...process.env, PATH: path } });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
