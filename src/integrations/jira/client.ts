import { z } from 'zod';
import type { Clock } from '../../core/kernel/clock.ts';
import type { AdfDoc } from './adf.ts';
import type { Hooks } from './hooks.ts';
import { hooksOf } from './hooks.ts';
import type { IssueFields, JiraStatus } from './map.ts';
import type { Transition } from './status.ts';
import type { Ask, Site } from './transport.ts';
import { JiraRefusal, patient } from './transport.ts';

/** What is asked of Jira, in our words. */
export interface Jira {
  /** The account id we act as; asked once. */
  me(): Promise<string>;
  /** Whether the account that we act as sees the project of that key. */
  hasProject(key: string): Promise<boolean>;
  /** The projects that the account sees, by key. */
  projects(): Promise<Project[]>;
  /** Only for an app that a person allowed. */
  hooks: Hooks;
  create(fields: IssueFields): Promise<IssueName>;
  /** Issues with a label, oldest first. Jira's index runs some seconds behind its writes. */
  labelled(label: string): Promise<IssueName[]>;
  /** Issues of the project that changed in the last so many minutes. */
  changed(project: string, minutes: number): Promise<Changed[]>;
  issue(id: string): Promise<Issue>;
  move(id: string, transition: Transition): Promise<void>;
  comment(issueId: string, body: AdfDoc): Promise<string>;
  /** The newest comments of an issue, newest first. */
  comments(issueId: string): Promise<Comment[]>;
  /** It is not used any more. */
  close(): void;
}

export interface Project {
  key: string;
  name: string;
}
export interface IssueName {
  id: string;
  key: string;
}
export interface Changed extends IssueName {
  status: JiraStatus;
  updated: string;
}
export interface Issue extends Changed {
  labels: string[];
  transitions: Transition[];
}
export interface Comment {
  id: string;
  authorId: string;
  authorName: string;
  body: unknown;
  created: string;
}

const Name = z.object({ id: z.string(), key: z.string() });
const Status = z
  .object({ name: z.string(), statusCategory: z.object({ key: z.string() }).optional() })
  .transform(({ name, statusCategory }) => ({ name, category: statusCategory?.key ?? '' }));
const Fields = z.object({ status: Status, updated: z.string(), labels: z.array(z.string()).default([]) });
const Found = z.object({
  issues: z.array(Name.extend({ fields: Fields.partial().optional() })),
  nextPageToken: z.string().optional(),
});
const WholeIssue = Name.extend({
  fields: Fields,
  transitions: z.array(z.object({ id: z.string(), to: Status })).default([]),
});
const Comments = z.object({
  comments: z.array(
    z.object({
      id: z.string(),
      author: z.object({ accountId: z.string().default(''), displayName: z.string().default('') }).optional(),
      body: z.unknown(),
      created: z.string(),
    }),
  ),
});

/**
 * Jira Cloud's REST API, as far as it is used. Not by an SDK: jira.js can be told neither where it may connect, nor when to give
 * up, and drops the pause that a 503 asks for.
 */
export function jiraClient(site: Site, clock: Clock): Jira {
  const ask = patient(site, clock);
  let me: Promise<string> | null = null;
  return {
    me: () => {
      me ??= ask({ method: 'GET', path: '/rest/api/3/myself', schema: z.object({ accountId: z.string() }) }).then(
        ({ accountId }) => accountId,
        (error: unknown) => {
          me = null;
          throw error;
        },
      );
      return me;
    },
    hasProject: (key) =>
      ask({
        method: 'GET',
        path: `/rest/api/3/project/${encodeURIComponent(key)}`,
        schema: z.object({ key: z.string() }),
      }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof JiraRefusal && error.status === 404) return false;
          throw error;
        },
      ),
    projects: () => projects(ask),
    hooks: hooksOf(ask),
    create: (fields) => ask({ method: 'POST', path: '/rest/api/3/issue', body: { fields }, schema: Name }),
    labelled: async (label) => {
      const body = { jql: `labels = "${label}" order by created asc`, fields: ['status'], maxResults: 5 };
      return (await ask({ method: 'POST', path: '/rest/api/3/search/jql', body, schema: Found })).issues;
    },
    changed: (project, minutes) => changed(ask, project, minutes),
    issue: async (id) => {
      const query = { fields: 'status,updated,labels', expand: 'transitions' };
      const { fields, ...issue } = await ask({
        method: 'GET',
        path: `/rest/api/3/issue/${id}`,
        query,
        schema: WholeIssue,
      });
      return { ...issue, ...fields };
    },
    move: async (id, { id: transition }) => {
      await ask({
        method: 'POST',
        path: `/rest/api/3/issue/${id}/transitions`,
        body: { transition: { id: transition } },
      });
    },
    comment: async (issueId, body) => {
      const path = `/rest/api/3/issue/${issueId}/comment`;
      return (await ask({ method: 'POST', path, body: { body }, schema: z.object({ id: z.string() }) })).id;
    },
    comments: async (issueId) => {
      const query = { orderBy: '-created', maxResults: '100' };
      const path = `/rest/api/3/issue/${issueId}/comment`;
      const { comments } = await ask({ method: 'GET', path, query, schema: Comments });
      return comments.map(({ author, ...one }) => ({
        ...one,
        authorId: author?.accountId ?? '',
        authorName: author?.displayName ?? '',
      }));
    },
    close: () => void site.agent.destroy(),
  };
}

/** A page of a site's projects is this long, and a list has so many pages: nobody looks through more in a list. */
const PROJECTS = { page: 50, pages: 20 };
const ProjectPage = z.object({
  values: z.array(z.object({ key: z.string(), name: z.string() })),
  isLast: z.boolean().default(true),
});

async function projects(ask: Ask): Promise<Project[]> {
  const all: Project[] = [];
  for (let page = 0; page < PROJECTS.pages; page += 1) {
    const query = { orderBy: 'key', maxResults: String(PROJECTS.page), startAt: String(page * PROJECTS.page) };
    const found = await ask({ method: 'GET', path: '/rest/api/3/project/search', query, schema: ProjectPage });
    all.push(...found.values);
    if (found.isLast) break;
  }
  return all;
}

async function changed(ask: Ask, project: string, minutes: number): Promise<Changed[]> {
  const all: Changed[] = [];
  let nextPageToken: string | undefined;
  do {
    // Relative minutes: an absolute time would be read in the time zone of our account.
    const jql = `project = "${project}" and updated >= "-${minutes}m" order by updated asc`;
    const body = { jql, fields: ['status', 'updated'], maxResults: 100, ...(nextPageToken ? { nextPageToken } : {}) };
    const page = await ask({ method: 'POST', path: '/rest/api/3/search/jql', body, schema: Found });
    for (const { id, key, fields } of page.issues) {
      if (fields?.status && fields.updated) all.push({ id, key, status: fields.status, updated: fields.updated });
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken);
  return all;
}
