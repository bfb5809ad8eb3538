import type { NextFunction, Request, Response } from 'express';

/** The calls that a fault can be put on. */
export type Route =
  | 'myself'
  | 'project'
  | 'projects'
  | 'hooks'
  | 'create'
  | 'search'
  | 'issue'
  | 'edit'
  | 'transitions'
  | 'transition'
  | 'comment'
  | 'comments';

export interface Fault {
  /** The status to answer with; 0 cuts the connection without an answer; none leaves the answer as it is. */
  status?: number;
  /** Seconds, as the Retry-After header. */
  retryAfter?: number;
  times?: number;
  /** True: the call is carried out first, and only its answer fails. */
  after?: boolean;
  /** The call is carried out, and its answer waits for this. */
  until?: Promise<unknown>;
}

/** A call that came in, for those who count. */
export interface Call {
  route: Route;
  method: string;
  path: string;
  query: Record<string, unknown>;
  body: unknown;
  /** What it was answered with; 0 while or when it was not. */
  status: number;
}

/** Notes every call of a route, and fails those that were asked to. */
export class Faults {
  readonly calls: Call[] = [];
  private readonly planned: { route: Route | 'any'; fault: Fault; left: number }[] = [];

  failNext(route: Route | 'any', fault: Fault): void {
    this.planned.push({ route, fault, left: fault.times ?? 1 });
  }

  /** The middleware of one route. */
  on(route: Route): (request: Request, response: Response, next: NextFunction) => void {
    return (request, response, next) => {
      const { method, query, body } = request;
      // As Jira's own description names it, also where it was asked by way of Atlassian's API.
      const path = (request.baseUrl + request.path).replace(/^\/ex\/jira\/[^/]+/, '');
      const call: Call = { route, method, path, query: { ...query }, body, status: 0 };
      this.calls.push(call);
      response.on('finish', () => {
        call.status = response.statusCode;
      });
      const fault = this.take(route);
      if (!fault) return next();
      if (!fault.after && !fault.until) return fail(response, fault);
      response.locals.fault = fault;
      next();
    };
  }

  private take(route: Route): Fault | null {
    const plan = this.planned.find((one) => one.left > 0 && (one.route === route || one.route === 'any'));
    if (!plan) return null;
    plan.left -= 1;
    return plan.fault;
  }
}

/** The answer of a call that was carried out; a fault that was planned for after it takes its place. */
export function answer(response: Response, status: number, body?: object): void {
  const fault = response.locals.fault as Fault | undefined;
  response.locals.fault = undefined;
  if (fault?.until !== undefined) void fault.until.then(() => answer(response, status, body));
  else if (fault) fail(response, fault);
  else if (body) response.status(status).json(body);
  else response.status(status).end();
}

function fail(response: Response, { status = 500, retryAfter }: Fault): void {
  if (status === 0) {
    response.socket?.destroy();
    return;
  }
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  response.status(status).json({ errorMessages: [`the stand-in was asked to answer ${status}`], errors: {} });
}
