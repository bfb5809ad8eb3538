import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { App as Bolt, Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { DomainError } from '../../core/kernel/errors.ts';
import type { SlackRequest } from './parse.ts';
import { parseRequest } from './parse.ts';
import { isSigned } from './signature.ts';

/** Far above what Slack sends, far below what hurts. */
const MAX_BODY = 1_000_000;

/** What a request is answered with: a status, and a body where Slack expects one. */
interface Reply {
  status: number;
  body?: unknown;
}

/**
 * Hands requests to Bolt. Unlike Bolt's own receivers it answers only after the listeners are through: Bolt acknowledges
 * an event before it calls them, and what is not stored yet must not be acknowledged.
 */
export class SlackReceiver implements Receiver {
  private app: Bolt | null = null;
  private readonly signingSecret: string;
  private readonly home: string;
  private readonly log: Logger;

  constructor(options: { signingSecret: string; home: string; log: Logger }) {
    this.signingSecret = options.signingSecret;
    this.home = options.home;
    this.log = options.log;
  }

  init(app: Bolt): void {
    this.app = app;
  }

  /** The web server is started elsewhere. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  /** Answers POST /slack/events. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.replyTo(request);
    if (body === undefined || body === '') response.writeHead(status).end();
    else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  }

  private async replyTo(request: IncomingMessage): Promise<Reply> {
    if (Number(request.headers['content-length']) > MAX_BODY) return { status: 413 };
    const raw = await rawBody(request);
    if (raw === null) return { status: 400 };
    const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = request.headers;
    // By the clock of this machine: the demo's jumping one says nothing about when Slack wrote this.
    if (!isSigned(this.signingSecret, raw, { timestamp, signature }, Math.floor(Date.now() / 1000)))
      return { status: 401 };
    const body = bodyOf(raw.toString('utf8'), request.headers['content-type'] ?? '');
    if (body === null) return { status: 400 };
    if (body.type === 'url_verification') return { status: 200, body: { challenge: body.challenge } };
    if (body.ssl_check) return { status: 200 };
    const retry = Number(request.headers['x-slack-retry-num']);
    return this.process(
      body,
      Number.isInteger(retry)
        ? { retryNum: retry, retryReason: String(request.headers['x-slack-retry-reason'] ?? '') }
        : {},
    );
  }

  /** Answers a request whose origin is proven: by its signature, or because it came through our own socket. */
  async process(body: Record<string, unknown>, retry: { retryNum?: number; retryReason?: string }): Promise<Reply> {
    if (body.type === 'app_rate_limited') {
      this.log.warn({ minute: body.minute_rate_limited }, 'Slack held events back: there were too many in one minute');
      return { status: 200 };
    }
    const request = parseRequest(body, this.home);
    if (!request) return { status: 400 };
    let reply: Reply = { status: 404 };
    const ack = async (answer?: unknown) => {
      reply = { status: 200, body: answer };
    };
    try {
      await this.app?.processEvent({
        body,
        ack,
        ...retry,
        customProperties: { request } satisfies { request: SlackRequest },
      });
      return reply;
    } catch (error) {
      return this.failed(error);
    }
  }

  private failed(error: unknown): Reply {
    const cause = error instanceof Error && 'original' in error ? error.original : error;
    if (cause instanceof DomainError && cause.code === 'unavailable') return { status: 503 };
    this.log.error({ err: cause }, 'a request of Slack could not be answered');
    return { status: 500 };
  }
}

/** Lets Bolt's Socket Mode client hand its requests to the same place, answered there as over HTTP. */
export function overSocket(socket: SocketModeReceiver, receiver: SlackReceiver): void {
  socket.init({
    processEvent: async ({ body, retryNum, retryReason, ack }) => {
      const { status, body: answer } = await receiver.process(body, {
        ...(retryNum ? { retryNum } : {}),
        ...(retryReason ? { retryReason } : {}),
      });
      // Without an acknowledgement Slack sends it again; what cannot be understood would only come again the same.
      if (status < 500) await ack(answer === undefined ? undefined : answer);
    },
  } as Bolt);
}

/** The body as it came over the wire, which the signature is of; null when it broke off or never ends. */
function rawBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) {
        resolve(null);
        request.destroy();
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

/** Interactions come as a form with a JSON payload, commands as a form, events as JSON. */
function bodyOf(text: string, contentType: string): Record<string, unknown> | null {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return objectOf(text);
  const { payload, ...form } = parseQuery(text);
  return typeof payload === 'string' ? objectOf(payload) : form;
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
