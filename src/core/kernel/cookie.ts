import type { Request } from 'express';

/** A cookie of the request; '' when it has none of that name. */
export function cookieOf(request: Pick<Request, 'get'>, name: string): string {
  const cookies = (request.get('cookie') ?? '').split(';').map((cookie) => cookie.trim().split('='));
  return cookies.find(([one]) => one === name)?.[1] ?? '';
}
