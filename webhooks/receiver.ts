import { createHash } from 'node:crypto';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import { NotConnected } from '../src/core/kernel/accounts.ts';
import type { Delivery, Stored } from '../src/core/kernel/inbox.ts';
import type { App } from '../src/core/kernel/registry.ts';
import { routeNamed } from '../src/core/kernel/route.ts';
import type { ManyAccounts } from '../src/integrations/accounts.ts';
import type { Connector } from '../src/integrations/connector.ts';
import { checks } from './signature.ts';
import { storingTogether } from './together.ts';

/** Larger than any webhook that a connector knows (Jira's end at 1 MB); what is larger is refused before it is read. */
const LARGEST = '5mb';
/** Senders repeat a 503; by then a restarted database is back. */
const RETRY_AFTER_SECONDS = 5;
const UNKNOWN = 'unknown';

/**
 * POST /webhooks/:connector/:account. Answers 200 once the delivery is committed to the inbox (stored, or noted as a
 * duplicate), 401 for a wrong signature, 404 for an account nobody connected, 503 when it could not be stored.
 * A rightly signed body of an unknown form is stored as well: it ends in quarantine, where people see it.
 */
export function mountWebhooks(web: Express, app: App, connectors: ReadonlyMap<string, ManyAccounts>): void {
  const storing = storingPerAccount(app);
  web.post(
    '/webhooks/:connector/:account',
    routeNamed('webhooks'),
    async (request, response, next) => {
      const { connector, account } = request.params as Record<string, string>;
      const accounts = connectors.get(connector ?? '');
      // Nothing of a body is read for an address that is not ours.
      if (!account || !(await isKnown(accounts, account))) return answer(response, 404, 'not connected');
      response.locals.accounts = accounts;
      next();
    },
    express.raw({ type: () => true, limit: LARGEST }),
    async (request, response) => {
      const accounts = response.locals.accounts as ManyAccounts;
      const account = String(request.params.account);
      const store = storing(accounts.name, account);
      await accounts
        .receive(account, (connector) => receive(app, { connector, account, store }, request, response))
        .catch((error: unknown) => unanswered(app, accounts, account, error, response));
    },
  );
  web.use('/webhooks', (error: { status?: number }, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    answer(response, error.status ?? 400, 'not readable');
  });
}

/** While nobody can be asked, the body is read and the sender told to come again. */
async function isKnown(accounts: ManyAccounts | undefined, account: string): Promise<boolean> {
  return (await accounts?.knows(account).catch(() => true)) ?? false;
}

function unanswered(app: App, { name }: ManyAccounts, account: string, error: unknown, response: Response): void {
  if (error instanceof NotConnected) {
    answer(response, 404, 'not connected');
    return;
  }
  app.log.error({ err: error, connector: name, account }, 'a webhook could not be taken');
  response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
  answer(response, 503, 'not stored');
}

interface Door {
  connector: Connector;
  account: string;
  store(delivery: Delivery): Promise<Stored | null>;
}

/** Accounts whose deliveries are stored together; beyond it those that were used least lately begin anew. */
const MOST_ACCOUNTS = 1_000;

function storingPerAccount(app: App): (tool: string, account: string) => Door['store'] {
  const stores = new Map<string, Door['store']>();
  return (tool, account) => {
    const key = JSON.stringify([tool, account]);
    const store = stores.get(key) ?? storingTogether(app, { tool, account });
    stores.delete(key);
    stores.set(key, store);
    if (stores.size > MOST_ACCOUNTS) stores.delete(stores.keys().next().value ?? '');
    return store;
  };
}

async function receive(app: App, door: Door, request: Request, response: Response): Promise<void> {
  const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const headers = textHeaders(request);
  const { connector, account } = door;
  if (!(await connector.webhook.verify(body, headers, checks))) {
    app.log.warn({ connector: connector.name, account, bytes: body.length }, 'a webhook was not signed by its tool');
    return answer(response, 401, 'wrong signature');
  }
  const { deliveryId, kind } = connector.webhook.read(body, headers) ?? { deliveryId: digest(body), kind: UNKNOWN };
  try {
    const stored = await door.store({
      source: connector.name,
      account,
      deliveryId: storable(deliveryId) ? deliveryId : digest(deliveryId),
      kind: storable(kind) ? kind : UNKNOWN,
      headers: keptHeaders(headers),
      body,
    });
    if (stored) answer(response, 200, stored);
    else answer(response, 404, 'not connected');
  } catch (error) {
    app.log.error({ err: error, connector: connector.name, account }, 'a webhook could not be stored');
    response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
    answer(response, 503, 'not stored');
  }
}

/** Written by hand: Express would hash a body of twenty bytes for an ETag that nobody asks for. */
function answer(response: Response, status: number, what: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`{"status":"${what}"}`);
}

function textHeaders(request: Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value;
  return headers;
}

/** What tells later how a delivery came; never what somebody could sign in with. */
function keptHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => /^(x-|content-type$|user-agent$)/.test(name) && !/token|secret|key|auth|cookie/.test(name),
    ),
  );
}

/** Ids come from the body: the database holds no NUL in text, and its unique index no text of any length. */
function storable(text: string): boolean {
  return text.length > 0 && text.length <= 200 && !text.includes('\0');
}

function digest(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
