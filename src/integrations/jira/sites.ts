import { z } from 'zod';
import type { JiraAppConfig } from '../../config.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Jira } from './client.ts';
import { jiraClient } from './client.ts';
import type { Grant } from './oauth.ts';
import { grantedSite } from './site.ts';
import { patient } from './transport.ts';

/** A Jira site that somebody allowed Parley into. */
export interface CloudSite {
  id: string;
  /** Where people see it. */
  url: string;
  name: string;
  scopes: string[];
}

// Of one address Atlassian tells once per product: Confluence is none of ours.
const Resources = z.array(
  z.object({
    id: z.string().regex(/^[\w-]{1,100}$/),
    url: z.url({ protocol: /^https?$/ }),
    name: z.string(),
    scopes: z.array(z.string()),
  }),
);

/** The sites that a grant leads to, by name. */
export async function sitesOf(app: JiraAppConfig, grant: Grant, clock: Clock): Promise<CloudSite[]> {
  const api = { ...grantedSite(app, '', grant), base: app.apiUrl };
  try {
    const path = '/oauth/token/accessible-resources';
    const all = await patient(api, clock)({ method: 'GET', path, schema: Resources });
    const ours = all.filter(({ scopes }) => scopes.includes('write:jira-work'));
    return [...new Map(ours.map((site) => [site.id, site])).values()].sort((a, b) => a.name.localeCompare(b.name));
  } finally {
    void api.agent.destroy();
  }
}

/** Works on a site with a grant that is not kept yet. */
export async function onSite<T>(
  app: JiraAppConfig,
  site: CloudSite,
  grant: Grant,
  clock: Clock,
  work: (jira: Jira) => Promise<T>,
): Promise<T> {
  const jira = jiraClient(grantedSite(app, site.id, grant), clock);
  try {
    return await work(jira);
  } finally {
    jira.close();
  }
}
