import { z } from 'zod';
import { choice, clearable, day, line, optional } from '../kernel/field.ts';
import { mayTriage } from './rules.ts';
import { PRIORITIES } from './schema.ts';
import { detailsSet, ticket } from './ticket.ts';

/** Sets priority, category, due date and next action (C3); the client sees all four. */
export const setDetails = ticket.command({
  name: 'ticket.set-details',
  formerly: ['ticket.details-form'],
  fields: {
    priority: optional(choice(PRIORITIES, { label: 'Priority' })),
    category: clearable(line({ label: 'Category', hint: 'The client sees this.' })),
    due_on: clearable(day({ label: 'Due' })),
    next_action: clearable(line({ label: 'Next action', hint: 'The client sees this.' })),
  },
  /** Forms that an earlier version drew bring it. */
  given: { whole: z.literal('yes').optional() },
  button: { label: 'Details', place: 'more' },
  form: ({ number, priority, category, dueOn, nextAction }) => ({
    title: `Details of #${number}`,
    submit: 'Save',
    values: { priority, category, due_on: dueOn, next_action: nextAction },
  }),
  who: mayTriage,
  decide: (it, { priority, category, due_on, next_action }) => ({
    ...it,
    priority: priority ?? it.priority,
    category: category === undefined ? it.category : category,
    dueOn: due_on === undefined ? it.dueOn : due_on,
    nextAction: next_action === undefined ? it.nextAction : next_action,
  }),
  event: detailsSet,
  say: ({ number }) => `The details of #${number} are saved.`,
});
