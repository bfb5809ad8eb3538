import { act } from './connection.js';
import { h } from './dom.js';
import { keyedList } from './keyed.js';
import { composer, paneFrame, personaSwitcher, roomTabs } from './pane.js';
import { rovingList } from './roving.js';
import { slackMessages, withThreads } from './slack-message.js';
import { slackModals } from './slack-modal.js';

/** The Slack stand-in as one person sees it: a channel's messages and threads, what only they see, their modals. */
export function slackPane(config) {
  const { element, body, switcher, retitle, showStep } = paneFrame(config);
  const scroll = h('div', { class: 'scroll sk-messages', role: 'log', aria: { label: 'Messages' } });
  const tabs = roomTabs('Channels', (id) => choose(id));
  let slack = null;
  let persona = null;
  let channel = null;
  let now = Date.now();
  let list = null;

  const say = (text, threadTs) =>
    text.startsWith('/')
      ? act('slack-command', { user: persona.id, channel, text })
      : act('slack-say', { user: persona.id, channel, text, ...(threadTs ? { threadTs } : {}) });
  const write = composer({
    label: 'Message or /parley command',
    placeholder: 'Message, or /parley work',
    send: (text) => say(text),
  });
  const modals = slackModals(element, () => persona?.id);
  rovingList(scroll, '.sk-messages > article');
  body.append(tabs.element, scroll, h('div', { class: 'sk-foot' }, write.element));

  const view = () => ({ ...slack, now });
  const draw = slackMessages(view, {
    reply: say,
    dismiss: ({ ts }) => act('slack-dismiss', { user: persona.id, ts }),
    press: ({ ts }, pressed, values) => {
      const { value, action_id, text } = pressed;
      const button = { button: value ?? action_id, label: text?.text ?? '', values };
      return act('slack-press', { user: persona.id, channel, ts, ...button });
    },
  });

  function choose(id) {
    channel = id;
    list = null;
    refresh();
  }

  function refresh() {
    if (!slack || !persona) return;
    const rooms = persona.rooms.map((id) => slack.channels[id]).filter(Boolean);
    if (!rooms.some(({ id }) => id === channel)) {
      channel = rooms[0]?.id ?? null;
      list = null;
    }
    const room = slack.channels[channel];
    retitle(room ? `#${room.name}` : config.title, config.subtitle);
    tabs.show(rooms, channel);
    if (!list) {
      scroll.replaceChildren();
      list = keyedList(scroll, { draw, keyOf: ({ message }) => `${message.ephemeralTo ?? ''} ${message.ts}` });
    }
    const isSeen = ({ ephemeralTo }) => !ephemeralTo || ephemeralTo === persona.id;
    list(withThreads(slack.messages.filter((message) => message.channel === channel && isSeen(message))));
    modals.update(slack.views.filter(({ user }) => user === persona.id));
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
      slack: (value) => {
        const named = [...Object.values(value.users), ...Object.values(value.channels)];
        slack = { ...value, names: Object.fromEntries(named.map(({ id, name }) => [id, name])) };
        refresh();
      },
      clock: (value) => {
        now = Date.now() + value.offset;
      },
    },
  };
}
