import { act } from './connection.js';
import { h } from './dom.js';
import { keyedList } from './keyed.js';
import { composer, paneFrame, personaSwitcher, roomTabs } from './pane.js';
import { rovingList } from './roving.js';
import { teamsMessages } from './teams-message.js';

/**
 * A chat of the Teams stand-in as one person sees it. As in Teams, the answer to a press replaces the card for the one
 * who pressed, until the bot changes the message for everybody.
 */
export function teamsPane(config) {
  const { element, body, switcher, retitle, showStep } = paneFrame(config);
  const scroll = h('div', { class: 'scroll tm-messages', role: 'log', aria: { label: 'Messages' } });
  const tabs = roomTabs('Chats', (id) => choose(id));
  /** Message and person → words that answered a press, and under which state of the card. */
  const told = new Map();
  let teams = null;
  let persona = null;
  let conversation = null;
  let now = Date.now();
  let list = null;
  let replyTo = null;

  const send = (text) => {
    const to = replyTo ? { replyTo } : {};
    answerTo(null);
    return act('teams-say', { user: persona.id, conversation, text, ...to });
  };
  const write = composer({ label: 'Message', placeholder: 'Type a message, or: work, bug, change', send });
  const answering = h('p', { class: 'tm-replying', hidden: true });
  rovingList(scroll, '.tm-messages > article');
  body.append(tabs.element, scroll, h('div', { class: 'tm-foot' }, answering, write.element));

  function answerTo(message) {
    replyTo = message?.id ?? null;
    answering.hidden = !message;
    const cancel = h('button', { type: 'button', class: 'link', on: { click: () => answerTo(null) } }, 'Cancel');
    answering.replaceChildren('Answering a card ', cancel);
    if (message) write.area.focus();
  }

  async function execute(message, { label = '', ...action }) {
    const pressed = { user: persona.id, conversation, messageId: message.id, label, action };
    const answer = await act('teams-execute', pressed);
    if (answer?.text) told.set(`${persona.id} ${message.id}`, { state: stateOf(message.id), text: answer.text });
    refresh();
  }

  const refreshed = new Set();
  /** Cards with `refresh` are asked for anew for the people they name, once per state, as Teams does. */
  function refreshForPersona(message) {
    const { action, userIds } = message.card?.refresh ?? {};
    const key = `${persona.id} ${message.id} ${JSON.stringify(message.card)}`;
    if (!userIds?.includes(persona.id) || refreshed.has(key)) return;
    refreshed.add(key);
    void execute(message, { verb: action.verb, data: action.data, trigger: 'automatic' });
  }

  const draw = teamsMessages(() => ({ ...teams, now }), { execute, answer: answerTo });

  function choose(id) {
    conversation = id;
    list = null;
    refresh();
  }

  function refresh() {
    if (!teams || !persona) return;
    const rooms = persona.rooms.map((id) => teams.conversations[id]).filter(Boolean);
    if (!rooms.some(({ id }) => id === conversation)) {
      conversation = rooms[0]?.id ?? null;
      list = null;
    }
    retitle(teams.conversations[conversation]?.name ?? config.title, config.subtitle);
    tabs.show(rooms, conversation);
    if (!list) {
      scroll.replaceChildren();
      list = keyedList(scroll, { draw, keyOf: ({ message }) => message.id });
    }
    const messages = teams.messages.filter((one) => one.conversation === conversation);
    list(messages.map(asSeen));
    for (const message of messages) refreshForPersona(message);
  }

  /** The card as the person sees it now: their own answer in its place, if there is one. */
  const seen = ({ views, card }) => views[persona.id] ?? card;
  const stateOf = (id) => JSON.stringify(seen(teams.messages.find((one) => one.id === id)));

  function asSeen({ views, ...message }) {
    const answer = told.get(`${persona.id} ${message.id}`);
    const card = seen({ ...message, views });
    const text = answer?.state === JSON.stringify(card) ? answer.text : undefined;
    return { message, mine: message.from === persona.id, card, text };
  }

  const { actAs } = personaSwitcher(config.id, switcher, config.personas, (chosen) => {
    persona = chosen;
    list = null;
    answerTo(null);
    refresh();
  });
  return {
    element,
    showStep,
    actAs,
    parts: {
      teams: (value) => {
        teams = value;
        refresh();
      },
      clock: (value) => {
        now = Date.now() + value.offset;
      },
    },
  };
}
