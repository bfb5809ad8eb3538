import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const QUERIES = 'src/core/homes/queries.ts';
const LISTS = 'src/core/homes/lists.ts';
const homes = 'src/core/homes';

/** What homes count, and for whom. */
export const HOMES: readonly Mutant[] = [
  mutant(
    'a home counts what may not be read',
    QUERIES,
    'figures.filter(({ thing }) => isReadable(context, thing.module))',
    'figures.filter(({ thing }) => thing !== undefined)',
    homes,
  ),
  mutant(
    'a client is shown how others stand',
    LISTS,
    "if (sideOf(context.actor) !== 'staff') throw",
    'if (false) throw',
    homes,
  ),
  mutant('anybody is shown the workload', LISTS, '    allow(leads(context.actor));\n', '', homes),
  mutant(
    'a note of the team is an answer',
    'src/core/tickets/standing.ts',
    " and m.side = 'staff' and not m.internal",
    " and m.side = 'staff'",
    homes,
  ),
];
