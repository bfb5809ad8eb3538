/**
 * The steps of the story: what is done (`key` says which event ticks it), where, as whom, and on what one presses.
 * `how` stands in the list, `here` on the pane itself.
 */
export const STORY = [
  {
    key: 'approved-client',
    what: 'Approve the scope',
    how: 'as Priya, in Slack',
    here: 'Press Approve, as Priya. Watch the other panes.',
    pane: 'client-slack',
    as: 'Priya Raman',
    find: button('Approve'),
  },
  {
    key: 'approved-firm',
    what: 'Sign for the firm',
    how: 'as Ada, in Teams',
    here: 'Press Approve, as Ada.',
    pane: 'firm-teams',
    as: 'Ada Lindqvist',
    find: button('Approve'),
  },
  {
    key: 'scope-changed',
    what: 'Change the scope',
    how: 'in the triage room: version 2 appears everywhere',
    here: 'Press Edit scope…, add a deliverable, save.',
    pane: 'firm-slack',
    find: button('Edit scope…'),
  },
  {
    key: 'stale',
    what: 'Press the old button',
    how: 'under Recorded presses: it changes nothing',
    find: () => document.querySelector('[popovertarget="presses"]'),
  },
  {
    key: 'disputed',
    what: 'Dispute a delivery',
    how: 'as Marcus, in Teams, with a reason',
    here: 'Press Dispute…, as Marcus, and say why.',
    pane: 'client-teams',
    as: 'Marcus Reed',
    find: button('Dispute…'),
  },
  {
    key: 'filed',
    what: 'Report a bug',
    how: 'type /parley bug in Slack',
    here: 'Type /parley bug and press Enter.',
    pane: 'client-slack',
    as: 'Priya Raman',
    find: (pane) => pane.querySelector('.sk-foot textarea'),
  },
  {
    key: 'ticket-approved',
    what: 'Approve it',
    how: 'in the triage room: it appears in Jira',
    here: 'Press Approve on the new bug.',
    pane: 'firm-slack',
    find: button('Approve'),
  },
  {
    key: 'jira',
    what: 'Comment in Jira',
    how: '“Visible to the client” reaches Slack, Teams and mail',
    here: 'Open the new issue and write a comment, visible to the client.',
    pane: 'firm-jira',
    find: (pane) => pane.querySelector('.jr-issue textarea') ?? pane.querySelector('.jr-card:last-child'),
  },
  {
    key: 'mail',
    what: 'Answer a mail',
    how: 'as Eleanor: it lands in the thread',
    here: 'Answer the mail about the bug, as Eleanor.',
    pane: 'client-mail',
    as: 'Eleanor Shaw',
    find: (pane) => pane.querySelector('.ml-foot textarea'),
  },
];

/** The newest card's button of that name. */
function button(label) {
  return (pane) => [...pane.querySelectorAll('article button')].findLast(({ textContent }) => textContent === label);
}
