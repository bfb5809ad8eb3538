import { drawComponents, drawEmbeds } from './discord-components.js';
import { clockTime, h, icon, portrait } from './dom.js';
import { composer } from './pane.js';

/**
 * Draws messages as one person sees them.
 * @param view says what is needed besides: {users, now}
 * @param on press(message, id, label), dismiss(message), reply(text, message)
 */
export function discordMessages(view, on) {
  /** Composers of threads that are open: a redrawn message keeps its own, with what is written in it. */
  const writing = new Map();

  function drawMessage(message) {
    const { users, now } = view();
    const user = users[message.from] ?? { name: message.from };
    const press = (id, label) => on.press(message, id, label);
    return h(
      'article',
      {
        class: `dc-message${message.onlyFor ? ' dc-ephemeral' : ''}`,
        aria: { label: `${user.name}: ${wordsOf(message)}`.slice(0, 120) },
      },
      h(
        'div',
        { class: 'dc-line' },
        portrait(user.name, user.bot),
        h(
          'div',
          { class: 'dc-content' },
          byLine(user, message, now),
          message.waiting && h('p', { class: 'dc-small', role: 'status' }, 'Parley is thinking…'),
          message.content && h('p', { class: 'dc-said' }, message.content.replaceAll(/\\([^\sA-Za-z0-9])/g, '$1')),
          drawEmbeds(message.embeds),
          drawComponents(message.components, press),
          message.onlyFor && onlyYou(message),
        ),
      ),
    );
  }

  function onlyYou(message) {
    const dismiss = link('Dismiss message', () => on.dismiss(message));
    return h('p', { class: 'dc-only' }, icon('lock'), 'Only you can see this', dismiss);
  }

  function thread(message) {
    const open = link(message.thread.length ? 'Reply' : 'Reply in thread', () => {
      const answer = composer({
        label: 'Reply in thread',
        placeholder: 'Reply…',
        send: (text) => on.reply(text, message),
      });
      writing.set(message.id, answer.element);
      open.replaceWith(answer.element);
      answer.area.focus();
    });
    return h('div', { class: 'dc-thread' }, message.thread.map(drawMessage), writing.get(message.id) ?? open);
  }

  return (message) => {
    const article = drawMessage(message);
    if (!message.onlyFor) article.append(thread(message));
    return article;
  };
}

function byLine(user, message, now) {
  return h(
    'p',
    { class: 'dc-by' },
    h('b', {}, user.name),
    user.bot && h('span', { class: 'dc-app' }, 'APP'),
    h('time', {}, clockTime(message.at, now)),
    message.edited && h('span', { class: 'dc-small' }, '(edited)'),
  );
}

function wordsOf({ content, components }) {
  const first = JSON.stringify(components).match(/"content":"#* ?([^"\\]*)/)?.[1];
  return content || first || 'a card';
}

function link(text, click) {
  return h('button', { type: 'button', class: 'link', data: { key: text }, on: { click } }, text);
}
