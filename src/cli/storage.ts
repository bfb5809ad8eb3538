import { storedIn } from '../core/kernel/growth.ts';
import type { Life } from '../core/kernel/registry.ts';
import type { Terminal } from './terminal.ts';

/** Prints what the database holds: rows, bytes and the oldest row of what grows, for how long it is kept, and bytes per act. */
export async function storage(terminal: Terminal, lives: readonly Life[]): Promise<number> {
  const lines = await storedIn(terminal.app.database);
  const bytes = lines.reduce((sum, line) => sum + line.bytes, 0);
  const acts = lines.find(({ name }) => name === 'audit')?.rows ?? 0;
  const perAct = acts ? Math.round(bytes / acts) : null;
  const keptOf = (table: string) =>
    lives
      .filter((life) => life.table === table)
      .map(({ kept }) => kept)
      .join('; ') || 'for good';
  if (terminal.json) {
    terminal.print(
      JSON.stringify({ tables: lines.map((line) => ({ ...line, kept: keptOf(line.name) })), bytes, acts, perAct }),
    );
    return 0;
  }
  const wide = Math.max(...lines.map(({ name }) => name.length));
  terminal.print(
    `${'table'.padEnd(wide)} ${'rows'.padStart(12)} ${'bytes'.padStart(14)}  ${'oldest'.padEnd(10)}  kept`,
  );
  for (const { name, rows, bytes: size, oldest } of lines)
    terminal.print(
      `${name.padEnd(wide)} ${(rows === null ? '' : String(rows)).padStart(12)} ${String(size).padStart(14)}  ${(oldest?.toISOString().slice(0, 10) ?? '').padEnd(10)}  ${keptOf(name)}`,
    );
  terminal.print(
    `${bytes} bytes in all; ${perAct === null ? 'no act yet' : `${perAct} bytes for each of ${acts} recorded acts`}.`,
  );
  return 0;
}
