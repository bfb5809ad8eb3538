import type { Thread } from '../conversations/index.ts';
import { conversation, earlierButton, SILENCE } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Block, Card, Tone } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { capital } from '../kernel/field.ts';
import { isTeam } from '../people/index.ts';
import type { ShownTicket, Status } from './schema.ts';
import { ticket as thing } from './ticket.ts';
import { KIND_LABELS, LABELS, timeText } from './wording.ts';

/** The answer to filing: the ticket as it is, without another read. */
export function filedCard(ticket: ShownTicket, actor: Actor): Card {
  return ticketCard(ticket, SILENCE, actor);
}

/** Where a ticket stands, what it is about and what was said last, with the buttons that this actor may press. */
export function ticketCard(ticket: ShownTicket, thread: Thread, actor: Actor): Card {
  const { state } = ticket;
  return {
    title: `#${ticket.number} ${ticket.title}`,
    tone: TONES[state.status],
    status: LABELS[state.status],
    blocks: [
      ...firmsWord(ticket),
      { kind: 'facts', facts: factsOf(ticket, actor) },
      { kind: 'text', text: ticket.description },
      ...(ticket.steps ? [{ kind: 'text' as const, text: `Steps:\n${ticket.steps}` }] : []),
      ...(ticket.expected ? [{ kind: 'text' as const, text: `Expected:\n${ticket.expected}` }] : []),
      ...(ticket.links.length ? [{ kind: 'text' as const, text: `Links:\n${ticket.links.join('\n')}` }] : []),
      ...conversation(thread, (at) => timeText(at, actor)),
    ],
    actions: [
      ...thing.buttons(ticket, actor),
      ...earlierButton(thing, ticket.id, thread),
      ...(ticket.original ? [thing.opening(ticket.original.id, `Open #${ticket.original.number}`, 'ORIGINAL')] : []),
    ],
    fallback: `${KIND_LABELS[ticket.kind]} #${ticket.number}: ${ticket.title} (${LABELS[state.status]}, ${ticket.projectName})`,
    about: { entity: 'ticket', id: ticket.id, version: ticket.version },
  };
}

const TONES: Readonly<Record<Status, Tone>> = {
  new: 'info',
  needs_info: 'attention',
  approved: 'good',
  in_progress: 'info',
  resolved: 'good',
  declined: 'danger',
  duplicate: 'neutral',
};

/** What the firm last said about the status, where the client looks first. */
function firmsWord({ state, original }: ShownTicket): Block[] {
  switch (state.status) {
    case 'needs_info':
      return [{ kind: 'text', text: `Question: ${state.question}` }];
    case 'declined':
      return [{ kind: 'text', text: `Declined: ${state.reason}` }];
    case 'duplicate':
      // Somebody who only sees their own tickets is not told what another one is about.
      return [
        { kind: 'text', text: `Duplicate of ${original ? `#${original.number} ${original.title}` : 'another ticket'}` },
      ];
    case 'new':
    case 'approved':
    case 'in_progress':
    case 'resolved':
      return [];
  }
}

function factsOf(ticket: ShownTicket, actor: Actor): { label: string; value: string }[] {
  const facts: [string, string | null][] = [
    ['Kind', KIND_LABELS[ticket.kind]],
    ['Client', isTeam(actor) ? ticket.clientName : null],
    ['Project', ticket.projectName],
    ['Priority', capital(ticket.priority)],
    ['Owner', ticket.ownerName ?? 'Nobody yet'],
    ['Reported by', `${ticket.reporterName}, ${timeText(ticket.createdAt, actor)}`],
    ['Due', ticket.dueOn && dayText(ticket.dueOn)],
    ['Category', ticket.category],
    ['Next action', ticket.nextAction],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}
