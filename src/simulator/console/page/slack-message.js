import { drawBlocks } from './block-kit.js';
import { valuesOf } from './block-kit-inputs.js';
import { clockTime, h, icon, portrait } from './dom.js';
import { mrkdwn } from './mrkdwn.js';
import { composer } from './pane.js';

/** How many replies of a thread are shown at once. */
const SHOWN = 3;

/**
 * Draws messages as one person sees them.
 * @param on press(message, element, values), dismiss(message), reply(text, ts)
 * @param view says what is needed besides: {users, names, now}
 */
export function slackMessages(view, on) {
  /** Composers of threads that are open: a redrawn message keeps its own, with what is written in it. */
  const writing = new Map();

  function drawMessage(message) {
    const { users, names, now } = view();
    const user = users[message.user] ?? { name: message.user };
    const content = h('div', { class: 'sk-content' });
    const press = (element) => on.press(message, element, valuesOf(content));
    const text = () => [h('p', { class: 'sk-section' }, mrkdwn(message.text ?? '', names))];
    content.append(
      byLine(user, message, now),
      ...(message.blocks?.length ? drawBlocks(message.blocks, { press }, names) : text()),
    );
    return h(
      'article',
      {
        class: `sk-message${message.ephemeralTo ? ' sk-ephemeral' : ''}`,
        aria: { label: `${user.name}: ${message.text || 'a card'}`.slice(0, 120) },
      },
      message.ephemeralTo && onlyYou(message),
      h('div', { class: 'sk-line' }, portrait(user.name, user.bot), content),
    );
  }

  function byLine(user, message, now) {
    return h(
      'p',
      { class: 'sk-by' },
      h('b', {}, user.name),
      user.bot && h('span', { class: 'sk-app' }, 'APP'),
      h('time', {}, clockTime(message.at, now)),
      message.edited && h('span', { class: 'quiet' }, '(edited)'),
    );
  }

  function onlyYou(message) {
    return h(
      'p',
      { class: 'sk-only' },
      icon('lock'),
      'Only visible to you',
      link('Dismiss', () => on.dismiss(message)),
    );
  }

  function thread({ ts }, replies) {
    const earlier = replies.slice(0, -SHOWN);
    const more = link(`${earlier.length} earlier ${earlier.length > 1 ? 'replies' : 'reply'}`, () =>
      more.replaceWith(...earlier.map(drawMessage)),
    );
    const open = link(replies.length ? 'Reply' : 'Reply in thread', () => {
      const send = (text) => on.reply(text, ts);
      const answer = composer({ label: 'Reply in thread', placeholder: 'Reply…', send });
      writing.set(ts, answer.element);
      open.replaceWith(answer.element);
      answer.area.focus();
    });
    return h(
      'div',
      { class: 'sk-thread' },
      earlier.length > 0 && more,
      replies.slice(-SHOWN).map(drawMessage),
      writing.get(ts) ?? open,
    );
  }

  return ({ message, replies }) => {
    const article = drawMessage(message);
    if (!message.ephemeralTo) article.append(thread(message, replies));
    return article;
  };
}

function link(text, click) {
  return h('button', { type: 'button', class: 'link', data: { key: text }, on: { click } }, text);
}

/** The messages of a channel in order, each with the replies of its thread. */
export function withThreads(messages) {
  const replies = Map.groupBy(
    messages.filter((message) => !message.ephemeralTo && message.thread_ts && message.thread_ts !== message.ts),
    (message) => message.thread_ts,
  );
  return messages
    .filter((message) => !message.thread_ts || message.thread_ts === message.ts || message.ephemeralTo)
    .map((message) => ({ message, replies: replies.get(message.ts) ?? [] }));
}
