/**
 * The lock file is what an install trusts: each package must carry its checksum, none may name a registry's host (so that any
 * mirror serves), and package.json asks for exact versions. lockfile-lint cannot do this: it skips entries without a host.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  resolved?: string;
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
}

const root = join(import.meta.dirname, '..');
const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const wanted: Record<'dependencies' | 'devDependencies', Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const faults = [
  ...packages.filter(([, locked]) => locked.resolved).map(([path]) => `${path} names the host it came from`),
  ...packages
    .filter(([, locked]) => !locked.integrity && !locked.link && !locked.inBundle)
    .map(([path]) => `${path} has no checksum`),
  ...Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })
    .filter(([, range]) => !/^\d/.test(range))
    .map(([name, range]) => `package.json asks for ${name} ${range}, not for one exact version`),
];

if (faults.length > 0) {
  console.error(`check-lockfile: ${faults.join('\n                ')}`);
  console.error('Cure: npm install with this folder’s .npmrc, which leaves hosts out and saves exact versions.');
}
process.exitCode = faults.length > 0 ? 1 : 0;
