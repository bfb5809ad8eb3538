import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TABLE = 'prisma/migrations/20261126140000_tasks/migration.sql';
const RULES = 'src/core/tasks/rules.ts';
const QUERIES = 'src/core/tasks/queries.ts';
const tests = 'src/core/tasks/task.test.ts';

/** What is done inside projects: who may do it, who sees it, and what follows. */
export const TASKS: readonly Mutant[] = [
  mutant(
    'a contact reads internal tasks',
    TABLE,
    "contact_where => 'not internal',",
    "contact_where => 'internal is not null',",
    tests,
  ),
  mutant(
    'a contact changes every task that they see',
    TABLE,
    "  using (assignee_id = nullif(current_setting('app.person', true), '')::uuid);",
    '  using (true);',
    tests,
  ),
  mutant(
    'a contact changes all of a task that is theirs',
    TABLE,
    "contact_update => '{status, blocked_by, version,",
    "contact_update => '{status, blocked_by, version, title, internal, assignee_id, due_on,",
    tests,
    'src/testing/rights.test.ts',
  ),
  mutant(
    'a room of the client presses what the team is to do',
    RULES,
    "it.assignee?.side !== 'contact' || ",
    '',
    'src/core/tasks/rules.test.ts',
  ),
  mutant(
    'a viewer does what they were given before',
    RULES,
    "may(actor, 'comment', 'projects', it.projectId)",
    "may(actor, 'read', 'projects', it.projectId)",
    tests,
    'src/core/tasks/machine.test.ts',
  ),
  mutant(
    'work begins in a closed project',
    RULES,
    "return isUnfinished(it) && (!it.closed || 'its project is closed');",
    'return isUnfinished(it);',
    tests,
    'src/core/tasks/machine.test.ts',
  ),
  mutant(
    'what the client does not see is given to the client',
    'src/core/tasks/assign-task.ts',
    "if (assignee?.side === 'contact' && it.internal)",
    "if (assignee?.side === 'contact' && it.closed)",
    tests,
  ),
  mutant(
    'somebody is told of what they gave to themselves',
    'src/core/tasks/assign-task.ts',
    'const told = isSelf ? null : (assignee?.id ?? null);',
    'const told = isSelf && !assignee ? null : (assignee?.id ?? null);',
    tests,
  ),
  mutant(
    'a task is put into a phase of another project',
    QUERIES,
    "select 'phase' as kind, id, name from phase where tenant_id = ${actor.tenantId} and project_id = ${project} and id = ${id}\n",
    "select 'phase' as kind, id, name from phase where tenant_id = ${actor.tenantId} and project_id is not null and id = ${id}\n",
    tests,
  ),
  mutant(
    'who leaves takes what is done with them',
    QUERIES,
    "and t.assignee_id = ${person} and t.status not in ('done', 'dropped')",
    'and t.assignee_id = ${person}',
    tests,
  ),
  mutant(
    'a member of the team is asked who does not work for the client',
    'src/core/people/participants.ts',
    "else p.role <> 'member' or exists (",
    "else p.role <> 'nobody' or exists (",
    tests,
  ),
  mutant(
    'a percentage is typed over what the tasks say',
    'src/core/projects/report-progress.ts',
    '    if (counted)\n',
    '    if (counted && counted.total < 0)\n',
    'src/core/projects/progress.test.ts',
  ),
  mutant(
    'what was dropped counts as left to do',
    'src/core/tasks/progress.ts',
    "and status <> 'dropped' group",
    'group',
    'src/core/projects/progress.test.ts',
  ),
];
