import { h } from './dom.js';

/**
 * Boxes of which several may be ticked, as one control.
 * @param options value, label and whether it is ticked
 */
export function boxes(options) {
  return h(
    'div',
    { class: 'boxes', role: 'group', tabindex: '-1' },
    options.map(({ value, label, ticked }) =>
      h('label', {}, h('input', { type: 'checkbox', value, checked: ticked }), h('span', {}, label)),
    ),
  );
}

/** What a control holds: of boxes the values of those that are ticked, with commas between them. */
export function heldBy(control) {
  if (!control.matches('.boxes')) return control.value;
  return [...control.querySelectorAll('input:checked')].map(({ value }) => value).join(',');
}
