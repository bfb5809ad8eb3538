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
      ...presses.map((press) =>
        h(
          'li',
          {},
          h(
            'div',
            {},
            h('b', {}, press.label),
            h('span', {}, press.thing),
            h('small', {}, `${press.by} · ${press.where}`),
          ),
          repeat('Press again', press, () => again(press.id, 'stale')),
          repeat('Deliver twice', press, () => again(press.id, 'twice')),
        ),
      ),
    );
  };
  return { element: h('div', { class: 'presses-place' }, button, popover), update };
}

/** A button that says to whoever hears it which press it repeats. */
function repeat(words, { label, thing, by }, click) {
  const name = `${words}: ${label}, ${thing}, ${by}`;
  return h('button', { type: 'button', class: 'button', aria: { label: name }, on: { click } }, words);
}
