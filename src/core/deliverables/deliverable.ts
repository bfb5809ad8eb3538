import { z } from 'zod';
import { toldShape } from '../conversations/index.ts';
import type { Audience } from '../kernel/event.ts';
import { instant } from '../kernel/instant.ts';
import { thing } from '../kernel/thing.ts';
import { isFirm } from '../people/index.ts';
import { changesSince } from './history.ts';
import { deliverableForUpdate, readDeliverable } from './queries.ts';
import { Deliverable, Facts, lastShare } from './schema.ts';
import { called, SAYS } from './wording.ts';
import { writeDeliverable } from './write.ts';

/** What a client gets of a cycle, and what the client said of it. */
export const deliverable = thing({
  name: 'deliverable',
  module: 'projects',
  schema: Deliverable,
  show: 'deliverable.show',
  called: (it) => called(it),
  summary: ({ name }) => name,
  standing: ({ state }) => SAYS[state.status],
  read: readDeliverable,
  lock: deliverableForUpdate,
  write: writeDeliverable,
  facts: Facts,
  factsOf: (it) => ({
    ...{ deliverable: it.id, cycle: it.cycleId, number: it.number, name: it.name, status: it.state.status },
    ...{ version: it.version, shares: it.shares.length, hash: lastShare(it)?.hash ?? null },
  }),
  audited: (it) => {
    const { name, description, inScope, state, version } = it;
    const last = lastShare(it);
    const shared = last ? { ...last.content, hash: last.hash } : null;
    const decision = last?.decision ? { ...last.decision, at: last.decision.at.toISOString() } : null;
    return { name, description, inScope, status: state.status, version, shared, decision };
  },
  // Contacts are told from the deliverable's own rows, because events are not for them to read.
  changes: ({ actor }, it) => (isFirm(actor) ? undefined : Promise.resolve(changesSince(it))),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }];
const EVERYBODY: readonly Audience[] = [...TEAM, { audience: 'client' }];
const ALL: readonly Audience[] = [...EVERYBODY, { audience: 'triage' }];

/** Whoever was shown it hears of it; before that it is seen where deliverables are looked at. */
const shownTo = (shares: number): Audience[] => (shares > 0 ? [...EVERYBODY] : []);

/** What happens to deliverables. */
export const planned = deliverable.event({ name: 'deliverable.planned', says: () => 'planned it', audience: [] });
export const shared = deliverable.event({
  name: 'deliverable.shared',
  says: ({ shares }) => (shares > 1 ? `shared version ${shares} of it` : 'shared it'),
  audience: EVERYBODY,
});
export const approved = deliverable.event({
  name: 'deliverable.approved',
  says: ({ shares }) => `approved version ${shares} of it`,
  audience: ALL,
});
export const changesAsked = deliverable.event({
  name: 'deliverable.changes-asked',
  more: { reason: z.string() },
  says: ({ reason }) => `asked for changes: ${reason}`,
  // The client's own copies of the card are drawn anew all the same.
  audience: [...TEAM, { audience: 'triage' }],
});
export const reminded = deliverable.event({
  name: 'deliverable.reminded',
  more: { since: instant().describe('When it was shared') },
  says: () => 'reminded of it',
  audience: [{ audience: 'client' }],
});
export const withdrawn = deliverable.event({
  name: 'deliverable.withdrawn',
  says: () => 'took it out',
  audience: ({ data }) => shownTo(data.shares),
  mayReachClient: true,
});
export const reopened = deliverable.event({
  name: 'deliverable.reopened',
  says: () => 'put it in again',
  audience: ({ data }) => shownTo(data.shares),
  mayReachClient: true,
});
/** The scope that both sides signed says something else of it. */
export const agreedAnew = deliverable.event({
  name: 'deliverable.agreed-anew',
  says: ({ status }) =>
    status === 'planned'
      ? 'has it by another scope now: it has to be shared anew'
      : 'has it by another scope now; it stands as it stood',
  audience: ({ data }) => shownTo(data.shares),
  mayReachClient: true,
});
export const replied = deliverable.event({
  name: 'deliverable.replied',
  more: toldShape,
  says: () => 'replied',
  audience: ALL,
});
export const noted = deliverable.event({
  name: 'deliverable.noted',
  more: toldShape,
  says: () => 'left a note',
  audience: [...TEAM, { audience: 'triage' }],
});
