import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const QUERIES = 'src/core/conversations/queries.ts';

/** What is said about things, and what of them waits for whom. */
export const TALK: readonly Mutant[] = [
  mutant(
    'the thread of a requirement holds everything that is said',
    QUERIES,
    '${when(requirement !== undefined)`and requirement_id = ${requirement}`}\n',
    '\n',
    'src/testing/talk.test.ts',
  ),
  mutant(
    'a contact writes about a draft of an invoice',
    'prisma/migrations/20261127120000_talk/migration.sql',
    'and i.id = message.invoice_id and',
    'and i.client_id = message.client_id and',
    'src/core/invoices/conversation.test.ts',
  ),
  mutant(
    'nobody is told that they were reminded',
    'src/core/kernel/remind-on.ts',
    'if (!remindedAt) return [];',
    'if (remindedAt !== undefined) return [];',
    'src/testing/reminders.test.ts',
  ),
  mutant(
    'what waits in projects where somebody only reads hides what they can provide',
    'src/core/requirements/waiting.ts',
    'and (${projects}::uuid[] is null or r.project_id = any(${projects}::uuid[]))',
    'and (${projects}::uuid[] is null or r.project_id is not null)',
    'src/core/requirements/requirements.test.ts',
  ),
];
