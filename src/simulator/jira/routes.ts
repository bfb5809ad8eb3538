import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, NextFunction, Request, Response, Router } from 'express';
import express from 'express';
import type { AppHooks } from './app-hooks.ts';
import { mountHooks } from './app-hooks.ts';
import type { Faults } from './faults.ts';
import { answer } from './faults.ts';
import type { Shapes } from './shapes.ts';
import type { JiraSite } from './site.ts';
import type { SimIssue } from './state.ts';
import { ISSUE_TYPES, WORKFLOW } from './state.ts';

export interface RouteSettings {
  email: string;
  apiToken: string;
  project: string;
  /** The keys of all projects that the account sees. */
  projects: readonly string[];
  /** How long the search index runs behind, in milliseconds. */
  searchLag: number;
  now(): number;
}

/** The site at its own address: for whoever has the API token. */
export function jiraRoutes(api: Router, settings: RouteSettings): Express {
  const web = express();
  web.disable('x-powered-by').disable('etag');
  web.use(signedIn(settings), api);
  return web;
}

/** Jira Cloud's REST API, version 3, as far as the connector and its reviewers use it; for whoever was let in already. */
export function jiraApi(
  site: JiraSite,
  shapes: Shapes,
  faults: Faults,
  hooks: AppHooks,
  settings: RouteSettings,
): Router {
  const web = express.Router();
  web.use(express.json({ limit: '1mb' }));
  const api = express.Router();
  web.use('/rest/api/3', api);

  api.get('/myself', faults.on('myself'), (_request, response) => answer(response, 200, shapes.user(site.apiUser)));
  mountHooks(api, hooks, faults);
  api.get('/project/search', faults.on('projects'), ({ query }, response) => {
    const { startAt = 0, maxResults = 50 } = query;
    const all = settings.projects.map((key, index) => ({ id: String(10_000 + index), key, name: `Project ${key}` }));
    const values = all.slice(Number(startAt)).slice(0, Math.min(Number(maxResults), 50));
    const isLast = Number(startAt) + values.length >= all.length;
    answer(response, 200, { startAt: Number(startAt), maxResults: 50, total: all.length, isLast, values });
  });
  api.get('/project/:project', faults.on('project'), ({ params }, response) => {
    const key = String(params.project);
    if (settings.projects.includes(key)) answer(response, 200, { key, name: key });
    else refuse(response, 404, 'project', `No project could be found with key '${key}'.`);
  });
  api.post('/issue', faults.on('create'), (request, response) => create(site, settings, request, response));
  for (const path of ['/search', '/search/jql']) {
    api.post(path, faults.on('search'), (request, response) =>
      search(site, shapes, settings, request.body ?? {}, response),
    );
    api.get(path, faults.on('search'), (request, response) => search(site, shapes, settings, request.query, response));
  }
  api.get('/issue/:issue', faults.on('issue'), withIssue(site), (request, response) => {
    const issue = issueOf(response);
    const expand = String(request.query.expand ?? '').split(',');
    answer(response, 200, {
      ...shapes.issue(issue),
      ...(expand.includes('transitions') ? { transitions: transitionsOf(issue, shapes) } : {}),
      ...(expand.includes('changelog') ? { changelog: { histories: issue.histories.map(shapes.changelog) } } : {}),
    });
  });
  api.put('/issue/:issue', faults.on('edit'), withIssue(site), (request, response) => {
    const { summary, description, labels } = request.body?.fields ?? {};
    const fields = {
      ...(summary ? { summary } : {}),
      ...(description ? { description } : {}),
      ...(labels ? { labels } : {}),
    };
    site.edit(issueOf(response), fields, site.apiUser);
    answer(response, 204);
  });
  api.get('/issue/:issue/transitions', faults.on('transitions'), withIssue(site), (_request, response) =>
    answer(response, 200, { transitions: transitionsOf(issueOf(response), shapes) }),
  );
  api.post('/issue/:issue/transitions', faults.on('transition'), withIssue(site), (request, response) => {
    const issue = issueOf(response);
    const to = WORKFLOW.find(({ id, name }) => id === request.body?.transition?.id && name !== issue.status);
    if (!to)
      return refuse(response, 400, 'transition', 'It is not possible to make this transition from the present status.');
    site.move(issue, to.name, site.apiUser);
    answer(response, 204);
  });
  api.get('/issue/:issue/comment', faults.on('comments'), withIssue(site), (request, response) => {
    const issue = issueOf(response);
    const newestFirst = request.query.orderBy === '-created';
    const comments = newestFirst ? [...issue.comments].reverse() : issue.comments;
    const page = comments.slice(Number(request.query.startAt ?? 0)).slice(0, Number(request.query.maxResults ?? 50));
    answer(response, 200, {
      startAt: 0,
      maxResults: 50,
      total: comments.length,
      comments: page.map((one) => shapes.comment(issue, one, 'document')),
    });
  });
  api.post('/issue/:issue/comment', faults.on('comment'), withIssue(site), (request, response) => {
    const body = request.body?.body as { type?: string } | undefined;
    if (body?.type !== 'doc') return refuse(response, 400, 'comment', 'Comment body is not valid!');
    const issue = issueOf(response);
    answer(response, 201, shapes.comment(issue, site.comment(issue, body, site.apiUser), 'document'));
  });
  web.use((_request, response) => refuse(response, 404, 'path', 'There is no such path in the stand-in.'));
  return web;
}

