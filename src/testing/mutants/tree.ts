import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One change of a file: `from` must stand in it exactly once. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** A copy of the tree that can be changed and put back. */
export interface MutableTree {
  root: string;
  /** @throws Error when an edit does not fit the code any more: a mutant that changes nothing proves nothing */
  apply(edits: readonly Edit[]): Promise<void>;
  /** Puts back what `apply` changed. */
  revert(): Promise<void>;
  remove(): Promise<void>;
}

/** What a copy needs to run and to be tested. Dependencies are linked, not copied. */
const PARTS = ['src', 'scripts', 'webhooks', 'prisma', 'package.json', 'jest.config.mjs'];

/** Copies the tree at `root` into a temporary folder. */
export async function mutableTree(root: string): Promise<MutableTree> {
  const copy = await mkdtemp(join(tmpdir(), 'parley-mutant-'));
  for (const part of PARTS) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const before = new Map<string, string>();
  return {
    root: copy,
    apply: async (edits) => {
      for (const { file, from, to } of edits) {
        const path = join(copy, file);
        const text = await readFile(path, 'utf8');
        const found = text.split(from).length - 1;
        if (found !== 1) throw new Error(`${file} holds the text to change ${found} times instead of once: ${from}`);
        if (!before.has(path)) before.set(path, text);
        await writeFile(
          path,
          text.replace(from, () => to),
        );
      }
    },
    revert: async () => {
      for (const [path, text] of before) await writeFile(path, text);
      before.clear();
    },
    remove: () => rm(copy, { recursive: true, force: true }),
  };
}
