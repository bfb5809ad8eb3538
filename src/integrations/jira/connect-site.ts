import { z } from 'zod';
import type { JiraAppConfig } from '../../config.ts';
import type { Beginning } from '../../core/kernel/connect-link.ts';
import { storedConnection } from '../../core/kernel/connection.ts';
import { withActor } from '../../core/kernel/context.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { firmKey } from '../../core/kernel/firm-key.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { connectProven } from '../../core/kernel/proven.ts';
import type { App } from '../../core/kernel/registry.ts';
import { seal, unseal } from '../../core/kernel/seal.ts';
import { projectsOf } from './account.ts';
import type { GrantCredentials } from './credentials.ts';
import { JiraCredentials } from './credentials.ts';
import { keepHooks } from './keep-hooks.ts';
import type { Grant } from './oauth.ts';
import type { CloudSite } from './sites.ts';
import { onSite } from './sites.ts';

const Sealed = z.strictObject({ accessToken: z.string(), refreshToken: z.string(), expiresAt: z.number() });

/** A grant as a browser may hold it: of no use for anybody but whoever began, at this hub. */
export async function sealGrant(app: App, beginning: Beginning, grant: Grant): Promise<string> {
  const content = Buffer.from(JSON.stringify(grant), 'utf8');
  return seal(await keyOf(app, beginning), content, aboutOf(beginning)).toString('base64url');
}

/** Null for anything that was not sealed for whoever began. */
export async function openGrant(app: App, beginning: Beginning, sealed: string): Promise<Grant | null> {
  const content = unseal(await keyOf(app, beginning), Buffer.from(sealed, 'base64url'), aboutOf(beginning));
  return content && Sealed.parse(JSON.parse(content.toString('utf8')));
}

function keyOf(app: App, { tenantId }: Beginning): Promise<Buffer> {
  return withActor(app, { kind: 'system', tenantId, reason: 'connecting a Jira site' }, firmKey);
}

const aboutOf = ({ personId, nonce }: Beginning) => JSON.stringify(['jira grant', personId, nonce]);

interface Chosen {
  site: CloudSite;
  project: string;
  grant: Grant;
}

/**
 * Connects a site to the firm of whoever began, and has it tell of changes.
 * @returns whether it does
 * @throws DomainError with the cure when it is not connected
 */
export async function connectSite(
  app: App,
  application: JiraAppConfig,
  { tenantId, personId, nonce }: Beginning,
  { site, project, grant }: Chosen,
): Promise<boolean> {
  const { host, origin } = new URL(site.url);
  const credentials = JiraCredentials.safeParse({
    ...{ baseUrl: origin, project, cloudId: site.id, ...grant },
  } satisfies GrantCredentials).data;
  return onSite(application, site, grant, app.clock, async (jira) => {
    if (!credentials || !(await jira.hasProject(project)))
      throw new DomainError('invalid', `${host} has no such project that you may see. Begin again with “connections”.`);
    const who = { kind: 'person', tenantId, personId, channel: 'portal', assurance: 'chat' } as const;
    const settings = { typed: { baseUrl: origin, project } };
    const account = { tool: 'jira', account: host, name: null, scopes: site.scopes, credentials, settings };
    await connectProven(app, who, account, `jira install ${nonce}`);
    const connection = await storedConnection(app, tenantId, 'jira', { account: host });
    if (!connection) return false;
    // What keeps it is asked every hour: a site that has no time now is told then.
    return keepHooks(app, jira.hooks, connection, projectsOf(connection, project)).catch((error: unknown) => {
      if (error instanceof RetryLater) return false;
      throw error;
    });
  });
}
