import { h } from './dom.js';

/** A dialog over one pane: nothing else of the pane can be reached meanwhile, and afterwards the focus is where it was. */
export function veilOver(pane) {
  let veil = null;
  let before = null;
  return {
    /** Shows a dialog, in place of the one that is shown. */
    lower(dialog) {
      if (veil) veil.remove();
      else before = document.activeElement;
      veil = h('div', { class: 'veil' }, dialog);
      for (const element of pane.children) element.inert = true;
      pane.append(veil);
      (veil.querySelector('[data-block]') ?? veil.querySelector('button:not(.icon)')).focus({ preventScroll: true });
    },
    lift() {
      veil?.remove();
      veil = null;
      for (const element of pane.children) element.inert = false;
      before?.focus?.({ preventScroll: true });
      before = null;
    },
  };
}

/** At the end Tab begins anew: the rest of the page is not reached by it while the form is open. */
export function keepInside(dialog, event) {
  if (event.key !== 'Tab') return;
  const stops = [...dialog.querySelectorAll('button, input, select, textarea, a[href]')];
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (document.activeElement !== from) return;
  event.preventDefault();
  to.focus();
}
