import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The path of a platform's own description of its API. They are not part of this repository: the folder that PARLEY_SPECS
 * names holds them. Null, and said so, where it does not; the check is left out then.
 */
export function specFile(name: string): string | null {
  const folder = process.env.PARLEY_SPECS;
  const path = folder ? join(folder, name) : null;
  if (path && existsSync(path)) return path;
  console.log(`Not checked against ${name}: ${folder ? `it is not in ${folder}` : 'PARLEY_SPECS names no folder'}.`);
  return null;
}
