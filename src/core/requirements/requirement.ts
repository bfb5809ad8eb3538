import { z } from 'zod';
import { toldShape } from '../conversations/index.ts';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { isFirm } from '../people/index.ts';
import { readRequirement, requirementForUpdate } from './queries.ts';
import { Facts, Requirement } from './schema.ts';
import { called, SAYS, standingText } from './wording.ts';
import { writeRequirement } from './write.ts';

/** Something that the firm needs of a client, until a day. */
export const requirement = thing({
  name: 'requirement',
  module: 'projects',
  schema: Requirement,
  show: 'requirement.show',
  called: (it) => called(it),
  summary: ({ title }) => title,
  standing: ({ state }) => SAYS[state.status],
  read: readRequirement,
  lock: requirementForUpdate,
  write: writeRequirement,
  facts: Facts,
  factsOf: ({ state, number, kind, title, version, dueOn }) => ({
    ...{ status: state.status, number, kind, title, version, dueOn },
  }),
  audited: ({ state, kind, title, details, options, dueOn, round, files, version }) => ({
    ...{ status: state.status, kind, title, details, options, dueOn, round, version },
    answer: 'given' in state ? state.given.answer : null,
    files: files.map(({ name }) => name),
    reason: state.status === 'returned' ? state.reason : null,
  }),
  // Contacts read no events: they are told from the row.
  changes: ({ actor }, it) => (isFirm(actor) ? undefined : Promise.resolve([standingText(it)])),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }, { audience: 'triage' }];
const EVERYBODY: readonly Audience[] = [{ audience: 'internal' }, { audience: 'client' }];
const ALL: readonly Audience[] = [...EVERYBODY, { audience: 'triage' }];
const CLIENT: readonly Audience[] = [{ audience: 'client' }];

/** What happens to requirements. */
export const asked = requirement.event({ name: 'requirement.asked', says: () => 'asked for it', audience: EVERYBODY });
export const changed = requirement.event({
  name: 'requirement.changed',
  says: () => 'changed what is needed',
  audience: EVERYBODY,
});
export const provided = requirement.event({
  name: 'requirement.provided',
  more: { round: z.int().describe('How often it was provided by then') },
  says: ({ round }) => (round > 1 ? 'provided it again' : 'provided it'),
  audience: TEAM,
});
/** Somebody of the firm looked at what is secret. It leaves the requirement as it is. */
export const revealed = requirement.event({
  name: 'requirement.revealed',
  says: () => 'looked at the secret',
  audience: [],
});
export const accepted = requirement.event({
  name: 'requirement.accepted',
  says: () => 'accepted it',
  audience: EVERYBODY,
});
export const returned = requirement.event({
  name: 'requirement.returned',
  more: { reason: z.string().describe('What is wrong with it') },
  says: ({ reason }) => `returned it: ${reason}`,
  audience: CLIENT,
});
export const withdrawn = requirement.event({
  name: 'requirement.withdrawn',
  says: () => 'does not need it any more',
  audience: EVERYBODY,
});
export const reminded = requirement.event({
  name: 'requirement.reminded',
  more: { days: z.int().describe('After its day, or (below zero) before it') },
  says: () => 'reminded of it',
  audience: CLIENT,
});
export const replied = requirement.event({
  name: 'requirement.replied',
  more: toldShape,
  says: () => 'replied',
  audience: ALL,
});
export const noted = requirement.event({
  name: 'requirement.noted',
  more: toldShape,
  says: () => 'left a note',
  audience: TEAM,
});
/** Once, when its day is over. */
export const overdue = requirement.event({
  name: 'requirement.overdue',
  says: () => 'noted that it is overdue',
  audience: TEAM,
});
