import { act } from './connection.js';
import { clockTime, h, icon, portrait } from './dom.js';
import { typeMark } from './jira-board.js';
import { composer } from './pane.js';

/**
 * One opened issue. Its text follows what happens; what is being written stays.
 * @param author names who acts
 */
export function jiraIssue(key, { author, onBack }) {
  const head = h('header', { class: 'jr-head' });
  const text = h('div', { class: 'scroll jr-text' });
  const element = h('div', { class: 'jr-issue' }, head, text, commentBox(key, author));
  let drawn = null;
  return {
    element,
    update(issue, statuses, now) {
      const state = JSON.stringify(issue);
      if (state === drawn) return;
      head.replaceChildren(...headOf(issue, statuses, { author, onBack }));
      text.replaceChildren(...textOf(issue, now));
      if (drawn) text.scrollTop = text.scrollHeight;
      else head.querySelector('button').focus();
      drawn = state;
    },
  };
}

function headOf(issue, statuses, { author, onBack }) {
  const back = { type: 'button', class: 'button plain icon', aria: { label: 'Back to the board' } };
  const move = ({ target }) => act('jira-move', { key: issue.key, author: author(), status: target.value });
  return [
    h('button', { ...back, on: { click: onBack } }, icon('back')),
    typeMark(issue),
    h('span', { class: 'jr-key' }, issue.key),
    h(
      'select',
      { class: 'jr-status', aria: { label: 'Status' }, on: { change: move } },
      statuses.map(({ name }) => h('option', { value: name, selected: name === issue.status }, name)),
    ),
  ];
}

function textOf(issue, now) {
  const comments = issue.comments.map((comment) => commentOf(comment, now));
  return [
    h('h4', {}, issue.summary),
    h('p', { class: 'jr-description' }, issue.description || 'No description.'),
    h('h5', {}, 'Comments'),
    ...(comments.length ? comments : [h('p', { class: 'quiet' }, 'None yet.')]),
  ];
}

function commentOf({ author, bot, at, body }, now) {
  return h(
    'article',
    { class: 'jr-comment' },
    portrait(author, bot),
    h('div', {}, h('p', {}, h('b', {}, author), h('time', {}, clockTime(at, now))), h('p', { class: 'jr-body' }, body)),
  );
}

function commentBox(key, author) {
  const visible = h('input', { type: 'checkbox' });
  const send = (text) => {
    const comment = { key, author: author(), text, visible: visible.checked };
    // The next comment stays in the team again, unless somebody says otherwise.
    visible.checked = false;
    return act('jira-comment', comment);
  };
  return h(
    'div',
    { class: 'jr-foot' },
    composer({ label: 'Add a comment', placeholder: 'Add a comment…', send }).element,
    h('label', { class: 'jr-visible' }, visible, 'Visible to the client'),
  );
}
