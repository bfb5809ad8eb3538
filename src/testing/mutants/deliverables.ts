import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const TABLE = 'prisma/migrations/20261126220000_deliverables/migration.sql';
const REVIEW = 'src/core/deliverables/review.ts';
const machine = 'src/core/deliverables/machine.test.ts';
const tests = 'src/core/deliverables/deliverables.test.ts';

/** What clients approve of a cycle: which version, by whom, and what follows. */
export const DELIVERABLES: readonly Mutant[] = [
  mutant(
    'an old version is approved',
    REVIEW,
    'if (!last || !isSeen(last.hash, seen)) throw old(it, seen);',
    'if (!last) throw old(it, seen);',
    machine,
    tests,
  ),
  mutant(
    'something is approved after the cycle is completed',
    REVIEW,
    "  requireOpen(it);\n  if (it.state.status !== 'in_review') throw refusal(it, standingText(it));\n  const { name: byName",
    "  if (it.state.status !== 'in_review') throw refusal(it, standingText(it));\n  const { name: byName",
    machine,
    tests,
  ),
  mutant(
    'a version is decided about twice',
    REVIEW,
    "  if (it.state.status !== 'in_review') throw refusal(it, standingText(it));\n  const { name: byName",
    '  const { name: byName',
    machine,
  ),
  mutant(
    'what is approved stays so by another scope',
    REVIEW,
    "const stays = it.state.status === 'withdrawn' ? !isBack : isSame;",
    "const stays = it.state.status === 'withdrawn' ? !isBack : isSame || it.state.status === 'approved';",
    machine,
  ),
  mutant(
    'the same link shared again is the same version',
    'src/core/deliverables/content.ts',
    'return fingerprint(content);',
    'return fingerprint({ ...content, number: 0 });',
    machine,
  ),
  mutant(
    'a viewer approves',
    'src/core/deliverables/rules.ts',
    '  return isApprover(actor, projectId);',
    "  return !isFirm(actor) && may(actor, 'read', 'projects', projectId);",
    tests,
  ),
  mutant(
    'a link is read by everybody on the way, or runs a script',
    'src/core/deliverables/link.ts',
    'const SHAPE = /^https:',
    'const SHAPE = /^[a-z]+:',
    tests,
  ),
  mutant(
    'the client is reminded of what it decided',
    'src/core/deliverables/reminders.ts',
    "it.state.status !== 'in_review' || ",
    '',
    machine,
  ),
  // Both: who asks for it, and who does it, look whether both have signed.
  {
    name: 'a deliverable follows a scope that one side signed',
    edits: [
      {
        file: 'src/core/cycles/index.ts',
        from: "      data.both ? { name: 'cycle.follow-scope', input: { cycle: about.id } } : null,",
        to: "      data.number ? { name: 'cycle.follow-scope', input: { cycle: about.id } } : null,",
      },
      {
        file: 'src/core/cycles/follow-scope.ts',
        from: 'return versions.findLast(signedByBoth);',
        to: 'return versions.at(-1);',
      },
    ],
    tests: [tests],
  },
  mutant(
    'the database takes for approved what nobody approved',
    TABLE,
    "  if new.status in ('approved', 'changes_wanted') and not exists",
    "  if new.status = 'changes_wanted' and not exists",
    tests,
  ),
  mutant(
    'the database lets what is approved be changed',
    TABLE,
    "  if old.status = 'approved' and new.status = 'approved'\n",
    "  if old.status = 'approved' and new.status = 'planned'\n",
    tests,
  ),
];
