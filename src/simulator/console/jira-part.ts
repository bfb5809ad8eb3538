import type { JiraState } from '../jira/state.ts';
import { plainOf, WORKFLOW } from '../jira/state.ts';
import { JIRA } from './stand-ins.ts';

/** Columns of the board; of the many that a real Jira has, those that a small team looks at. */
const COLUMNS = WORKFLOW.filter(({ name }) => ['To Do', 'In Progress', 'Done'].includes(name));

/** The project as the page draws it. */
export function jiraPart({ issues, users }: JiraState): unknown {
  const nameOf = (accountId: string) => users.find((user) => user.accountId === accountId)?.displayName ?? '?';
  const bot = users[0]?.accountId;
  return {
    project: `${JIRA.project} board`,
    statuses: COLUMNS.map(({ name, category }) => ({ name, category })),
    issues: issues.map(({ key, summary, type, status, description, comments }) => ({
      key,
      summary,
      type,
      status: columnOf(status),
      description: plainOf(description),
      comments: comments.map(({ id, authorId, body, created }) => ({
        id,
        author: nameOf(authorId),
        bot: authorId === bot,
        body: plainOf(body),
        at: created,
      })),
    })),
  };
}

/** A status without a column of its own shows in the column of its kind. */
function columnOf(status: string): string {
  const category = WORKFLOW.find(({ name }) => name === status)?.category;
  return (
    COLUMNS.find(({ name }) => name === status)?.name ??
    COLUMNS.find((column) => column.category === category)?.name ??
    'To Do'
  );
}
