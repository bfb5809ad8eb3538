import { withActor } from '../core/kernel/context.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { Terminal } from './terminal.ts';

type Row = Record<string, unknown>;

/** What can be listed, each with the ids that commands ask for. */
export const LISTS: Readonly<Record<string, { what: string; rows(sql: Sql): Promise<Row[]> }>> = {
  clients: {
    what: 'the firm’s clients',
    rows: (sql) => sql`select id, name, timezone from client order by name, id`,
  },
  projects: {
    what: 'the projects, with their client',
    rows: (sql) => sql`select p.id, p.name, p.stage, c.name as client, c.id as client_id from project p
      join client c using (tenant_id) where c.id = p.client_id order by c.name, p.name, p.id`,
  },
  rooms: {
    what: 'the channels and mailboxes cards are posted to',
    rows: (
      sql,
    ) => sql`select r.id, r.channel, r.account, r.address, r.name, r.audience, c.name as client, p.name as project, r.fault from room r
      left join client c on c.tenant_id = r.tenant_id and c.id = r.client_id
      left join project p on p.tenant_id = r.tenant_id and p.id = r.project_id order by r.channel, r.name, r.id`,
  },
  connections: {
    what: 'the workspaces, mailboxes and tools of the firm',
    rows: (sql) => sql`select id, tool, account, created_at::text as since from connection order by tool, account`,
  },
  people: {
    what: 'staff and contacts, with where they are linked',
    rows: (sql) => sql`select p.id, p.name, p.side, p.role, c.name as client, p.active,
        (select string_agg(i.provider || ' ' || i.external_id, ', ' order by i.provider, i.external_id) from identity i where i.tenant_id = p.tenant_id and i.person_id = p.id) as linked
      from person p left join client c on c.tenant_id = p.tenant_id and c.id = p.client_id order by p.side desc, p.name, p.id`,
  },
};

/** Prints a list of the firm's things as columns, or as JSON. */
export async function printList(terminal: Terminal, name: string): Promise<number> {
  const tenantId = await terminal.tenantId();
  const rows = await withActor(terminal.app, { kind: 'system', tenantId, reason: 'command line' }, ({ sql }) =>
    (LISTS[name] as (typeof LISTS)[string]).rows(sql),
  );
  if (terminal.json) terminal.print(JSON.stringify(rows));
  else if (!rows.length) terminal.print(`There are no ${name} yet.`);
  else for (const line of columns(rows)) terminal.print(line);
  return 0;
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
