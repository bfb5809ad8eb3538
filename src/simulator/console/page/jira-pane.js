import { jiraBoard } from './jira-board.js';
import { jiraIssue } from './jira-issue.js';
import { paneFrame, personaSwitcher } from './pane.js';

/** A Jira project as its team sees it: a board, and the issue somebody opened. */
export function jiraPane(config) {
  const { element, body, switcher, retitle, showStep } = paneFrame(config);
  const board = jiraBoard((key) => show(key));
  body.append(board.element);
  let jira = null;
  let persona = null;
  let open = null;
  let now = Date.now();

  function show(key) {
    open?.issue.element.remove();
    open = key && { key, issue: jiraIssue(key, { author: () => persona.id, onBack: () => show(null) }) };
    if (open) body.append(open.issue.element);
    board.element.hidden = Boolean(open);
    refresh();
  }

  function refresh() {
    if (!jira) return;
    retitle(jira.project, config.subtitle);
    board.update(jira);
    const issue = open && jira.issues.find(({ key }) => key === open.key);
    if (issue) open.issue.update(issue, jira.statuses, now);
  }

  const { actAs } = personaSwitcher(config.id, switcher, config.personas, (chosen) => {
    persona = chosen;
  });
  return {
    element,
    showStep,
    actAs,
    parts: {
      jira: (value) => {
        jira = value;
        refresh();
      },
      clock: (value) => {
        now = Date.now() + value.offset;
      },
    },
  };
}
