import { z } from 'zod';
import type { Ask } from './transport.ts';

/**
 * Webhooks that an app registers for itself, in the name of whoever allowed it:
 * developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks. A site sends them for 30 days, unless they are extended.
 */
export interface Hook {
  id: number;
  jql: string;
  events: string[];
  url: string | null;
  /** In milliseconds since 1970. */
  expiresAt: number;
}

/** What is asked of a site about them. */
export interface Hooks {
  /** Those of our app. */
  all(): Promise<Hook[]>;
  /** @throws HookRefused with what the site says */
  register(url: string, jql: string): Promise<number>;
  extend(ids: readonly number[]): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
}

/** The site answered the request, and takes no such webhook: of that address, or of those projects. */
export class HookRefused extends Error {}

const PATH = '/rest/api/3/webhook';
/** What Jira tells an app of: what the connector works, and no more. */
const EVENTS = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
];
/** An app has at most five per person on a site. */
const MANY = '50';
const DAY = 86_400_000;
/** With so much of its 30 days left a webhook is extended. */
const EARLY = 15 * DAY;

// The description says it is a number, and shows a text.
const Time = z.union([z.number(), z.string().transform((text) => Date.parse(text.replace(/\+0000$/, 'Z')))]);
const Page = z.object({
  values: z.array(
    z.object({
      id: z.number(),
      jqlFilter: z.string(),
      events: z.array(z.string()),
      url: z.string().nullish(),
      expirationDate: Time.optional(),
    }),
  ),
});
const Registered = z.object({
  webhookRegistrationResult: z.array(
    z.object({ createdWebhookId: z.number().optional(), errors: z.array(z.string()).optional() }),
  ),
});

export function hooksOf(ask: Ask): Hooks {
  return {
    all: async () => {
      const { values } = await ask({ method: 'GET', path: PATH, query: { maxResults: MANY }, schema: Page });
      return values.map(({ id, jqlFilter: jql, events, url = null, expirationDate = 0 }) => ({
        ...{ id, jql, events, url, expiresAt: expirationDate },
      }));
    },
    register: async (url, jql) => {
      const body = { url, webhooks: [{ jqlFilter: jql, events: EVENTS }] };
      const { webhookRegistrationResult: results } = await ask({
        ...{ method: 'POST', path: PATH, body, schema: Registered },
      });
      const { createdWebhookId: id, errors = [] } = results[0] ?? {};
      if (id === undefined) throw new HookRefused(errors.join(' ').slice(0, 300));
      return id;
    },
    extend: (ids) => ask({ method: 'PUT', path: `${PATH}/refresh`, body: { webhookIds: ids } }),
    remove: (ids) => ask({ method: 'DELETE', path: PATH, body: { webhookIds: ids } }),
  };
}

/**
 * Sees to it that the site tells of changes in these projects at that address, and of nothing twice.
 * @returns the ids of the webhooks that it does so by
 */
export async function ensureHooks(
  hooks: Hooks,
  wanted: { url: string; projects: readonly string[] },
  now: Date,
): Promise<number[]> {
  const jql = `project in (${[...wanted.projects].sort().join(', ')})`;
  const all = await hooks.all();
  // An older version of Jira does not say where to.
  const fit = all.filter(
    (one) =>
      one.jql === jql && (one.url ?? wanted.url) === wanted.url && EVENTS.every((name) => one.events.includes(name)),
  );
  const [kept] = fit;
  const others = all.filter(({ id }) => id !== kept?.id).map(({ id }) => id);
  if (others.length) await hooks.remove(others);
  if (!kept) return [await hooks.register(wanted.url, jql)];
  if (kept.expiresAt - now.getTime() < EARLY) await hooks.extend([kept.id]);
  return [kept.id];
}
