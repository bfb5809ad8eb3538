import { EventEmitter } from 'node:events';
import type { Shapes } from './shapes.ts';
import type { JiraState, SimComment, SimIssue, SimUser } from './state.ts';
import { documentOf, nextId, statusNamed, touch, userNamed } from './state.ts';
import type { WebhookSender } from './webhooks.ts';

/** What may happen on the site, by the API or by a person: each changes the state and tells the hub by a webhook. */
export class JiraSite {
  state: JiraState;
  /** Emits 'change' after everything that a console would show. */
  readonly changes = new EventEmitter();
  private readonly project: string;
  private readonly now: () => number;
  private shapes: Shapes | null = null;
  private sender: WebhookSender | null = null;

  constructor(project: string, now: () => number, apiUser: string) {
    this.project = project;
    this.now = now;
    this.state = { next: 10_000, issues: [], users: [] };
    userNamed(this.state, apiUser);
  }

  /** The account that the API acts as. */
  get apiUser(): SimUser {
    const [first] = this.state.users;
    if (!first) throw new Error('the site has no account for its API');
    return first;
  }

  connect(shapes: Shapes, sender: WebhookSender): void {
    this.shapes = shapes;
    this.sender = sender;
  }

  /** By id or key. */
  find(idOrKey: string): SimIssue | null {
    return this.state.issues.find(({ id, key }) => id === idOrKey || key === idOrKey) ?? null;
  }

  /** @throws Error when there is none */
  get(idOrKey: string): SimIssue {
    const issue = this.find(idOrKey);
    if (!issue) throw new Error(`there is no issue ${idOrKey}`);
    return issue;
  }

  create(fields: { summary: string; type: string; description?: unknown; labels?: string[] }, by: SimUser): SimIssue {
    const at = this.now();
    const key = `${this.project}-${this.state.issues.length + 1}`;
    const { summary, type, description = null, labels = [] } = fields;
    const issue: SimIssue = {
      id: nextId(this.state),
      key,
      summary,
      type,
      description,
      labels: [...labels],
      status: 'To Do',
      created: at,
      updated: at,
      comments: [],
      histories: [],
    };
    this.state.issues.push(issue);
    this.tell('jira:issue_created', by, { issue_event_type_name: 'issue_created', issue: this.shapes?.issue(issue) });
    return issue;
  }

  comment(issue: SimIssue, body: unknown, by: SimUser): SimComment {
    const comment = { id: nextId(this.state), authorId: by.accountId, body, created: touch(issue, this.now()) };
    issue.comments.push(comment);
    // Comment webhooks name no user and carry few fields of the issue.
    this.tell('comment_created', null, {
      comment: this.shapes?.comment(issue, comment, 'text'),
      issue: this.shapes?.issueOfComment(issue),
      eventType: 'primaryAction',
    });
    return comment;
  }

  move(issue: SimIssue, to: string, by: SimUser): void {
    const { name } = statusNamed(to);
    if (name === issue.status) return;
    const at = touch(issue, this.now());
    const history = { id: nextId(this.state), authorId: by.accountId, at, from: issue.status, to: name };
    issue.histories.push(history);
    issue.status = name;
    this.tell('jira:issue_updated', by, {
      issue_event_type_name: 'issue_generic',
      issue: this.shapes?.issue(issue),
      changelog: this.shapes?.changelog(history),
    });
  }

  edit(issue: SimIssue, fields: { summary?: string; description?: unknown; labels?: string[] }, by: SimUser): void {
    Object.assign(issue, fields);
    touch(issue, this.now());
    const items = Object.keys(fields).map((field) => ({ field, fieldtype: 'jira', fieldId: field }));
    this.tell('jira:issue_updated', by, {
      issue_event_type_name: 'issue_updated',
      issue: this.shapes?.issue(issue),
      changelog: { id: nextId(this.state), items },
    });
  }

  remove(issue: SimIssue, by: SimUser): void {
    this.state.issues.splice(this.state.issues.indexOf(issue), 1);
    this.tell('jira:issue_deleted', by, { issue: this.shapes?.issue(issue) });
  }

  /** Somebody who writes or moves things by hand. */
  person(name: string): SimUser {
    return userNamed(this.state, name);
  }

  /** Text that a person typed. */
  typed(text: string): unknown {
    return documentOf(text);
  }

  private tell(webhookEvent: string, by: SimUser | null, content: object): void {
    const user = by && this.shapes ? this.shapes.user(by) : undefined;
    this.sender?.send({ timestamp: this.now(), webhookEvent, user, ...content });
    this.changes.emit('change');
  }
}
