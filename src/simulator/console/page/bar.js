import { act } from './connection.js';
import { clockTime, h, toast } from './dom.js';
import { pressesMenu } from './presses-menu.js';
import { themeButton } from './theme.js';

const HOUR = 3_600_000;
const JUMPS = [
  ['+1 hour', HOUR],
  ['+1 day', 24 * HOUR],
  ['+1 week', 168 * HOUR],
];

/** The bar on top: the clock that can jump, recorded presses, which panes are shown, light or dark. */
export function topBar(bar, panes) {
  const time = h('time', {});
  const jumped = h('span', { class: 'jumped' });
  const presses = pressesMenu();
  const views = viewSwitch(panes);
  bar.append(
    h(
      'div',
      { class: 'brand' },
      h('img', { src: '/mark.svg', alt: '' }),
      h('div', {}, h('h1', {}, 'Parley'), h('p', {}, 'One record, every channel')),
    ),
    h(
      'div',
      { class: 'clock' },
      h('span', {}, time, ' ', jumped),
      h(
        'div',
        { class: 'group', role: 'group', aria: { label: 'Let time pass' } },
        JUMPS.map(([label, milliseconds]) => jumpButton(label, milliseconds)),
      ),
    ),
    presses.element,
    views.element,
    themeButton(),
  );
  let offset = 0;
  const tick = () => {
    const now = new Date(Date.now() + offset);
    time.textContent = `${now.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })}, ${clockTime(now, now)}`;
    time.dateTime = now.toISOString();
  };
  tick();
  setInterval(tick, 5_000);
  return {
    /** Brings back the panes that are not shown. */
    showAll: () => panes.dataset.view !== 'all' && views.choose('all'),
    parts: {
      clock: (value) => {
        offset = value.offset;
        const days = Math.round(offset / HOUR / 2.4) / 10;
        jumped.textContent =
          offset >= 24 * HOUR ? `+${days} days` : offset >= HOUR ? `+${Math.round(offset / HOUR)} h` : '';
        tick();
      },
      presses: presses.update,
    },
  };
}

function jumpButton(label, milliseconds) {
  const jump = async () => {
    const done = await act('jump', { milliseconds });
    if (done) toast(`The clock stands ${label.slice(1)} later. What is due now, happens now.`);
  };
  return h('button', { type: 'button', class: 'button', on: { click: jump } }, label);
}

function viewSwitch(panes) {
  const kept = localStorage.getItem('parley.view') ?? 'all';
  const choose = (view) => {
    panes.dataset.view = view;
    localStorage.setItem('parley.view', view);
    for (const button of group.children) button.setAttribute('aria-pressed', String(button.dataset.view === view));
  };
  const group = h(
    'div',
    { class: 'group views', role: 'group', aria: { label: 'Which panes' } },
    [
      ['all', 'All'],
      ['client', 'Client'],
      ['firm', 'Firm'],
    ].map(([view, label]) =>
      h('button', { type: 'button', class: 'button', data: { view }, on: { click: () => choose(view) } }, label),
    ),
  );
  choose(kept);
  return { element: group, choose };
}
