import type pg from 'pg';
import type { Sql } from '../../src/core/kernel/db.ts';
import type { Filled, Reader } from './fill.ts';

/** A read as a view would make it. */
export interface Read {
  name: string;
  /** On over off, at most. */
  limit: number;
  rows(sql: Sql, keys: Keys): Promise<unknown[]>;
  /** What the read is about: the key that the input of a view would name. */
  about: 'client' | 'project' | 'ticket';
}

/** What is read. */
export interface Keys {
  tenant: string;
  client: string;
  project: string;
  ticket: string;
}

export const READS: Read[] = [
  {
    name: 'page: the 20 newest of a client',
    limit: 1.05,
    rows: (sql, { tenant, client }) => sql`
      select id, number, kind, status, title, priority, owner_name, reporter_name, updated_at, version from ticket
      where tenant_id = ${tenant} and client_id = ${client} order by created_at desc, id limit 20`,
    about: 'client',
  },
  {
    name: 'count: the open ones of a project',
    limit: 1.05,
    rows: (sql, { tenant, client, project }) => sql`
      select count(*) from ticket where tenant_id = ${tenant} and client_id = ${client} and project_id = ${project}
      and status = any('{new,needs_info,approved,in_progress}')`,
    about: 'project',
  },
  {
    name: 'key: one by its id',
    limit: 1.05,
    rows: (sql, { tenant, ticket }) => sql`select * from ticket where tenant_id = ${tenant} and id = ${ticket}`,
    about: 'ticket',
  },
  {
    name: 'search: a word in the titles of a client',
    limit: 1.5,
    rows: (sql, { tenant, client }) => sql`
      select id, number, kind, status, title, priority, owner_name, reporter_name, updated_at, version from ticket
      where tenant_id = ${tenant} and client_id = ${client} and title ilike '%zeppelin%' order by created_at desc, id limit 20`,
    about: 'client',
  },
];

/** May they see all that the read asks for? What is about a whole client is not for those who read some of its projects. */
export function mayAll(read: Read, reader: Reader): boolean {
  return !reader.projects || read.about !== 'client';
}

/** Some hundred tickets that the reader sees and their projects, so that not one row is read again and again. */
export async function keysOf(owner: pg.Pool, { tenantId, clientId }: Filled, { projects }: Reader): Promise<Keys[]> {
  const { rows } = await owner.query(
    `select id as ticket, project_id as project from ticket
      where tenant_id = $1 and client_id = $2 and ($3::uuid[] is null or project_id = any ($3)) order by id limit 100`,
    [tenantId, clientId, projects ?? null],
  );
  return rows.map((row) => ({ tenant: tenantId, client: clientId, ...(row as { ticket: string; project: string }) }));
}
