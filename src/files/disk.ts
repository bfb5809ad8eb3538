import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Storage } from '../core/kernel/files.ts';

/** Names that we gave: nothing that comes from outside becomes a path. */
const NAME = /^[0-9a-f-]{36}$/;

/** Writes down what a directory holds, so that a new name is there after the machine went down. */
async function keepNames(directory: string): Promise<void> {
  const names = await open(directory);
  try {
    await names.sync();
  } finally {
    await names.close();
  }
}

/** Files in a directory of this machine, which nobody else reads. Two processes share it only where they share the disk. */
export function diskStorage(directory: string): Storage {
  const pathOf = (name: string) => {
    if (!NAME.test(name)) throw new Error('a stored file has a name of ours');
    // A directory with hundreds of thousands of files is slow to look through.
    return join(directory, name.slice(0, 2), name);
  };
  return {
    put: async (name, content) => {
      const path = pathOf(name);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      const part = `${path}.part`;
      try {
        await pipeline(Readable.from(content), createWriteStream(part, { mode: 0o600, flush: true }));
        await rename(part, path);
        await keepNames(join(path, '..'));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    get: async (name) => {
      const path = pathOf(name);
      const file = await open(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      await file?.close();
      return file ? createReadStream(path) : null;
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}
