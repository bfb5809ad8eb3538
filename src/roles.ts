import { createHmac, hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from './config.ts';
import type { Address } from './core/kernel/address.ts';
import { addressAs, readAddress } from './core/kernel/address.ts';
import { ACTOR_ROLES, RUNTIME_ROLE } from './core/kernel/protection.ts';
import { StartFault } from './core/kernel/start-fault.ts';

/** What `migrate` works with: the owner's connection. */
export interface Owner {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** How a process at run time logs in to this database when it has only the owner's address: a role and password of this database and secret. */
export function loginOf(database: string, secret: string): { user: string; password: string } {
  const derive = (purpose: string) => createHmac('sha256', secret).update(`${purpose} ${database}`).digest('base64url');
  // A role belongs to the whole server: without the database in its name, two installations would share one.
  const ofSecret = createHmac('sha256', secret).update(`login name ${database}`).digest('hex').slice(0, 8);
  return { user: `${prefixOf(database)}${ofSecret}`, password: derive('database login') };
}

/** The address of that login. */
export function loginUrl(owner: Address, secret: string): string {
  const { user, password } = loginOf(owner.database, secret);
  return addressAs(owner, user, password);
}

function prefixOf(database: string): string {
  return `parley-${hash('sha256', database, 'hex').slice(0, 12)}-`;
}

/**
 * Makes the roles that all databases of a server share: one for each kind of actor, and the group of those who may become
 * them. Roles that are there are left alone, so that an owner without CREATEROLE can migrate what was set up for them.
 */
export async function makeRoles(owner: Owner): Promise<void> {
  const wanted = new Map([
    ['parley_gate', 'nologin'],
    ...[...ACTOR_ROLES, RUNTIME_ROLE].map((role) => [role, 'nologin'] as const),
    ['parley_login', 'login'],
  ] as [string, string][]);
  const { rows } = await owner.query('select rolname as name from pg_roles where rolname = any($1)', [
    [...wanted.keys()],
  ]);
  for (const { name } of rows) wanted.delete(String(name));
  for (const [role, login] of wanted) await onServer(owner, `create role ${quoted(role)} ${login} noinherit`);
  for (const member of ['parley_login', RUNTIME_ROLE])
    for (const role of ACTOR_ROLES) await makeMember(owner, role, member);
  const [{ me } = { me: '' }] = (await owner.query('select current_user as me')).rows;
  await makeMember(owner, 'parley_gate', String(me));
}

/**
 * Gives the group what was granted to parley_login in this database, and no more. Grants stand there because the first
 * version logged in as parley_login; a group cannot take its place, since every database of the server would then be
 * open to whoever may connect to one.
 */
export async function grantRuntime(owner: Owner): Promise<void> {
  await owner.query('grant select on _prisma_migrations to parley_login');
  await owner.query(MIRROR);
}

const MIRROR = `
do $$
declare
  change text;
begin
  for change in
    with object as (
      select 'schema ' || quote_ident(n.nspname) as name, n.nspacl as acl from pg_namespace n where n.nspname in ('public', 'pgboss')
      union all
      select case c.relkind when 'S' then 'sequence ' else 'table ' end || c.oid::regclass, c.relacl from pg_class c
        where c.relnamespace::regnamespace::text in ('public', 'pgboss') and c.relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select 'routine ' || p.oid::regprocedure, p.proacl from pg_proc p where p.pronamespace::regnamespace::text in ('public', 'pgboss')
    ), granted as (
      select o.name, a.privilege_type as what, a.grantee::regrole::text as who from object o cross join aclexplode(o.acl) a where a.grantee <> 0
    )
    select format('grant %s on %s to "${RUNTIME_ROLE}"', what, name) from
      (select name, what from granted where who = 'parley_login' except select name, what from granted where who = '"${RUNTIME_ROLE}"') missing
    union all
    select format('revoke %s on %s from "${RUNTIME_ROLE}"', what, name) from
      (select name, what from granted where who = '"${RUNTIME_ROLE}"' except select name, what from granted where who = 'parley_login') extra
  loop
    execute change;
  end loop;
end $$`;

/** Which logins a database is to have. */
export interface Logins {
  appUrl: string | null;
  secrets: Config['secrets'];
  /** The secrets of other logins are lost: they go. */
  newSecret: boolean;
}

/**
 * Makes the logins of this database, the only ones that may connect to it beside its owner: the role of DATABASE_APP_URL, or
 * one for PARLEY_SECRET and one for PARLEY_SECRET_PREVIOUS, so that processes with the old secret stay in while those with
 * the new one start.
 * @returns the connection string of the first
 * @throws StartFault when the secret is not one that this database knows
 */
export async function makeLogins(
  owner: Owner,
  address: Address,
  wanted: Logins,
  log: (line: string) => void,
): Promise<string> {
  const { rows } = await owner.query('select current_database() as name');
  const database = String(rows[0]?.name);
  const here = { ...address, database };
  if (wanted.appUrl) {
    await adopt(owner, database, readAddress(wanted.appUrl)?.user ?? '');
    return wanted.appUrl;
  }
  const logins = wanted.secrets.map((secret) => loginOf(database, secret));
  const there = (
    await owner.query('select rolname as name from pg_roles where starts_with(rolname, $1)', [prefixOf(database)])
  ).rows.map(({ name }) => String(name));
  const known = logins.some(({ user }) => there.includes(user));
  if (there.length && !known && !wanted.newSecret)
    throw new StartFault(
      'The PARLEY_SECRET is not the one this database was migrated with: set that one, or put it into PARLEY_SECRET_PREVIOUS to change it, or give it up with: npm run migrate -- --new-secret',
    );
  for (const { user, password } of logins) {
    if (!there.includes(user)) await onServer(owner, `create role ${quoted(user)} login`);
    await onServer(owner, `alter role ${quoted(user)} login inherit password ${pg.escapeLiteral(password)}`);
    await makeMember(owner, RUNTIME_ROLE, user);
  }
  for (const old of there.filter((name) => !logins.some(({ user }) => user === name))) {
    await owner.query(`revoke all on database ${quoted(database)} from ${quoted(old)}`);
    await onServer(owner, `drop role ${quoted(old)}`);
    log(`removed the login of an earlier PARLEY_SECRET`);
  }
  await closeDoors(
    owner,
    database,
    logins.map(({ user }) => user),
    log,
  );
  return loginUrl(here, wanted.secrets[0]);
}

/** The operator's own role: its password is theirs, what it may is ours. */
async function adopt(owner: Owner, database: string, user: string): Promise<void> {
  const { rows } = await owner.query(
    'select rolinherit as inherits, rolsuper as super from pg_roles where rolname = $1',
    [user],
  );
  const [role] = rows;
  if (!role)
    throw new StartFault(
      `The role "${user}" of DATABASE_APP_URL is not there: make it with: create role ${quoted(user)} login password '…'`,
    );
  if (user !== 'parley_login') {
    if (!role.inherits)
      throw new StartFault(`The role "${user}" of DATABASE_APP_URL must inherit: alter role ${quoted(user)} inherit`);
    await makeMember(owner, RUNTIME_ROLE, user);
  }
  await closeDoors(owner, database, [user], () => undefined);
}

/**
 * Lets in whom this database is for. Who only could connect because everybody could (a monitor, a report) needs a grant of
 * their own from now on.
 */
async function closeDoors(owner: Owner, database: string, users: string[], log: (line: string) => void): Promise<void> {
  const name = quoted(database);
  const { rows } = await owner.query(`select pg_has_role(current_user, d.datdba, 'member') as ours,
      exists (select from pg_stat_activity a where a.datname = d.datname and a.usename = 'parley_login') as earlier
    from pg_database d where d.datname = current_database()`);
  const { ours, earlier } = rows[0] ?? {};
  if (!ours) {
    log(
      `Only the owner of the database ${name} can close it to other logins of the server; they run: revoke connect on database ${name} from public`,
    );
    return;
  }
  for (const user of users) await owner.query(`grant connect on database ${name} to ${quoted(user)}`);
  if (!users.includes('parley_login')) {
    await owner.query(
      `${earlier ? 'grant connect on' : 'revoke connect on'} database ${name} ${earlier ? 'to' : 'from'} parley_login`,
    );
    if (earlier)
      log('A process of an earlier version still works as parley_login: run migrate once more when it has stopped.');
  }
  await owner.query(`revoke connect on database ${name} from public`);
}

async function makeMember(owner: Owner, role: string, member: string): Promise<void> {
  const { rows } = await owner.query(
    `select from pg_auth_members where roleid = $1::text::regrole and member = $2::text::regrole`,
    [quoted(role), quoted(member)],
  );
  if (!rows.length) await onServer(owner, `grant ${quoted(role)} to ${quoted(member)}`);
}

/** Milliseconds between tries, and how many: two migrations are done with their roles long before. */
const PAUSE = 20;
const TRIES = 100;

/**
 * Changes what all databases of a server share. No lock of PostgreSQL spans databases, so that two migrations of a server
 * can meet here: what the other one has just done is done, and what it is doing is waited for.
 */
async function onServer(owner: Owner, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await owner.query(statement);
      return;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === '42710' || code === '23505') return;
      if (code === '42501') throw new StartFault(await cureOf(owner), { cause: error });
      if (!/tuple concurrently/.test(message) || attempt === TRIES) throw error;
      await sleep(PAUSE);
    }
  }
}

async function cureOf(owner: Owner): Promise<string> {
  const { rows } = await owner.query('select quote_ident(current_user) as me');
  return `The role ${rows[0]?.me} of DATABASE_URL may not create roles, which migrate must: as a superuser run: alter role ${rows[0]?.me} createrole`;
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}
