import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, Request, Response } from 'express';
import express from 'express';
import { Grants } from './grants.ts';
import type { JiraStandIn } from './index.ts';

export interface AtlassianOptions {
  clientId: string;
  clientSecret: string;
  now?: () => number;
}

/** A stand-in of auth.atlassian.com and api.atlassian.com: the consent page, tokens, and the way to the sites that were allowed. */
export interface AtlassianStandIn {
  url: string;
  clientId: string;
  clientSecret: string;
  grants: Grants;
  /** Makes a site reachable for apps. Returns its id. */
  add(site: JiraStandIn, name?: string): string;
  /** Somebody presses “Accept” on the page to which they were sent, for these sites: where their browser is sent back to. */
  allow(authorizeUrl: string, sites: readonly string[], scopes?: readonly string[]): string;
  /** Somebody presses “Cancel” there. */
  deny(authorizeUrl: string): string;
  /** How often the token endpoint fails from now on, with that status; 0 cuts the connection after it did its work. */
  failTokens(status: number, times?: number): void;
  stop(): Promise<void>;
}

const NEEDED = ['audience', 'client_id', 'scope', 'redirect_uri', 'state', 'response_type', 'prompt'];

/** Starts it on the loopback address, without any site. */
export async function startAtlassianStandIn(options: AtlassianOptions): Promise<AtlassianStandIn> {
  const { clientId, clientSecret, now = Date.now } = options;
  const grants = new Grants(now);
  const sites = new Map<string, { site: JiraStandIn; name: string }>();
  const failing = { status: 0, left: 0 };
  const web = express();
  web.disable('x-powered-by').disable('etag');
  mountTokens(web, { clientId, clientSecret, grants, failing });
  mountSites(web, grants, sites, { clientId, clientSecret });
  const server = await new Promise<Server>((resolve) => {
    const listening = web.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const answered = (authorizeUrl: string, answer: (asked: URLSearchParams) => Record<string, string>) => {
    const asked = new URL(authorizeUrl).searchParams;
    const missing = NEEDED.filter((name) => !asked.get(name));
    if (missing.length || asked.get('client_id') !== clientId)
      throw new Error(`Atlassian would show an error page: ${missing.join(', ') || 'client_id'}`);
    const back = new URL(asked.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries({ state: asked.get('state') ?? '', ...answer(asked) }))
      back.searchParams.set(name, value);
    return back.href;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ clientId, clientSecret, grants },
    add: (site, name = 'A site') => {
      const id = randomUUID();
      sites.set(id, { site, name });
      return id;
    },
    allow: (authorizeUrl, allowed, scopes) =>
      answered(authorizeUrl, (asked) => {
        const wanted = (asked.get('scope') ?? '').split(' ');
        return { code: grants.code([...allowed], [...(scopes ?? wanted)], asked.get('redirect_uri') ?? '') };
      }),
    deny: (authorizeUrl) =>
      answered(authorizeUrl, () => ({
        error: 'access_denied',
        error_description: 'User did not authorize the request',
      })),
    failTokens: (status, times = 1) => Object.assign(failing, { status, left: times }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface TokenSettings {
  clientId: string;
  clientSecret: string;
  grants: Grants;
  failing: { status: number; left: number };
}

function mountTokens(web: Express, { clientId, clientSecret, grants, failing }: TokenSettings): void {
  const body = [express.urlencoded({ extended: false }), express.json()];
  web.post('/oauth/token', body, (request: Request, response: Response) => {
    const given = (request.body ?? {}) as Record<string, string>;
    const fails = failing.left > 0;
    if (fails) failing.left -= 1;
    if (fails && failing.status) {
      response.status(failing.status).send('Bad gateway');
      return;
    }
    if (given.client_id !== clientId || given.client_secret !== clientSecret) {
      response.status(401).json({ error: 'access_denied', error_description: 'Unauthorized' });
      return;
    }
    const tokens =
      given.grant_type === 'refresh_token'
        ? grants.refresh(given.refresh_token ?? '')
        : grants.exchange(given.code ?? '', given.redirect_uri ?? '');
    // The old token is dead by now, and whoever asked does not learn the new one.
    if (fails) response.socket?.destroy();
    else if (tokens) response.json(tokens);
    else if (given.grant_type === 'refresh_token')
      response.status(403).json({ error: 'unauthorized_client', error_description: 'refresh_token is invalid' });
    else response.status(403).json({ error: 'invalid_grant', error_description: 'Invalid authorization code' });
  });
}

function mountSites(
  web: Express,
  grants: Grants,
  sites: ReadonlyMap<string, { site: JiraStandIn; name: string }>,
  app: { clientId: string; clientSecret: string },
): void {
  const grantOf = (request: Request) => grants.of(/^Bearer (.+)$/.exec(request.get('authorization') ?? '')?.[1] ?? '');
  const unauthorized = (response: Response) => void response.status(401).json({ code: 401, message: 'Unauthorized' });
  web.get('/oauth/token/accessible-resources', (request, response) => {
    const grant = grantOf(request);
    if (!grant) return unauthorized(response);
    const scopes = grant.scopes.filter((scope) => scope !== 'offline_access');
    response.json(
      [...sites]
        .filter(([id]) => grant.sites.includes(id))
        .map(([id, { site, name }]) => ({ id, name, url: site.url, scopes, avatarUrl: `${site.url}/avatar.png` })),
    );
  });
  web.use('/ex/jira/:cloudId', (request, response, next) => {
    const { cloudId } = request.params as { cloudId: string };
    const found = sites.get(cloudId);
    const grant = grantOf(request);
    if (!found || !grant?.sites.includes(cloudId)) return unauthorized(response);
    response.locals.app = { ...app, scopes: grant.scopes };
    found.site.api(request, response, next);
  });
}
