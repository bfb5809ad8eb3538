import { topBar } from './bar.js';
import { follow } from './connection.js';
import { discordPane } from './discord-pane.js';
import { h } from './dom.js';
import { jiraPane } from './jira-pane.js';
import { mailPane } from './mail-pane.js';
import { sideRail } from './rail.js';
import { slackPane } from './slack-pane.js';
import { storyGuide } from './story.js';
import { teamsPane } from './teams-pane.js';

const PANES = { slack: slackPane, teams: teamsPane, discord: discordPane, mail: mailPane, jira: jiraPane };

const place = document.getElementById('panes');
const panes = new Map();
const bar = topBar(document.getElementById('bar'), place);
const story = storyGuide(document.getElementById('story'), panes, () => bar.showAll());
const listeners = [bar, story, sideRail(document.getElementById('rail'))];
let built = false;

// Empty frames of the same size until the console says what stands in them: the page holds still when it does.
const frames = { client: 4, firm: 3 };
for (const [side, count] of Object.entries(frames))
  place.append(rowOf({ side, title: '\u00a0' }, Array.from({ length: count }, emptyFrame)));

/** The panes, as the console says which there are: one row for the client, one for the firm. */
function build(rows) {
  if (built) return;
  built = true;
  place.replaceChildren(
    ...rows.map((row) => {
      const made = row.panes.map((config) => {
        const pane = PANES[config.tool](config);
        panes.set(config.id, pane);
        return pane;
      });
      listeners.push(...made);
      return rowOf(
        row,
        made.map(({ element }) => element),
      );
    }),
  );
}

function rowOf({ side, title, note }, frames) {
  const heading = h('h2', {}, title, note && h('small', {}, note));
  return h(
    'section',
    { class: 'row', data: { side }, aria: { label: title } },
    heading,
    h('div', { class: 'row-panes' }, frames),
  );
}

function emptyFrame() {
  return h('div', { class: 'pane', aria: { hidden: 'true' } }, h('div', { class: 'pane-head' }));
}

follow(
  (name, value) => {
    if (name === 'rows') build(value);
    for (const listener of listeners) listener.parts[name]?.(value);
    return story.mark();
  },
  () => {
    document.body.dataset.ready = 'yes';
  },
);
