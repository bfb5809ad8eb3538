import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFault } from './start-fault.ts';

/**
 * Takes a data directory for this process alone. The lock names a process and when it started, so that a lock left by
 * a killed process, or a pid that was given to another one since, does not keep anybody out.
 * @returns how to give it back
 * @throws Error naming the process that holds it
 */
export async function holdDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'parley.lock');
  const mine = `${process.pid} ${await startedAt(process.pid)}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(mine);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = '', started = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
      if (pid && (await startedAt(Number(pid))) === started) {
        throw new StartFault(
          `Another Parley (process ${pid}) is using ${directory}: stop it, choose another PARLEY_DATA_DIR, or set DATABASE_URL to share a PostgreSQL server`,
        );
      }
      await rm(path, { force: true });
    }
  }
  throw new StartFault(`The lock ${path} could not be taken: try again`);
}

/** When a process started, in the kernel's ticks; '' when there is none (or, off Linux, whether it lives). */
async function startedAt(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  try {
    process.kill(pid, 0);
    return process.platform === 'linux' ? '' : 'alive';
  } catch {
    return '';
  }
}
