import type { NextFunction, Request, Response } from 'express';

/** The calls that a fault can be put on. */
export type Route = 'account' | 'create' | 'expire' | 'sessions' | 'intent' | 'refunds' | 'events';

export interface Fault {
  /** The status to answer with; 0 cuts the connection without an answer. */
  status: number;
  /** Seconds, as the Retry-After header. */
  retryAfter?: number;
  times?: number;
  /** True: the call is carried out first, and only its answer fails. */
  after?: boolean;
  /** Of the error: what Stripe calls it, and the parameter that it is about. */
  code?: string;
  param?: string;
}

/** A call that came in, for those who count. */
export interface Call {
  route: Route;
  method: string;
  path: string;
  body: unknown;
  version: string;
  key: string | null;
}

/** Notes every call, and fails those that were asked to. */
export class Faults {
  readonly calls: Call[] = [];
  private readonly planned: { route: Route | 'any'; fault: Fault; left: number }[] = [];

  failNext(route: Route | 'any', fault: Fault): void {
    this.planned.push({ route, fault, left: fault.times ?? 1 });
  }

  on(route: Route): (request: Request, response: Response, next: NextFunction) => void {
    return (request, response, next) => {
      this.calls.push({
        ...{ route, method: request.method, path: request.path, body: request.body },
        ...{ version: request.get('stripe-version') ?? '', key: request.get('idempotency-key') ?? null },
      });
      const plan = this.planned.find((one) => one.left > 0 && (one.route === route || one.route === 'any'));
      if (!plan) return next();
      plan.left -= 1;
      if (!plan.fault.after) return fail(response, plan.fault);
      response.locals.fault = plan.fault;
      next();
    };
  }
}

/** The answer of a call that was carried out; a fault that was planned for after it takes its place. */
export function answer(response: Response, status: number, body: object): void {
  const fault = response.locals.fault as Fault | undefined;
  if (fault) fail(response, fault);
  else response.status(status).json(body);
}

/** An error in Stripe's own form. */
export function refuse(
  response: Response,
  status: number,
  error: { message: string; code?: string; param?: string },
): void {
  answer(response, status, { error: { type: 'invalid_request_error', ...error } });
}

function fail(response: Response, { status, retryAfter, code, param }: Fault): void {
  if (status === 0) {
    response.socket?.destroy();
    return;
  }
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  const type = status >= 500 ? 'api_error' : 'invalid_request_error';
  const more = { ...(code ? { code } : {}), ...(param ? { param } : {}) };
  response.status(status).json({ error: { type, message: `the stand-in was asked to answer ${status}`, ...more } });
}
