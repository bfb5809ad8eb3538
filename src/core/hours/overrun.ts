import { z } from 'zod';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { isFirm } from '../people/index.ts';
import { timeText } from './duration.ts';
import { overrunForUpdate, readOverrun, writeOverrun } from './overrun-queries.ts';
import { Overrun, OverrunFacts } from './overrun-schema.ts';
import { called } from './wording.ts';

const DID = { asked: 'asked for', approved: 'approved', declined: 'declined', withdrawn: 'withdrew' } as const;

/** More hours than were agreed on for a month: a record of its own, because what the client answered stays whatever follows. */
export const overrun = thing({
  name: 'overrun',
  module: 'billing',
  schema: Overrun,
  show: 'overrun.show',
  called: (it) => `${timeText(it.minutes)} more for ${called(it)}`,
  summary: ({ reason }) => reason,
  standing: ({ status }) => (status === 'asked' ? 'waiting for an answer' : status),
  read: readOverrun,
  lock: overrunForUpdate,
  write: writeOverrun,
  facts: OverrunFacts,
  factsOf: ({ id, periodId, minutes, status, version }) => ({
    ...{ overrun: id, period: periodId, minutes, status, version },
  }),
  audited: ({ status, minutes, reason, version, answer }) => ({
    ...{ status, minutes, reason, version },
    answer: answer && { ...answer, at: answer.at.toISOString() },
  }),
  // It changes once, by how it ended, which contacts read here and not in the events.
  changes: ({ actor }, { status, answer }) =>
    isFirm(actor) ? undefined : Promise.resolve(answer ? [`${answer.byName} ${DID[status]} it`] : []),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

const EVERYBODY: readonly Audience[] = [{ audience: 'internal' }, { audience: 'client' }];
const ALL: readonly Audience[] = [...EVERYBODY, { audience: 'triage' }];

export const asked = overrun.event({ name: 'overrun.asked', says: () => 'asked for more hours', audience: EVERYBODY });
export const reminded = overrun.event({
  name: 'overrun.reminded',
  more: { days: z.int().describe('After it was asked for') },
  says: () => 'reminded of it',
  audience: [{ audience: 'client' }],
});
export const approved = overrun.event({ name: 'overrun.approved', says: () => 'approved it', audience: ALL });
export const declined = overrun.event({
  name: 'overrun.declined',
  more: { reason: z.string().describe('Why') },
  says: ({ reason }) => `declined it: ${reason}`,
  audience: ALL,
});
export const withdrawn = overrun.event({ name: 'overrun.withdrawn', says: () => 'withdrew it', audience: ALL });
