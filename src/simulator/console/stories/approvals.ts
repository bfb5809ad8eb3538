import { DEMO_GUEST, DEMO_THINGS } from '../../../../prisma/demo-firm.ts';
import type { Story } from './story.ts';

const { campaign } = DEMO_THINGS;

/** A colleague comes in by mail, and two must approve. */
export const approvalsStory: Story = {
  key: 'approvals',
  title: 'Invite a colleague, approve as two',
  steps: [
    {
      key: 'invite',
      what: `Invite ${DEMO_GUEST.name}`,
      hint: 'as an administrator of the client',
      here: `Type /parley invite, as Ines: ${DEMO_GUEST.name}, ${DEMO_GUEST.email}, administrator of the client.`,
      pane: 'client-slack',
      as: 'ines',
      find: { write: true },
      ticks: { event: 'people.contact-added', about: DEMO_GUEST.name },
    },
    {
      key: 'enter',
      what: 'Accept the invitation',
      hint: 'the link signs in once',
      here: 'Press Accept the invitation… in the mail, as Theo, and sign in.',
      pane: 'client-mail',
      as: 'guest',
      find: { mail: 'invites you', to: 'open' },
      ticks: { event: 'session.begun', about: DEMO_GUEST.name },
    },
    {
      key: 'first',
      what: 'Approve the scope',
      hint: 'one of two',
      here: 'Press Approve on Autumn campaign, as Ines.',
      pane: 'client-slack',
      as: 'ines',
      find: { button: 'Approve', on: campaign },
      ticks: { event: 'cycle.approved', about: campaign, by: 'ines' },
    },
    {
      key: 'second',
      what: 'Approve it too',
      hint: 'now it is agreed on',
      here: 'Answer the mail about Autumn campaign with APPROVE, as Theo.',
      pane: 'client-mail',
      as: 'guest',
      find: { mail: campaign, to: 'answer' },
      ticks: { event: 'cycle.approved', about: campaign, by: 'guest' },
    },
  ],
};
