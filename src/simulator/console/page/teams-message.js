import { clockTime, h, portrait } from './dom.js';
import { adaptiveCard } from './teams-card.js';

/**
 * Draws messages of a chat as one person sees them.
 * @param on execute(message, action), answer(message)
 * @param view says what is needed besides: {users, messages, now}
 */
export function teamsMessages(view, on) {
  return ({ message, mine, card, text }) => {
    const { users, messages, now } = view();
    const user = users[message.from] ?? { name: message.from };
    return h(
      'article',
      {
        class: `tm-message${mine ? ' tm-mine' : ''}`,
        aria: { label: `${user.name}: ${message.text || text || card?.fallbackText || 'a card'}`.slice(0, 120) },
      },
      !mine && portrait(user.name, user.bot),
      h(
        'div',
        { class: 'tm-content' },
        byLine(message, mine ? null : user.name, now),
        message.replyTo && h('p', { class: 'tm-quote' }, quoteOf(messages, message.replyTo)),
        message.text && h('div', { class: 'tm-bubble' }, message.text),
        text && h('p', { class: 'tm-note', role: 'status' }, text),
        card && framed(card, (action) => on.execute(message, action)),
        user.bot && card && answerLink(message, on),
      ),
    );
  };
}

function framed(card, onExecute) {
  return h('div', { class: 'tm-frame' }, adaptiveCard(card, onExecute));
}

function byLine(message, name, now) {
  return h(
    'p',
    { class: 'tm-by' },
    name && h('b', {}, name),
    h('time', {}, clockTime(message.at, now)),
    message.edited && h('span', {}, 'Edited'),
  );
}

function answerLink(message, on) {
  const click = () => on.answer(message);
  return h('button', { type: 'button', class: 'link', data: { key: `reply ${message.id}` }, on: { click } }, 'Reply');
}

function quoteOf(messages, id) {
  const message = messages.find((one) => one.id === id);
  return message ? (message.text || message.card?.fallbackText || 'a card').slice(0, 90) : 'an earlier message';
}
