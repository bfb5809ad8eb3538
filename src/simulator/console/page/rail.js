import { clockTime, h, icon } from './dom.js';
import { keyedList } from './keyed.js';

/** What to try, in the order of the story. Each is ticked by what really happened. */
const STORY = [
  ['approved-client', 'Approve the scope', 'as Priya, in Slack'],
  ['approved-firm', 'Sign for the firm', 'as Ada, in Teams'],
  ['scope-changed', 'Change the scope', 'in the triage room: version 2 appears everywhere'],
  ['stale', 'Press the old button', 'under Recorded presses: it changes nothing'],
  ['disputed', 'Dispute a delivery', 'as Marcus, in Teams, with a reason'],
  ['filed', 'Report a bug', 'type /parley bug in Slack'],
  ['ticket-approved', 'Approve it', 'in the triage room: it appears in Jira'],
  ['jira', 'Comment in Jira', '“Visible to the client” reaches Slack, Teams and mail'],
  ['mail', 'Answer a mail', 'as Eleanor: it lands in the thread'],
];

/** The strip at the side: the story, what happens as it happens, and the ledger. */
export function sideRail(rail) {
  const steps = h('ol', { class: 'story-steps' });
  const count = h('span', { class: 'quiet' });
  const story = h('details', { class: 'story' }, h('summary', {}, h('h2', {}, 'What to try'), count), steps);
  story.open = localStorage.getItem('parley.story') !== 'closed';
  story.addEventListener('toggle', () => localStorage.setItem('parley.story', story.open ? 'open' : 'closed'));
  const log = h('div', {
    class: 'scroll rail-log',
    tabindex: '0',
    role: 'log',
    aria: { label: 'Events, newest first' },
  });
  const ledger = h('p', { class: 'ledger' });
  rail.append(
    story,
    h('section', { class: 'rail-events' }, h('h2', {}, 'What happened'), log),
    h('footer', {}, ledger),
  );
  let now = Date.now();
  const list = keyedList(log, { draw: (event) => drawEvent(event, now), keyOf: (event) => event.id });
  return {
    parts: {
      clock: (value) => {
        now = Date.now() + value.offset;
      },
      events: (events) => {
        list(events.toReversed());
        log.scrollTop = 0;
      },
      story: (done) => {
        steps.replaceChildren(...STORY.map(([key, what, how]) => drawStep(done.includes(key), what, how)));
        count.textContent = `${STORY.filter(([key]) => done.includes(key)).length} of ${STORY.length}`;
      },
      ledger: (line) => {
        ledger.replaceChildren(...drawLedger(line));
      },
    },
  };
}

function drawStep(done, what, how) {
  return h(
    'li',
    { class: done ? 'done' : '' },
    h('span', { class: 'tick' }, done && icon('check'), done && h('span', { class: 'hidden' }, 'Done: ')),
    h('span', {}, h('b', {}, what), ' ', h('small', {}, how)),
  );
}

function drawEvent(event, now) {
  return h(
    'article',
    { class: `event event-${event.area}` },
    h(
      'p',
      {},
      h('b', {}, event.by),
      ` ${event.words} `,
      event.subject && h('span', { class: 'event-subject' }, event.subject),
    ),
    h('p', { class: 'event-small' }, `${clockTime(event.at, now)} · ${event.channel} · ${event.name}`),
  );
}

/** received = applied + duplicate + quarantined: what came in from outside and how it ended. */
function drawLedger({ received, applied, duplicate, quarantined, waiting }) {
  const balanced = received === applied + duplicate + quarantined + waiting;
  return [
    h('span', { class: `ledger-mark ${balanced ? '' : 'wrong'}` }, balanced ? icon('check') : '!'),
    h(
      'span',
      {},
      h('b', {}, `${received} received`),
      ` = ${applied} applied + ${duplicate} duplicate + ${quarantined} quarantined`,
      waiting > 0 && ` + ${waiting} waiting`,
    ),
  ];
}
