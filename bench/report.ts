import { cpus, totalmem } from 'node:os';

/** One measured promise. `pass` is null when it could not be measured. */
export interface Result {
  name: string;
  target: string;
  measured: string;
  pass: boolean | null;
}

export interface Table {
  columns: string[];
  rows: string[][];
}

/** One part of the bench. */
export interface PartReport {
  id: string;
  title: string;
  /** How it was measured, in a few sentences. */
  how: string;
  tables: Table[];
  results: Result[];
}

/** What the figures depend on. */
export function facts(postgres: { version: string; settings: Record<string, string> }, effort: string): string[][] {
  return [
    ['Processor', `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`],
    ['Memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['Node', process.version],
    [
      'PostgreSQL',
      `${postgres.version}; ${Object.entries(postgres.settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    ],
    ['Run', effort],
  ];
}

/** A table for the terminal, its columns aligned. */
export function plainTable({ columns, rows }: Table): string {
  const widths = columns.map((name, column) =>
    Math.max(...[columns, ...rows].map((row) => (row[column] ?? name).length)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), widths.map((width) => '─'.repeat(width)).join('──'), ...rows.map(line)].join('\n');
}

export function plainPart(part: PartReport): string {
  const results = part.results.map(({ name, target, measured, pass }) => [name, target, measured, word(pass)]);
  return [
    `(${part.id}) ${part.title}`,
    ...part.tables.map(plainTable),
    plainTable({ columns: ['promise', 'target', 'result', ''], rows: results }),
    '',
  ].join('\n\n');
}

/** docs/performance.md: written by the bench, never by hand. */
export function markdown(factRows: string[][], parts: PartReport[]): string {
  return `# Performance

Written by \`npm run bench -- --write\`; do not edit. Figures of one machine, for its ratios: each server is measured beside a
floor (the least that a program without Parley would do for the same request) by turns in the same minutes, and what counts is
the geometric mean of the rounds' ratios. PostgreSQL runs with its durable default settings.

${factsTable(factRows)}

${parts.map(markdownPart).join('\n')}
## How to repeat

\`\`\`sh
npm run bench                                   # everything, on a private PostgreSQL in a temporary folder
npm run bench -- --only a,c --rounds 6 --seconds 8
npm run bench -- --json figures.json --write    # and write this page
npm run bench -- --only f --write               # the same, of one part alone: the others stay as they are
DATABASE_URL=postgres://… npm run bench         # on a server of your own; it makes and drops its own databases there
\`\`\`

The exit code is not 0 when a target is missed. Run it on a machine that does nothing else.
`;
}

/**
 * The same page with these parts measured anew, in their places.
 * @throws Error where the page has no such part, or stands for another machine or effort
 */
export function withParts(page: string, factRows: string[][], parts: PartReport[]): string {
  if (!page.includes(factsTable(factRows)))
    throw new Error('docs/performance.md is of another machine or of other rounds: write it as a whole first.');
  return parts.reduce((text, part) => {
    const begin = text.indexOf(`## ${part.title}\n`);
    const end = text.indexOf('\n## ', begin);
    if (begin < 0 || end < 0)
      throw new Error(`docs/performance.md has no part "${part.title}": write it as a whole first.`);
    return `${text.slice(0, begin)}${markdownPart(part)}${text.slice(end)}`;
  }, page);
}

function factsTable(rows: string[][]): string {
  return markdownTable({ columns: ['', ''], rows });
}

function markdownPart(part: PartReport): string {
  const results = part.results.map(({ name, target, measured, pass }) => [name, target, measured, word(pass)]);
  return `## ${part.title}

${part.how}

${part.tables.map(markdownTable).join('\n\n')}

${markdownTable({ columns: ['Promise', 'Target', 'Result', ''], rows: results })}
`;
}

/** The same for a page. */
export function markdownTable({ columns, rows }: Table): string {
  const line = (row: string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function word(pass: boolean | null): string {
  return pass === null ? 'not measured' : pass ? 'pass' : 'FAIL';
}
