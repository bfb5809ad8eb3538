import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small disk of its own. */
export interface SmallDisk {
  folder: string;
  /** Leaves no block free. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Mounts a file system in memory.
 * @throws Error where this process may not: it takes root
 */
export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  if (userInfo().uid !== 0) throw new Error('a disk that can be filled is mounted by root alone');
  const folder = await mkdtemp(join(tmpdir(), 'parley-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: async () => {
      await writeFile(filler, '');
      // It ends with an error once the disk is full: that is what it is for.
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k', 'oflag=append', 'conv=notrunc']).catch(
        () => undefined,
      );
    },
    empty: async () => {
      await truncate(filler, 0);
      await rm(filler, { force: true });
    },
    remove: async () => {
      await run('umount', ['-l', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
