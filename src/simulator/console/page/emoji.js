import { h } from './dom.js';

/**
 * The emoji that Parley's cards use, as small drawings: Slack draws every emoji as a picture of its own too, and not every
 * system has a font for them. Others are left to the system.
 */
const DRAWN = {
  '⚪': ['dot', 'white circle'],
  '🔵': ['dot blue', 'blue circle'],
  '🟢': ['dot green', 'green circle'],
  '🟡': ['dot yellow', 'yellow circle'],
  '🔴': ['dot red', 'red circle'],
  '⬜': ['box', 'white square'],
  '✅': ['box done', 'check mark'],
  '➕': ['sign plus', 'plus'],
  '➖': ['sign minus', 'minus'],
  '✏️': ['sign pencil', 'pencil'],
  '⚠️': ['sign warning', 'warning'],
  '🔒': ['sign locked', 'lock'],
};
const EMOJI = /(\p{Emoji_Presentation}|\p{Emoji}\uFE0F)/u;

/** A text with its emoji drawn in colour. */
export function withEmoji(text) {
  return text.split(EMOJI).map((part, index) => (index % 2 ? drawn(part) : part));
}

function drawn(emoji) {
  const found = DRAWN[emoji];
  if (!found) return h('span', { class: 'emoji' }, emoji);
  const [looks, name] = found;
  return h('span', { class: `emoji drawn ${looks}`, role: 'img', aria: { label: name } });
}
