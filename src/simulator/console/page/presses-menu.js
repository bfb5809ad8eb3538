import { act } from './connection.js';
import { h, icon, toast } from './dom.js';

/** The last presses: each can be pressed again as it was on screen then, or delivered again as platforms do. */
export function pressesMenu() {
  const list = h('ul', {});
  const popover = h(
    'div',
    { class: 'popover presses', popover: 'auto', id: 'presses' },
    h('p', { class: 'presses-note' }),
    list,
  );
  popover.firstChild.append(
    h('b', {}, 'Press again'),
    ' uses the old button, from a screen that did not update. ',
    h('b', {}, 'Deliver twice'),
    ' repeats the same delivery, as platforms do when they are unsure.',
  );
  const button = h(
    'button',
    { type: 'button', class: 'button', popovertarget: 'presses', disabled: true },
    icon('again'),
    'Recorded presses',
  );
  popover.addEventListener('toggle', ({ newState }) => {
    if (newState !== 'open') return;
    const { bottom, right } = button.getBoundingClientRect();
    popover.style.top = `${bottom}px`;
    popover.style.left = `${Math.max(8, right - popover.offsetWidth)}px`;
  });
  const again = async (id, how) => {
    popover.hidePopover();
    const done = await act('press-again', { id, how });
    if (done?.say) toast(done.say);
  };
  const update = (presses) => {
    button.disabled = presses.length === 0;
    list.replaceChildren(
      ...presses.map(({ id, label, by, where }) =>
        h(
          'li',
          {},
          h('div', {}, h('b', {}, label), h('small', {}, `${by} · ${where}`)),
          h('button', { type: 'button', class: 'button', on: { click: () => again(id, 'stale') } }, 'Press again'),
          h('button', { type: 'button', class: 'button', on: { click: () => again(id, 'twice') } }, 'Deliver twice'),
        ),
      ),
    );
  };
  return { element: h('div', {}, button, popover), update };
}
