import { boxes, heldBy } from './boxes.js';
import { h } from './dom.js';

let numbered = 0;

/** A field of a form. `data-block` and `data-action` say under which ids Slack sends its state. */
export function inputBlock(block) {
  numbered += 1;
  const id = `sk-input-${numbered}`;
  const control = inputControl(block.element);
  control.id = id;
  if (control.matches('.boxes')) control.setAttribute('aria-labelledby', `${id}-label`);
  Object.assign(control.dataset, { block: block.block_id, action: block.element.action_id, kind: block.element.type });
  if (!block.optional) control.setAttribute('aria-required', 'true');
  return h(
    'div',
    { class: 'field', data: { field: block.block_id } },
    h(
      'label',
      { for: id, id: `${id}-label` },
      block.label.text,
      block.optional && h('span', { class: 'optional' }, ' (optional)'),
    ),
    control,
    block.hint && h('p', { class: 'hint' }, block.hint.text),
  );
}

function inputControl(one) {
  switch (one.type) {
    case 'static_select':
      return selectOf(one);
    case 'checkboxes':
    case 'multi_static_select':
      return boxes(
        optionsOf(one).map(({ value, text }) => ({ value, label: text.text, ticked: isTicked(one, value) })),
      );
    case 'datepicker':
      return h('input', { type: 'date', value: one.initial_date ?? '' });
    default: {
      const control = h(one.multiline ? 'textarea' : 'input', {
        placeholder: one.placeholder?.text,
        maxlength: one.max_length,
        ...(one.multiline ? {} : { value: one.initial_value ?? '' }),
      });
      if (one.multiline) control.value = one.initial_value ?? '';
      return control;
    }
  }
}

/** What is typed or chosen in the fields below `root`, by block id; what was left alone is left out. */
export function valuesOf(root) {
  const values = {};
  for (const control of root.querySelectorAll('[data-block]')) {
    const isText = control.dataset.kind === 'plain_text_input';
    // What was emptied must not come back as it stood there before.
    const wasFilled = control.matches('.boxes') || (isText && control.defaultValue);
    if (heldBy(control) || wasFilled) values[control.dataset.block] = heldBy(control);
  }
  return values;
}

/** The fields that Slack's client does not send empty, with what it says there. */
export function missingIn(root) {
  const missing = {};
  for (const control of root.querySelectorAll('[data-block][aria-required]'))
    if (!heldBy(control).trim()) missing[control.dataset.block] = 'Please complete this required field.';
  return missing;
}

function isTicked({ initial_options: ticked = [] }, value) {
  return ticked.some((option) => option.value === value);
}

function optionsOf(one) {
  return one.option_groups ? one.option_groups.flatMap((group) => group.options) : (one.options ?? []);
}

/** A list to choose from. */
export function selectOf(one, onChoose) {
  const options = optionsOf(one);
  return h(
    'select',
    {
      class: 'sk-select',
      on: { change: (event) => onChoose?.(options.find(({ value }) => value === event.target.value)) },
    },
    h('option', { value: '' }, one.placeholder?.text ?? 'Choose…'),
    options.map(({ text: label, value }) =>
      h('option', { value, selected: one.initial_option?.value === value }, label.text),
    ),
  );
}
