import { z } from 'zod';
import { toldShape } from '../conversations/index.ts';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { readTicket, saidForBoth, ticketForUpdate } from './queries.ts';
import { writeTicket } from './rows.ts';
import { columnsOf, Facts, Ticket } from './schema.ts';
import { SAYS } from './wording.ts';

/** A change request or a bug report. */
export const ticket = thing({
  name: 'ticket',
  module: 'tickets',
  schema: Ticket,
  show: 'ticket.show',
  called: ({ number }) => `#${number}`,
  summary: ({ title }) => title,
  standing: ({ state }) => SAYS[state.status],
  read: readTicket,
  lock: ticketForUpdate,
  write: writeTicket,
  facts: Facts,
  factsOf: ({ state, number, kind, title, version, priority, ownerId, ownerName, reporterName }) => ({
    ...columnsOf(state),
    ...{ number, kind, title, version, priority, ownerId, ownerName, reporterName },
  }),
  audited: ({ id: _id, clientId: _client, projectId: _project, createdAt: _at, state, links, ...own }) => ({
    ...columnsOf(state),
    ...own,
    links: links.length ? links : null,
  }),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
  said: saidForBoth,
});

const TEAM: readonly Audience[] = [{ audience: 'triage' }, { audience: 'internal' }];
const EVERYBODY: readonly Audience[] = [...TEAM, { audience: 'client' }];

/** What happens to tickets. */
export const filed = ticket.event({ name: 'ticket.filed', says: () => 'filed it', audience: EVERYBODY });
export const approved = ticket.event({ name: 'ticket.approved', says: () => 'approved it', audience: EVERYBODY });
export const declined = ticket.event({
  name: 'ticket.declined',
  says: ({ statusNote }) => `declined it: ${statusNote}`,
  audience: EVERYBODY,
});
export const asked = ticket.event({
  name: 'ticket.asked',
  more: toldShape,
  says: ({ statusNote }) => `asked: ${statusNote}`,
  audience: EVERYBODY,
});
export const markedDuplicate = ticket.event({
  name: 'ticket.marked-duplicate',
  more: { original: z.int().describe('The number of the ticket that it duplicates') },
  says: ({ original }) => `marked it as a duplicate of #${original}`,
  audience: EVERYBODY,
});
export const taken = ticket.event({
  name: 'ticket.taken',
  more: { from: z.string().nullable().describe('Who owned it before') },
  says: () => 'took it on',
  audience: EVERYBODY,
});
export const noted = ticket.event({
  name: 'ticket.noted',
  more: toldShape,
  says: () => 'left a note',
  audience: TEAM,
});
export const replied = ticket.event({
  name: 'ticket.replied',
  more: toldShape,
  says: () => 'replied',
  audience: EVERYBODY,
});
export const progressed = ticket.event({
  name: 'ticket.progressed',
  says: ({ status }) => `set it to ${SAYS[status]}`,
  audience: EVERYBODY,
});
export const detailsSet = ticket.event({
  name: 'ticket.details-set',
  says: () => 'changed its details',
  audience: EVERYBODY,
});
