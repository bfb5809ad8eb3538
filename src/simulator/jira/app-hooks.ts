import { createHmac } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import type { Faults } from './faults.ts';
import { answer } from './faults.ts';

/** An app that was let in, as the way through Atlassian's API says it. */
interface App {
  clientId: string;
  clientSecret: string;
  scopes: readonly string[];
}

/** A webhook that an app registered for itself. */
interface AppHook {
  id: number;
  url: string;
  jqlFilter: string;
  events: string[];
  /** In milliseconds since 1970. */
  expires: number;
  app: App;
}

/** Where an event is to be sent because an app asked for it. */
export interface Addressee {
  url: string;
  /** What Jira adds to the body: which webhooks it was for. */
  more: { matchedWebhookIds: number[] };
  /** The headers by which the app knows that Jira sent it, made anew for each try. */
  headers(): Record<string, string>;
}

const LIFE = 30 * 86_400_000;
/** Of one app and person. */
const MOST = 5;
const TOKEN_SECONDS = 180;
const EVENTS =
  /^(jira:issue_(created|updated|deleted)|comment_(created|updated|deleted)|issue_property_(set|deleted))$/;
const JQL = /^project\s*(=|!=|in|not in)\s*\(?[A-Z0-9_,\s"]+\)?$/i;

/** The webhooks that apps registered on a site: at most five, for one address, for 30 days. */
export class AppHooks {
  all: AppHook[] = [];
  readonly #now: () => number;
  #next: number;

  /** @param first the id of the first one: no two sites share one here */
  constructor(now: () => number, first: number) {
    this.#now = now;
    this.#next = first;
  }

  /** @returns the new one's id, or why it is none */
  register(app: App, url: string, wanted: { jqlFilter?: unknown; events?: unknown }): number | string {
    const { jqlFilter, events } = wanted;
    if (typeof jqlFilter !== 'string' || !JQL.test(jqlFilter)) return `The JQL ${String(jqlFilter)} is unsupported`;
    if (!Array.isArray(events) || !events.length || !events.every((name) => EVENTS.test(String(name))))
      return 'The events are not supported';
    if (this.all.length >= MOST) return 'The app has too many webhooks';
    if (this.all.some((one) => one.url !== url))
      return 'Only a single URL per app is allowed to be registered via REST API.';
    this.#next += 1;
    this.all.push({ ...{ id: this.#next, url, jqlFilter, events, app }, expires: this.#now() + LIFE });
    return this.#next;
  }

  extend(ids: readonly number[]): number {
    const expires = this.#now() + LIFE;
    for (const hook of this.all) if (ids.includes(hook.id)) hook.expires = expires;
    return expires;
  }

  remove(ids: readonly number[]): void {
    this.all = this.all.filter(({ id }) => !ids.includes(id));
  }

  /** Who is told of an event of a project. */
  addressees(event: string, project: string): Addressee[] {
    const told = this.all.filter(
      ({ events, jqlFilter, expires }) =>
        events.includes(event) && expires > this.#now() && new RegExp(`\\b${project}\\b`).test(jqlFilter),
    );
    const [first] = told;
    if (!first) return [];
    const { url, app } = first;
    return [
      {
        url,
        more: { matchedWebhookIds: told.map(({ id }) => id) },
        headers: () => ({ authorization: `Bearer ${this.token(app)}` }),
      },
    ];
  }

  /** As Jira signs it: with the app's secret, and nothing of the body in it. */
  token({ clientId, clientSecret }: Pick<App, 'clientId' | 'clientSecret'>, seconds = TOKEN_SECONDS): string {
    const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const iat = Math.floor(this.#now() / 1000);
    const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: clientId, iat, exp: iat + seconds })}`;
    return `${text}.${createHmac('sha256', clientSecret).update(text).digest('base64url')}`;
  }
}

/** The part of the API that only apps use. */
export function mountHooks(api: Router, hooks: AppHooks, faults: Faults): void {
  const route = '/webhook';
  const only = (request: Request, response: Response, work: (app: App) => void) => {
    const app = response.locals.app as App | undefined;
    if (!app) answer(response, 403, { errorMessages: ['Only Connect and OAuth 2.0 apps can use this operation.'] });
    else if (!app.scopes.includes('manage:jira-webhook'))
      answer(response, 401, { code: 401, message: 'Unauthorized; scope does not match' });
    else if (request.method !== 'GET' && !request.body) answer(response, 400, { errorMessages: ['There is no body.'] });
    else work(app);
  };
  const ids = (request: Request): number[] => (request.body?.webhookIds as number[] | undefined) ?? [];
  api.get(route, faults.on('hooks'), (request, response) =>
    only(request, response, () =>
      answer(response, 200, {
        ...{ startAt: 0, maxResults: 50, total: hooks.all.length, isLast: true },
        values: hooks.all.map(({ id, jqlFilter, events, url, expires }) => ({
          ...{ id, jqlFilter, events, url, expirationDate: stamp(expires) },
        })),
      }),
    ),
  );
  api.post(route, faults.on('hooks'), (request, response) =>
    only(request, response, (app) => {
      const { url, webhooks } = request.body as { url: string; webhooks: object[] };
      const results = webhooks.map((wanted) => hooks.register(app, url, wanted));
      answer(response, 200, {
        webhookRegistrationResult: results.map((one) =>
          typeof one === 'number' ? { createdWebhookId: one } : { errors: [one] },
        ),
      });
    }),
  );
  api.put(`${route}/refresh`, faults.on('hooks'), (request, response) =>
    only(request, response, () => answer(response, 200, { expirationDate: stamp(hooks.extend(ids(request))) })),
  );
  api.delete(route, faults.on('hooks'), (request, response) =>
    only(request, response, () => {
      hooks.remove(ids(request));
      answer(response, 202);
    }),
  );
}

/** Jira's way of writing times: no colon in the offset. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
