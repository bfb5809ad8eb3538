import { h } from './dom.js';
import { keyedList } from './keyed.js';
import { composer, paneFrame, personaSwitcher, roomTabs } from './pane.js';
import { rovingList } from './roving.js';

/**
 * A chat stand-in with channels, threads and /parley, as one person sees it. What differs between platforms is given:
 * @param part the name under which the platform's state comes
 * @param css the beginning of the platform's class names
 * @param say(text, thread, at) sends what was typed; a thread only where it was typed in one
 * @param drawing(view, say, at) returns what draws one item of `itemsOf`
 * @param modals(element, user) the person's open forms; `modalsOf(state, at)` are those
 * @param itemsOf(state, at) what stands in the channel for the person; `keyOf` tells items apart
 * @param read(value) the state as it is kept
 * `at` holds `user` and `channel`, as they are now.
 */
export function chatPane(
  config,
  { part, css, say, drawing, modals, modalsOf, itemsOf, keyOf, read = (value) => value },
) {
  const { element, body, switcher, retitle, showStep } = paneFrame(config);
  const scroll = h('div', { class: `scroll ${css}-messages`, role: 'log', aria: { label: 'Messages' } });
  const tabs = roomTabs('Channels', (id) => choose(id));
  let state = null;
  let persona = null;
  let channel = null;
  let now = Date.now();
  let list = null;

  const at = () => ({ user: persona?.id, channel });
  const send = (text, thread) => say(text, thread, at());
  const write = composer({
    label: 'Message or /parley command',
    placeholder: 'Message, or /parley work',
    send: (text) => send(text),
  });
  const forms = modals(element, () => persona?.id);
  rovingList(scroll, `.${css}-messages > article`);
  body.append(tabs.element, scroll, h('div', { class: `${css}-foot` }, write.element));
  const draw = drawing(() => ({ ...state, now }), send, at);

  function choose(id) {
    channel = id;
    list = null;
    refresh();
  }

  function refresh() {
    if (!state || !persona) return;
    const rooms = persona.rooms.map((id) => state.channels[id]).filter(Boolean);
    if (!rooms.some(({ id }) => id === channel)) {
      channel = rooms[0]?.id ?? null;
      list = null;
    }
    const room = state.channels[channel];
    retitle(room ? `#${room.name}` : config.title, config.subtitle);
    tabs.show(rooms, channel);
    if (!list) {
      scroll.replaceChildren();
      list = keyedList(scroll, { draw, keyOf });
    }
    list(itemsOf(state, at()));
    forms.update(modalsOf(state, at()));
  }

  const { actAs } = personaSwitcher(config.id, switcher, config.personas, (chosen) => {
    persona = chosen;
    list = null;
    refresh();
  });
  return {
    element,
    showStep,
    actAs,
    parts: {
      [part]: (value) => {
        state = read(value);
        refresh();
      },
      clock: (value) => {
        now = Date.now() + value.offset;
      },
    },
  };
}
