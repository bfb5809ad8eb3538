/**
 * Keeps a list of elements in step with data: what did not change stays as it is (with focus and what is typed in it),
 * what did is drawn anew and glows once.
 */
export function keyedList(container, { draw, keyOf }) {
  const shown = new Map();
  let first = true;
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, { element }] of shown) {
      if (keys.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    const changed = [];
    let before = null;
    for (const item of items) {
      const key = keyOf(item);
      const text = JSON.stringify(item);
      const old = shown.get(key);
      let element = old?.element;
      if (!old || old.text !== text) {
        const focused = old?.element.contains(document.activeElement) ? document.activeElement : null;
        element = draw(item);
        old?.element.replaceWith(element);
        if (focused) keepFocus(focused, element);
        if (!first) changed.push(element);
        shown.set(key, { element, text });
      }
      const place = before ? before.nextSibling : container.firstChild;
      if (place !== element) container.insertBefore(element, place);
      before = element;
    }
    for (const element of changed) glow(element);
    // At first the newest is in sight, from its title on.
    const last = first ? container.lastElementChild : changed.at(-1);
    if (last) bringIntoSight(container, last);
    first = false;
  };
}

/** As long as the animation of `.changed` takes. */
const GLOW = 2_400;

function glow(element) {
  element.classList.add('changed');
  setTimeout(() => element.classList.remove('changed'), GLOW);
}

/** A field that moved over keeps the focus. A button that was pressed hands it to its successor, else to the card. */
function keepFocus(focused, element) {
  const { key } = focused.dataset;
  const same = element.contains(focused) ? focused : key && element.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!same) element.tabIndex = -1;
  (same || element).focus({ preventScroll: true });
}

function bringIntoSight(container, element) {
  const [outer, inner] = [container.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.bottom > outer.bottom)
    container.scrollTop += Math.min(inner.bottom - outer.bottom + 8, inner.top - outer.top - 8);
  else if (inner.top < outer.top) container.scrollTop += inner.top - outer.top - 8;
}
