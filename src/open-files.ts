import type { Config } from './config.ts';
import type { Files, Storage } from './core/kernel/files.ts';
import { filesIn } from './core/kernel/files.ts';
import { clamd } from './files/clamd.ts';
import { diskStorage } from './files/disk.ts';

/** Where this hub keeps files, and what scans them, as the environment says it. Nothing is opened before a file comes. */
export function openFiles({ files: { place, s3, scan, most } }: Pick<Config, 'files'>): Files {
  const storage = place.kind === 'disk' ? diskStorage(place.directory) : later(() => bucket(place, s3));
  return filesIn(storage, scan === null || scan === 'off' ? scan : clamd(scan), most);
}

async function bucket(place: { bucket: string; prefix: string }, s3: Config['files']['s3']): Promise<Storage> {
  const { s3Storage } = await import('./integrations/s3/storage.ts');
  return s3Storage(place, s3);
}

/** A storage whose SDK is loaded when it is first used. */
function later(load: () => Promise<Storage>): Storage {
  let loaded: Promise<Storage> | null = null;
  const there = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    put: async (name, content) => (await there()).put(name, content),
    get: async (name) => (await there()).get(name),
    remove: async (name) => (await there()).remove(name),
  };
}
