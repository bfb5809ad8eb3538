import type { Response } from 'express';
import type { DomainError, ErrorCode } from '../core/kernel/errors.ts';
import { HTTP_STATUS } from '../core/kernel/errors.ts';

/** What went wrong, as RFC 9457 says it. */
export interface Problem {
  /** A word for programs. */
  code: ErrorCode | 'unauthenticated' | 'malformed' | 'too_large' | 'unsupported' | 'failed';
  status: number;
  /** A sentence for people. */
  detail: string;
  /** Input field → what is wrong with it. */
  fields?: Readonly<Record<string, string>>;
  /** What changed since the version that was named. */
  changes?: readonly string[];
  /** It is not known whether it was done: the same request, with the same key of idempotency, tells. */
  unknown?: boolean;
}

export const TITLES: Readonly<Record<Problem['code'], string>> = {
  invalid: 'The input needs another look',
  not_found: 'Not there, or not for you',
  forbidden: 'Not allowed',
  conflict: 'Not possible as it stands',
  stale: 'It changed since',
  rate_limited: 'Too many requests',
  unavailable: 'Not possible just now',
  unauthenticated: 'No key that counts',
  malformed: 'The request cannot be read',
  too_large: 'The request is too large',
  unsupported: 'The request is of another type',
  failed: 'A fault of ours',
};

/** A request that cannot be read as one. */
export class Unreadable extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function problemOf({ code, say, detail: { fields, changes, unknown } }: DomainError): Problem {
  return {
    ...{ code, status: HTTP_STATUS[code], detail: say },
    ...(fields ? { fields } : {}),
    ...(changes ? { changes } : {}),
    ...(unknown ? { unknown } : {}),
  };
}

/** @param base the address of the API, under which each kind of problem is explained */
export function sendProblem(response: Response, base: string, problem: Problem): void {
  const { status, code } = problem;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer realm="parley"');
  // When it is free again is not known; this soon is worth a try.
  if (status === 503 || (status === 429 && !response.get('Retry-After'))) response.set('Retry-After', '5');
  response
    .status(status)
    .type('application/problem+json')
    .end(JSON.stringify({ type: `${base}/problems/${code}`, title: TITLES[code], ...problem }));
}
