import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import express from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { DomainError } from '../core/kernel/errors.ts';
import { handOutFile } from '../core/kernel/hand-out.ts';
import type { App } from '../core/kernel/registry.ts';
import { commandOf, isFile, makeFile } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import type { Caller } from './caller.ts';
import { callerOf } from './caller.ts';
import { doneBy } from './command.ts';
import type { Description } from './docs.ts';
import { docsHome, docsOfArea, docsOfWebhooks } from './docs.ts';
import { openApiOf } from './openapi.ts';
import type { Problem } from './problem.ts';
import { problemOf, sendProblem, TITLES, Unreadable } from './problem.ts';
import { nameAt, pathOf, servedOf } from './served.ts';
import { askedIn, has, readFor, tagOf } from './view.ts';

/** Of so many keys the requests may come from one address. */
const KEYS = 5;
/** The longest body: a few long texts. */
const LONGEST = '256kb';

/** Answers a request by what is worked, or by the problem that came up. */
type Answer = (response: Response, work: () => Promise<unknown>) => Promise<void>;

/**
 * The registry for programs (features K8): GET reads a view, POST does a command, each under its name; openapi.json describes all of
 * it. Refusals are problems by RFC 9457.
 * @param publicUrl the address under which people reach this hub, without a trailing slash
 * @param perMinute requests that a key may make in a minute, in this process
 */
export function mountApi(web: Express, app: App, publicUrl: string, perMinute: number): void {
  const base = `${publicUrl}/api/v1`;
  const served = servedOf(app.registry);
  const answer: Answer = async (response, work) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof Unreadable) return sendProblem(response, base, error.problem);
      if (!(error instanceof DomainError)) throw error;
      const problem = problemOf(error);
      const failed = error.code === 'stale' && response.req.get('if-match') !== undefined;
      sendProblem(response, base, failed ? { ...problem, status: 412 } : problem);
    }
  };
  // Made when it is first asked for.
  let description: Description | null = null;
  let text: string | null = null;
  const described = () => {
    description ??= openApiOf(served, base) as Description;
    return description;
  };
  const places = { base, style: `${publicUrl}/portal.css` };
  const api = express.Router();
  api.use(routeNamed('api'), secureHeaders, limitedByAddress(base, perMinute * KEYS));
  api.get('/openapi.json', (_request, response) => {
    text ??= JSON.stringify(described());
    response.type('json').send(text);
  });
  api.get('/docs', withStyle, (_request, response) => {
    response.type('html').send(docsHome(described(), places));
  });
  api.get('/docs/webhooks', withStyle, (_request, response) => {
    response.type('html').send(docsOfWebhooks(described(), places));
  });
  api.get('/docs/:area', withStyle, (request: Request, response: Response) => {
    const page = docsOfArea(described(), String(request.params.area), places);
    return page ? response.type('html').send(page) : noSuch(response, base);
  });
  api.get('/problems/:code', (request, response) => {
    const { code } = request.params;
    const title = Object.hasOwn(TITLES, code) ? TITLES[code as Problem['code']] : null;
    response
      .status(title ? 200 : 404)
      .type('text')
      .send(`${title ?? 'There is no such problem'}.\n`);
  });
  const known = [identified(app, base, answer), limitedByKey(base, perMinute)];
  api.get(['/:area/:noun', '/:area/:noun/file'], known, (request: Request, response: Response) =>
    answer(response, async () => {
      const { who } = response.locals.caller as Caller;
      const view = served.views.get(nameAt(request.path));
      if (!view) return noSuch(response, base);
      const press = { target: view.name, input: askedIn(request) };
      if (request.path.endsWith('/file')) {
        if (!isFile(app.registry, press)) return noSuch(response, base);
        const { fields: _, ...input } = press.input;
        return handOutFile(app.log, response, await makeFile(app, who, { ...press, input }));
      }
      const data = await readFor(app, who, view, press.input);
      const text = JSON.stringify(data);
      const tag = tagOf(app.registry, view, data, text);
      response.set('ETag', tag);
      if (has(request, tag)) return response.status(304).end();
      return response.type('json').send(text);
    }),
  );
  api.post(
    '/:area/:verb',
    known,
    express.text({ type: 'application/json', limit: LONGEST }),
    (request: Request, response: Response) =>
      answer(response, async () => {
        const target = nameAt(request.path);
        const command = served.commands.get(commandOf(app.registry, { target, input: {} })?.name ?? '');
        if (!command) return noSuch(response, base);
        // A name of before does what it did; programs are told of the one of today.
        if (command.name !== target) response.links({ 'successor-version': base + pathOf(command.name) });
        const { output, replayed } = await doneBy(app, response.locals.caller as Caller, command, request);
        if (replayed) response.set('Idempotent-Replayed', 'true');
        // Without the ETag that Express makes of each answer: it names no version of the thing.
        return response.type('json').end(JSON.stringify(output));
      }),
  );
  api.use((_request, response) => noSuch(response, base));
  api.use(faults(app, base));
  web.use('/api/v1', api);
}

const secureHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  });
  next();
};

/** A page for people: it loads our style, and nothing else. */
const withStyle: RequestHandler = (_request, response, next) => {
  response.set(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  next();
};

/** Each key has its requests a minute; the answers say how many are left. */
function limitedByKey(base: string, perMinute: number): RequestHandler {
  return rateLimit({
    ...{ windowMs: 60_000, limit: perMinute, legacyHeaders: false },
    ...{ standardHeaders: 'draft-8', identifier: 'key' },
    keyGenerator: (_request, { locals }) => (locals.caller as Caller).key.id,
    handler: (_request, response) => refuseMore(response, base, perMinute),
  });
}

/** Whoever guesses keys, each time another one, is slowed down by their address. */
function limitedByAddress(base: string, perMinute: number): RequestHandler {
  return rateLimit({
    ...{ windowMs: 60_000, limit: perMinute, legacyHeaders: false, standardHeaders: false },
    keyGenerator: ({ ip = '' }) => ipKeyGenerator(ip),
    // Whom to believe about addresses is said by TRUST_PROXY: a stranger's header is no fault to write down.
    validate: { xForwardedForHeader: false, trustProxy: false },
    handler: (_request, response) => refuseMore(response, base, perMinute),
  });
}

function refuseMore(response: Response, base: string, perMinute: number): void {
  const detail = `More than ${perMinute} requests in a minute. Please wait as long as Retry-After says.`;
  sendProblem(response, base, { code: 'rate_limited', status: 429, detail });
}

function identified(app: App, base: string, answer: Answer): RequestHandler {
  return (request, response, next) =>
    answer(response, async () => {
      const caller = await callerOf(app, request);
      response.locals.caller = caller;
      if (caller) return next();
      return sendProblem(response, base, {
        ...{ code: 'unauthenticated', status: 401 },
        detail:
          'Send an API key that counts, as “Authorization: Bearer parley_…”. Keys are made on the pages, under “API keys”.',
      });
    });
}

function noSuch(response: Response, base: string): void {
  const detail = `There is nothing of this name here. ${base}/docs says what there is.`;
  sendProblem(response, base, { code: 'not_found', status: 404, detail });
}

/** What Express itself could not read, and what is a fault of ours. */
function faults({ log }: App, base: string): ErrorRequestHandler {
  return (error: { status?: number }, _request: Request, response, next) => {
    if (response.headersSent) return next(error);
    const { status = 500 } = error;
    if (status === 413)
      return sendProblem(response, base, { code: 'too_large', status, detail: `A request may have ${LONGEST}.` });
    if (status >= 400 && status < 500)
      return sendProblem(response, base, { code: 'malformed', status, detail: 'The request was not understood.' });
    log.error({ err: error }, 'a request of the API could not be answered');
    return sendProblem(response, base, {
      ...{ code: 'failed', status: 500 },
      detail: 'Parley has a fault here. Repeat the request with its Idempotency-Key: it tells whether this was done.',
    });
  };
}
