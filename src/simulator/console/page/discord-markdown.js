import { h } from './dom.js';

const ESCAPED = /\\([^\sA-Za-z0-9])/g;
const BOLD = /\*\*(.+?)\*\*/g;

/**
 * The little of Discord's Markdown that Parley writes (headings, small print, bold), as elements. A backslash keeps its
 * sign as it is; everything else is text.
 */
export function markdown(content) {
  return content.split('\n').map((line) => {
    const heading = line.match(/^### (.*)$/);
    if (heading) return h('h4', { class: 'dc-title' }, inline(heading[1]));
    const small = line.match(/^-# (.*)$/);
    if (small) return h('p', { class: 'dc-small' }, inline(small[1]));
    return h('p', {}, inline(line));
  });
}

function inline(text) {
  const kept = [];
  const hidden = text.replaceAll(ESCAPED, (_all, sign) => {
    kept.push(sign);
    return `\uE000${kept.length - 1}\uE001`;
  });
  const shown = (part) => part.replaceAll(/\uE000(\d+)\uE001/g, (_all, index) => kept[Number(index)] ?? '');
  const parts = [];
  let from = 0;
  for (const match of hidden.matchAll(BOLD)) {
    parts.push(shown(hidden.slice(from, match.index)), h('b', {}, shown(match[1])));
    from = match.index + match[0].length;
  }
  return [...parts, shown(hidden.slice(from))];
}
