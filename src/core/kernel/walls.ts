import type { Database } from './db.ts';

/**
 * Checks at every start that the walls between firms and clients stand: the login role can do nothing by itself, every
 * tenant table has forced policies, no policy calls a volatile function, nothing runs as its owner.
 * @throws Error naming every breach; the process must not serve then
 */
export async function assertWalls(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ breach: string }>(BREACHES);
  if (rows.length)
    throw new Error(
      `The walls in the database are broken, so Parley will not start:\n${rows.map(({ breach }) => `  - ${breach}`).join('\n')}`,
    );
}

/** What the login role may become: one kind of actor at a time. */
const ROLES = [
  'parley_staff',
  'parley_member',
  'parley_member_one',
  'parley_contact',
  'parley_contact_one',
  'parley_contact_whole',
  'parley_system',
]
  .map((role) => `'${role}'`)
  .join(', ');

const BREACHES = `
  select format('role %s must not be superuser, bypass policies, inherit or own', rolname) as breach from pg_roles
    where rolname in ('parley_login', 'parley_gate', ${ROLES})
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolinherit)
  union all
  select format('this process is connected as %s, not as parley_login', session_user) where session_user <> 'parley_login'
  union all
  select format('parley_login is a member of %s', g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member
    where r.rolname like 'parley\\_%' and not (r.rolname = 'parley_login' and g.rolname in (${ROLES}))
  union all
  select format('table %s has no forced row level security', c.relname) from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations' and not (c.relrowsecurity and c.relforcerowsecurity)
  union all
  select format('table %s is owned by a run-time role', c.relname) from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and r.rolname like 'parley\\_%' and c.relkind in ('r', 'p')
  union all
  select format('view %s does not check policies as its reader', c.relname) from pg_class c
    where c.relnamespace = 'public'::regnamespace and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)))
  union all
  select format('policy %s on %s calls the volatile function %s', p.polname, p.polrelid::regclass, f.proname) from pg_policy p
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
    join pg_proc f on f.oid = d.refobjid where f.provolatile = 'v'
  union all
  select format('function %s runs as its owner but is not owned by parley_gate with a fixed search_path', f.proname) from pg_proc f join pg_roles r on r.oid = f.proowner
    where f.pronamespace = 'public'::regnamespace and f.prosecdef and (r.rolname <> 'parley_gate' or f.proconfig is null)`;
