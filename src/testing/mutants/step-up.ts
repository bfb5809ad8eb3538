import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const SURE = 'src/core/quotes/sure.ts';
const tests = 'src/portal/step-up.test.ts';

export const STEP_UP: readonly Mutant[] = [
  mutant(
    'a quote of any amount is accepted by the link of a mail',
    SURE,
    "? 'chat' : 'link';",
    "? 'link' : 'link';",
    tests,
  ),
  mutant('options count nothing towards the amount', SURE, ': readTaken(content, take);', ': [];', tests),
  mutant(
    'what a command is about asks for no assurance',
    'src/core/kernel/command.ts',
    "if (typeof command.assurance === 'function')",
    "if (command.name === '' && typeof command.assurance === 'function')",
    tests,
  ),
  mutant(
    'the link of a mail acts as whoever is signed in with the browser',
    'src/portal/link-pages.ts',
    'const isSame = session?.person.personId === personId && session.person.tenantId === tenantId;',
    'const isSame = Boolean(session && personId && tenantId);',
    tests,
  ),
  mutant(
    'a link that is remembered is followed for anybody',
    'src/portal/session.ts',
    'link && !link.expired && link.tenantId === tenantId && link.personId === personId ? token : null;',
    'link && !link.expired && tenantId && personId ? token : null;',
    tests,
  ),
  mutant(
    'anybody says above which amount quotes take signing in',
    'src/core/quotes/set-limit.ts',
    'policy: (actor) => isAdmin(actor),',
    'policy: () => true,',
    tests,
  ),
];
