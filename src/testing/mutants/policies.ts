import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const HOUSE = 'prisma/migrations/20261121000000_house/migration.sql';
const RIGHTS = 'prisma/migrations/20261125110000_rights/migration.sql';
const OPEN = 'src/core/kernel/context.ts';
const isolation = 'src/testing/isolation.test.ts';
const rights = 'src/testing/rights.test.ts';

/**
 * What the database itself holds against. That each single policy is missed when it is taken away stands in isolation.test.ts; here
 * are keys, grants and the functions that check.
 */
export const POLICIES: readonly Mutant[] = [
  mutant(
    'a request id may be claimed twice',
    HOUSE,
    '  primary key (tenant_id, request_id)\n',
    '  check (true)\n',
    'src/testing/at-once',
  ),
  mutant(
    'an approval may be of content that does not exist',
    HOUSE,
    '  foreign key (tenant_id, cycle_id, number, hash) references cycle_version (tenant_id, cycle_id, number, hash),\n',
    '',
    'src/core/cycles/cycles.test.ts',
  ),
  mutant(
    'an account may be connected to several firms',
    HOUSE,
    '  unique (tool, account)\n',
    '  unique (tenant_id, tool, account)\n',
    'src/testing/keys.test.ts',
  ),
  mutant(
    'the same delivery may be kept twice',
    HOUSE,
    'create unique index inbox_once on inbox',
    'create index inbox_once on inbox',
    'webhooks',
  ),
  mutant(
    'a cycle may have two open disputes',
    HOUSE,
    'create unique index dispute_one_open on dispute',
    'create index dispute_one_open on dispute',
    'src/testing/keys.test.ts',
  ),
  mutant(
    'what was signed may be changed afterwards',
    HOUSE,
    'revoke update on cycle_version, approval from parley_staff, parley_member, parley_member_one, parley_system;\n',
    '',
    rights,
  ),
  mutant(
    'the audit may be rewritten',
    HOUSE,
    'grant select on audit to parley_staff,',
    'grant all on audit to parley_staff,',
    rights,
  ),
  mutant('a contact of some projects reads internal notes', HOUSE, '    and not internal\n', '', isolation),
  mutant(
    'a contact of one project reads internal notes',
    HOUSE,
    '  using (not internal and (tenant_id, client_id, project_id)',
    '  using ((tenant_id, client_id, project_id)',
    isolation,
  ),
  mutant(
    'a contact of the whole client reads internal notes',
    HOUSE,
    '  using (not internal and (tenant_id, client_id)\n',
    '  using ((tenant_id, client_id)\n',
    isolation,
  ),
  mutant(
    'the owner of a table skips its policies',
    HOUSE,
    'alter table client force row level security;\n',
    '',
    'src/core/kernel/kernel.test.ts',
    isolation,
  ),
  mutant(
    'the login may do by itself what the roles of actors may',
    'src/roles.ts',
    'create role ${quoted(role)} ${login} noinherit',
    'create role ${quoted(role)} ${login} inherit',
    'src/roles.test.ts',
  ),
  mutant(
    'a seal is the same in every transaction',
    RIGHTS,
    "concat_ws(' ', pg_backend_pid(), extract(epoch from now()), p_actor)",
    'p_actor',
    rights,
  ),
  mutant(
    'what the settings say of the actor is believed',
    RIGHTS,
    "if coalesce(v_actor, '') = '' or current_setting('app.seal', true) is distinct from parley_seal(v_actor) then",
    "if coalesce(v_actor, '') = '' then",
    rights,
  ),
  mutant(
    'a contact leaves events about another client',
    RIGHTS,
    "if v_actor ->> 'side' = 'contact' and exists (",
    "if v_actor ->> 'side' = 'nobody' and exists (",
    rights,
  ),
  mutant(
    'the gate asks nobody for the right to change people',
    RIGHTS,
    'if p_allowed is not true then',
    'if p_allowed is null and p_allowed then',
    rights,
  ),
  mutant(
    'a client admin manages other clients’ people',
    RIGHTS,
    "(p_actor ->> 'role' = 'client_admin' and (p_actor ->> 'clientId')::uuid = p_client)",
    "(p_actor ->> 'role' = 'client_admin')",
    rights,
    'src/core/people',
  ),
  mutant(
    'a contact signs for the firm',
    RIGHTS,
    "with check (side = 'client' and person_id =",
    'with check (person_id =',
    rights,
  ),
  mutant(
    'a repeat of somebody else’s request is answered with its outcome',
    'src/core/kernel/command.ts',
    'byAnother',
    'never',
    'src/core/kernel/kernel.test.ts',
  ),
  mutant(
    'an act is opened for whatever its actor sees, not for what it is about',
    OPEN,
    '...(entity ? { about: { entity, id } } : {})',
    '',
    isolation,
  ),
  mutant(
    'whoever may not read a thing can act on it all the same',
    'src/core/kernel/thing-command.ts',
    'return (thing.module === null || reads(actor, thing.module)) && act.who(actor, it);',
    'return act.who(actor, it);',
    'src/testing/area-contract.test.ts',
  ),
  mutant(
    'a member binds a room of the whole firm',
    'src/core/projects/rules.ts',
    'runsProjects(actor) && (client !== null || seesEveryClient(actor))',
    'runsProjects(actor) && (client !== null || isFirm(actor))',
    'src/testing/permissions.test.ts',
  ),
];
