import { z } from 'zod';
import { toldShape } from '../conversations/index.ts';
import { ASSURANCES } from '../kernel/actor.ts';
import type { Audience } from '../kernel/event.ts';
import { event } from '../kernel/event.ts';
import { instant } from '../kernel/instant.ts';
import { thing } from '../kernel/thing.ts';
import { changesSince } from './history.ts';
import { cycleForUpdate, readCycle } from './queries.ts';
import { Cycle, Facts, OUTCOMES, PARTIES, scopeOf } from './schema.ts';
import { writeCycle } from './write.ts';

const SAYS: Readonly<Record<Cycle['status'], string>> = {
  upcoming: 'upcoming',
  in_progress: 'in progress',
  in_review: 'in review',
  disputed: 'disputed',
  completed: 'completed',
};

/** What firm and client agreed on, when it is looked at, and whether it is taken. */
export const cycle = thing({
  name: 'cycle',
  module: 'projects',
  schema: Cycle,
  show: 'cycle.show',
  called: (it) => scopeOf(it).content.name,
  standing: ({ status }) => SAYS[status],
  read: readCycle,
  lock: cycleForUpdate,
  write: writeCycle,
  facts: Facts,
  factsOf: (it) => {
    const { number, hash, content } = scopeOf(it);
    return { cycle: it.id, name: content.name, status: it.status, version: it.version, number, hash };
  },
  audited: (it) => {
    const { number, hash, content, approvals, agreedAt } = scopeOf(it);
    return {
      ...{ status: it.status, version: it.version, number, hash, content, review: it.review },
      agreed: agreedAt !== null,
      approvals: approvals.map(({ side, byName, channel, assurance }) => ({ side, byName, channel, assurance })),
      dispute: it.status === 'disputed' ? it.dispute.reason : null,
    };
  },
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
  // Read from the cycle's own rows: contacts, who cannot read events, are told the same.
  changes: async (_context, it, version) => changesSince(it, version),
});

const CLIENT: Audience = { audience: 'client' };
const INTERNAL: Audience = { audience: 'internal' };
const TRIAGE: Audience = { audience: 'triage' };
const REVIEW = {
  opensAt: instant().describe('When its review begins'),
  closesAt: instant().describe('When it ends'),
};

/** What happens to cycles. */
export const planned = cycle.event({
  name: 'cycle.planned',
  says: () => 'planned it',
  audience: [CLIENT, INTERNAL],
});
export const started = cycle.event({ name: 'cycle.started', says: () => 'started it', audience: [CLIENT, INTERNAL] });
export const scopeChanged = cycle.event({
  name: 'cycle.scope-changed',
  more: {
    changes: z.array(z.string()).describe('What is different, in lines'),
    afterBothSigned: z.boolean().describe('Whether both sides had approved the version before'),
  },
  says: ({ number, changes }) => `made version ${number} of its scope: ${changes.join('; ')}`,
  audience: [CLIENT, INTERNAL],
});
export const approved = cycle.event({
  name: 'cycle.approved',
  more: {
    side: z.enum(PARTIES).describe('Of whom'),
    both: z.boolean().describe('Whether both sides have approved now'),
    channel: z.string().describe('Where it was approved'),
    assurance: z.enum(ASSURANCES).describe('How sure it is who did'),
  },
  says: ({ number }) => `approved version ${number} of its scope`,
  audience: [CLIENT, INTERNAL, TRIAGE],
});
/** Others have approved before them, as the client's order wants it: these are asked now. */
export const turnCame = cycle.event({
  name: 'cycle.turn-came',
  more: { people: z.array(z.uuid()).describe('Whose turn it is') },
  says: () => 'made it the turn of whoever comes next',
  audience: ({ data }) => data.people.map((person) => ({ person, everywhere: true })),
});
/** Who must approve changed: its card says so, and it may be agreed on by that. */
export const counted = cycle.event({
  name: 'cycle.counted',
  more: { agreed: z.boolean().describe('Whether enough of the client have approved now') },
  says: ({ agreed }) => (agreed ? 'noted that enough have approved it' : 'noted who must approve it'),
  audience: ({ data }) => (data.agreed ? [CLIENT, INTERNAL, TRIAGE] : []),
  mayReachClient: true,
});
/** The same of all cycles of a client that are not agreed on. */
export const recounted = event({
  name: 'cycle.recounted',
  data: z.strictObject({ cycles: z.int(), agreed: z.int().describe('How many of them are agreed on by that') }),
  says: ({ cycles }) => `counted the approvals of ${cycles === 1 ? 'a cycle' : `${cycles} cycles`} again`,
  audience: [],
});
/** The client has not approved the scope. */
export const approvalReminded = cycle.event({
  name: 'cycle.approval-reminded',
  more: { days: z.int().describe('After that version was written') },
  says: () => 'reminded of its scope',
  audience: [CLIENT],
});
export const reviewOpened = cycle.event({
  name: 'cycle.review-opened',
  more: REVIEW,
  says: () => 'opened its review',
  audience: [CLIENT, INTERNAL],
});
export const reviewReminded = cycle.event({
  name: 'cycle.review-reminded',
  more: {
    closesAt: instant().describe('When it ends'),
    overdue: z.boolean().describe('Whether that is over'),
  },
  says: () => 'reminded of its review',
  audience: [CLIENT],
});
export const completed = cycle.event({
  name: 'cycle.completed',
  says: () => 'completed it',
  audience: [CLIENT, INTERNAL, TRIAGE],
});
export const disputed = cycle.event({
  name: 'cycle.disputed',
  more: { dispute: z.uuid().describe('The dispute’s id'), reason: z.string().describe('Why') },
  says: ({ reason }) => `disputed it: ${reason}`,
  audience: [CLIENT, INTERNAL, TRIAGE],
});
export const disputeResolved = cycle.event({
  name: 'cycle.dispute-resolved',
  more: {
    resolution: z.string().describe('How it was resolved, in words'),
    outcome: z.enum(OUTCOMES).describe('What follows from that'),
    ...REVIEW,
  },
  says: ({ resolution }) => `resolved its dispute: ${resolution}`,
  audience: [CLIENT, INTERNAL],
});
export const replied = cycle.event({
  name: 'cycle.replied',
  more: toldShape,
  says: () => 'replied',
  audience: [CLIENT, INTERNAL, TRIAGE],
});
export const noted = cycle.event({
  name: 'cycle.noted',
  more: toldShape,
  says: () => 'left a note',
  audience: [INTERNAL, TRIAGE],
});
/** Its deliverables are those of a scope that both sides signed. */
export const handedOver = cycle.event({
  name: 'cycle.handed-over',
  more: {
    scope: z.int().describe('The version of the scope'),
    changes: z.int().describe('How many deliverables changed'),
  },
  says: ({ scope }) => `planned the deliverables of version ${scope} of its scope`,
  audience: [],
});
/** Tasks or deliverables of it changed. */
export const progressed = cycle.event({
  name: 'cycle.progressed',
  more: { done: z.int(), total: z.int(), percent: z.int().nullable() },
  says: ({ done, total }) => `counted ${done} of ${total} parts as done`,
  audience: [],
});
