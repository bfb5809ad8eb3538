import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card } from '../kernel/card.ts';
import { capital } from '../kernel/field.ts';
import type { ListedTicket, TriageCounts } from './lists.ts';
import { isTeam, OPEN } from './rules.ts';
import { ticket as thing } from './ticket.ts';
import { instant, KIND_LABELS, LABELS } from './wording.ts';

/** A page of a list: at most `SIZE` are shown, one more tells that there is another page. */
export const SIZE = 10;

/** What the team has to look at first. */
export function queueCard(id: string, tickets: ListedTicket[], page: number, counts: TriageCounts, actor: Actor): Card {
  return {
    title: 'Triage queue',
    tone: counts.new ? 'attention' : 'good',
    status: `${counts.new} to triage`,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Waiting for the client', value: String(counts.needsInfo) },
          { label: 'Approved', value: String(counts.approved) },
          { label: 'In progress', value: String(counts.inProgress) },
          { label: 'Without an owner', value: String(counts.unowned) },
        ],
      },
      listOf(tickets, page, actor, 'All caught up: every ticket has been looked at.'),
    ],
    actions: turning('ticket.queue', page, tickets.length > SIZE),
    fallback: counts.new === 1 ? '1 ticket waits for triage.' : `${counts.new} tickets wait for triage.`,
    about: { entity: 'home', id, version: 0 },
  };
}

/** An actor's tickets, open ones first. */
export function mineCard(id: string, tickets: ListedTicket[], page: number, actor: Actor): Card {
  const own = actor.kind === 'person' && isTeam(actor);
  return {
    title: own ? 'Tickets you own' : 'Your tickets',
    tone: 'neutral',
    blocks: [
      listOf(
        tickets,
        page,
        actor,
        own ? 'You own no tickets.' : 'No tickets yet. Tell us when something should change.',
      ),
    ],
    actions: [
      ...turning('ticket.mine', page, tickets.length > SIZE),
      { kind: 'button', label: 'Report a bug…', word: 'BUG', press: { target: 'ticket.file-bug', input: {} } },
      {
        kind: 'button',
        label: 'Ask for a change…',
        word: 'CHANGE',
        press: { target: 'ticket.file-change', input: {} },
      },
    ],
    fallback: own ? 'The tickets you own.' : 'Your tickets.',
    about: { entity: 'home', id, version: 0 },
  };
}

function listOf(tickets: ListedTicket[], page: number, actor: Actor, empty: string): Block {
  if (!tickets.length) return { kind: 'text', text: page ? 'No more tickets.' : empty };
  return {
    kind: 'list',
    items: tickets.slice(0, SIZE).map((ticket) => ({
      text: `#${ticket.number} ${ticket.title}`,
      detail: detailOf(ticket, actor),
      mark: (OPEN as readonly string[]).includes(ticket.status) ? 'open' : 'done',
      button: thing.opening(ticket.id, 'Open', `OPEN${ticket.number}`),
    })),
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
    `${ticket.reporterName}, ${instant(ticket.createdAt, actor)}`,
  ].join(' · ');
}

function turning(target: string, page: number, more: boolean): Button[] {
  const turn = (label: string, to: number): Button => ({
    kind: 'button',
    label,
    press: { target, input: { page: String(to) } },
  });
  return [...(page > 0 ? [turn('Previous', page - 1)] : []), ...(more ? [turn('Next', page + 1)] : [])];
}
