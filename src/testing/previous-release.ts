import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'fixtures');

/** A database of the previous release, as SQL that a superuser runs where the roles are there. */
export function previousDatabase(): Promise<string> {
  return readFile(join(fixtures, 'previous-release.sql'), 'utf8');
}

/** What a process of the previous release did until it was stopped. */
export interface Served {
  /** Ids of the tickets whose filing was acknowledged. */
  filed: string[];
  faults: string[];
  /** Pages it answered. */
  looked: number;
  /** Milliseconds of the longest answer. */
  longest: number;
  /** Status of /readyz at the end. */
  ready: number;
}

export interface PreviousProcess {
  url: string;
  stop(): Promise<Served>;
}

/**
 * The code of the commit that made the database, in a folder of its own with this tree's packages.
 * @returns null where the clone does not hold that commit; the reason is printed
 */
export async function previousTree(): Promise<string | null> {
  const commit = /^-- ([0-9a-f]{40})$/m.exec(await previousDatabase())?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'parley-previous-'));
  try {
    await run(
      'sh',
      ['-c', `set -e; git archive "$1" > "$2/tree.tar"; tar -xf "$2/tree.tar" -C "$2"`, 'sh', commit, folder],
      {
        cwd: root,
      },
    );
  } catch {
    console.log(
      `Not checked: that a process of the previous release goes on serving. This clone does not hold ${commit}.`,
    );
    await rm(folder, { recursive: true });
    return null;
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'src/testing'), { recursive: true });
  await copyFile(join(fixtures, 'previous-release.ts.txt'), join(folder, 'src/testing/serve.ts'));
  await run(process.execPath, [join(folder, 'scripts/generate-client.mjs')], { cwd: folder });
  return folder;
}

/** Starts it; returns once it serves. */
export async function servePrevious(tree: string, environment: Record<string, string>): Promise<PreviousProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/testing/serve.ts'], {
    cwd: tree,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  const next = async <T>() => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process of the previous release ended: ${said}`);
    return JSON.parse(value) as T;
  };
  const { url } = await next<{ url: string }>();
  return {
    url,
    stop: () => {
      child.kill('SIGTERM');
      return next<Served>();
    },
  };
}
