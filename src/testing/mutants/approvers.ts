import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TURN = 'src/core/approvals/turn.ts';
const AGREE = 'src/core/cycles/agree.ts';
const OFFER = 'src/core/quotes/offer.ts';
const MIGRATION = 'prisma/migrations/20261127010000_approvers/migration.sql';
const cycles = 'src/core/cycles/machine.test.ts';
const quotes = 'src/core/quotes/machine.test.ts';
const approvals = 'src/core/approvals/approvals.test.ts';

export const APPROVERS: readonly Mutant[] = [
  mutant(
    'whoever approved last is told that it is their turn',
    'src/core/approvals/turn.ts',
    'filter((id) => !before.next.some((one) => one.id === id))',
    'filter((id) => before.next.length > 0 || id === null)',
    'src/core/approvals/approvals.test.ts',
  ),
  mutant('one approver is enough, whatever the rule asks for', TURN, ': needed - who.size;', ': 1 - who.size;', cycles),
  mutant('approvers are asked in no order', TURN, 'first ? [first] : left;', 'left;', cycles, quotes),
  mutant(
    'of a client without approvers, all have approved',
    TURN,
    'Math.max(left.length, people.length ? 0 : 1)',
    'left.length',
    cycles,
  ),
  mutant('an approval out of turn counts', AGREE, "if (by.side === 'client') requireTurn(cycle, by);", '', cycles),
  mutant(
    'what a client has agreed to is agreed on anew',
    AGREE,
    "cycle.status === 'disputed' || hasAgreed(scope, 'client');",
    "cycle.status === 'disputed';",
    cycles,
  ),
  mutant(
    'whoever accepts second takes options of their own',
    OFFER,
    'if (first && fingerprint(taken) !== fingerprint(first.taken))',
    'if (first && taken.length > 99)',
    quotes,
  ),
  mutant(
    'a choice is signed that was not on the screen',
    OFFER,
    'if (first && hash === chosen && take.length',
    'if (first && take.length',
    quotes,
  ),
  mutant('an acceptance out of turn counts', OFFER, 'requireTurn(quote, signature.personId);', '', quotes),
  mutant(
    'anybody says how many must approve',
    'src/core/approvals/set-rule.ts',
    'policy: (actor) => isAdmin(actor),',
    'policy: () => true,',
    approvals,
  ),
  mutant(
    'a cycle waits for approvers whose turn it is not',
    'src/core/cycles/waiting.ts',
    "return !approvers || mayApproveNow(approversIn(approvers, projectId), signed, actor, 'approve') === true;",
    'return true || mayApproveNow(approversIn(approvers as never, projectId), signed, actor, "approve") === true;',
    approvals,
  ),
  mutant(
    'whoever has no access any more is still waited for',
    MIGRATION,
    "q.client_id = p_client and q.active and (q.role = 'client_admin'",
    "q.client_id = p_client and (q.role = 'client_admin'",
    approvals,
  ),
  mutant(
    'the database takes an agreement with fewer signatures than must be',
    MIGRATION,
    "< parley_needed(new.tenant_id, new.client_id) then\n    raise exception 'cycle",
    "< 1 then\n    raise exception 'cycle",
    approvals,
  ),
  mutant(
    'the database takes an acceptance with fewer signatures than must be',
    MIGRATION,
    "< parley_needed(new.tenant_id, new.client_id) then\n    raise exception 'quote",
    "< 1 then\n    raise exception 'quote",
    approvals,
  ),
  mutant(
    'the database takes signatures with other options',
    MIGRATION,
    'g.taken <> new.taken) then',
    'g.taken <> g.taken) then',
    approvals,
  ),
];
