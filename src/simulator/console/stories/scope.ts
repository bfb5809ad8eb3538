import { DEMO_THINGS } from '../../../../prisma/demo-firm.ts';
import type { Story } from './story.ts';
import { STALE_PRESS } from './story.ts';

const { checkout, productPages } = DEMO_THINGS;

/** A scope that both sides sign, an old button, and a bug that goes to Jira and back. */
export const scopeStory: Story = {
  key: 'scope',
  title: 'A scope, a bug, and Jira',
  steps: [
    {
      key: 'client',
      what: 'Approve the scope',
      hint: 'watch the other panes',
      here: 'Press Approve on Checkout and payments, as Priya.',
      pane: 'client-slack',
      as: 'priya',
      find: { button: 'Approve', on: checkout },
      ticks: { event: 'cycle.approved', about: checkout, with: { side: 'client' } },
    },
    {
      key: 'firm',
      what: 'Sign for the firm',
      here: 'Press Approve on Checkout and payments, as Ada.',
      pane: 'firm-teams',
      as: 'ada',
      find: { button: 'Approve', on: checkout },
      ticks: { event: 'cycle.approved', about: checkout, with: { side: 'firm' } },
    },
    {
      key: 'change',
      what: 'Change the scope',
      hint: 'version 2 appears everywhere',
      here: 'Press Edit scope…, add a deliverable, save.',
      pane: 'firm-slack',
      find: { button: 'Edit scope…', on: checkout },
      ticks: { event: 'cycle.scope-changed', about: checkout },
    },
    {
      key: 'stale',
      what: 'Press the old button',
      hint: 'it changes nothing',
      find: { bar: 'Recorded presses' },
      ticks: { seen: STALE_PRESS },
    },
    {
      key: 'dispute',
      what: 'Dispute a delivery',
      hint: 'with a reason',
      here: 'Press Dispute… on Product pages, as Marcus, and say why.',
      pane: 'client-teams',
      as: 'marcus',
      find: { button: 'Dispute…', on: productPages },
      ticks: { event: 'cycle.disputed', about: productPages },
    },
    {
      key: 'file',
      what: 'Report a bug',
      hint: '/parley bug',
      here: 'Type /parley bug and press Enter.',
      pane: 'client-slack',
      as: 'priya',
      find: { write: true },
      ticks: { event: 'ticket.filed' },
    },
    {
      key: 'approve',
      what: 'Approve it',
      hint: 'it appears in Jira',
      here: 'Press Approve on the new bug.',
      pane: 'firm-slack',
      find: { button: 'Approve', on: 'Bug' },
      ticks: { event: 'ticket.approved' },
    },
    {
      key: 'jira',
      what: 'Comment on it',
      hint: '“Visible to the client” reaches Slack, Teams and mail',
      here: 'Open the new issue and write a comment, visible to the client.',
      pane: 'firm-jira',
      find: { issue: true },
      ticks: { event: 'ticket.replied', by: 'integration' },
    },
    {
      key: 'mail',
      what: 'Answer a mail',
      hint: 'it lands in the thread',
      here: 'Answer the mail about the bug, as Eleanor.',
      pane: 'client-mail',
      as: 'eleanor',
      find: { mail: '', to: 'answer' },
      ticks: { event: 'ticket.replied', channel: 'email' },
    },
  ],
};
