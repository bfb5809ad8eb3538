import type { Actor } from '../kernel/actor.ts';
import type { Button } from '../kernel/card.ts';
import { mayNote, mayReply, mayTriage } from './policies.ts';
import type { Ticket } from './ticket.ts';
import { fits, showing } from './ticket.ts';

/** The buttons of a ticket's card: what this actor may do to it in the state it is in, by the commands' own rules. */
export function buttonsOn(ticket: Ticket, actor: Actor): Button[] {
  const triage = mayTriage(actor, ticket);
  return [
    ...(triage ? triageButtons(ticket) : []),
    ...(triage && canTake(ticket, actor)
      ? [button("I'll take this", 'TAKE', 'ticket.take', { ticket: ticket.id })]
      : []),
    ...noteButton(ticket, actor),
    ...replyButton(ticket, actor),
    ...(triage ? [button('Details…', 'DETAILS', 'ticket.details-form', onVersion(ticket))] : []),
  ];
}

function triageButtons(ticket: Ticket): Button[] {
  const { status } = ticket.state;
  const offered: [boolean, Button][] = [
    [fits(status, 'approve'), button('Approve', 'APPROVE', 'ticket.approve', onVersion(ticket), 'primary')],
    // Work starts after triage; a card that still waits for it has enough buttons.
    [status === 'approved', button('Start', 'START', 'ticket.progress', started(ticket), 'primary')],
    [
      status === 'approved' || status === 'in_progress',
      button('Resolve', 'RESOLVE', 'ticket.progress', { ...onVersion(ticket), status: 'resolved' }),
    ],
    [status === 'resolved', button('Reopen', 'REOPEN', 'ticket.progress', started(ticket))],
    [fits(status, 'decline'), button('Decline…', 'DECLINE', 'ticket.decline-form', onVersion(ticket), 'danger')],
    [fits(status, 'ask'), button('Ask…', 'ASK', 'ticket.ask-form', onVersion(ticket))],
    [fits(status, 'mark-duplicate'), button('Duplicate of…', 'DUPLICATE', 'ticket.duplicate-form', onVersion(ticket))],
  ];
  return offered.flatMap(([possible, one]) => (possible ? [one] : []));
}

function canTake(ticket: Ticket, actor: Actor): boolean {
  return fits(ticket.state.status, 'take') && !(actor.kind === 'person' && actor.personId === ticket.ownerId);
}

/** The button to answer in public; none for those who may only read. */
export function replyButton(ticket: Ticket, actor: Actor): Button[] {
  return mayReply(actor, ticket) ? [button('Reply…', 'REPLY', 'ticket.reply-form', { ticket: ticket.id })] : [];
}

/** The button to write for the team alone. */
export function noteButton(ticket: Ticket, actor: Actor): Button[] {
  return mayNote(actor, ticket) ? [button('Note…', 'NOTE', 'ticket.note-form', { ticket: ticket.id })] : [];
}

export function openButton(id: string, label = 'Open', word = 'OPEN'): Button {
  return { kind: 'button', label, word, press: showing(id) };
}

function onVersion({ id, version }: Ticket): Record<string, string> {
  return { ticket: id, version: String(version) };
}

function started(ticket: Ticket): Record<string, string> {
  return { ...onVersion(ticket), status: 'in_progress' };
}

function button(
  label: string,
  word: string,
  target: string,
  input: Record<string, string>,
  style?: 'primary' | 'danger',
): Button {
  return { kind: 'button', label, word, press: { target, input }, ...(style ? { style } : {}) };
}