function signedIn({ email, apiToken }: RouteSettings) {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`);
  return (request: Request, response: Response, next: NextFunction) => {
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return next();
    response.status(401).type('text').send('Client must be authenticated to access this resource.');
  };
}

interface NewFields {
  project?: { key?: string };
  issuetype?: { name?: string };
  summary?: string;
  description?: unknown;
  labels?: string[];
}

function create(site: JiraSite, { project }: RouteSettings, request: Request, response: Response): void {
  const fields = (request.body?.fields ?? {}) as NewFields;
  const fault = faultOf(fields, project);
  if (fault) {
    refuse(response, 400, ...fault);
    return;
  }
  const { summary = '', issuetype, description, labels = [] } = fields;
  const { id, key } = site.create({ summary, type: issuetype?.name ?? '', description, labels }, site.apiUser);
  answer(response, 201, { id, key, self: `/rest/api/3/issue/${id}` });
}

/** What Jira refuses of a new issue: the field and the reason. */
function faultOf({ project, issuetype, summary = '', labels = [] }: NewFields, key: string): [string, string] | null {
  if (project?.key !== key) return ['project', 'valid project is required'];
  if (!ISSUE_TYPES.includes(issuetype?.name ?? '')) return ['issuetype', 'Specify a valid issue type'];
  if (!/^[^\n]{1,255}$/.test(summary)) return ['summary', 'Summary must be one line of 1 to 255 characters.'];
  return labels.some((label) => /\s/.test(label)) ? ['labels', 'A label holds no spaces.'] : null;
}

/** Of JQL it knows what the connector asks: labels, the project, the last so many minutes. */
function search(
  site: JiraSite,
  shapes: Shapes,
  { searchLag, now }: RouteSettings,
  query: { jql?: unknown },
  response: Response,
): void {
  const jql = String(query.jql ?? '');
  const label = /labels\s*=\s*"([^"]+)"/i.exec(jql)?.[1];
  const minutes = /updated\s*>=\s*"?-(\d+)m"?/i.exec(jql)?.[1];
  if (!label && !minutes) {
    refuse(response, 400, 'jql', `The stand-in does not know this search: ${jql}`);
    return;
  }
  const issues = site.state.issues
    .filter((issue) => issue.created + searchLag <= now())
    .filter((issue) => !label || issue.labels.includes(label))
    .filter((issue) => !minutes || issue.updated >= now() - Number(minutes) * 60_000);
  answer(response, 200, { issues: issues.map(shapes.issue), isLast: true, total: issues.length });
}

function transitionsOf(issue: SimIssue, shapes: Shapes): object[] {
  return WORKFLOW.filter(({ name }) => name !== issue.status).map(({ id, name }) => ({
    id,
    name,
    to: shapes.status(name),
    isAvailable: true,
  }));
}

function withIssue(site: JiraSite) {
  return (request: Request, response: Response, next: NextFunction) => {
    const issue = site.find(String(request.params.issue));
    if (!issue) return refuse(response, 404, 'issue', 'Issue does not exist or you do not have permission to see it.');
    response.locals.issue = issue;
    next();
  };
}

function issueOf(response: Response): SimIssue {
  return response.locals.issue as SimIssue;
}

function refuse(response: Response, status: number, field: string, message: string): void {
  response.status(status).json({ errorMessages: [], errors: { [field]: message } });
}
