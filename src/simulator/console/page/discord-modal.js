import { boxes, heldBy } from './boxes.js';
import { act } from './connection.js';
import { h, icon } from './dom.js';
import { keepInside, veilOver } from './veil.js';

/** The modal of the person who acts, over their own pane only. Discord has a modal closed before it answers. */
export function discordModals(pane, user) {
  const veil = veilOver(pane);
  let shown = null;

  const open = ({ id, data }) => {
    const fields = h('div', { class: 'scroll' }, data.components.map(field));
    const leave = () => act('discord-close', { modal: id });
    const onSubmit = (event) => {
      event.preventDefault();
      if (form.reportValidity()) void act('discord-submit', { user: user(), modal: id, values: valuesOf(fields) });
    };
    const title = `dc-${id}-title`;
    const x = { type: 'button', class: 'button plain icon', aria: { label: 'Close' }, on: { click: leave } };
    const form = h(
      'form',
      { novalidate: true, on: { submit: onSubmit } },
      h('header', {}, h('h3', { id: title }, data.title), h('button', x, icon('close'))),
      fields,
      h(
        'footer',
        {},
        h('button', { type: 'button', class: 'dc-button', on: { click: leave } }, 'Cancel'),
        h('button', { type: 'submit', class: 'dc-button primary' }, 'Submit'),
      ),
    );
    const onKey = (event) => (event.key === 'Escape' ? leave() : keepInside(dialog, event));
    const aria = { modal: 'true', labelledby: title };
    const dialog = h('div', { class: 'dialog dc-modal', role: 'dialog', aria, on: { keydown: onKey } }, form);
    return dialog;
  };

  return {
    update(modals) {
      const top = modals.at(-1);
      if (shown === (top?.id ?? null)) return;
      shown = top?.id ?? null;
      if (top) veil.lower(open(top));
      else veil.lift();
    },
  };
}

function field(given) {
  const { label, description, component } = given;
  if (!component) return h('p', { class: 'hint' }, given.content ?? '');
  const id = `dc-input-${component.custom_id}`.replaceAll(/[^\w-]/g, '-');
  const control = component.type === 3 ? select(component) : text(component);
  control.id = id;
  if (control.matches('.boxes')) control.setAttribute('aria-labelledby', `${id}-label`);
  control.dataset.block = component.custom_id.split(' ')[0];
  if (component.required) control.setAttribute('required', '');
  const optional = !component.required && h('span', { class: 'optional' }, ' (optional)');
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id, id: `${id}-label` }, label, optional),
    control,
    description && h('p', { class: 'hint' }, description),
  );
}

function select({ options, max_values: most }) {
  if (most !== undefined) return boxes(options.map(({ value, label, default: ticked }) => ({ value, label, ticked })));
  return h(
    'select',
    {},
    h('option', { value: '' }, 'Choose…'),
    options.map(({ value, label, default: chosen }) => h('option', { value, selected: chosen }, label)),
  );
}

function text({ style, value = '', placeholder, max_length: most }) {
  const control = h(style === 2 ? 'textarea' : 'input', { placeholder, maxlength: most });
  control.value = value;
  return control;
}

function valuesOf(root) {
  const controls = [...root.querySelectorAll('[data-block]')];
  return Object.fromEntries(controls.map((control) => [control.dataset.block, heldBy(control)]));
}
