import { DEMO_THINGS } from '../../../../prisma/demo-firm.ts';
import type { Story } from './story.ts';

const { logo, access } = DEMO_THINGS;

/** What the firm needs of its client, given where nobody else keeps it. */
export const requirementsStory: Story = {
  key: 'requirements',
  title: 'A file and a secret',
  steps: [
    {
      key: 'file',
      what: 'Send the logo',
      hint: 'from a page of your own',
      here: 'Press Provide…, as Priya, open the page, sign in, and send any small file.',
      pane: 'client-slack',
      as: 'priya',
      find: { button: 'Provide…', on: logo },
      ticks: { event: 'requirement.provided', about: logo },
    },
    {
      key: 'accept',
      what: 'Accept the file',
      here: 'Press Accept on the logo, as Jonas.',
      pane: 'firm-slack',
      as: 'jonas',
      find: { button: 'Accept', on: logo },
      ticks: { event: 'requirement.accepted', about: logo },
    },
    {
      key: 'secret',
      what: 'Type the password',
      hint: 'never into a chat',
      here: 'Press Provide…, as Marcus, open the page, sign in, and type a password.',
      pane: 'client-teams',
      as: 'marcus',
      find: { button: 'Provide…', on: access },
      ticks: { event: 'requirement.provided', about: access },
    },
    {
      key: 'look',
      what: 'Look at it, once',
      hint: 'the client sees that somebody looked',
      here: 'Press Show the secret, as Ada, open the page, sign in, and press once more.',
      pane: 'firm-teams',
      as: 'ada',
      find: { button: 'Show the secret', on: access },
      ticks: { event: 'requirement.revealed', about: access },
    },
  ],
};
