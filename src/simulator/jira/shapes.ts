import type { JiraState, SimComment, SimHistory, SimIssue, SimUser } from './state.ts';
import { plainOf, statusNamed } from './state.ts';

/**
 * State → the JSON that Jira writes, in its documented shapes. Version 3 of the REST API gives texts as documents;
 * webhooks give them as version 2 does, as plain text.
 */
export interface Shapes {
  user(user: SimUser): object;
  issue(issue: SimIssue): { id: string; key: string; self: string; fields: Record<string, unknown> };
  /** The few fields that a comment's webhook has. */
  issueOfComment(issue: SimIssue): object;
  status(name: string): object;
  comment(issue: SimIssue, comment: SimComment, as: 'document' | 'text'): object;
  changelog(history: SimHistory): object;
}

export function shapesFor(state: () => JiraState, baseUrl: () => string, project: string): Shapes {
  const user = ({ accountId, displayName }: SimUser) => ({
    self: `${baseUrl()}/rest/api/3/user?accountId=${accountId}`,
    accountId,
    accountType: 'atlassian',
    active: true,
    displayName,
    timeZone: 'Europe/Berlin',
  });
  const userOf = (accountId: string) => {
    const known = state().users.find((one) => one.accountId === accountId);
    return known ? user(known) : null;
  };
  const status = (name: string) => {
    const { id, category } = statusNamed(name);
    const key = { new: ['To Do', 2], indeterminate: ['In Progress', 4], done: ['Done', 3] }[category];
    return {
      self: `${baseUrl()}/rest/api/3/status/${id}`,
      id,
      name: statusNamed(name).name,
      statusCategory: { id: key[1], key: category, name: key[0] },
    };
  };
  const few = (issue: SimIssue) => ({
    summary: issue.summary,
    issuetype: { name: issue.type, subtask: false },
    project: { key: project, name: project },
    assignee: null,
    priority: { id: '3', name: 'Medium' },
    status: status(issue.status),
  });
  const named = (issue: SimIssue) => ({
    id: issue.id,
    key: issue.key,
    self: `${baseUrl()}/rest/api/3/issue/${issue.id}`,
  });
  return {
    user,
    status,
    issue: (issue) => ({
      ...named(issue),
      fields: {
        ...few(issue),
        labels: issue.labels,
        description: issue.description,
        created: stamp(issue.created),
        updated: stamp(issue.updated),
      },
    }),
    issueOfComment: (issue) => ({ ...named(issue), fields: few(issue) }),
    comment: (issue, comment, as) => ({
      self: `${baseUrl()}/rest/api/3/issue/${issue.id}/comment/${comment.id}`,
      id: comment.id,
      author: userOf(comment.authorId),
      body: as === 'text' ? plainOf(comment.body) : comment.body,
      updateAuthor: userOf(comment.authorId),
      created: stamp(comment.created),
      updated: stamp(comment.created),
      jsdPublic: true,
    }),
    changelog: ({ id, from, to }) => ({
      id,
      items: [
        {
          field: 'status',
          fieldtype: 'jira',
          fieldId: 'status',
          from: statusNamed(from).id,
          fromString: from,
          to: statusNamed(to).id,
          toString: to,
        },
      ],
    }),
  };
}

/** Jira's way of writing times: no colon in the offset. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
