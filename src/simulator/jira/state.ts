/** What the stand-in remembers: plain JSON, so that a snapshot is a copy. Times are milliseconds since 1970. */
export interface JiraState {
  next: number;
  issues: SimIssue[];
  users: SimUser[];
}

export interface SimUser {
  accountId: string;
  displayName: string;
}

export interface SimIssue {
  id: string;
  key: string;
  summary: string;
  type: string;
  description: unknown;
  labels: string[];
  status: string;
  created: number;
  updated: number;
  comments: SimComment[];
  histories: SimHistory[];
}

export interface SimComment {
  id: string;
  authorId: string;
  body: unknown;
  created: number;
}

export interface SimHistory {
  id: string;
  authorId: string;
  at: number;
  from: string;
  to: string;
}

export interface SimStatus {
  id: string;
  name: string;
  category: 'new' | 'indeterminate' | 'done';
}

/** The workflow: from each status to each other one. The transition's id is the status's. */
export const WORKFLOW: readonly SimStatus[] = [
  { id: '10000', name: 'To Do', category: 'new' },
  { id: '3', name: 'In Progress', category: 'indeterminate' },
  { id: '10001', name: 'In Review', category: 'indeterminate' },
  { id: '10002', name: 'Done', category: 'done' },
  { id: '10003', name: "Won't Do", category: 'done' },
];

export const ISSUE_TYPES = ['Task', 'Bug', 'Story'];

/** @throws Error for a name that the workflow does not have */
export function statusNamed(name: string): SimStatus {
  const status = WORKFLOW.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!status)
    throw new Error(`there is no status "${name}": take one of ${WORKFLOW.map((one) => one.name).join(', ')}`);
  return status;
}

/** Everybody whose name was used has an account, made on first sight. */
export function userNamed(state: JiraState, displayName: string): SimUser {
  const known = state.users.find((user) => user.displayName === displayName);
  if (known) return known;
  const user = { accountId: `5b10a2844c20165700ede2${state.users.length.toString(16).padStart(2, '0')}`, displayName };
  state.users.push(user);
  return user;
}

/** Every kind of thing has ids of its own in Jira; here they share one row of numbers. */
export function nextId(state: JiraState): string {
  state.next += 1;
  return String(state.next);
}

/** No two changes of an issue at one time: Jira's order is by it. */
export function touch(issue: SimIssue, now: number): number {
  issue.updated = Math.max(now, issue.updated + 1);
  return issue.updated;
}

/** A document as the plain text that webhooks carry. */
export function plainOf(body: unknown): string {
  if (typeof body === 'string') return body;
  const node = (body ?? {}) as { type?: string; text?: string; content?: unknown[] };
  if (node.type === 'text') return node.text ?? '';
  if (node.type === 'hardBreak') return '\n';
  return (node.content ?? []).map(plainOf).join(node.type === 'doc' ? '\n\n' : '');
}

/** Text as a document, as Jira's own editor makes one. */
export function documentOf(text: string): unknown {
  const paragraph = (line: string) => ({ type: 'paragraph', content: line ? [{ type: 'text', text: line }] : [] });
  return { type: 'doc', version: 1, content: text.split('\n').map(paragraph) };
}
