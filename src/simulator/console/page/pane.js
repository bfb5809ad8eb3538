import { h, icon, portrait } from './dom.js';

/** The frame of a pane: head with the tool's colour and the persona switcher, and a body to fill. */
export function paneFrame({ id, tool, title, subtitle }) {
  const heading = h('h3', { id: `${id}-title` }, title);
  const note = h('p', {}, subtitle);
  const switcher = h('div', { class: 'persona' });
  const step = h('div', { class: 'pane-step', hidden: true });
  const body = h('div', { class: 'pane-body' });
  const element = h(
    'section',
    { class: `pane ${tool}`, id, aria: { labelledby: `${id}-title` } },
    h(
      'header',
      { class: 'pane-head' },
      h('span', { class: 'glyph' }, icon(tool)),
      h('div', { class: 'pane-title' }, heading, note),
      switcher,
    ),
    step,
    body,
  );
  const retitle = (text, small) => {
    heading.textContent = text;
    note.textContent = small;
  };
  /** The pane's part of the story, above everything else in it; null when there is none. */
  const showStep = (parts) => {
    const focused = step.contains(document.activeElement);
    step.hidden = !parts;
    element.classList.toggle('next-here', Boolean(parts));
    step.replaceChildren(...(parts ?? []));
    if (focused) step.querySelector('button')?.focus();
  };
  return { element, body, switcher, retitle, showStep };
}

/**
 * Who acts in a pane: a native select under a portrait, a name and a role. The choice survives a reload.
 * @param onChange called with the persona, at once and at each change
 * @returns lets the page choose as well
 */
export function personaSwitcher(paneId, place, personas, onChange) {
  const kept = `parley.persona.${paneId}`;
  const byId = (id) => personas.find((persona) => persona.id === id);
  const show = (chosen) => {
    const select = h(
      'select',
      { aria: { label: 'Act as' }, on: { change: () => choose(select.value) } },
      personas.map(({ id, name, role }) => h('option', { value: id, selected: id === chosen.id }, `${name}, ${role}`)),
    );
    const label = [h('b', {}, chosen.name), h('small', {}, chosen.role)];
    place.replaceChildren(
      portrait(chosen.name),
      h('span', { class: 'persona-name', aria: { hidden: 'true' } }, label),
      select,
    );
    onChange(chosen);
  };
  const choose = (id) => {
    localStorage.setItem(kept, id);
    show(byId(id));
    place.querySelector('select').focus();
  };
  show(byId(localStorage.getItem(kept)) ?? personas[0]);
  return {
    /** Lets the person of that name act from now on. */
    actAs: (name) => {
      const person = personas.find((one) => one.name === name);
      if (!person || place.querySelector('select').value === person.id) return;
      localStorage.setItem(kept, person.id);
      show(person);
    },
  };
}

/**
 * The rooms of a pane, as tabs where there are several.
 * @param onChoose called with the room's id
 */
export function roomTabs(label, onChoose) {
  const element = h('div', { class: 'tabs', role: 'group', aria: { label } });
  const show = (rooms, chosen) => {
    element.hidden = rooms.length < 2;
    element.replaceChildren(...rooms.map(({ id, name }) => tab(name, id === chosen, () => onChoose(id))));
  };
  return { element, show };
}

function tab(name, chosen, click) {
  return h('button', { type: 'button', class: 'tab', aria: { pressed: String(chosen) }, on: { click } }, name);
}

/** Where one writes. Enter sends, Shift+Enter makes a new line. A `send` that answers null keeps the text. */
export function composer({ label, placeholder, button = 'Send', send }) {
  const area = h('textarea', { rows: '1', placeholder, aria: { label } });
  const submit = async () => {
    const text = area.value.trim();
    if (!text) return area.focus();
    // Emptied first: what was sent may redraw the pane, which keeps what is being written.
    area.value = '';
    area.focus();
    if ((await send(text)) === null) area.value ||= text;
  };
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit();
  });
  const onSubmit = (event) => {
    event.preventDefault();
    return submit();
  };
  const form = h(
    'form',
    { class: 'composer', on: { submit: onSubmit } },
    area,
    h('button', { class: 'button', type: 'submit', aria: { label: `${button}: ${label}` } }, icon('send')),
  );
  return { element: form, area };
}
