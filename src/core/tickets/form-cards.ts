import type { Card, Field, Press } from '../kernel/card.ts';
import type { FilingChoice } from './lists.ts';
import type { Kind, Ticket } from './ticket.ts';
import { PRIORITIES } from './ticket.ts';
import { capital } from './wording.ts';

/**
 * The form of a new ticket. A project that is the only one is chosen already.
 * @param proposed what was written already where there was no field for it
 */
export function newTicketCard(
  id: string,
  kind: Kind,
  projects: FilingChoice[],
  chosen: string | null,
  more: boolean,
  proposed = '',
): Card {
  const title = kind === 'bug' ? 'Report a bug' : 'Ask for a change';
  const value = chosen ?? (projects.length === 1 ? projects[0]?.id : undefined);
  const project: Field = {
    kind: 'choice',
    name: 'project',
    label: 'Project',
    required: true,
    options: projects.map(({ id: project, label }) => ({ value: project, label })),
    ...(value ? { value } : {}),
    ...(more ? { hint: 'These are not all of them. Open the form on a project’s own card for another one.' } : {}),
  };
  return {
    title,
    tone: 'info',
    blocks: projects.length
      ? [
          {
            kind: 'form',
            submit: {
              label: kind === 'bug' ? 'Report' : 'Ask',
              press: { target: kind === 'bug' ? 'ticket.file-bug' : 'ticket.file-change', input: {} },
            },
            fields: [
              project,
              ...(kind === 'bug' ? bugFields(proposed) : changeFields(proposed)),
              priorityField('normal'),
              linksField(),
            ],
          },
        ]
      : [{ kind: 'text', text: 'There is no project here for which you may do this. Please ask your contact person.' }],
    actions: [],
    fallback: title,
    about: { entity: 'home', id, version: 0 },
  };
}

function bugFields(title: string): Field[] {
  return [
    short('title', 'Title', true, { placeholder: 'The pay button does nothing', ...(title ? { value: title } : {}) }),
    long('description', 'What happens?', true),
    long('steps', 'How can we see it?', false, { placeholder: 'Step by step' }),
    long('expected', 'What should happen?', false),
  ];
}

function changeFields(title: string): Field[] {
  return [
    short('title', 'Title', true, { placeholder: 'Show prices with tax', ...(title ? { value: title } : {}) }),
    long('description', 'What should be different, and why?', true),
    { kind: 'date', name: 'due', label: 'Needed by', required: false, hint: 'Leave empty when there is no date.' },
  ];
}

function linksField(): Field {
  return long('links', 'Links', false, { hint: 'One web address per line.' });
}

function priorityField(value: string): Field {
  return {
    kind: 'choice',
    name: 'priority',
    label: 'Priority',
    required: false,
    value,
    options: PRIORITIES.map((priority) => ({ value: priority, label: capital(priority) })),
  };
}

export function declineForm(ticket: Ticket): Card {
  return formCard(ticket, `Decline #${ticket.number}`, 'Decline', 'ticket.decline', [
    long('reason', 'Why?', true, { hint: 'The client sees this.' }),
  ]);
}

export function askForm(ticket: Ticket): Card {
  return formCard(ticket, `Ask about #${ticket.number}`, 'Ask', 'ticket.ask', [
    long('question', 'What do we need to know?', true, { hint: 'The client sees this and can answer.' }),
  ]);
}

export function duplicateForm(ticket: Ticket): Card {
  return formCard(ticket, `#${ticket.number} is a duplicate`, 'Mark as duplicate', 'ticket.mark-duplicate', [
    short('of', 'Of which ticket?', true, {
      hint: 'The number of another ticket of the same client.',
      placeholder: '12',
    }),
  ]);
}

export function detailsForm(ticket: Ticket): Card {
  const filled = (value: string | null) => (value ? { value } : {});
  const press = { target: 'ticket.set-details', input: { ...onVersion(ticket), whole: 'yes' } };
  return withForm(ticket, `Details of #${ticket.number}`, 'Save', press, [
    priorityField(ticket.priority),
    short('category', 'Category', false, { hint: 'The client sees this.', ...filled(ticket.category) }),
    { kind: 'date', name: 'due_on', label: 'Due', required: false, ...filled(ticket.dueOn) },
    short('next_action', 'Next action', false, { hint: 'The client sees this.', ...filled(ticket.nextAction) }),
  ]);
}

export function noteForm(ticket: Ticket): Card {
  const press = { target: 'ticket.note', input: { ticket: ticket.id } };
  return saying(ticket, `Note on #${ticket.number}`, 'Save note', press, 'Only the team sees this.');
}

/** @param reader who will read it, in words */
export function replyForm(ticket: Ticket, reader: string): Card {
  const press = { target: 'ticket.reply', input: { ticket: ticket.id } };
  return saying(ticket, `Reply on #${ticket.number}`, 'Send', press, `${reader} will see this.`);
}

function saying(ticket: Ticket, title: string, label: string, press: Press, hint: string): Card {
  return withForm(ticket, title, label, press, [long('body', 'Text', true, { hint })]);
}

function formCard(ticket: Ticket, title: string, label: string, target: string, fields: Field[]): Card {
  return withForm(ticket, title, label, { target, input: onVersion(ticket) }, fields);
}

function onVersion({ id, version }: Ticket): Record<string, string> {
  return { ticket: id, version: String(version) };
}

function withForm(ticket: Ticket, title: string, label: string, press: Press, fields: Field[]): Card {
  return {
    title,
    tone: 'info',
    blocks: [
      { kind: 'text', text: ticket.title, subtle: true },
      { kind: 'form', submit: { label, press }, fields },
    ],
    actions: [],
    fallback: `${title}: ${ticket.title}`,
    about: { entity: 'ticket', id: ticket.id, version: ticket.version },
  };
}

interface Extra {
  hint?: string;
  placeholder?: string;
  value?: string;
}

function short(name: string, label: string, required: boolean, extra: Extra = {}): Field {
  return { kind: 'text', name, label, required, maxLength: 200, ...extra };
}

/** 3,000 characters are the most that Slack's field takes; longer texts come by mail or the API. */
function long(name: string, label: string, required: boolean, extra: Extra = {}): Field {
  return { kind: 'text', name, label, required, multiline: true, maxLength: 3_000, ...extra };
}
