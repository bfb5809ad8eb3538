import { drawBlocks } from './block-kit.js';
import { missingIn, valuesOf } from './block-kit-inputs.js';
import { act } from './connection.js';
import { h, icon } from './dom.js';
import { keepInside, veilOver } from './veil.js';

/**
 * The modals of a Slack pane: the topmost view of the person who acts, over their own pane only.
 * Nothing else of the pane can be reached meanwhile, and Tab stays inside.
 */
export function slackModals(pane, user) {
  const veil = veilOver(pane);
  let shown = null;

  const close = () => {
    shown = null;
    veil.lift();
  };

  const open = (entry) => {
    const { view } = entry;
    const fields = h('div', { class: 'scroll' });
    const press = (one) =>
      act('slack-modal-press', {
        user: user(),
        viewId: entry.id,
        button: one.value ?? one.action_id,
        values: valuesOf(fields),
      });
    fields.append(...drawBlocks(view.blocks, { press }));
    const leave = () => act('slack-close', { user: user(), viewId: entry.id });
    const submit = async () => {
      const missing = missingIn(fields);
      showErrors(fields, missing);
      if (!Object.keys(missing).length)
        await act('slack-submit', { user: user(), viewId: entry.id, values: valuesOf(fields) });
    };
    const title = `${entry.id}-title`;
    const onSubmit = (event) => {
      event.preventDefault();
      return submit();
    };
    const onKey = (event) => (event.key === 'Escape' ? leave() : keepInside(dialog, event));
    const x = { type: 'button', class: 'button plain icon', aria: { label: 'Close' }, on: { click: leave } };
    const form = h(
      'form',
      { novalidate: true, on: { submit: onSubmit } },
      h('header', {}, h('h3', { id: title }, view.title.text), h('button', x, icon('close'))),
      fields,
      h(
        'footer',
        {},
        h('button', { type: 'button', class: 'sk-button', on: { click: leave } }, view.close?.text ?? 'Close'),
        view.submit && h('button', { type: 'submit', class: 'sk-button primary' }, view.submit.text),
      ),
    );
    const aria = { modal: 'true', labelledby: title };
    const dialog = h('div', { class: 'dialog sk-modal', role: 'dialog', aria, on: { keydown: onKey } }, form);
    return { text: JSON.stringify([entry.id, view]), errors: '{}', fields, dialog };
  };

  /** The same form with other errors stays as it is, with what is typed. */
  const errorsOf = ({ errors }) => {
    const text = JSON.stringify(errors);
    if (shown.errors === text) return;
    shown.errors = text;
    showErrors(shown.fields, errors);
  };

  return {
    update(views) {
      const top = views.at(-1);
      if (!top) return shown ? close() : undefined;
      if (shown?.text === JSON.stringify([top.id, top.view])) return errorsOf(top);
      shown = open(top);
      veil.lower(shown.dialog);
      return undefined;
    },
  };
}

/** Puts each message below its field, as Slack does, and the focus on the first. */
function showErrors(fields, errors) {
  for (const old of fields.querySelectorAll('.wrong')) old.remove();
  let first = null;
  for (const field of fields.querySelectorAll('[data-field]')) {
    const message = errors[field.dataset.field];
    const control = field.querySelector('[data-block]');
    control.removeAttribute('aria-describedby');
    delete field.dataset.wrong;
    if (!message) continue;
    field.dataset.wrong = '';
    const id = `${control.id}-wrong`;
    field.append(h('p', { class: 'wrong', id }, message));
    control.setAttribute('aria-describedby', id);
    first ??= control;
  }
  first?.focus();
}
