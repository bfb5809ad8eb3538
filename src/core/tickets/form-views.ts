import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { askForm, declineForm, detailsForm, duplicateForm, newTicketCard, noteForm, replyForm } from './form-cards.ts';
import { OnTicketOrVersion, OnVersion, ProposedTitle } from './input.ts';
import { MOST_PROJECTS, projectsToChoose } from './lists.ts';
import { isTeam, mayFile, mayNote, mayReply, mayTriage } from './policies.ts';
import type { ShownTicket } from './queries.ts';
import { readTicket } from './queries.ts';
import type { Act, Kind, Ticket } from './ticket.ts';
import { assertFits } from './ticket.ts';
import { assertCurrent } from './writes.ts';

export const newBug = newTicket('ticket.new-bug', 'bug');
export const newChange = newTicket('ticket.new-change', 'change');

/** The form of a new ticket, with the projects that this actor may file for. */
function newTicket(name: string, kind: Kind) {
  return view({
    name,
    module: 'tickets',
    input: z.strictObject({ project: z.uuid().optional(), title: ProposedTitle.optional() }),
    wide: true,
    show: async (context, { project = null, title = '' }) => {
      const { actor } = context;
      const visible = await projectsToChoose(context, project);
      const choices = visible
        .filter(({ id }) => mayFile(actor, { projectId: id }))
        .map(({ id, name: label, clientName }) => ({ id, label: isTeam(actor) ? `${clientName} · ${label}` : label }));
      const chosen = choices.find(({ id }) => id === project)?.id ?? null;
      const more = choices.length > MOST_PROJECTS;
      return newTicketCard(context.newId(), kind, choices.slice(0, MOST_PROJECTS), chosen, more, title);
    },
  });
}

export const declineFormView = triageForm('ticket.decline-form', declineForm, 'decline');
export const askFormView = triageForm('ticket.ask-form', askForm, 'ask');
export const duplicateFormView = triageForm('ticket.duplicate-form', duplicateForm, 'mark-duplicate');
export const detailsFormView = triageForm('ticket.details-form', detailsForm);

/** A form of the team. It is refused by the command's own rules before anybody types for nothing. */
function triageForm(name: string, card: (ticket: Ticket) => Card, act?: Act['act']) {
  return view({
    name,
    module: 'tickets',
    input: OnVersion,
    show: async (context, { ticket: id, version }) => {
      const ticket = await found(context, id, mayTriage);
      await assertCurrent(context, ticket, version);
      if (act) assertFits(ticket, act);
      return card(ticket);
    },
  });
}

/** Writing a note needs no version: it changes nothing that somebody could have seen differently. */
export const noteFormView = view({
  name: 'ticket.note-form',
  module: 'tickets',
  input: OnTicketOrVersion,
  show: async (context, { ticket }) => noteForm(await found(context, ticket, mayNote)),
});

export const replyFormView = view({
  name: 'ticket.reply-form',
  module: 'tickets',
  input: OnTicketOrVersion,
  show: async (context, { ticket: id }) => {
    const ticket = await found(context, id, mayReply);
    return replyForm(ticket, isTeam(context.actor) ? (ticket.clientName ?? 'The client') : 'The team');
  },
});

async function found(
  context: Context,
  id: string,
  policy: (actor: Actor, subject: Ticket) => boolean,
): Promise<ShownTicket> {
  const ticket = await readTicket(context, id);
  if (!ticket) throw new DomainError('not_found', 'This is not there, or not for you.');
  if (!policy(context.actor, ticket)) throw new DomainError('forbidden', 'You may not do this.');
  return ticket;
}
