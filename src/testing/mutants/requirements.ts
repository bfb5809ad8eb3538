import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TABLE = 'prisma/migrations/20261126210000_requirements/migration.sql';
const DECISIONS = 'src/core/requirements/decisions.ts';
const REMINDERS = 'src/core/requirements/reminders.ts';
const RULES = 'src/core/requirements/rules.ts';
const requirements = 'src/core/requirements';
const secrets = 'src/core/requirements/secrets.test.ts';

/** What the firm needs of a client: who may, what stays, and what stands nowhere. */
export const REQUIREMENTS: readonly Mutant[] = [
  mutant(
    'a viewer provides what is asked',
    RULES,
    'return isApprover(actor, projectId);',
    "return may(actor, 'read', 'projects', projectId);",
    requirements,
  ),
  mutant(
    'what was not provided is accepted',
    DECISIONS,
    "  requireThat(isProvided(it), it, 'was not provided');\n  if (it.state.status !== 'provided') throw",
    "  if (!('given' in it.state)) throw",
    requirements,
  ),
  mutant(
    'what is over is withdrawn',
    DECISIONS,
    "requireThat(!isOver(it), it, 'is over');",
    "requireThat(it.state.status !== 'withdrawn', it, 'is over');",
    requirements,
  ),
  mutant(
    'the client is reminded of what was provided',
    REMINDERS,
    'if (!isOpen(it) || dueOn === null) return null;',
    'if (dueOn === null) return null;',
    requirements,
  ),
  mutant(
    'the client is reminded again and again',
    REMINDERS,
    'quietUntil: told.getTime() + REST }',
    'quietUntil: told.getTime() + REST, remindedAt: null }',
    requirements,
  ),
  mutant(
    'it is overdue before its day is over',
    REMINDERS,
    'endOfDay(it.dueOn, it.timezone) <= now',
    "endOfDay(it.dueOn, 'utc') <= now",
    requirements,
  ),
  mutant(
    'what was provided is changed in the table',
    TABLE,
    '  elsif (new.round, new.answer,',
    '  elsif false and (new.round, new.answer,',
    requirements,
  ),
  mutant(
    'somebody provides in another’s name',
    TABLE,
    'if new.round <> old.round + 1 or not coalesce(',
    'if new.round <> old.round + 1 or false and not coalesce(',
    requirements,
  ),
  mutant(
    'a channel takes a secret',
    'src/core/kernel/on-page.ts',
    'if (isOnPage(command) && isElsewhere(who))',
    'if (command.onPage && isElsewhere(who))',
    secrets,
  ),
  mutant(
    'a chat asks for a secret',
    'src/core/kernel/secret-form.ts',
    "if (!(asks('secret') || asks('file')) ||",
    "if (asks('secret') || asks('file') ||",
    secrets,
  ),
  mutant(
    'a request is remembered by what can be guessed',
    'src/core/kernel/secret.ts',
    "return secrets.sign('mark of a secret', this.#text);",
    'return this.#text;',
    secrets,
  ),
  mutant(
    'a secret is written down with what holds it',
    'src/core/kernel/secret.ts',
    "super('secret');",
    'super(text);',
    secrets,
  ),
  mutant(
    'nobody sees the secret who presses to see it',
    'src/core/kernel/command.ts',
    '...(decision.shown ? { shown: decision.shown } : {}) };',
    '};',
    secrets,
  ),
  mutant(
    'a secret outlives its requirement',
    'src/core/requirements/withdraw-requirement.ts',
    '    await dropSecrets(context, it);\n',
    '',
    secrets,
  ),
];
