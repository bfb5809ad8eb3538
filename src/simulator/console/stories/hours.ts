import type { Story } from './story.ts';

/** More hours than were agreed on, approved before they are worked. */
export const hoursStory: Story = {
  key: 'hours',
  title: 'More hours than agreed',
  steps: [
    {
      key: 'log',
      what: 'Log seven hours',
      hint: 'eight were agreed on',
      here: 'Type /parley log 7h on Showroom: Wish list on all devices, and press Log.',
      pane: 'firm-slack',
      as: 'jonas',
      find: { write: true },
      ticks: { event: 'period.warned' },
    },
    {
      key: 'ask',
      what: 'Ask for more',
      hint: 'before they are worked',
      here: 'Press Ask for more hours…, as Ada: 5h, and why.',
      pane: 'firm-teams',
      as: 'ada',
      find: { button: 'Ask for more hours…', on: 'Hours of' },
      ticks: { event: 'overrun.asked' },
    },
    {
      key: 'approve',
      what: 'Approve them',
      here: 'Press Approve, as Priya.',
      pane: 'client-discord',
      as: 'priya',
      find: { button: 'Approve', on: '5h more' },
      ticks: { event: 'overrun.approved' },
    },
  ],
};
