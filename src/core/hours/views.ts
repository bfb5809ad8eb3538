import { z } from 'zod';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { entryCard } from './entry-cards.ts';
import { readEntry } from './entry-queries.ts';
import { Entry } from './entry-schema.ts';
import { overrunCard } from './overrun-cards.ts';
import { readOverrun } from './overrun-queries.ts';
import { Overrun } from './overrun-schema.ts';
import { periodCard } from './period-cards.ts';
import { readPeriod } from './period-queries.ts';
import { Period } from './period-schema.ts';
import { mayRead, mayReadEntry } from './rules.ts';

/** What somebody worked on one day. */
export const showEntry = view({
  name: 'entry.show',
  module: 'projects',
  input: z.strictObject({ entry: z.uuid() }),
  output: z.strictObject({ entry: Entry.describe('What was worked') }),
  read: async (context, { entry: id }) => {
    const entry = there(await readEntry(context, id));
    allow(mayReadEntry(context.actor, entry));
    return { entry };
  },
  card: ({ entry }, { actor }) => entryCard(entry, actor),
});

/** A project's hours of a month. */
export const showPeriod = view({
  name: 'period.show',
  module: 'billing',
  input: z.strictObject({ period: z.uuid() }),
  output: z.strictObject({ period: Period.describe('The month as it is') }),
  read: async (context, { period: id }) => {
    const period = there(await readPeriod(context, id));
    allow(mayRead(context.actor, period));
    return { period };
  },
  card: ({ period }, { actor }) => periodCard(period, actor),
});

/** A request for more hours, and what became of it. */
export const showOverrun = view({
  name: 'overrun.show',
  module: 'billing',
  input: z.strictObject({ overrun: z.uuid() }),
  output: z.strictObject({ overrun: Overrun.describe('What is asked for') }),
  read: async (context, { overrun: id }) => {
    const overrun = there(await readOverrun(context, id));
    allow(mayRead(context.actor, overrun));
    return { overrun };
  },
  card: ({ overrun }, { actor }) => overrunCard(overrun, actor),
});
