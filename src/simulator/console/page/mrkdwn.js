import { h } from './dom.js';
import { withEmoji } from './emoji.js';

const ENTITY =
  /<(?:@(?<user>[\w-]+)|#(?<channel>[\w-]+)(?:\|(?<channelName>[^>]+))?|!(?<special>[^>]+)|(?<url>(?:https?|mailto):[^|>]+)(?:\|(?<label>[^>]+))?)>/g;
const FORMAT =
  /```(?<pre>[\s\S]+?)```|`(?<code>[^`\n]+)`|(?<![\w*])\*(?<bold>[^*\n]+)\*(?![\w*])|(?<![\w_])_(?<italic>[^_\n]+)_(?![\w_])|(?<![\w~])~(?<strike>[^~\n]+)~(?![\w~])/g;

/** Slack's mrkdwn as elements, as Slack shows it: formats, mentions, links, quotes. `names` turns ids into names. */
export function mrkdwn(text, names = {}) {
  const quoted = text.split('\n').every((line) => line.startsWith('&gt;') || line.startsWith('>'));
  const inner = entities(quoted ? text.replaceAll(/^(?:&gt;|>) ?/gm, '') : text, names);
  return quoted ? [h('blockquote', {}, inner)] : inner;
}

function entities(text, names) {
  return split(text, ENTITY, formats, ({ user, channel, channelName, special, url, label }) => {
    if (user) return h('span', { class: 'mention' }, `@${names[user] ?? user}`);
    if (channel) return h('span', { class: 'mention' }, `#${channelName ?? names[channel] ?? channel}`);
    if (special) return special.startsWith('date^') ? dated(special) : h('span', { class: 'mention' }, `@${special}`);
    return h('a', { href: unescaped(url), target: '_blank', rel: 'noopener' }, unescaped(label ?? url));
  });
}

function dated(special) {
  const seconds = Number(special.split('^')[1]);
  return new Date(seconds * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

function formats(text) {
  return split(
    text,
    FORMAT,
    (plain) => withEmoji(unescaped(plain)),
    ({ pre, code, bold, italic, strike }) => {
      if (pre !== undefined) return h('pre', {}, unescaped(pre));
      if (code !== undefined) return h('code', {}, unescaped(code));
      if (bold !== undefined) return h('b', {}, formats(bold));
      if (italic !== undefined) return h('i', {}, formats(italic));
      return h('s', {}, formats(strike));
    },
  );
}

function split(text, pattern, between, found) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(...between(text.slice(from, match.index)), found(match.groups));
    from = match.index + match[0].length;
  }
  return [...parts, ...between(text.slice(from))];
}

function unescaped(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
