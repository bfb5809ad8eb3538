import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const AGREE = 'src/core/cycles/agree.ts';
const REVIEW = 'src/core/cycles/review.ts';
const CONFIRM = 'src/core/people/confirm-code.ts';
const cycles = 'src/core/cycles';
const tickets = 'src/core/tickets';
const people = 'src/core/people';

export const AREAS: readonly Mutant[] = [
  mutant(
    'a migration that meets somebody in a deadlock fails for good',
    'src/apply-migrations.ts',
    "['55P03', '40P01']",
    "['55P03']",
    'src/apply-migrations.test.ts',
  ),
  mutant(
    'a ticket is read without a lock before it is changed',
    'src/core/tickets/queries.ts',
    'where tenant_id = ${actor.tenantId} and id = ${id} for update`',
    'where tenant_id = ${actor.tenantId} and id = ${id}`',
    'src/testing/at-once',
  ),
  mutant(
    'a press on an old ticket’s card acts',
    'src/core/kernel/thing-definition.ts',
    'if (version === undefined || version === it.version) return;',
    'if (version === undefined || version <= it.version) return;',
    tickets,
  ),
  mutant(
    'a ticket’s status allows every act',
    'src/core/kernel/thing-command.ts',
    'if (possible === true) return;',
    'if (possible !== undefined) return;',
    tickets,
  ),
  mutant(
    'a person may write in another name',
    'src/core/conversations/message.ts',
    'if (byName !== undefined)\n',
    'if (byName === null)\n',
    tickets,
  ),
  mutant('an approval is of whatever the scope is now', AGREE, 'if (hash !== scope.hash) {', 'if (!hash) {', cycles),
  mutant('a party may approve twice', AGREE, 'if (earlier) throw', 'if (earlier && !earlier.byName) throw', cycles),
  mutant(
    'a disputed cycle’s scope may be edited',
    AGREE,
    "if (cycle.status === 'disputed') throw refusal(cycle, 'This cycle is disputed. Resolve the dispute first.');",
    '',
    cycles,
  ),
  mutant(
    'a cycle starts before both have signed',
    AGREE,
    'if (!signedByBoth(scopeOf(cycle))) throw refusal(cycle, `It can start',
    'if (false as boolean) throw refusal(cycle, `It can start',
    cycles,
  ),
  mutant(
    'a cycle completes before both have signed',
    REVIEW,
    'if (!signedByBoth(scopeOf(cycle)))',
    'if (false as boolean)',
    cycles,
  ),
  mutant(
    'a cycle completes outside its review',
    REVIEW,
    "if (cycle.status !== 'in_review') throw refusal(cycle, notInReview(cycle));\n  if (!signed",
    'if (!signed',
    cycles,
  ),
  mutant(
    'a review opens before it is due',
    REVIEW,
    "if (due && now < cycle.review.opensAt) throw refusal(cycle, 'The review is not due yet.');",
    '',
    cycles,
  ),
  mutant(
    'a partner overrides what roles may do',
    'src/core/people/set-grant.ts',
    'who: isAdmin,',
    "who: (actor) => actor.kind === 'person' && (actor.role === 'admin' || actor.role === 'partner'),",
    people,
  ),
  mutant(
    'a code is read without a lock before it is tried',
    CONFIRM,
    'and external_id = ${externalId} for update`',
    'and external_id = ${externalId}`',
    'src/testing/at-once',
  ),
  mutant(
    'a code links any chat account that types it',
    CONFIRM,
    ' and provider = ${provider} and account = ${account} and external_id = ${externalId} for update',
    ' for update',
    people,
  ),
  mutant(
    'a code that was used links again',
    'src/core/people/link.ts',
    "if (usedAt) throw new DomainError('conflict', 'This code was used already.');",
    '',
    'src/core/people/linking.test.ts',
  ),
  mutant(
    'an account is attached that nobody confirmed',
    'src/core/people/attach.ts',
    'return it?.usedAt ? it : null;',
    'return it;',
    'src/core/people/linking.test.ts',
  ),
  mutant(
    'a client’s own administrator is told of the firm’s channels',
    'src/core/people/queries.ts',
    'seesProjects && isFirm(actor)',
    'seesProjects && actor !== null',
    'src/core/people/people.test.ts',
  ),
  mutant(
    'a person’s own grant counts for nothing',
    'src/core/people/policies.ts',
    'return actor.grants[module] ?? bundleOf(actor, projectId)[module];',
    'return bundleOf(actor, projectId)[module];',
    people,
  ),
  mutant(
    'a contact’s role in one project counts in all',
    'src/core/people/policies.ts',
    'projectId === undefined ? undefined : actor.memberships[projectId]',
    'Object.values(actor.memberships)[0]',
    'src/core/people/policies.test.ts',
  ),
  mutant(
    'a contact without a part may do everything',
    'src/core/people/policies.ts',
    'return role ? BUNDLES[role] : NOTHING;',
    'return role ? BUNDLES[role] : EVERYTHING;',
    'src/core/people/policies.test.ts',
  ),
];
