const CONTROLS = 'a[href], button, input, select, textarea, [tabindex]';

/**
 * Makes a list one stop for Tab: the arrow keys, Home and End go from item to item, and only what stands in the current
 * item can be tabbed to. The current one is where the focus was last, at first the one that `first` names.
 * @param items a selector for the items inside the container
 */
export function rovingList(container, items, first = 'last') {
  let current = null;
  const all = () => [...container.querySelectorAll(items)];

  const refresh = () => {
    const list = all();
    if (!list.includes(current)) current = null;
    const held = container.contains(document.activeElement) && document.activeElement.closest(items);
    current = held || current || (first === 'last' ? list.at(-1) : list[0]);
    for (const item of list) {
      item.tabIndex = item === current ? 0 : -1;
      for (const control of item.querySelectorAll(CONTROLS)) reach(control, item === current);
    }
  };

  container.addEventListener('focusin', ({ target }) => {
    const item = target.closest(items);
    if (!item || item === current) return;
    current = item;
    refresh();
  });
  container.addEventListener('keydown', (event) => {
    // In a field the arrow keys move in its text.
    if (event.target.matches('input, textarea, select')) return;
    const list = all();
    const to = destination(event.key, list.indexOf(event.target.closest(items)), list.length);
    if (to === null || !list[to]) return;
    event.preventDefault();
    list[to].focus();
  });
  new MutationObserver(() => {
    // A new item becomes the current one while nobody is in the list.
    if (!container.contains(document.activeElement)) current = null;
    refresh();
  }).observe(container, { childList: true, subtree: true });
  refresh();
}

function destination(key, at, length) {
  switch (key) {
    case 'ArrowDown':
      return Math.min(length - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}

/** Takes a control out of the order of Tab, or gives it back the place that it had. */
function reach(control, isCurrent) {
  control.dataset.tab ??= control.getAttribute('tabindex') ?? '';
  if (!isCurrent) control.tabIndex = -1;
  else if (control.dataset.tab === '') control.removeAttribute('tabindex');
  else control.setAttribute('tabindex', control.dataset.tab);
}
