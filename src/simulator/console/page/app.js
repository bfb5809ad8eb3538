import { topBar } from './bar.js';
import { follow } from './connection.js';
import { h } from './dom.js';
import { jiraPane } from './jira-pane.js';
import { mailPane } from './mail-pane.js';
import { sideRail } from './rail.js';
import { slackPane } from './slack-pane.js';
import { teamsPane } from './teams-pane.js';

const PANES = { slack: slackPane, teams: teamsPane, mail: mailPane, jira: jiraPane };

const place = document.getElementById('panes');
const listeners = [topBar(document.getElementById('bar'), place), sideRail(document.getElementById('rail'))];
let built = false;

/** The panes, as the console says which there are: one row for the client, one for the firm. */
function build(rows) {
  if (built) return;
  built = true;
  for (const { side, title, note, panes } of rows) {
    const made = panes.map((config) => PANES[config.tool](config));
    listeners.push(...made);
    place.append(
      h(
        'section',
        { class: 'row', data: { side }, aria: { label: title } },
        h('h2', {}, title, h('small', {}, note)),
        h(
          'div',
          { class: 'row-panes' },
          made.map(({ element }) => element),
        ),
      ),
    );
  }
}

follow(
  (name, value) => {
    if (name === 'rows') return build(value);
    for (const listener of listeners) listener.parts[name]?.(value);
    return undefined;
  },
  () => {
    document.body.dataset.ready = 'yes';
  },
);
