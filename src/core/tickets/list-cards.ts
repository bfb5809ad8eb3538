import type { Actor } from '../kernel/actor.ts';
import type { ListItem } from '../kernel/card.ts';
import { capital } from '../kernel/field.ts';
import type { Face } from '../kernel/list.ts';
import { countText } from '../kernel/standing.ts';
import { isTeam } from '../people/index.ts';
import { OPEN } from './rules.ts';
import type { Counts, ListedTicket } from './schema.ts';
import { ticket as thing } from './ticket.ts';
import { KIND_LABELS, LABELS, timeText } from './wording.ts';

/** What the team has to look at first. */
export function queueFace(counts: Counts, actor: Actor): Face<ListedTicket> {
  return {
    title: 'Triage queue',
    tone: counts.new ? 'attention' : 'good',
    status: `${countText(counts.new)} to triage`,
    lead: [
      {
        kind: 'facts',
        facts: [
          { label: 'Waiting for the client', value: countText(counts.needsInfo) },
          { label: 'Approved', value: countText(counts.approved) },
          { label: 'In progress', value: countText(counts.inProgress) },
          { label: 'Without an owner', value: countText(counts.unowned) },
        ],
      },
    ],
    line: (ticket) => lineOf(ticket, actor),
    empty: 'All caught up: every ticket has been looked at.',
    fallback: counts.new === 1 ? '1 ticket waits for triage.' : `${countText(counts.new)} tickets wait for triage.`,
  };
}

/** An actor's tickets, open ones first. */
export function mineFace(actor: Actor): Face<ListedTicket> {
  const own = actor.kind === 'person' && isTeam(actor);
  return {
    title: own ? 'Tickets you own' : 'Your tickets',
    line: (ticket) => lineOf(ticket, actor),
    empty: own ? 'You own no tickets.' : 'No tickets yet. Tell us when something should change.',
    actions: [
      { kind: 'button', label: 'Report a bug…', word: 'BUG', press: { target: 'ticket.file-bug', input: {} } },
      {
        kind: 'button',
        label: 'Ask for a change…',
        word: 'CHANGE',
        press: { target: 'ticket.file-change', input: {} },
      },
    ],
    fallback: own ? 'The tickets you own.' : 'Your tickets.',
  };
}

function lineOf(ticket: ListedTicket, actor: Actor): ListItem {
  return {
    text: `#${ticket.number} ${ticket.title}`,
    detail: detailOf(ticket, actor),
    mark: (OPEN as readonly string[]).includes(ticket.status) ? 'open' : 'done',
    button: thing.opening(ticket.id, 'Open', `OPEN${ticket.number}`),
  };
}

function detailOf(ticket: ListedTicket, actor: Actor): string {
  return [
    LABELS[ticket.status],
    KIND_LABELS[ticket.kind],
    ...(ticket.priority === 'normal' ? [] : [capital(ticket.priority)]),
    ...(isTeam(actor) ? [ticket.clientName] : []),
    ticket.projectName,
    ...(ticket.ownerName ? [`owner ${ticket.ownerName}`] : []),
    `${ticket.reporterName}, ${timeText(ticket.createdAt, actor)}`,
  ].join(' · ');
}
