import type pg from 'pg';
import type { Readers } from './fill.ts';

/** A read as a view would make it. */
export interface Read {
  name: string;
  /** On over off, at most. */
  limit: number;
  text: string;
  values(keys: Keys): unknown[];
}

/** What is read. */
export interface Keys {
  tenant: string;
  client: string;
  project: string;
  ticket: string;
}

const COLUMNS = 'id, number, kind, status, title, priority, owner_name, reporter_name, updated_at, version';

export const READS: Read[] = [
  {
    name: 'page: the 20 newest of a client',
    limit: 1.05,
    text: `select ${COLUMNS} from ticket where tenant_id = $1 and client_id = $2 order by created_at desc, id limit 20`,
    values: (keys) => [keys.tenant, keys.client],
  },
  {
    name: 'count: the open ones of a project',
    limit: 1.05,
    text: `select count(*) from ticket where tenant_id = $1 and client_id = $2 and project_id = $3
      and status = any('{new,needs_info,approved,in_progress}')`,
    values: (keys) => [keys.tenant, keys.client, keys.project],
  },
  {
    name: 'key: one by its id',
    limit: 1.05,
    text: 'select * from ticket where tenant_id = $1 and id = $2',
    values: (keys) => [keys.tenant, keys.ticket],
  },
  {
    name: 'search: a word in the titles of a client',
    limit: 1.5,
    text: `select ${COLUMNS} from ticket where tenant_id = $1 and client_id = $2 and title ilike '%zeppelin%'
      order by created_at desc, id limit 20`,
    values: (keys) => [keys.tenant, keys.client],
  },
];

/** A hundred tickets of the client and their projects, so that not one row is read again and again. */
export async function keysOf(owner: pg.Pool, { tenantId, clientId }: Readers): Promise<Keys[]> {
  const { rows } = await owner.query(
    'select id as ticket, project_id as project from ticket where tenant_id = $1 and client_id = $2 order by id limit 100',
    [tenantId, clientId],
  );
  return rows.map((row) => ({ tenant: tenantId, client: clientId, ...(row as { ticket: string; project: string }) }));
}
