import { DEMO_THINGS } from '../../../../prisma/demo-firm.ts';
import type { Story } from './story.ts';

/** Told once a day, and why. */
export const noticesStory: Story = {
  key: 'notices',
  title: 'One mail a day, and why it came',
  steps: [
    {
      key: 'choose',
      what: 'Ask for a daily digest',
      hint: 'of tickets',
      here: 'Write notices, as Marcus, open it, press Change… at Tickets, and choose the daily digest.',
      pane: 'client-teams',
      as: 'marcus',
      find: { write: true },
      ticks: { event: 'notice.preferences-changed', by: 'marcus', with: { what: 'tickets daily' } },
    },
    {
      key: 'ask',
      what: 'Ask about a ticket',
      hint: 'no mail comes now',
      here: 'Press Ask… on the delivery day, as Jonas, and ask something.',
      pane: 'firm-slack',
      as: 'jonas',
      find: { button: 'Ask…', on: DEMO_THINGS.deliveryDay },
      ticks: { event: 'ticket.asked', about: DEMO_THINGS.deliveryDay },
    },
    {
      key: 'wait',
      what: 'Let a day pass',
      hint: 'the digest comes',
      find: { bar: '+1 day' },
      ticks: { event: 'notice.digest-due', about: 'Marcus' },
    },
    {
      key: 'why',
      what: 'Why did I get this?',
      here: 'Press Why did I get this? in the digest, as Marcus.',
      pane: 'client-mail',
      as: 'marcus',
      find: { mail: 'Your digest', to: 'open' },
      ticks: { seen: 'notice.why' },
    },
  ],
};
