import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import express from 'express';
import type { App } from '../../core/kernel/registry.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import { readHeaders } from './headers.ts';
import { LIMITS } from './limits.ts';
import type { Receive } from './receive.ts';

interface Door {
  app: App;
  secret: string;
  receive: Receive;
}

/**
 * POST /email/inbound takes a raw mail from a mail server or a mail service, signed with
 * `X-Parley-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>." and the body>`.
 */
export function mountInbound(web: Express, door: Door): void {
  const body = express.raw({ type: () => true, limit: LIMITS.mailBytes, inflate: false });
  const faults: ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
    if (error.status === 413) refuse(response, 413, 'too_large', `A mail may have ${LIMITS.mailBytes} bytes at most.`);
    else refuse(response, 400, 'invalid', 'The body could not be read. Send the raw mail, not compressed.');
  };
  const timely: RequestHandler = (request, response, next) => (isTimely(request, door) ? next() : notSigned(response));
  const work: RequestHandler = (request, response) => take(door, request, response);
  web.post('/email/inbound', routeNamed('email.inbound'), timely, body, work, faults);
}

/** Looked at before the body is read: an old or missing signature costs us no 25 MB. */
function isTimely(request: Request, { app }: Door): boolean {
  const { time } = signatureOf(request);
  return time !== null && Math.abs(Math.floor(app.clock.now().getTime() / 1000) - time) <= LIMITS.signatureSeconds;
}

async function take({ app, secret, receive }: Door, request: Request, response: Response): Promise<void> {
  const raw: unknown = request.body;
  const body = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
  if (!isSigned(request, body, secret)) return notSigned(response);
  if (!readHeaders(body).some(({ name }) => /^[a-z][a-z0-9-]*$/.test(name)))
    return refuse(response, 400, 'invalid', 'The body is not a mail: it has no header.');
  try {
    const stored = await receive(body);
    if (stored) response.status(stored === 'stored' ? 202 : 200).json({ status: stored });
    else
      refuse(
        response,
        503,
        'not_connected',
        'No firm has connected this reply address. Connect it, then send the mail again.',
      );
  } catch (error) {
    app.log.error({ err: error }, 'a mail could not be stored');
    refuse(response, 503, 'unavailable', 'The mail could not be stored. Send it again.');
  }
}

function isSigned(request: Request, body: Buffer, secret: string): boolean {
  const { time, signatures } = signatureOf(request);
  const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
  return signatures.some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

/** A sender that is changing its secret signs with both: several v1 may stand there. */
function signatureOf(request: Request): { time: number | null; signatures: Buffer[] } {
  const parts = (request.get('x-parley-signature') ?? '').split(',').map((part) => part.trim());
  const time = parts.find((part) => /^t=\d{1,12}$/.test(part));
  const signatures = parts.filter((part) => /^v1=[0-9a-f]{64}$/.test(part)).slice(0, 4);
  return {
    time: time ? Number(time.slice(2)) : null,
    signatures: signatures.map((part) => Buffer.from(part.slice(3), 'hex')),
  };
}

function notSigned(response: Response): void {
  refuse(
    response,
    401,
    'unauthorized',
    'The signature in X-Parley-Signature is missing, wrong or older than five minutes.',
  );
}

function refuse(response: Response, status: number, code: string, say: string): void {
  if (status === 503) response.set('Retry-After', '30');
  response.status(status).json({ error: { code, say } });
}
