import { text } from '../kernel/field.ts';
import { isOpen, mayTriage } from './rules.ts';
import { declined, ticket } from './ticket.ts';

/** The firm does not take the ticket on, and tells the client why (C2). */
export const declineTicket = ticket.command({
  name: 'ticket.decline',
  formerly: ['ticket.decline-form'],
  fields: { reason: text({ label: 'Why?', hint: 'The client sees this.' }) },
  button: { label: 'Decline', style: 'danger' },
  rank: 2,
  who: mayTriage,
  when: isOpen,
  decide: (it, { reason }) => ({ ...it, state: { status: 'declined', reason } }),
  event: declined,
  say: ({ number }) => `#${number} is declined; the client sees the reason.`,
});
