import { dayText } from '../kernel/dates.ts';
import { thing } from '../kernel/thing.ts';
import { timeText } from './duration.ts';
import { entryForUpdate, readEntry } from './entry-queries.ts';
import { Entry, EntryFacts } from './entry-schema.ts';

/** What somebody worked on one day. What becomes of it changes its month as well, so its commands write by themselves. */
export const entry = thing({
  name: 'entry',
  module: 'projects',
  schema: Entry,
  show: 'entry.show',
  called: ({ minutes, day }) => `${timeText(minutes)} of ${dayText(day)}`,
  summary: ({ note, projectName }) => `${projectName}: ${note}`,
  standing: ({ isDeleted, closed }) => (isDeleted ? 'deleted' : (closed ?? 'logged')),
  read: readEntry,
  lock: entryForUpdate,
  facts: EntryFacts,
  factsOf: ({ id, periodId, personId, day, minutes, billable, version }) => ({
    ...{ entry: id, period: periodId, person: personId, day, minutes, billable, version },
  }),
  audited: ({ personName, day, minutes, note, billable, part, isDeleted, isBeyond, version }) => ({
    ...{ personName, day, minutes, note, billable, part, isDeleted, isBeyond, version },
  }),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

/** What happens to entries. Nobody is told of each: what they come to is told of the month. */
export const logged = entry.event({ name: 'entry.logged', says: () => 'logged it', audience: [] });
export const changed = entry.event({ name: 'entry.changed', says: () => 'changed it', audience: [] });
export const deleted = entry.event({ name: 'entry.deleted', says: () => 'deleted it', audience: [] });
