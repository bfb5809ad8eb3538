import type { Story } from './story.ts';

/** The team sees what a client's person sees, and the client reads who did. */
export const lookStory: Story = {
  key: 'look',
  title: 'See it as the client does',
  steps: [
    {
      key: 'begin',
      what: 'Choose whose eyes',
      here: 'Type /parley clients, as Ada. Open Juniper Home, open Priya Raman, and under … press See it as they do.',
      pane: 'firm-slack',
      as: 'ada',
      find: { write: true },
      ticks: { event: 'people.seen-as', about: 'Priya' },
    },
    {
      key: 'look',
      what: 'Look around',
      hint: 'nothing can be pressed there',
      here: 'Press Open what they see, then Open the pages, and sign in.',
      pane: 'firm-slack',
      as: 'ada',
      find: { button: 'Open what they see', on: 'see' },
      ticks: { event: 'people.looked' },
    },
    {
      key: 'read',
      what: 'Read who looked',
      hint: 'as the client’s administrator',
      here: 'Write portal, as Marcus, open it, sign in, and choose Who saw what a contact sees in the menu.',
      pane: 'client-teams',
      as: 'marcus',
      find: { write: true },
      ticks: { seen: 'people.looks' },
    },
  ],
};
