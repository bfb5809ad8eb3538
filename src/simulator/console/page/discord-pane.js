import { act } from './connection.js';
import { discordMessages } from './discord-message.js';
import { discordModals } from './discord-modal.js';
import { h } from './dom.js';
import { keyedList } from './keyed.js';
import { composer, paneFrame, personaSwitcher, roomTabs } from './pane.js';
import { rovingList } from './roving.js';

/** The Discord stand-in as one person sees it: a channel's messages and threads, what only they see, their modal. */
export function discordPane(config) {
  const { element, body, switcher, retitle, showStep } = paneFrame(config);
  const scroll = h('div', { class: 'scroll dc-messages', role: 'log', aria: { label: 'Messages' } });
  const tabs = roomTabs('Channels', (id) => choose(id));
  let discord = null;
  let persona = null;
  let channel = null;
  let now = Date.now();
  let list = null;

  const say = (text, thread) =>
    text.startsWith('/')
      ? act('discord-command', { user: persona.id, channel, text })
      : act('discord-say', { user: persona.id, channel, text, ...(thread ? { thread } : {}) });
  const write = composer({
    label: 'Message or /parley command',
    placeholder: 'Message, or /parley work',
    send: (text) => say(text),
  });
  const modals = discordModals(element, () => persona?.id);
  rovingList(scroll, '.dc-messages > article');
  body.append(tabs.element, scroll, h('div', { class: 'dc-foot' }, write.element));

  const draw = discordMessages(() => ({ ...discord, now }), {
    reply: (text, { id }) => say(text, id),
    dismiss: ({ id }) => act('discord-dismiss', { message: id }),
    press: ({ id }, button, label) => act('discord-press', { user: persona.id, message: id, button, label }),
  });

  function choose(id) {
    channel = id;
    list = null;
    refresh();
  }

  function refresh() {
    if (!discord || !persona) return;
    const rooms = persona.rooms.map((id) => discord.channels[id]).filter(Boolean);
    if (!rooms.some(({ id }) => id === channel)) {
      channel = rooms[0]?.id ?? null;
      list = null;
    }
    const room = discord.channels[channel];
    retitle(room ? `#${room.name}` : config.title, config.subtitle);
    tabs.show(rooms, channel);
    if (!list) {
      scroll.replaceChildren();
      list = keyedList(scroll, { draw, keyOf: ({ id }) => id });
    }
    const isSeen = ({ onlyFor }) => !onlyFor || onlyFor === persona.id;
    list(discord.messages.filter((message) => message.channel === channel && isSeen(message)));
    modals.update(discord.modals.filter(({ user }) => user === persona.id));
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
      discord: (value) => {
        discord = value;
        refresh();
      },
      clock: (value) => {
        now = Date.now() + value.offset;
      },
    },
  };
}
