import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import type { ZodType } from 'zod';
import type { Bank } from './bank.ts';
import type { Faults } from './faults.ts';
import { answer, refuse } from './faults.ts';
import { Listing, NewSession } from './requests.ts';
import { accountShape, refundShape } from './shapes.ts';

export interface ApiOptions {
  account: string;
  /** What the account is called. */
  name: string;
  /** The keys that it takes. */
  keys(): readonly string[];
}

/** Most of a list in one answer. */
const MOST = 100;

/** The part of Stripe's API that the connector uses. */
export function stripeRoutes(bank: Bank, faults: Faults, { account, name, keys }: ApiOptions): express.Router {
  const api = express.Router();
  api.use(express.urlencoded({ extended: true }));
  api.use((request, response, next) => {
    const key = /^Bearer (.+)$/.exec(request.get('authorization') ?? '')?.[1];
    if (key && keys().includes(key)) return next();
    refuse(response, 401, { message: 'Invalid API Key provided' });
  });
  api.get('/v1/account', faults.on('account'), (_request, response) =>
    answer(response, 200, accountShape(account, name)),
  );
  api.post('/v1/checkout/sessions', faults.on('create'), onceEach(), (request, response) => {
    const asked = take(NewSession, request.body, response);
    if (!asked) return;
    const [line] = asked.line_items;
    if (!line) return;
    const made = bank.open({
      amount: asked.line_items.reduce((sum, one) => sum + one.quantity * one.price_data.unit_amount, 0),
      ...{ currency: line.price_data.currency, name: line.price_data.product_data.name },
      ...{ reference: asked.client_reference_id ?? null, metadata: asked.metadata ?? {} },
      ...{
        intentMetadata: asked.payment_intent_data?.metadata ?? {},
        adaptive: asked.adaptive_pricing?.enabled ?? true,
      },
      ...{ description: asked.payment_intent_data?.description ?? null },
      ...{ successUrl: asked.success_url, cancelUrl: asked.cancel_url ?? null },
      ...(asked.expires_at === undefined ? {} : { expires: asked.expires_at }),
    });
    const shape = bank.shapeOf(made);
    // What was carried out is answered alike, also where its first answer is lost.
    (response.locals.keep as Keep | undefined)?.(shape);
    answer(response, 200, shape);
  });
  api.get('/v1/checkout/sessions', faults.on('sessions'), (request, response) => {
    const asked = take(Listing, request.query, response);
    if (asked)
      list(
        response,
        '/v1/checkout/sessions',
        [...bank.sessions.values()].map((one) => bank.shapeOf(one)).reverse(),
        asked,
      );
  });
  api.post('/v1/checkout/sessions/:id/expire', faults.on('expire'), (request, response) => {
    const session = bank.sessions.get(String(request.params.id));
    if (!session) return refuse(response, 404, { message: 'No such checkout.session', code: 'resource_missing' });
    if (session.status !== 'open')
      return refuse(response, 400, { message: 'Only Checkout Sessions with a status in ["open"] can be expired.' });
    answer(response, 200, bank.shapeOf(bank.expire(session.id)));
  });
  api.get('/v1/payment_intents/:id', faults.on('intent'), (request, response) => {
    const id = String(request.params.id);
    if (!bank.intents.has(id))
      return refuse(response, 404, { message: 'No such payment_intent', code: 'resource_missing' });
    answer(response, 200, bank.intentShape(id));
  });
  api.get('/v1/refunds', faults.on('refunds'), (request, response) => {
    const asked = take(Listing, request.query, response);
    const of = bank.refunds.filter(({ charge }) => !asked?.charge || charge === asked.charge);
    if (asked) list(response, '/v1/refunds', of.map(refundShape).reverse(), asked);
  });
  api.get('/v1/events', faults.on('events'), (request, response) => {
    const asked = take(Listing, request.query, response);
    const of = bank.events.filter(
      ({ type, created }) => (!asked?.types || asked.types.includes(type)) && created >= (asked?.created?.gte ?? 0),
    );
    if (asked) list(response, '/v1/events', [...of].reverse(), asked);
  });
  api.use('/v1', (request, response) =>
    refuse(response, 404, { message: `Unrecognized request URL (${request.method}: ${request.path})` }),
  );
  return api;
}

type Keep = (body: object) => void;

/** A call with a key that came before is answered as it was then; another call with the same key is refused. */
function onceEach(): (request: Request, response: Response, next: NextFunction) => void {
  const answers = new Map<string, { asked: string; body: object }>();
  return (request, response, next) => {
    const key = request.get('idempotency-key');
    if (!key) return next();
    const asked = JSON.stringify(request.body);
    const before = answers.get(key);
    if (before && before.asked !== asked)
      return void response.status(400).json({
        error: {
          type: 'idempotency_error',
          message: 'Keys for idempotent requests can only be used with the same parameters.',
        },
      });
    if (before) return answer(response, 200, before.body);
    const keep: Keep = (body) => answers.set(key, { asked, body });
    response.locals.keep = keep;
    next();
  };
}

function take<T>(schema: ZodType<T>, given: unknown, response: Response): T | null {
  const { data, error } = schema.safeParse(given);
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const code = issue?.code === 'unrecognized_keys' ? 'parameter_unknown' : 'parameter_invalid_empty';
  const param = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  refuse(response, 400, { message: `Received unknown or invalid parameter: ${param}`, code, param: param ?? '' });
  return null;
}

interface Listed {
  limit?: number | undefined;
  starting_after?: string | undefined;
}

/** @param all the newest first */
function list(
  response: Response,
  url: string,
  all: readonly { id: string }[],
  { limit = 10, starting_after: after }: Listed,
): void {
  const from = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
  const data = all.slice(from, from + Math.min(limit, MOST));
  answer(response, 200, { object: 'list', data, has_more: from + data.length < all.length, url });
}
