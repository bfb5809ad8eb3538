import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the programs of poppler-utils are here; where not, it is said which checks are left out. */
export function hasPoppler(): boolean {
  if (spawnSync('pdftotext', ['-v']).status === 0) return true;
  console.log('Documents are not read back: pdftotext is not installed (apt-get install poppler-utils).');
  return false;
}

/** What another program than ours reads in a PDF. */
export interface Seen {
  /** In the order in which it was written, each run of blanks as one. */
  text: string;
  /** What pdfinfo says of it, by name. */
  info: Record<string, string>;
  fonts: { name: string; embedded: boolean; subset: boolean; unicode: boolean }[];
  /** The files in it. */
  files: Record<string, string>;
}

/** @throws Error where one of them does not take it for a PDF, or complains */
export function seenIn(pdf: Uint8Array): Seen {
  const folder = mkdtempSync(join(tmpdir(), 'parley-pdf-'));
  try {
    const path = join(folder, 'document.pdf');
    writeFileSync(path, pdf);
    const run = (program: string, ...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd: folder, maxBuffer: 64e6 });
      if (status !== 0 || stderr) throw new Error(`${program}: ${stderr || status}`);
      return stdout;
    };
    const info = Object.fromEntries(
      run('pdfinfo', path)
        .split('\n')
        .filter((line) => line.includes(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const fonts = run('pdffonts', path)
      .split('\n')
      .slice(2)
      .filter(Boolean)
      .map((line) => {
        const [embedded, subset, unicode] = line.trim().split(/\s+/).slice(-5);
        return { name: line.split(' ')[0] ?? '', ...yes({ embedded, subset, unicode }) };
      });
    const names = run('pdfdetach', '-list', path)
      .split('\n')
      .flatMap((line) => /^\d+: (.+)$/.exec(line)?.[1] ?? []);
    const files = names.map((name, index) => {
      run('pdfdetach', '-save', String(index + 1), '-o', join(folder, 'attached'), path);
      return [name, readFileSync(join(folder, 'attached'), 'utf8')];
    });
    const text = run('pdftotext', '-raw', path, '-').replaceAll(/\s+/g, ' ');
    return { text, info, fonts, files: Object.fromEntries(files) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function yes<K extends string>(words: Record<K, string | undefined>): Record<K, boolean> {
  return Object.fromEntries(Object.entries(words).map(([name, word]) => [name, word === 'yes'])) as Record<K, boolean>;
}
