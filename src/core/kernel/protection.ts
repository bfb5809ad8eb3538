import type { Database } from './db.ts';
import { StartFault } from './start-fault.ts';

/**
 * Checks at every start that firms and clients are kept apart: the login role can do nothing by itself, every
 * tenant table has forced policies, no policy calls a volatile function, nothing runs as its owner, and
 * a client's people change named columns alone. What belongs to an extension of PostgreSQL holds nothing of ours.
 * @throws StartFault naming every breach; the process must not serve then
 */
export async function assertProtection(database: Database): Promise<void> {
  const { rows } = await database.pool.query<{ breach: string }>(BREACHES);
  if (rows.length)
    throw new StartFault(
      `The protection of the database is broken, so Parley will not start until these are put right:\n${rows.map(({ breach }) => `  - ${breach}`).join('\n')}`,
    );
}

/** What a login of run time may become: one kind of actor at a time. */
export const ACTOR_ROLES = [
  'parley_staff',
  'parley_member',
  'parley_member_one',
  'parley_contact',
  'parley_contact_one',
  'parley_contact_whole',
  'parley_system',
] as const;

/**
 * The group of those logins. Its name and theirs do not begin with parley_: processes of the first version, which may run
 * beside this one, take every such role for one of their own.
 */
export const RUNTIME_ROLE = 'parley-runtime';

const actors = ACTOR_ROLES.map((role) => `'${role}'`).join(', ');
const shared = `'parley_login', '${RUNTIME_ROLE}', 'parley_gate', ${actors}`;
const ofExtension = (catalog: string, oid: string) =>
  `exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;

const BREACHES = `
  select format('role %s must not be superuser, bypass policies, make roles, inherit or own', rolname) as breach from pg_roles
    where rolname in (${shared}) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolinherit)
  union all
  select format('this process is connected as %s, who is superuser, bypasses policies or makes roles', rolname) from pg_roles
    where rolname = session_user and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
  union all
  select format('this process is connected as %s, who is a member of %s', session_user, r.rolname) from pg_roles r, pg_roles me
    where me.rolname = session_user and not me.rolsuper and r.oid <> me.oid and pg_has_role(me.oid, r.oid, 'member')
      and r.rolname not in ('${RUNTIME_ROLE}', ${actors})
  union all
  select format('this process is connected as %s, whom migrate has not given the run of this database', session_user) from pg_roles r
    where r.rolname = 'parley_staff' and not pg_has_role(session_user, r.oid, 'member')
  union all
  select format('%s is a member of %s', m.rolname, g.rolname) from pg_auth_members a join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member
    where m.rolname in (${shared}) and not (m.rolname in ('parley_login', '${RUNTIME_ROLE}') and g.rolname in (${actors}))
  union all
  select format('everybody may make temporary tables in %1$s: as its owner, run: revoke temporary on database %1$I from public', current_database())
    where has_database_privilege(session_user, current_database(), 'temporary')
  union all
  select format('table %s has no forced row level security', c.relname) from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
      and not (c.relrowsecurity and c.relforcerowsecurity) and not ${ofExtension('pg_class', 'c.oid')}
  union all
  select format('table %s is owned by a run-time role', c.relname) from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and r.rolname in (${shared}, session_user)
  union all
  select format('%s may change every column of table %s, those that a later migration adds included: grant the update of single columns', r.rolname, c.relname)
    from pg_class c, pg_roles r where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and starts_with(r.rolname, 'parley_contact')
      and r.rolname in (${actors}) and has_table_privilege(r.oid, c.oid, 'update')
  union all
  select format('view %s does not check policies as its reader', c.relname) from pg_class c
    where c.relnamespace = 'public'::regnamespace and not ${ofExtension('pg_class', 'c.oid')}
      and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)))
  union all
  select format('policy %s on %s calls the volatile function %s', p.polname, p.polrelid::regclass, f.proname) from pg_policy p
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
    join pg_proc f on f.oid = d.refobjid where f.provolatile = 'v'
  union all
  select format('function %s runs as its owner but is not owned by parley_gate with a fixed search_path', f.proname) from pg_proc f join pg_roles r on r.oid = f.proowner
    where f.pronamespace = 'public'::regnamespace and f.prosecdef and (r.rolname <> 'parley_gate' or f.proconfig is null)
      and not ${ofExtension('pg_proc', 'f.oid')}`;
