import { h, icon } from './dom.js';
import { keyedList } from './keyed.js';
import { rovingList } from './roving.js';

/** The board: a column per status, a card per issue. `onOpen` is called with an issue's key. */
export function jiraBoard(onOpen) {
  const element = h('div', { class: 'jr-board' });
  const columns = new Map();

  const columnOf = ({ name }) => {
    if (columns.has(name)) return columns.get(name);
    const cards = h('div', { class: 'jr-cards scroll' });
    const count = h('span', { class: 'jr-count' });
    element.append(h('section', { class: 'jr-column', aria: { label: name } }, h('h4', {}, name, count), cards));
    rovingList(cards, '.jr-card', 'first');
    const draw = (issue) => cardOf(issue, onOpen);
    columns.set(name, { count, update: keyedList(cards, { draw, keyOf: ({ key }) => key }) });
    return columns.get(name);
  };

  return {
    element,
    update({ statuses, issues }) {
      for (const status of statuses) {
        const { count, update } = columnOf(status);
        const inside = issues.filter((issue) => issue.status === status.name);
        count.textContent = String(inside.length);
        update(inside);
      }
    },
  };
}

function cardOf(issue, onOpen) {
  const { length } = issue.comments;
  return h(
    'button',
    { type: 'button', class: 'jr-card', data: { key: issue.key }, on: { click: () => onOpen(issue.key) } },
    h('span', { class: 'jr-summary' }, issue.summary),
    h(
      'span',
      { class: 'jr-line' },
      typeMark(issue),
      h('span', { class: 'jr-key' }, issue.key),
      length > 0 && h('span', { class: 'jr-said' }, `${length} ${length > 1 ? 'comments' : 'comment'}`),
    ),
  );
}

/** The small coloured square that tells a bug from a task. */
export function typeMark({ type }) {
  const bug = /bug/i.test(type);
  return h(
    'span',
    { class: `jr-type ${bug ? 'jr-bug' : ''}`, title: type },
    icon(bug ? 'bug' : 'change'),
    h('span', { class: 'hidden' }, type),
  );
}
