import { isInTriage, mayTriage } from './rules.ts';
import { approved, ticket } from './ticket.ts';

/** The firm takes the ticket on (C2). */
export const approveTicket = ticket.command({
  name: 'ticket.approve',
  button: { label: 'Approve', style: 'primary' },
  rank: 1,
  who: mayTriage,
  when: isInTriage,
  decide: (it) => ({ ...it, state: { status: 'approved' } }),
  event: approved,
  say: ({ number }) => `#${number} is approved.`,
});
