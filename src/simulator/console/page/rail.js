import { clockTime, h, icon } from './dom.js';
import { keyedList } from './keyed.js';

/** The strip at the side: what happens as it happens, and the ledger. */
export function sideRail(rail) {
  const log = h('div', {
    class: 'scroll rail-log',
    tabindex: '0',
    role: 'log',
    aria: { label: 'Events, newest first' },
  });
  const ledger = h('p', { class: 'ledger' });
  rail.append(h('section', { class: 'rail-events' }, h('h2', {}, 'What happened'), log), h('footer', {}, ledger));
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
      ledger: (line) => {
        ledger.replaceChildren(...drawLedger(line));
      },
    },
  };
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
