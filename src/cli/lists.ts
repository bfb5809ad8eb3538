import { readView } from '../core/kernel/registry.ts';
import type { Terminal } from './terminal.ts';

type Row = Readonly<Record<string, unknown>>;

/** What can be listed, each with the ids that commands ask for: the lists that people turn the pages of. */
export const LISTS: Readonly<Record<string, { what: string; view: string }>> = {
  clients: { what: 'the firm’s clients', view: 'client.list' },
  projects: { what: 'the projects, with their client', view: 'project.list' },
  rooms: { what: 'the channels and mailboxes cards are posted to', view: 'room.list' },
  connections: { what: 'the workspaces, mailboxes and tools of the firm', view: 'connection.list' },
  people: { what: 'staff and contacts, with where they are linked', view: 'person.list' },
};

/**
 * Prints a list of the firm's things as columns, or as JSON.
 * @param chosen by what it is narrowed, like { side: 'staff' }
 */
export async function printList(
  terminal: Terminal,
  name: string,
  chosen: Record<string, string> = {},
): Promise<number> {
  const rows = await allOf(terminal, (LISTS[name] as (typeof LISTS)[string]).view, chosen);
  if (terminal.json) terminal.print(JSON.stringify(rows));
  else if (!rows.length) terminal.print(`There are no ${name} yet.`);
  else for (const line of columns(rows)) terminal.print(line);
  return 0;
}

async function allOf(terminal: Terminal, target: string, chosen: Record<string, string>): Promise<Row[]> {
  const who = { kind: 'system', tenantId: await terminal.tenantId(), reason: 'command line' } as const;
  const rows: Row[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const input = { ...chosen, ...(after ? { after } : {}) };
    const page = (await readView(terminal.app, who, { target, input })) as { items: Row[]; next: string | null };
    rows.push(...page.items);
    after = page.next;
  }
  return rows;
}

/** Lines of one width per column; a column that is empty everywhere is left out. */
function columns(rows: Row[]): string[] {
  const names = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => text(row[name]) !== ''));
  const table = [names, ...rows.map((row) => names.map((name) => text(row[name])))];
  const widths = names.map((_name, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)));
  return table.map((cells) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Names are whatever people wrote: nothing in them may act on a terminal. */
function text(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return String(value ?? '').replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
