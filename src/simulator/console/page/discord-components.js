import { markdown } from './discord-markdown.js';
import { h } from './dom.js';

const STYLES = { 1: 'primary', 2: '', 3: '', 4: 'danger' };

/**
 * Draws the components of a message.
 * @param press called with the custom id (or the value chosen from a list) and the label of what was pressed
 */
export function drawComponents(components, press) {
  return components.flatMap((one) => drawers[one.type]?.(one, press) ?? []);
}

const drawers = {
  1: (row, press) => h('div', { class: 'dc-row' }, drawComponents(row.components, press)),
  2: button,
  3: list,
  9: (section, press) =>
    h(
      'div',
      { class: 'dc-section' },
      h('div', {}, drawComponents(section.components, press)),
      drawComponents([section.accessory], press),
    ),
  10: ({ content }) => h('div', { class: 'dc-text' }, markdown(content)),
  17: (container, press) => {
    const element = h('div', { class: 'dc-container' }, drawComponents(container.components, press));
    const colour = (container.accent_color ?? 0x8a8f98).toString(16).padStart(6, '0');
    element.style.setProperty('--accent-line', `#${colour}`);
    return element;
  },
};

function button({ label, style, url, custom_id: id }, press) {
  if (url) return h('a', { class: 'dc-button', href: url, target: '_blank', rel: 'noopener' }, label);
  const click = () => press(id, label);
  const kind = STYLES[style] ?? '';
  return h('button', { type: 'button', class: `dc-button ${kind}`, data: { key: label }, on: { click } }, label);
}

function list({ options, placeholder }, press) {
  const change = (event) => {
    const chosen = options.find(({ value }) => value === event.target.value);
    if (chosen) press(chosen.value, chosen.label);
  };
  return h(
    'select',
    { class: 'dc-select', aria: { label: placeholder ?? 'Choose' }, on: { change } },
    h('option', { value: '' }, placeholder ?? 'Choose…'),
    options.map(({ value, label }) => h('option', { value }, label)),
  );
}

/** What a message says beside its components. */
export function drawEmbeds(embeds) {
  return embeds.map(({ title, description }) =>
    h('div', { class: 'dc-embed' }, h('p', {}, h('b', {}, title)), h('p', { class: 'dc-typed' }, description)),
  );
}
